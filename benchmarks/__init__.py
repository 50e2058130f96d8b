"""How fast a replay is, beside what a user would otherwise use; see ``docs/speed.md``."""
