"""``connector-contract init``: what an integration tells of itself, written as the first contract tests."""
