"""The network of a scenario: the upstream that is recorded, the way to it, and none beside it."""
