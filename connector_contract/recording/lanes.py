"""Who asks: which call of Lumos, and which task within it, in an order that does not depend on timing.

A connector that asks concurrently gets its responses in any order. So that two recordings are equal, an
interaction is kept where its task stands among the call's tasks, by the order in which they were created.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

Position = tuple[tuple[int, str], ...]
"""A place in a call: the step within its root lane, then the step within the task that was created there."""

# Of the tasks that run beside one, so many are looked at.
_BESIDE = 8


class Lane:
    """One line of execution within a call: the call's own, or that of a task which it has started.

    Args:
        path: The lane's place among all; empty for the call's own.
        root: The call's own lane; ``None`` if this is it.
    """

    def __init__(self, path: Position = (), root: Lane | None = None) -> None:
        self.path = path
        self._root = root or self
        self._steps = 0
        self._task: weakref.ref[asyncio.Future[Any]] | None = None
        self._lanes: list[Lane] = [self]
        self._beside: list[Lane] = []
        self._started: list[Lane] = []
        self._overlapping: list[Lane] = []
        self._asks = False
        self._is_overlapped = False

    def step(self) -> Position:
        """The lane's next place."""
        self._steps += 1
        return (*self.path, (self._steps, ""))

    def beside(self, text: str) -> Position:
        """A place after the lane's last one, for a thread that no task of the call has started."""
        return (*self.path, (self._steps, text))

    def child(self) -> Lane:
        """The lane of a task that is started here."""
        lane = Lane(self.step(), self._root)
        live = (each for each in self._root._lanes if each._is_live and not each._is_above(lane))
        # One that asks for something is enough to know; among some, one is likely to.
        lane._beside = list(islice(live, _BESIDE))
        self._root._lanes.append(lane)
        self._started.append(lane)
        return lane

    def runs(self, task: asyncio.Future[Any]) -> None:
        """Say which task the lane is of."""
        self._task = weakref.ref(task)

    def ask(self) -> tuple[Lane, ...]:
        """Note that the lane asks for something now.

        Returns:
            The tasks that it has started and not waited for, as seen when it asked for the first time after
            it had started them: what a later moment would show depends on timing.
        """
        if not self._asks:
            self._asks = True
            for lane in self._beside:
                lane._is_overlapped = True
        self._overlapping += [lane for lane in self._started if lane._is_live]
        self._started.clear()
        for lane in self._overlapping:
            lane._is_overlapped = True
        return tuple(self._overlapping)

    @property
    def asks(self) -> bool:
        """Whether the lane has asked for something."""
        return self._asks

    @property
    def is_concurrent(self) -> bool:
        """Whether another task of the call that asks for something ran beside this one."""
        return self._is_overlapped or any(lane._asks for lane in self._beside)

    def _is_above(self, other: Lane) -> bool:
        return other.path[: len(self.path)] == self.path

    @property
    def _is_live(self) -> bool:
        """Whether its task still runs; the call's own lane always does."""
        if self._task is None:
            return True
        task = self._task()
        return task is not None and not task.done()


class Asker(NamedTuple):
    """A call, and the line of execution in it that asks."""

    call: Any
    lane: Lane


_ASKER: contextvars.ContextVar[Asker | None] = contextvars.ContextVar("asker", default=None)
_LOOPS: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()


def current_asker() -> Asker | None:
    """Who asks here; ``None`` outside of any call, and in threads that know of none."""
    return _ASKER.get()


@contextmanager
def asking(call: Any, lane: Lane) -> Iterator[None]:
    """Have all that is asked for in the context belong to ``call``."""
    token = _ASKER.set(Asker(call, lane))
    try:
        yield
    finally:
        _ASKER.reset(token)


def follow_tasks() -> None:
    """Have each task that the running loop creates within a call get a lane of its own."""
    loop = asyncio.get_running_loop()
    if loop not in _LOOPS:
        _LOOPS.add(loop)
        loop.set_task_factory(_following(loop.get_task_factory()))


def _following(inner: Callable[..., Any] | None) -> Any:
    def create(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> asyncio.Future[Any]:
        asker = _ASKER.get()
        if asker is None:
            return _make(inner, loop, coro, options)
        lane = asker.lane.child()
        context = options.pop("context", None) or contextvars.copy_context()
        context.run(_ASKER.set, Asker(asker.call, lane))
        if inner is None and sys.version_info >= (3, 11):
            options["context"] = context
        # Python 3.10 and other factories have no other way to give a task its context.
        task = context.run(partial(_make, inner, loop, coro, options))
        lane.runs(task)
        return task

    return create


def _make(
    inner: Callable[..., Any] | None, loop: asyncio.AbstractEventLoop, coro: Any, options: dict[str, Any]
) -> asyncio.Future[Any]:
    if inner is not None:
        return inner(loop, coro, **options)  # type: ignore[no-any-return] # it makes tasks
    return asyncio.Task(coro, loop=loop, **options)
