"""Where in the author's own code something went wrong."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

# The package of this module: nobody looks for an own mistake there.
_HARNESS = __name__.partition(".")[0]
# What has called this is no line of the connector, but one of a test.
_CALLS_CONNECTOR = "connector_contract.recording.dispatch"


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


@dataclass(frozen=True)
class Waiting:
    """What waits for the code that runs now, where that is a client's method in another task or thread.

    Attributes:
        task: The task that the connector runs in.
        thread: The number of the thread that runs it.
    """

    task: asyncio.Task[Any] | None
    thread: int

    def frames(self) -> list[FrameType]:
        """Where it waits, innermost first."""
        # It may be running still, or again, and then does not know what it waits for. It may also stop
        # between the two looks, so the second is taken in any case.
        running = sys._current_frames().get(self.thread) if self._is_running() else None
        return [*_outwards(running), *self._suspended()]

    def _is_running(self) -> bool:
        return self.task is not None and getattr(self.task.get_coro(), "cr_running", False)

    def _suspended(self) -> list[FrameType]:
        frames = []
        waiting: Any = None if self.task is None else self.task.get_coro()
        while (frame := getattr(waiting, "cr_frame", None)) is not None:
            frames.append(frame)
            waiting = waiting.cr_await
        return frames[::-1]


def asking_line(root: Path, package: str | None = None, waiting: Waiting | None = None) -> str | None:
    """The innermost line of the author's own code that is running now.

    Args:
        root: The author's project.
        package: The connector's own package, which may be installed elsewhere.
        waiting: What waits for that, if none of the code that is running is the author's.

    Returns:
        File and line, the file relative to the project or to where the package is; ``None`` if there is none.
    """
    return _innermost(_outwards(sys._getframe(1)), root, package) or waiting_line(root, package, waiting)


def waiting_line(root: Path, package: str | None, waiting: Waiting | None) -> str | None:
    """The innermost line of the author's own code that waits; the arguments are those of ``asking_line``."""
    return None if waiting is None else _innermost(waiting.frames(), root, package)


def _innermost(frames: Iterable[FrameType], root: Path, package: str | None) -> str | None:
    for frame in frames:
        module = frame.f_globals.get("__name__", "")
        if module == _CALLS_CONNECTOR:
            break
        if (shown := _shown(frame, module, root, package)) is not None:
            return f"{shown}:{frame.f_lineno}"
    return None


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _shown(frame: FrameType, module: str, root: Path, package: str | None) -> str | None:
    """The file of a line of the author's own; ``None`` for any other."""
    path, names = Path(frame.f_code.co_filename), module.split(".")
    if names[0] == _HARNESS:
        return None
    if _is_own(path, root):
        return path.relative_to(root).as_posix()
    if names[0] != package:
        return None
    return "/".join(path.parts[-len(names) - (path.stem == "__init__") :])
