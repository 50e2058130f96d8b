"""Calls that are not to wait for ever: when one does, and what is told of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from threading import Thread
from typing import NoReturn, Protocol

from connector_contract.clock import real_time

_SECOND = 1_000_000_000
# A call that has waited so long without a request, or so often, does not end: 7 days, in nanoseconds.
_LONGEST, _MOST_JUMPS = 7 * 24 * 60 * 60 * _SECOND, 100_000
# So long, for real, nothing must move before a wait that no time ends has no end. A thread that does not
# count, such as one from before the clock, may be about to end it.
_CERTAIN = 2 * _SECOND


class Endable(Protocol):
    """A call that can be ended while it waits."""

    def waits_for_ever(self, why: str) -> None:
        """Take in that nothing ends its wait, and why, in a clause."""

    def cancel(self) -> None:
        """End it while its event loop waits."""

    def end_here(self) -> NoReturn:
        """Raise, in a thread that waits for it, what ends it."""


@dataclass(eq=False)
class Watched:
    """A call that is under way.

    Attributes:
        call: It.
        thread: What runs it.
        older: The threads that counted when it began.
    """

    call: Endable
    thread: Thread
    older: Collection[Thread]


class WatchedCalls:
    """The calls that are under way, and what has happened since one of them last asked for something."""

    def __init__(self) -> None:
        self._calls: list[Watched] = []
        self._jumps = 0
        self._jumped_ns = 0
        self._still_since: int | None = None
        self._has_ended = False

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._calls)

    def add(self, call: Endable, thread: Thread, older: Collection[Thread]) -> Watched:
        """One more begins."""
        watched = Watched(call, thread, frozenset(older))
        self._calls.append(watched)
        self.asks()
        return watched

    def remove(self, watched: Watched) -> None:
        """One has ended."""
        self._calls.remove(watched)
        self.asks()

    def asks(self) -> None:
        """One asks for something, so none of them waits for ever by now."""
        self._jumps = self._jumped_ns = 0
        self._has_ended = False
        self.moves()

    def moves(self) -> None:
        """A thread has ended a wait, or runs."""
        self._still_since = None

    def jumps(self, ahead: int) -> None:
        """The clock jumps, by so many nanoseconds."""
        self._jumps += 1
        self._jumped_ns += ahead
        self.moves()

    def why_endless(self, ahead: int | None) -> str | None:
        """Why they wait for ever, now that all threads wait; ``None`` as long as they may not.

        Args:
            ahead: How far the clock would jump, in nanoseconds; ``None`` if no time ends any wait.
        """
        if not self._calls:
            return None
        if ahead is None:
            return "nothing that is under way can end it" if self._is_certain() else None
        if self._jumps >= _MOST_JUMPS or self._jumped_ns + ahead > _LONGEST:
            return "it goes on, and the connector asks for nothing in between"
        return None

    def end(self, why: str) -> list[Watched]:
        """Tell each of them that it waits for ever."""
        self._has_ended = True
        for watched in self._calls:
            watched.call.waits_for_ever(why)
        return list(self._calls)

    def _is_certain(self) -> bool:
        now = real_time.monotonic_ns()
        if self._still_since is None:
            self._still_since = now
        # A connector that goes on to wait after that does not change by itself.
        return self._has_ended or now - self._still_since >= _CERTAIN
