"""People of a tenant become made-up ones: the same person the same everywhere."""
