"""What a replay shows the connector in place of a recorded response."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn

from connector_contract.recording.interactions import Request, Response


class Lost(Enum):
    """How a connection fails."""

    REFUSED = "the connection is refused"
    CONNECT_TIMEOUT = "the connection is not made in time"
    READ_TIMEOUT = "no response comes in time"
    DROPPED = "the connection is closed in the middle of the body"


@dataclass(frozen=True)
class LostConnection:
    """A connection that fails, as the connector's HTTP client raises it.

    Attributes:
        how: How it fails.
        response: What has come of the response by then, for one that is dropped in the middle of its body;
            ``None`` for the first half of the recorded one. Its ``content-length`` says how long the whole
            is; without that it comes in chunks.
    """

    how: Lost
    response: Response | None = None


@dataclass(frozen=True)
class Loss:
    """A connection that fails, as the stub of an HTTP client is told of it.

    Attributes:
        how: How it fails.
        response: What has come of the response by then; empty but for one that is dropped.
        never_answered: Ends the call, where the client has no timeout and would wait for ever.
    """

    how: Lost
    response: Response
    never_answered: Callable[[], NoReturn]


@dataclass(frozen=True)
class Once:
    """A change that only the first request that meets it sees; the next one is answered as recorded."""

    change: Response | LostConnection | Exception


Change = Response | LostConnection | Exception | Once
"""What the connector sees in place of a recorded response: another one, or none."""

Otherwise = Callable[[Request], Response | None]
"""Answers a normalized request that nothing has recorded; ``None`` if it has no answer, either."""
