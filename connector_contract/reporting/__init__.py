"""What a run says: of each scenario, and of all at its end."""
