"""Which cassettes a rewrite has finished, so that one that was stopped can go on.

The list is a file, a line for each cassette, which is written as soon as the cassette and its snapshots are.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connector_contract.storage.reading import is_there


@dataclass(frozen=True)
class RewriteList:
    """The cassettes that this rewrite, and the one that it goes on with, have finished.

    Attributes:
        path: The file that has them; ``None`` if nobody keeps a list.
        root: The folder from which it names them.
        earlier: Those of the rewrite that this one goes on with, by their names, each with its digest.
    """

    path: Path | None = None
    root: Path = Path()
    earlier: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def going_on(cls, path: Path, root: Path) -> RewriteList:
        """The list of a rewrite that goes on with the one that has left a file.

        Raises:
            OSError: There is none.
            ValueError: It is no text.
        """
        lines = [line.split(" ", 1) for line in path.read_text("utf-8").splitlines() if " " in line]
        return cls(path, root, {name: digest for digest, name in lines})

    def mode(self, mode: str, cassette: Path) -> str:
        """The record mode for a scenario: what is finished, and as it was written, is replayed."""
        digest = self.earlier.get(self._name(cassette)) if mode == "rewrite" else None
        if digest is None or not is_there(cassette):
            return mode
        return "once" if _digest(cassette) == digest else mode

    def add(self, cassette: Path) -> None:
        """Note that a cassette is finished."""
        if self.path is not None:
            with self.path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(f"{_digest(cassette)} {self._name(cassette)}\n")

    def _name(self, cassette: Path) -> str:
        return Path(os.path.relpath(cassette, self.root)).as_posix()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
