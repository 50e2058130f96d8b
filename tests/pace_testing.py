"""Virtual time for recordings that wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from connector_contract.upstream.pace import Clock


@dataclass
class VirtualTime:
    """Time that passes only where somebody waits.

    Attributes:
        now: The seconds that have passed.
        waits: How long each wait was, in seconds.
    """

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        """The clock that shows it; at its beginning it is 2026-01-01 00:00 UTC."""
        return Clock(lambda: self.now, lambda: 1767225600 + self.now, self.sleep, self.async_sleep)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now += seconds

    async def async_sleep(self, seconds: float) -> None:
        """Let time pass, and others go on meanwhile."""
        self.sleep(seconds)
        await asyncio.sleep(0)
