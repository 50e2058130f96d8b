"""A virtual clock for replays: nothing waits, and whatever waits wakes up in the right order.

Within ``virtual_clock()``, the connector reads one clock, whichever of Python's clocks it asks. That clock
runs with real time. When each thread that counts waits, and nothing but time can end that, it jumps to the
next time that one of them waits for.

Which threads count: the one that enters the context, those that it and they start, and executor threads that
run what these submit. Other threads, such as an upstream's server, see real time and hold up no jump. Neither
do the tools that run the tests (``REAL_TIME``): they see real time in all threads.

What is virtual:

- the clocks of ``time`` (not CPU times) and ``datetime``, however they were imported, and ``uuid.uuid1()``;
- ``time.sleep``, and waiting, with a timeout or without, for a ``Condition``, ``Event``, ``Semaphore``,
  ``Barrier``, ``queue.Queue``, ``Future``, ``Thread``, ``Lock`` or ``RLock``;
- asyncio's loops with a selector, and what is built on them, such as anyio's asyncio backend.

What stays real, and holds up the jumps as long as it lasts: computing, sockets and pipes, subprocesses,
``queue.SimpleQueue.get``, an executor of processes, the loops of Windows' proactor and of uvloop. There, time
passes as it does without this clock. trio waits in ways of its own, and is refused.

A call of the connector that waits for what nobody will do is ended: see ``watched_calls``.

None of this is time-machine or freezegun: the former leaves the monotonic clocks and ``sleep`` alone and has
one time for all threads, the latter replaces classes that C extensions have captured.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connector_contract.clock.clock_patches import patches
from connector_contract.clock.trio_guard import refuse_running_trio
from connector_contract.clock.waits import NANOSECONDS, Context, Timeline, timeline


class Clock:
    """The time that the connector sees, as long as its context lasts.

    Args:
        time: What the threads of this process see and wait for.
    """

    def __init__(self, time: Timeline) -> None:
        self._time = time
        self._jumped_before = time.jumped_ns

    def now(self) -> float:
        """What the wall clock shows, in seconds since 1970."""
        return self._time.wall_ns() / NANOSECONDS

    @property
    def jumped(self) -> float:
        """How many seconds the clock has jumped over, in which nothing happened."""
        return (self._time.jumped_ns - self._jumped_before) / NANOSECONDS

    def set(self, unix_time: float) -> None:
        """Set the wall clock, to play another recording. The monotonic clocks go on.

        Args:
            unix_time: The new time, in seconds since 1970.
        """
        self._time.set_wall(round(unix_time * NANOSECONDS))


@contextmanager
def virtual_clock(start: float | None = None) -> Iterator[Clock]:
    """Let the connector see a clock that jumps over what it would wait for.

    Contexts may be nested: the inner one has a wall clock of its own, and costs next to nothing. Monotonic
    clocks run backwards neither in a context nor from one to the next. A thread that still waits for a time
    when the last context ends is woken.

    Args:
        start: Where the wall clock begins, in seconds since 1970; None for the real time, or for the outer
            context's.

    Yields:
        The clock.

    Raises:
        UsageError: trio runs here, or this is no Python whose clocks can be replaced.
    """
    refuse_running_trio()
    context = Context(patches())
    try:
        timeline.enter(context)
        clock = Clock(timeline)
        if start is not None:
            clock.set(start)
        yield clock
    finally:
        timeline.leave(context)
