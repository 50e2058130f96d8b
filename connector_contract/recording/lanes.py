"""Who asks: which call of Lumos, and which task within it, in an order that does not depend on timing.

A connector that asks concurrently gets its responses in any order. So that two recordings are equal, an
interaction is kept where its task stands among the call's tasks, by the order in which they were created.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from threading import Thread, current_thread, get_ident
from typing import Any, NamedTuple
from unittest import mock

from connector_contract.clock.waits import timeline
from connector_contract.recording.concurrency import AFTER_ALL, Moment, Position

# Of the tasks that a lane has started and that may still run, so many are looked at together, the last ones
# first: if one of them runs, those before them are taken to run as well.
_TOGETHER = 8


class Lane:
    """One line of execution within a call: the call's own, or that of a task which it has started.

    Args:
        path: The lane's place among all; empty for the call's own.
        root: The call's own lane; ``None`` if this is it.

    Attributes:
        ends: When the call's tasks had ended, as the lane that had started each saw it, by their paths. One
            that ran while that lane asked for something has no end: when it ends depends on timing.
    """

    def __init__(self, path: Position = (), root: Lane | None = None) -> None:
        self.path = path
        self._root = root or self
        self._steps = 0
        self._task: weakref.ref[asyncio.Future[Any]] | None = None
        # Those that it has started, and those that have been left by them, by the step at which they started.
        self._running: list[tuple[int, Lane]] = []
        # The pieces of work that it has given to pools: how many, how many of them are under way, and whether
        # it has waited for each before it went on.
        self._given = self._under_way = self._giver = 0
        self._waits = True
        self.ends: dict[Position, Moment] = {} if root is None else root.ends

    def step(self) -> Position:
        """The lane's next place."""
        self._steps += 1
        self._see_what_has_ended((self._steps, False))
        return (*self.path, self._steps)

    def ask(self) -> Position:
        """The place of what the lane asks for now."""
        self._goes_on()
        place = self.step()
        self._running.clear()
        return place

    def beside(self) -> Position:
        """A place after the lane's last one, for all threads that are started there."""
        self._see_what_has_ended((self._steps, True))
        return (*self.path, self._steps, AFTER_ALL)

    def give(self) -> tuple[Position, Callable[[], None]]:
        """The place of a piece of work that a pool is given here, and what is to be called when that is done.

        As long as the lane waits for each piece before it goes on, each has a place of its own.
        """
        self._waits &= not self._under_way
        if self._waits and self._given:
            self.ends[self.beside()] = (self._steps + 1, False)
            self.step()
        self._given += 1
        self._under_way += 1
        self._giver = get_ident()

        def done() -> None:
            self._under_way -= 1

        return self.beside(), done

    def child(self) -> Lane:
        """The lane of a task that is started here."""
        self._goes_on()
        lane = Lane(self.step(), self._root)
        self._running.append((self._steps, lane))
        return lane

    def runs(self, task: asyncio.Future[Any]) -> None:
        """Say which task the lane is of."""
        self._task = weakref.ref(task)

    def _goes_on(self) -> None:
        # A piece of work that has a copy of the context, as by ``asyncio.to_thread``, asks as the lane, too.
        self._waits &= not (self._under_way and get_ident() == self._giver)

    def _see_what_has_ended(self, now: Moment) -> None:
        # Each that has ended is looked at once, so that a call of many tasks takes linear time.
        while looked := self._running[-_TOGETHER:]:
            del self._running[-_TOGETHER:]
            left = [(step, each) for step, lane in looked for each in lane._left()]
            unseen = {step for step, _ in self._running[-1:]}
            self._running += left
            for step in {step for step, _ in looked} - {step for step, _ in left} - unseen:
                self.ends[(*self.path, step)] = now
            if left:
                return

    def _left(self) -> list[Lane]:
        """The lane, if its task still runs; else those that do of what it has started."""
        found, lanes = [], [self]
        while lanes:
            lane = lanes.pop()
            if lane._is_live:
                found.append(lane)
            else:
                lanes += [each for _, each in lane._running]
        return found

    @property
    def _is_live(self) -> bool:
        """Whether its task still runs; the call's own lane always does."""
        if self._task is None:
            return True
        task = self._task()
        return task is not None and not task.done()


@dataclass(eq=False)
class Work:
    """What one thread does within a call.

    Attributes:
        is_piece: Whether a pool was given it as a piece of work, which asks for the same whichever thread has
            it. A thread of the connector's own may take what it does from a queue.
    """

    is_piece: bool


class Asker(NamedTuple):
    """Who asks.

    Attributes:
        call: The call.
        lane: The line of execution in it; of a thread, the one that has started it.
        thread: The place of all threads that were started there; ``None`` if the lane itself asks.
        work: What the thread does.
        traffic: Of the scenario that the call is of; or what takes verdicts in its place, once it is over.
        source: What responds in a replay of the call; ``None`` if the scenario itself does.
    """

    call: Any
    lane: Lane
    thread: Position | None = None
    work: Work | None = None
    traffic: Any = None
    source: Any = None


