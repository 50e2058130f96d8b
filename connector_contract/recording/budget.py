"""How many requests a call may make before it is taken to ask without end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# A call may make so many times the requests that are recorded, and at least so many; in a recording, so many
# equal ones.
_TIMES_RECORDED, _AT_LEAST, _EQUAL = 10, 100, 1_000


@dataclass(frozen=True)
class Budget:
    """The budget of the calls of one scenario.

    Attributes:
        max_requests: How many requests one call may make, if the author says it.
        records: Whether they are recorded: then nobody knows how many a call needs.
        recorded: How many requests each recorded call has made.
        in_all: How many are recorded, for a call that is none of these.
    """

    max_requests: int | None = None
    records: bool = False
    recorded: Sequence[int] = ()
    in_all: int = 0

    def allows(self, call: int, total: int, times: int) -> bool:
        """Whether a call may make a request.

        Args:
            call: The number of the call, from 1; 0 for what is asked outside of any call.
            total: How many requests it has made, with this one.
            times: How many of these were equal to this one.
        """
        if self.max_requests is not None:
            return total <= self.max_requests
        if self.records:
            return times <= _EQUAL
        recorded = self.recorded[call - 1] if 0 < call <= len(self.recorded) else self.in_all
        return total <= allowed(recorded)


def allowed(recorded: int) -> int:
    """How many requests a replayed call may make that has recorded so many."""
    return max(_AT_LEAST, _TIMES_RECORDED * recorded)
