"""Who waits until when, and when the clock may jump there."""

from __future__ import annotations

import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread, current_thread
from typing import Protocol

from connector_contract.clock import real_time
from connector_contract.clock.pool_work import PoolWork, is_anyio_worker_of
from connector_contract.clock.watched_calls import Endable, WatchedCalls

NANOSECONDS = 1_000_000_000
# How long a wait goes on for real, in seconds, before it looks again whether the clock may jump.
_FIRST_LOOK, _LAST_LOOK = 0.0005, 0.01
# So often, in seconds, a wait that no time ends looks whether anything else can, while a call is watched.
_LOOK_FOR_AN_END = 0.05
# A loop that waits for ever, a little at a time, would keep a core busy. From here on, each jump takes a
# millisecond.
_MANY_JUMPS = 100_000


@dataclass(eq=False)
class Wait:
    """One thread that waits.

    Attributes:
        until: The time on the monotonic clock that it waits for at most, in nanoseconds; None for ever.
        ready: Whether something else has happened that ends it.
        wake: Wakes the thread at once when its time has come, where there is a way to.
        is_of_loop: Whether it is an event loop that waits: what ends its tasks ends the wait.
        over: Whether its time has come.
        ended_by: The call that waits for ever, and raises what ends it here.
    """

    until: int | None
    ready: Callable[[], bool]
    wake: Callable[[], None] | None = None
    is_of_loop: bool = False
    over: bool = False
    ended_by: Endable | None = None

    def end(self) -> None:
        """Its time has come."""
        if not self.over:
            self.over = True
            if self.wake is not None:
                self.wake()


class Replaced(Protocol):
    """What makes a time be seen in this process."""

    def apply(self) -> None:
        """Let it be seen."""

    def undo(self) -> None:
        """Let real time be seen again."""


@dataclass(eq=False)
class Context:
    """One context, from before it is entered until it is left.

    Attributes:
        replaced: What makes this time be seen.
        thread: The thread that counts by it, if it did not before.
        entered: Whether it is entered.
        outer_wall_offset_ns: What the wall clock goes back to.
    """

    replaced: Replaced
    thread: Thread | None = None
    entered: bool = False
    outer_wall_offset_ns: int = 0


