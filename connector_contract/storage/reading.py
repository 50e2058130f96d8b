"""Whether a stored file is there, and what it has: what cannot be read is an error, and never nothing."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from connector_contract.errors import CannotRead


def is_there(path: Path) -> bool:
    """Whether there is something at a path.

    Raises:
        CannotRead: Nobody can say: a folder above it may not be read or is none, or a link leads nowhere.
    """
    try:
        path.stat()
    except FileNotFoundError as error:
        if _broken_link(path) is not None:
            raise unreadable(path, error) from None
        return False
    except OSError as error:
        raise unreadable(path, error) from None
    return True


def stored_text(path: Path) -> str | None:
    """What a stored file has as text, with line feeds; ``None`` if there is none.

    What is no UTF-8 is replaced, and so is a difference to whatever it is compared with.

    Raises:
        CannotRead: It cannot be read, or is no file.
    """
    if not is_there(path):
        return None
    try:
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise unreadable(path, error) from None


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in order, and links that lead nowhere; none if there is no such folder.

    Raises:
        CannotRead: A folder may not be read, or is none.
    """

    def refuse(error: OSError) -> None:
        path = Path(error.filename)
        if path != folder or os.path.lexists(path):
            raise unreadable(path, error) from None

    found = []
    for parent, _, names in os.walk(folder, onerror=refuse):
        found += [Path(parent, name) for name in names]
    yield from (path for path in sorted(found) if path.is_file() or not path.exists())


def unreadable(path: Path, error: OSError) -> CannotRead:
    """Why a stored file cannot be read, and what to do about it.

    Args:
        path: The file, or a folder of files.
        error: What happened.
    """
    if (link := _broken_link(path)) is not None:
        path = link
        why, remedy = "it is a link that leads nowhere", "Restore what it leads to, or remove the link."
    elif isinstance(error, NotADirectoryError):
        path = next(each for each in (path, *path.parents) if each.is_file() or each.parent == each)
        why, remedy = "there is a file in place of a folder", "Move it away, and restore the folder."
    elif isinstance(error, IsADirectoryError):
        why, remedy = "there is a folder in place of a file", "Move it away, and restore the file."
    elif isinstance(error, PermissionError):
        path = next((each for each in (*reversed(path.parents), path) if _is_closed(each)), path)
        why, remedy = "you may not read it", f"Allow it:\n  chmod -R u+rwX {shlex.quote(str(path))}"
    else:
        why, remedy = error.strerror or str(error), "Restore it from version control."
    return CannotRead(f"A recording cannot be read: {why}.", where=[("place", str(path))], remedy=remedy)


def _broken_link(path: Path) -> Path | None:
    """The link that leads nowhere among a path and the folders above it; ``None`` if there is none."""
    for each in (path, *path.parents):
        if os.path.lexists(each):
            return each if each.is_symlink() and not os.path.exists(each) else None  # noqa: PTH110 - never raises
    return None


def _is_closed(path: Path) -> bool:
    return os.path.lexists(path) and not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0))
