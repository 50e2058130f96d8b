"""Whether a stored file is there, and what it has: what cannot be read is an error, and never nothing."""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from connector_contract.errors import CannotRead
from connector_contract.storage.stored_names import is_recording


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
        with open_file(path) as stream:
            return stream.read().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise unreadable(path, error) from None


def open_file(path: Path) -> BinaryIO:
    """Open a file to read it.

    Raises:
        OSError: It cannot be read, or is something else than a file: a pipe would never end.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file", str(path))
    return path.open("rb")


def files_below(folder: Path) -> Iterator[Path]:
    """All that a folder holds, in order, but for folders; nothing if there is no such folder.

    What is no file is among it, such as a pipe or a link that leads nowhere; so are a link to a folder, whose
    files are not, and a folder that is called as a recording is.

    Raises:
        CannotRead: A folder may not be read, or is none.
    """

    def refuse(error: OSError) -> None:
        path = Path(error.filename)
        if path != folder or os.path.lexists(path):
            raise unreadable(path, error) from None

    found = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        found += [Path(parent, name) for name in names]
        odd = (Path(parent, name) for name in folders)
        found += [path for path in odd if is_recording(path) or path.is_symlink()]
    yield from sorted(found)


class Obstacle(NamedTuple):
    """Why a stored file cannot be read.

    Attributes:
        path: What is in the way: the file, a folder above it, or a link.
        why: A clause.
        remedy: What to do about it.
    """

    path: Path
    why: str
    remedy: str


def unreadable(path: Path, error: OSError) -> CannotRead:
    """The error of a stored file that cannot be read; the arguments are those of ``obstacle``."""
    found = obstacle(path, error)
    return CannotRead(
        f"A recording cannot be read: {found.why}.",
        where=[("place", str(found.path))],
        remedy=found.remedy,
    )


def obstacle(path: Path, error: OSError) -> Obstacle:
    """Why a stored file cannot be read, and what to do about it.

    Args:
        path: The file, or a folder of files.
        error: What happened.
    """
    if (link := _broken_link(path)) is not None:
        why, remedy = "it is a link that leads nowhere", "Restore what it leads to, or remove the link."
        return Obstacle(link, why, remedy)
    if isinstance(error, NotADirectoryError):
        path = next(each for each in (path, *path.parents) if each.is_file() or each.parent == each)
        why, remedy = "there is a file in place of a folder", "Move it away, and restore the folder."
    elif isinstance(error, PermissionError):
        path = next((each for each in (*reversed(path.parents), path) if _is_closed(each)), path)
        why, remedy = "you may not read it", f"Allow it:\n  chmod -R u+rwX {shlex.quote(str(path))}"
    elif path.is_symlink() and path.is_dir() and not is_recording(path):
        why, remedy = "it is a link to a folder", "Put the folder itself there."
    elif path.is_dir():
        why, remedy = "there is a folder in place of a file", "Move it away, and restore the file."
    elif path.exists() and not path.is_file():
        why, remedy = "it is no file, but a pipe or a device", "Remove it, and restore the file."
    else:
        why, remedy = error.strerror or str(error), "Restore it from version control."
    return Obstacle(path, why, remedy)


def _broken_link(path: Path) -> Path | None:
    """The link that leads nowhere among a path and the folders above it; ``None`` if there is none."""
    for each in (path, *path.parents):
        if os.path.lexists(each):
            return each if each.is_symlink() and not os.path.exists(each) else None  # noqa: PTH110 - never raises
    return None


def _is_closed(path: Path) -> bool:
    return os.path.lexists(path) and not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0))
