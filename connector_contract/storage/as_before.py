"""The files that a run replaces, as they were before it, to be compared with what it has made of them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

# What is kept of a file: where it is, and its content, if it was there.
_PATH, _CONTENT = ".path", ".content"


class AsBefore:
    """The first content of each file that some process of a run has replaced, or made.

    Args:
        folder: Gives the folder that has them, which all processes of the run share; ``None`` if nothing is
            to be kept.
    """

    def __init__(self, folder: Callable[[], Path] | None = None) -> None:
        self._folder = folder

    def keep(self, path: Path) -> None:
        """Keep a file that is about to be replaced, unless it was kept before."""
        if self._folder is None:
            return
        folder = self._folder()
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(os.fsencode(path)).hexdigest()
        index = folder / f"{name}{_PATH}"
        if index.exists():
            return
        if path.exists():
            _link(path, folder / f"{name}{_CONTENT}")
        # Last, so that what is found here is whole.
        index.write_bytes(os.fsencode(path))

    def files(self) -> dict[Path, Path | None]:
        """Each file that was kept, with a file that has its content; ``None`` if it did not exist."""
        folder = None if self._folder is None else self._folder()
        if folder is None or not folder.is_dir():
            return {}
        kept = {index: index.with_suffix(_CONTENT) for index in folder.glob(f"*{_PATH}")}
        found = {
            Path(os.fsdecode(index.read_bytes())): content if content.exists() else None
            for index, content in kept.items()
        }
        return dict(sorted(found.items()))


def _link(path: Path, target: Path) -> None:
    """Keep a file's content under another name: whoever replaces the file leaves it alone."""
    try:
        target.hardlink_to(path)
    except OSError:
        # Another file system, or one without such links.
        shutil.copyfile(path, target)
