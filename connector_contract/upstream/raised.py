"""What an exception of the served application shows its author: their lines, and not the framework's."""

from __future__ import annotations

import sysconfig
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_HARNESS = Path(__file__).resolve().parent.parent
_INSTALLED = frozenset({"site-packages", "dist-packages"})
# How much of a long traceback, of a long message, of a chain of causes and of a group is shown.
_FRAMES, _LINES, _CAUSES, _GROUPED = 5, 8, 3, 3


def named(error: BaseException) -> str:
    """An exception in one line, such as ``KeyError: 'id'``."""
    return _message(error)[0]


def shown(error: BaseException, root: Path) -> list[str]:
    """An exception as its author needs it to find the line.

    Args:
        error: What was raised.
        root: The author's project; files in it are named from there.

    Returns:
        Lines: file, line and code of each frame of the author's own, the innermost last, then the exception;
        the same for what an ``ExceptionGroup`` holds, and for its causes.
    """
    return list(_shown(error, root, _CAUSES))


def is_library(filename: str) -> bool:
    """Whether a file of code is Python's own, an installed library's or the harness's, not the author's."""
    if filename.startswith("<"):
        return True
    path = Path(filename)
    return not _INSTALLED.isdisjoint(path.parts) or any(path.is_relative_to(root) for root in _libraries())


@cache
def _libraries() -> tuple[Path, ...]:
    return (_HARNESS, *(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")))


def _shown(error: BaseException, root: Path, causes: int) -> Iterator[str]:
    yield from _frames(error, root)
    yield from _message(error)
    grouped: tuple[BaseException, ...] = getattr(error, "exceptions", ())
    for part in grouped[:_GROUPED]:
        yield from (f"  {line}" for line in _shown(part, root, causes))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and causes:
        yield "because of:" if error.__cause__ is not None else "while this was handled:"
        yield from _shown(cause, root, causes - 1)


def _frames(error: BaseException, root: Path) -> Iterator[str]:
    frames = traceback.extract_tb(error.__traceback__)
    # Where none is the author's own, the innermost one has to do.
    own = [frame for frame in frames if not is_library(frame.filename)] or frames[-1:]
    for frame in own[-_FRAMES:]:
        path = Path(frame.filename)
        name = path.relative_to(root) if path.is_relative_to(root) else path
        yield f"{name}:{frame.lineno}, in {frame.name}"
        if frame.line:
            yield f"  {frame.line}"


def _message(error: BaseException) -> list[str]:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - the author's own class may fail in its __str__
        text = "its message cannot be shown"
    if isinstance(error, SyntaxError) and error.filename is not None:
        text = f"{error.msg} ({error.filename}:{error.lineno})"
    lines = [line for line in text.splitlines() if line.strip()][:_LINES]
    name = type(error).__name__
    return [f"{name}: {lines[0]}", *lines[1:]] if lines else [name]
