"""What the folders and files of recordings are called."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath

KINDS = ("cassettes", "snapshots")
"""The folders of a project that recordings are in."""

DECLARATIONS = ".declarations.json"
"""What the name of a file with a contract's declarations ends with."""


FIELDS = ".fields.json"
"""What the name of a file ends with that says what a capability does with the fields of its upstream."""


def folded(name: str) -> str:
    """What a name and all others have in common that are one file with it on Windows or macOS.

    These tell neither case apart nor, on macOS, a letter with an accent from a letter and an accent.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_recording(path: PurePath) -> bool:
    """Whether what lies below ``cassettes/`` or ``snapshots/`` is called as a recording is."""
    return path.suffix in (".yaml", ".json") and not path.name.startswith(".")
