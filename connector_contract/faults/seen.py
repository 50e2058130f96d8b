"""What came of a broken call, as plain values: ``recording.replay.Replayed``, without what replays it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from connector_contract.config import Json
from connector_contract.recording.interactions import Request


class Stopped(Enum):
    """Why a call has no response."""

    RAISED = "its dispatch raised an exception, was cancelled, or gave what is no response"
    TOO_MANY = "it made more requests than it may"
    ENDLESS = "it waited for something that does not happen"


@dataclass(frozen=True)
class Seen:
    """What a replay with a fault in it gave.

    Attributes:
        response: The connector's response; ``None`` if it gave none.
        stopped: Why it gave none; ``None`` if it gave one.
        why: The same as a message says it.
        fired: How often each broken interaction was asked for and broken, by its number.
        asked: How often each interaction of the call was asked for, by its number.
        off_script: The requests that nothing in the scenario has recorded, in order.
        elsewhere: Those that went to another origin than the connector's declared ones.
        secrets: Where in an error's message, or in a report, a secret is; empty if there is none.
    """

    response: Json | None = None
    stopped: Stopped | None = None
    why: str = ""
    fired: Mapping[int, int] = field(default_factory=dict)
    asked: Mapping[int, int] = field(default_factory=dict)
    off_script: tuple[Request, ...] = ()
    elsewhere: tuple[Request, ...] = ()
    secrets: tuple[str, ...] = ()
