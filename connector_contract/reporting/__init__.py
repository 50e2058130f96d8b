"""What a run reports: of each scenario, and of all at its end."""
