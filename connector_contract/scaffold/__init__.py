"""``connector-contract init``: the first contract tests, written from what an integration declares."""
