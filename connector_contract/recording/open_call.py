"""A call that is under way: what it was asked, and what it has asked and answered by now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from connector_contract.config import Json
from connector_contract.recording.interactions import Interaction
from connector_contract.recording.lanes import Lane, Position


@dataclass(eq=False)
class OpenCall:
    """A call from its start on.

    Attributes:
        number: Which of the scenario's it is, from 1.
        capability: What is called.
        asked: What was asked, as ``call.asked_of`` has it, with secrets.
        page: Which page of a walk it asks for, from 1; ``None`` outside of a walk.
        started: When it began, in seconds since the epoch.
        lane: The line of execution that it began in.
        said: What connector and upstream said to each other, each with its place.
        played: The numbers of the recorded interactions that answered it, from 1.
        requests: How often it has made each request.
        total: How often it has made any.
        unmatched: The requests that are not recorded, and so were not answered.
        response: What the connector answered; ``None`` as long as it has not.
        snapshots: The file names of the snapshots that the response was compared in.
    """

    number: int
    capability: str
    asked: Json
    page: int | None = None
    started: float = 0.0
    lane: Lane = field(default_factory=Lane)
    said: list[tuple[Position, Interaction]] = field(default_factory=list)
    played: list[int] = field(default_factory=list)
    requests: Counter[Hashable] = field(default_factory=Counter)
    total: int = 0
    unmatched: list[str] = field(default_factory=list)
    response: dict[str, Any] | None = None
    snapshots: list[str] = field(default_factory=list)
    ended: bool = False

    def __str__(self) -> str:
        """The call as messages name it."""
        return self.capability + (f", page {self.page}" if self.page is not None else "")

    @property
    def is_under_way(self) -> bool:
        """Whether the connector is still at it."""
        return not self.ended

    @property
    def interactions(self) -> list[Interaction]:
        """What connector and upstream said to each other, in order."""
        return [interaction for _, interaction in sorted(self.said, key=lambda pair: pair[0])]