class Timeline:
    """The one time that all threads that count see in this process, and what they wait for.

    Attributes:
        jumped_ns: How far the clocks have jumped in this process, in nanoseconds.
        wall_offset_ns: How far the wall clock was set ahead, beside that.
        depth: How many contexts there are around what runs now.
        work: What executors have to do.
        watched_calls: The calls that are not to wait for ever.
        woken: The threads that have waited for as long as it takes until somebody had something for them.
    """

    def __init__(self) -> None:
        self.jumped_ns = 0
        self.wall_offset_ns = 0
        self.depth = 0
        self.work = PoolWork()
        self.watched_calls = WatchedCalls()
        self.woken: weakref.WeakSet[Thread] = weakref.WeakSet()
        self._threads: set[Thread] = set()
        self._starting: set[Thread] = set()
        self._waits: dict[Thread, Wait] = {}
        self._jumps = 0
        self._replaced: Replaced
        # A signal's handler may sleep while its thread looks at who waits.
        self._lock = threading.RLock()

    def wall_ns(self) -> int:
        """What the wall clock shows, in nanoseconds since 1970."""
        return real_time.time_ns() + self.wall_offset_ns + self.jumped_ns

    def now(self) -> float:
        """What the wall clock shows, in seconds since 1970."""
        return self.wall_ns() / NANOSECONDS

    def monotonic_ns(self) -> int:
        """What the monotonic clock shows, in nanoseconds."""
        return real_time.monotonic_ns() + self.jumped_ns

    def set_wall(self, unix_time_ns: int) -> None:
        """Set the wall clock."""
        self.wall_offset_ns += unix_time_ns - self.wall_ns()
        self._jumps = 0

    def is_virtual(self) -> bool:
        """Whether the caller of the function that asks sees this time."""
        thread = thread_of(threading.get_ident())
        return self.depth > 0 and thread in self._threads and not real_time.is_read_by(sys._getframe(2))

    def enter(self, context: Context) -> None:
        """Begin a context in this thread, which counts from now on.

        Args:
            context: It.
        """
        thread = current_thread()
        with self._lock:
            context.thread = None if thread in self._threads else thread
            context.outer_wall_offset_ns = self.wall_offset_ns
            self.depth += 1
            context.entered = True
            if self.depth == 1:
                self._begin(context.replaced)
            self._threads.add(thread)

    def leave(self, context: Context) -> None:
        """End a context, if it was entered; whoever waits for a time is woken by the end of the last one."""
        with self._lock:
            if not context.entered:
                return
            self.depth -= 1
            context.entered = False
            # Outside of all contexts, the wall clock shows the real time, however far the clocks have jumped.
            self.wall_offset_ns = context.outer_wall_offset_ns if self.depth else -self.jumped_ns
            self._threads.discard(context.thread)
            if self.depth == 0:
                self._replaced.undo()
                for wait in list(self._waits.values()):
                    if wait.until is not None:
                        wait.end()

    def _begin(self, replaced: Replaced) -> None:
        self.wall_offset_ns = -self.jumped_ns
        self._jumps = 0
        self._replaced = replaced
        replaced.apply()
        me = current_thread()
        known = self._threads | self._starting
        self._threads = {it for it in threading.enumerate() if it in known or is_anyio_worker_of(me, it)}

    def start(self, thread: Thread, start: Callable[[Thread], None]) -> None:
        """Start a thread that counts from now on."""
        self._starting.add(thread)
        self.count(thread)
        try:
            start(thread)
        except BaseException:
            self._threads.discard(thread)
            raise
        finally:
            self._starting.discard(thread)

    def count(self, thread: Thread) -> None:
        """Let one more thread count."""
        with self._lock:
            self._threads.add(thread)

    def wait(
        self,
        seconds: float | None,
        block: Callable[[float | None], bool],
        ready: Callable[[], bool],
        wake: Callable[[], None] | None = None,
        *,
        is_of_loop: bool = False,
    ) -> bool:
        """Let this thread wait until something has happened or the time has come.

        Args:
            seconds: How long at most; None for ever.
            block: Waits for real, so many seconds at most or for ever, and says whether it has happened.
            ready: Whether it has happened, as another thread can see.
            wake: Ends ``block`` from another thread.
            is_of_loop: Whether it is an event loop that waits.

        Returns:
            Whether it has happened.

        Raises:
            BaseException: The call that waits here waits for ever.
        """
        until = None if seconds is None else self.monotonic_ns() + int(seconds * NANOSECONDS)
        wait, thread = Wait(until, ready, wake, is_of_loop), current_thread()
        outer, look = self._waits.get(thread), _FIRST_LOOK
        try:
            while not self._is_over(thread, wait):
                if block(self._look(until, look)):
                    return True
                look = min(2 * look, _LAST_LOOK)
            return False
        finally:
            self.watched_calls.moves()
            # A signal's handler may have waited in the middle of another wait.
            if outer is not None and not outer.over:
                self._waits[thread] = outer
            else:
                self._waits.pop(thread, None)

    def _is_over(self, thread: Thread, wait: Wait) -> bool:
        """Whether it is, after a jump if the clock may."""
        if not wait.over:
            self._waits[thread] = wait
            self._jump_if_all_wait()
        if wait.ended_by is not None:
            wait.ended_by.end_here()
        return wait.over or (wait.until is not None and self._left(wait.until) <= 0)

    def _look(self, until: int | None, look: float) -> float | None:
        """How long to wait for real before the next look; None for ever."""
        if until is None:
            return _LOOK_FOR_AN_END if self.watched_calls else None
        return max(0, min(look, self._left(until)))

    def _left(self, until: int) -> float:
        return (until - self.monotonic_ns()) / NANOSECONDS

    def _jump_if_all_wait(self) -> None:
        with self._lock:
            if not self.depth:
                return
            if not self._all_wait():
                self.watched_calls.moves()
                return
            times = [wait.until for wait in self._waits.values() if wait.until is not None]
            ahead = min(times) - self.monotonic_ns() if times else None
            if (why := self.watched_calls.why_endless(ahead)) is not None:
                self._end_watched(why)
                return
            if not times:
                return
            self._jump(min(times))
            for thread, wait in list(self._waits.items()):
                if wait.until is not None and wait.until <= min(times):
                    # From now on the thread runs, before it has noticed.
                    del self._waits[thread]
                    wait.end()

    def _end_watched(self, why: str) -> None:
        """End the watched calls, where they wait, and the threads that wait for them."""
        for watched in self.watched_calls.end(why):
            own = self._waits.get(watched.thread)
            if own is None or own.is_of_loop:
                watched.call.cancel()
            for thread, wait in list(self._waits.items()):
                # Others may be there for later calls, too, such as a loop that runs in a thread of its own.
                is_of_call = thread is watched.thread or thread not in watched.older
                if self.work.is_of(thread) or (is_of_call and not wait.is_of_loop):
                    del self._waits[thread]
                    wait.ended_by = watched.call
                    wait.end()

    @contextmanager
    def watched(self, call: Endable) -> Iterator[None]:
        """Have a call that this thread runs in the context not wait for ever."""
        with self._lock:
            watched = self.watched_calls.add(call, current_thread(), self._threads)
        try:
            yield
        finally:
            with self._lock:
                self.watched_calls.remove(watched)

    def _jump(self, until: int) -> None:
        if self._jumps >= _MANY_JUMPS:
            real_time.sleep(0.001)
        ahead = until - self.monotonic_ns()
        if ahead > 0:
            self.jumped_ns += ahead
            self._jumps += 1
            self.watched_calls.jumps(ahead)

    def _all_wait(self) -> bool:
        return all(map(self._waits_or_is_idle, list(self._threads))) and not self.work.can_start()

    def _waits_or_is_idle(self, thread: Thread) -> bool:
        wait = self._waits.get(thread)
        if wait is not None:
            return not wait.ready()
        if thread in self._starting:
            return False
        if not thread.is_alive():
            self._threads.discard(thread)
            return True
        return self.work.is_idle(thread)


def thread_of(ident: int | None) -> Thread | None:
    """The thread of that number; ``current_thread()`` would make one up for a thread that is not Python's."""
    found: Thread | None = threading._active.get(ident)  # type: ignore[attr-defined]
    return found


timeline = Timeline()
