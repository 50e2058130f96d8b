"""The standard contract: its class, how pytest collects it, what it asks, and the rules that judge."""
