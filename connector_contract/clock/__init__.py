"""The virtual clock of replays: what reads it, and when it jumps."""
