"""A call that is under way: what Lumos asked, and which requests it has made by now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from connector_contract.config import Json
from connector_contract.recording.abort import Abort
from connector_contract.recording.call import CallOutcome, Success
from connector_contract.recording.concurrency import Position
from connector_contract.recording.interactions import Interaction
from connector_contract.recording.lanes import Lane


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
        said: Its interactions by now, each with its place.
        shown: Gives an interaction as the test sees it, if that is not as it was.
        played: The numbers of the recorded interactions that it was played, from 1.
        places: Where in the call each of these was played.
        requests: How often it has made each request.
        made: How many requests it has made in all.
        unmatched: The requests that are not recorded, and so were not answered.
        response: What the connector answered; ``None`` as long as it has not. The test has it, and may
            change it.
        outcome: What came of it.
        answered: While recording, the JSON of the response as the connector gave it.
        snapshots: The file names of the snapshots that the response was compared in.
        views: For each of these comparisons, what gives the part of the response that it compares.
        stopped_after: The number of its page, if its walk was stopped there although there are more.
        ended: Whether the connector is done with it, with a response or without one.
        package: The connector's own package, if it is known.
        abort: Ends it, if it asks without end.
    """

    number: int
    capability: str
    asked: Json
    page: int | None = None
    started: float = 0.0
    lane: Lane = field(default_factory=Lane)
    said: list[tuple[Position, Interaction]] = field(default_factory=list)
    shown: Callable[[Interaction], Interaction] | None = None
    played: list[int] = field(default_factory=list)
    places: dict[int, Position] = field(default_factory=dict)
    requests: Counter[tuple[str, str, bytes]] = field(default_factory=Counter)
    made: int = 0
    unmatched: list[str] = field(default_factory=list)
    response: dict[str, Any] | None = None
    outcome: CallOutcome = field(default_factory=Success)
    answered: str = "null"
    snapshots: list[str] = field(default_factory=list)
    views: list[Callable[[Any], Any]] = field(default_factory=list)
    stopped_after: int | None = None
    ended: bool = False
    package: str | None = None
    abort: Abort = field(default_factory=Abort)

    def __str__(self) -> str:
        """The call as messages name it."""
        return self.capability + (f", page {self.page}" if self.page is not None else "")

    @property
    def is_under_way(self) -> bool:
        """Whether the connector is still at it."""
        return not self.ended

    @property
    def interactions(self) -> list[Interaction]:
        """What connector and upstream said to each other, in order, about the people that the test sees."""
        return self.said_in_order if self.shown is None else [*map(self.shown, self.said_in_order)]

    @property
    def said_in_order(self) -> list[Interaction]:
        """What connector and upstream said to each other, in order, word for word."""
        return [interaction for _, interaction in sorted(self.said, key=lambda pair: pair[0])]
