"""The fault sweep: each recorded call is replayed with one of its interactions broken."""
