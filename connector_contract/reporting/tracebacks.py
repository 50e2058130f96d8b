"""Where in the author's own code something went wrong."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Collection
from pathlib import Path

# The package of this module: nobody looks for an own mistake there.
_HARNESS = __name__.partition(".")[0]


def own_line(error: BaseException, root: Path) -> str:
    """The author's own line in an exception's traceback, which is of more use than one of a library.

    Args:
        error: What was raised.
        root: The author's project.

    Returns:
        File and line: the last in the project, else the last of all.
    """
    if isinstance(error, SyntaxError) and error.filename is not None:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_own(Path(frame.filename), root)]
    frame = (own or frames)[-1]
    return f"{frame.filename}:{frame.lineno}"


def calling_line(libraries: Collection[str]) -> str:
    """The line that has called into one of these libraries, whichever of their functions has asked for it.

    Args:
        libraries: Names of packages.

    Returns:
        File and line.
    """
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] in libraries:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _is_own(path: Path, root: Path) -> bool:
    return path.is_relative_to(root) and "site-packages" not in path.parts


def asking_line(root: Path) -> str | None:
    """The innermost line of the author's own code that is running now.

    Args:
        root: The author's project.

    Returns:
        File, relative to the project, and line; ``None`` if there is none.
    """
    frame = sys._getframe(1)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if _is_own(path, root) and not frame.f_globals.get("__name__", "").startswith(_HARNESS):
            return f"{path.relative_to(root)}:{frame.f_lineno}"
        frame = frame.f_back  # type: ignore[assignment] # the last has none
    return None
