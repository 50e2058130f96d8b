"""How fast a real server is asked while it is recorded: so many requests a minute, no sooner than it says."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from connector_contract.recording.interactions import Response
from connector_contract.upstream.retry_after import seconds_to_wait

LONGEST = 15 * 60.0
"""For so many seconds a recording waits at an upstream's wish; it asks nothing more if that is longer."""


@dataclass
class Clock:
    """The time while recording, and how to wait.

    Attributes:
        now: Seconds that only grow.
        today: Seconds since the epoch.
        sleep: Waits in a thread, for some seconds.
        async_sleep: Waits in a task.
    """

    now: Callable[[], float] = time.monotonic
    today: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep
    async_sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


@dataclass
class Pace:
    """When the next request to one server may go.

    Attributes:
        clock: The time.
        interval: The seconds between two requests.
    """

    clock: Clock
    interval: float = 0.0
    _next: float = float("-inf")
    _held_until: float = float("-inf")
    _held_until_today: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def held(self) -> float:
        """For how many seconds the server still asks to be left alone."""
        return max(self._held_until - self.clock.now(), 0.0)

    @property
    def held_until(self) -> datetime:
        """When the server may be asked again, as it has said; the same however often it is asked for."""
        return datetime.fromtimestamp(self._held_until_today, UTC)

    def take_turn(self) -> float:
        """Let a request go now, if it may.

        Returns:
            0 if it may; else the seconds after which to ask again, and nothing has changed.
        """
        with self._lock:
            now = self.clock.now()
            wait = max(self._next, self._held_until) - now
            if wait > 0:
                return wait
            self._next = now + self.interval
            return 0.0

    def heed(self, response: Response) -> None:
        """Hold requests back for as long as a response of the server asks for."""
        today = self.clock.today()
        seconds = seconds_to_wait(response, today)
        with self._lock:
            until = self.clock.now() + seconds
            if seconds and until > self._held_until:
                self._held_until, self._held_until_today = until, today + seconds


@dataclass
class Paces:
    """The pace of each server that a run records from.

    Attributes:
        clock: The time.
    """

    clock: Clock = field(default_factory=Clock)
    _known: dict[str, Pace] = field(default_factory=dict)

    def of(self, url: str, requests_per_minute: float | None) -> Pace:
        """The pace of the server at a URL, which is the same for all scenarios that ask it.

        Args:
            url: Anywhere on the server.
            requests_per_minute: How many may go out in a minute; ``None`` for no limit.
        """
        parts = urlsplit(url)
        pace = self._known.setdefault(f"{parts.scheme}://{parts.netloc}".lower(), Pace(self.clock))
        pace.interval = 60 / requests_per_minute if requests_per_minute else 0.0
        return pace
