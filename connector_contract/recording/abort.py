"""End a call that does not end by itself, whatever the connector catches.

Such a call asks without end, or waits for what nobody will do. What ends it is no ``Exception``, so it passes
``except Exception``. A connector that catches all there is (``except:``, ``gather(return_exceptions=True)``)
asks again after that. Then the task that Lumos waits for is cancelled, and each function that has led to the
request raises the verdict at its next line, which is outside of the ``try`` that has caught it. Where even
that is caught, the process is ended: a run that says why it died is better than one that hangs.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from connector_contract.clock.waits import timeline
from connector_contract.errors import CallAborted, ContractError
from connector_contract.reporting.tracebacks import Waiting

# A task that runs beside the one that was ended may ask once more. So often a connector may catch it in all.
_GENTLY, _AT_MOST = 2, 1_000

_HARNESS = __name__.partition(".")[0]
# What runs the connector: neither these nor what has called them is to raise anything.
_RUNNERS = (
    "connector_contract.recording.dispatch", "asyncio.events", "asyncio.base_events", "concurrent.futures",
    "threading", "anyio._backends",
)  # fmt: skip


class Abort:
    """The end of one call, should it come to that.

    Attributes:
        verdict: Why it was ended, if it was.
        waiting: What runs the connector, while it runs.
    """

    def __init__(self) -> None:
        self.verdict: ContractError | None = None
        self._times = 0
        self._cancelled = 0
        self._verdict_of_wait: Callable[[str], ContractError]
        self.waiting: Waiting | None = None

    @contextmanager
    def possible(self, verdict_of_wait: Callable[[str], ContractError]) -> Iterator[None]:
        """Run the connector.

        Args:
            verdict_of_wait: Makes the verdict of a call that waits for ever, of why it does.

        Raises:
            CallAborted: It was ended.
        """
        self._verdict_of_wait = verdict_of_wait
        tools = sys.gettrace(), sys.getprofile()
        task = _current_task()
        self.waiting = Waiting(task, threading.get_ident())
        try:
            with timeline.watched(self):
                yield
        except asyncio.CancelledError:
            if not self._cancelled:
                raise
        except Exception:
            # What the connector makes of its end says less than the verdict.
            if self.verdict is None:
                raise
        finally:
            self.waiting = None
            for _ in range(self._cancelled if hasattr(task, "uncancel") else 0):  # from Python 3.11 on
                task.uncancel()  # type: ignore[union-attr] # there is one, or nothing was cancelled
            if self._times > _GENTLY:
                sys.settrace(tools[0])
                sys.setprofile(tools[1])
        if self.verdict is not None:
            raise CallAborted(self.verdict)

    def end(self, verdict: ContractError) -> NoReturn:
        """End the call, or another try of it.

        Args:
            verdict: Why; the first stays.

        Raises:
            CallAborted: Always.
        """
        error = CallAborted(self._count(verdict))
        if self._times > _GENTLY:
            self.cancel()
            _raise_from_lines(error)
        raise error

    def waits_for_ever(self, why: str) -> None:
        """Take in that nothing ends what the call waits for."""
        self._count(self.verdict or self._verdict_of_wait(why))

    def end_here(self) -> NoReturn:
        """End the call in a thread that waits for what nobody will do.

        Raises:
            CallAborted: Always.
        """
        raise CallAborted(self.verdict)

    def cancel(self) -> None:
        """Cancel the task that Lumos waits for, unless it is what runs now."""
        task = None if self.waiting is None else self.waiting.task
        if task is not None and task is not _current_task():
            task.get_loop().call_soon_threadsafe(self._cancel, task)

    def _cancel(self, task: asyncio.Task[Any]) -> None:
        # By now it may be the test that goes on in it.
        if self.waiting is not None and task.cancel():
            self._cancelled += 1

    def _count(self, verdict: ContractError) -> ContractError:
        self.verdict = self.verdict or verdict
        self._times += 1
        if self._times > _AT_MOST:
            print(self.verdict, file=sys.__stderr__, flush=True)
            os.abort()
        return self.verdict


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def _raise_from_lines(error: BaseException) -> None:
    """Have each function of the connector that is running in this thread raise ``error`` at its next line.

    Python ends all tracing when a trace function raises. So a profile function, which goes on, begins it
    again for the function that the error goes to next.
    """
    frames = _running()
    if not frames:
        return

    def at_line(_frame: FrameType, event: str, _argument: object) -> Any:
        if event == "line":
            raise error
        return at_line

    def at_return(frame: FrameType, event: str, _argument: object) -> None:
        if event == "return" and frame in frames:
            frames.remove(frame)
            sys.settrace(_ignore if frames else None)
            if not frames:
                sys.setprofile(None)

    for frame in frames:
        frame.f_trace = at_line
    sys.setprofile(at_return)
    sys.settrace(_ignore)


def _running() -> list[FrameType]:
    """What runs between who calls the connector and who intercepts its request."""
    frames: list[FrameType] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and not _module(frame).startswith(_RUNNERS):
        if _module(frame).partition(".")[0] != _HARNESS:
            frames.append(frame)
        frame = frame.f_back
    return frames


def _module(frame: FrameType) -> str:
    name: str = frame.f_globals.get("__name__", "")
    return name


def _ignore(_frame: FrameType, _event: str, _argument: object) -> None:
    """Trace no function that is called from now on."""
