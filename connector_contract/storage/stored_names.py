"""What the folders and files of recordings are called."""

from __future__ import annotations

import unicodedata

KINDS = ("cassettes", "snapshots")
"""The folders of a project that recordings are in."""

DECLARATIONS = ".declarations.json"
"""What the name of a file with a contract's declarations ends with."""


def folded(name: str) -> str:
    """What a name and all others have in common that are one file with it on Windows or macOS.

    These tell neither case apart nor, on macOS, a letter with an accent from a letter and an accent.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
