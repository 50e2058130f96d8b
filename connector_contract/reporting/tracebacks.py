"""Where in the author's own code something went wrong."""

from __future__ import annotations

import traceback
from pathlib import Path


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


def _is_own(path: Path, root: Path) -> bool:
    return path.is_relative_to(root) and "site-packages" not in path.parts
