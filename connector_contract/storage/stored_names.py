"""What the folders and files of recordings are called."""

from __future__ import annotations

KINDS = ("cassettes", "snapshots")
"""The folders of a project that recordings are in."""

DECLARATIONS = ".declarations.json"
"""What the name of a file with a contract's declarations ends with."""
