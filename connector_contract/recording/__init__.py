"""What a scenario records and plays."""
