"""Waiting for time to pass, without waiting."""

from __future__ import annotations

import selectors
import socket
import sys
import threading
from asyncio import BaseEventLoop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import thread as pools
from threading import Thread
from typing import Any

from connector_contract.clock import real_time
from connector_contract.clock.trio_guard import refuse_trio
from connector_contract.clock.virtual_time import Function, either
from connector_contract.clock.waits import NANOSECONDS, thread_of, timeline

# Python cannot sleep longer.
_LONGEST_SLEEP = 2**63 / NANOSECONDS


def sleep(seconds: float, /) -> None:
    """``time.sleep``, for the harness too where it waits in the place of a client."""
    if not isinstance(seconds, (int, float)) or not 0 < seconds < _LONGEST_SLEEP:
        return real_time.sleep(seconds)  # An error, or nothing.
    alarm = threading.Lock()
    alarm.acquire()

    def block(at_most: float | None) -> bool:
        alarm.acquire(timeout=at_most or 0)
        return False

    timeline.wait(seconds, block, ready=lambda: False, wake=alarm.release)
    return None


def virtual_attributes() -> list[tuple[Any, str, Callable[[Function], Function]]]:
    """What waits and is written in Python: the owner, the name, and what makes it virtual."""
    return [*((cls, "select", _select) for cls in _selectors()), *_WAITS]


def _selectors() -> list[type[selectors.BaseSelector]]:
    found = [value for value in vars(selectors).values() if isinstance(value, type)]
    return [cls for cls in found if issubclass(cls, selectors.BaseSelector) and "select" in vars(cls)]


def _select(original: Function) -> Function:
    """What an event loop does when nothing is ready."""

    def select(self: selectors.BaseSelector, timeout: float | None = None) -> list[Any]:
        if timeout is not None and timeout <= 0:
            return original(self, timeout)  # type: ignore[no-any-return]
        if not timeline.is_virtual() or _waits_for_io(self):
            return original(self, timeout)  # type: ignore[no-any-return]
        events = original(self, 0)

        def block(at_most: float | None) -> bool:
            events[:] = original(self, at_most)
            return bool(events)

        if not events:
            timeline.wait(timeout, block, ready=lambda: bool(original(self, 0)), is_of_loop=True)
        return events  # type: ignore[no-any-return]

    return select


def _waits_for_io(selector: selectors.BaseSelector) -> bool:
    """Whether it waits for anything but the pipe by which other threads wake asyncio's loop."""
    for key in selector.get_map().values():
        reader = key.data[0] if isinstance(key.data, tuple) else None
        if getattr(getattr(reader, "_callback", None), "__name__", "") != "_read_from_self":
            return True
    return False


class _Turnstile:
    """The lock by which a ``threading.Condition`` lets a waiting thread through."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened = False

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._lock.acquire(False):
            return True
        if not blocking or timeout == 0:
            return False

        def block(at_most: float | None) -> bool:
            return self._lock.acquire(True, -1 if at_most is None else at_most)

        if timeout >= 0:
            return timeline.wait(timeout, block, ready=lambda: self._opened)
        timeline.wait(None, block, ready=lambda: self._opened)
        timeline.woken.add(threading.current_thread())
        return True

    def release(self) -> None:
        self._opened = True
        self._lock.release()


def _join(original: Function) -> Function:
    def join(thread: Thread, timeout: float | None = None) -> None:
        original(thread, 0)
        if not thread.is_alive() or (timeout is not None and timeout <= 0):
            return

        def block(at_most: float | None) -> bool:
            original(thread, at_most)
            return not thread.is_alive()

        timeline.wait(timeout, block, ready=lambda: not thread.is_alive())

    return join


def _submit(original: Function) -> Function:
    def submit(executor: ThreadPoolExecutor, function: Function, /, *args: Any, **kwargs: Any) -> Any:
        timeline.work.submitting.to = executor
        try:
            return original(executor, function, *args, **kwargs)
        finally:
            timeline.work.submitting.to = None

    return submit


def _new_item(original: Function) -> Function:
    def __init__(item: Any, *args: Any) -> None:  # noqa: N807 - it becomes one
        original(item, *args)
        timeline.work.queue(item)

    return __init__


def _run_item(original: Function) -> Function:
    def run(item: Any, *args: Any) -> None:
        thread = threading.current_thread()
        if not timeline.work.start(item, thread):
            return original(item, *args)  # type: ignore[no-any-return]
        # The thread may be older than the context.
        timeline.count(thread)
        try:
            return original(item, *args)  # type: ignore[no-any-return]
        finally:
            timeline.work.end(thread)

    return run


def _call_soon_threadsafe(original: Function) -> Function:
    """A loop that another thread has run since before the context works for it from now on."""

    def call_soon_threadsafe(loop: Any, *args: Any, **kwargs: Any) -> Any:
        if (thread := thread_of(loop._thread_id)) is not None:
            timeline.count(thread)
        return original(loop, *args, **kwargs)

    return call_soon_threadsafe


def _guard(original: Function) -> Function:
    """The first thing that trio does when it begins to run."""

    def socketpair(*args: Any, **kwargs: Any) -> Any:
        refuse_trio(sys._getframe(2).f_globals.get("__name__", ""))
        return original(*args, **kwargs)

    return socketpair


def _start(original: Function) -> Function:
    return lambda thread: timeline.start(thread, original)


def _or_real(made: Callable[[Function], Function]) -> Callable[[Function], Function]:
    return lambda original: either(original, made(original))


_WAITS: list[tuple[Any, str, Callable[[Function], Function]]] = [
    (threading, "_allocate_lock", _or_real(lambda _: _Turnstile)),
    (Thread, "start", _or_real(_start)),
    (Thread, "join", _or_real(_join)),
    (ThreadPoolExecutor, "submit", _or_real(_submit)),
    (BaseEventLoop, "call_soon_threadsafe", _or_real(_call_soon_threadsafe)),
    (pools._WorkItem, "__init__", _new_item),
    (pools._WorkItem, "run", _run_item),
    (socket, "socketpair", _or_real(_guard)),
]