_ASKER: contextvars.ContextVar[Asker | None] = contextvars.ContextVar("asker", default=None)
# Of tasks that were given a context, which they may share with others.
_TASKS: weakref.WeakKeyDictionary[asyncio.Future[Any], Asker] = weakref.WeakKeyDictionary()
_THREAD = threading.local()
# What is followed now, by a context that is around.
_FOLLOWING: list[type[Thread]] = []
_LOOPS: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()


def current_asker() -> Asker | None:
    """Who asks here; ``None`` outside of any call, and in threads that were not started by Python's means.

    A thread that has waited until somebody gave it something to do works for that one, who is not known.
    """
    asker = (_TASKS and _asker_of_task()) or _ASKER.get()
    return None if asker is not None and asker.thread and current_thread() in timeline.woken else asker


def _asker_of_task() -> Asker | None:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # In a thread without a loop.
        return None
    return None if task is None else _TASKS.get(task)


def work_of_thread() -> Work:
    """What this thread does, which was not started by Python's means, or outside of any call."""
    work: Work | None = getattr(_THREAD, "work", None)
    if work is None:
        work = _THREAD.work = Work(is_piece=False)
    return work


@contextmanager
def asking(call: Any, lane: Lane, traffic: Any = None, source: Any = None) -> Iterator[None]:
    """Have all that is asked for in the context belong to ``call``; the arguments are those of ``Asker``."""
    token = _ASKER.set(Asker(call, lane, traffic=traffic, source=source))
    try:
        yield
    finally:
        _ASKER.reset(token)


def task_of_asker(start: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
    """A task that has no lane of its own: what it asks for is asked for here.

    Args:
        start: The coroutine's function.
    """
    asker, context = current_asker(), contextvars.copy_context()

    async def ask_as_here() -> None:
        _ASKER.set(asker)
        await start()

    # Else the loop would make a lane for it.
    context.run(_ASKER.set, None)
    return context.run(asyncio.get_running_loop().create_task, ask_as_here())


def follow_tasks() -> None:
    """Have each task that the running loop creates within a call get a lane of its own."""
    loop = asyncio.get_running_loop()
    if loop not in _LOOPS:
        _LOOPS.add(loop)
        loop.set_task_factory(_following(loop.get_task_factory()))


@contextmanager
def following_threads() -> Iterator[None]:
    """Have the threads that are started within a call, and the work of pools, belong to it.

    Those that have a copy of the context anyway, as by ``asyncio.to_thread``, are the task's own. Within
    another such context nothing is left to do.
    """
    if _FOLLOWING:
        yield
        return
    start, submit = Thread.start, ThreadPoolExecutor.submit

    def start_within(thread: Thread) -> None:
        thread.run = _within_call(thread.run, Work(is_piece=False))  # type: ignore[method-assign] # it is the way to have it run
        start(thread)

    def submit_within(pool: ThreadPoolExecutor, function: Any, /, *args: Any, **options: Any) -> Any:
        asker, loop = current_asker(), _loop_here()
        is_of_task = asker is not None and asker.thread is None and loop is not None
        place, done = asker.lane.give() if asker is not None and is_of_task else (None, None)
        work = _within_call(function, Work(is_piece=True), place)
        # A thread that the pool starts for it is there for the work of others, too.
        token = _ASKER.set(None)
        try:
            future = submit(pool, work, *args, **options)
        finally:
            _ASKER.reset(token)
        if loop is not None and done is not None:
            future.add_done_callback(partial(_call_soon, loop, done))
        return future

    _FOLLOWING.append(Thread)
    try:
        with (
            mock.patch.object(Thread, "start", start_within),
            mock.patch.object(ThreadPoolExecutor, "submit", submit_within),
        ):
            yield
    finally:
        _FOLLOWING.pop()


def _loop_here() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _call_soon(loop: asyncio.AbstractEventLoop, done: Callable[[], None], _: object) -> None:
    # The task that waits for the work goes on after that. A loop that is closed has none.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(done)


def _within_call(
    function: Callable[..., Any], work: Work, place: Position | None = None
) -> Callable[..., Any]:
    asker = current_asker()
    if asker is None:
        return function
    own = asker._replace(thread=place or asker.thread or asker.lane.beside(), work=work)

    def run(*args: Any, **options: Any) -> Any:
        timeline.woken.discard(current_thread())
        token = _ASKER.set(own)
        try:
            return function(*args, **options)
        finally:
            _ASKER.reset(token)

    return run


def _following(inner: Callable[..., Any] | None) -> Any:
    def create(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> asyncio.Future[Any]:
        asker = current_asker()
        if asker is None:
            return _make(inner, loop, coro, options)
        lane = asker.lane.child()
        own = asker._replace(lane=lane)
        if options.get("context") is not None:
            task = _make(inner, loop, coro, options)
            _TASKS[task] = own
            lane.runs(task)
            return task
        context = contextvars.copy_context()
        context.run(_ASKER.set, own)
        options.pop("context", None)
        if inner is None:
            options["context"] = context
        # Other factories have no other way to give a task its context.
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
