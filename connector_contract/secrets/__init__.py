"""Secrets, and values that change with each recording: found, and replaced by placeholders and aliases."""
