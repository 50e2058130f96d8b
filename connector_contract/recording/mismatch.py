"""The messages of strict replay: what the connector asked, what is recorded, and what to do."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from connector_contract.errors import (
    EndlessRequests,
    EndlessWait,
    ForeignRequest,
    LateRequest,
    LongWait,
    Places,
    UnmatchedRequest,
    UnplayedInteractions,
    UpstreamFailure,
)
from connector_contract.recording.call import Call
from connector_contract.recording.declared_times import proposed
from connector_contract.recording.interactions import Interaction, Request
from connector_contract.recording.matching import differences, endpoint, nearest, request_key
from connector_contract.recording.urls import canonical_uri
from connector_contract.reporting.messages import counted

# How many of the unplayed interactions a message lists.
_SHOWN = 5


@dataclass(frozen=True)
class Place:
    """Where a scenario's messages point to.

    Attributes:
        nodeid: The scenario.
        cassette: Its cassette's file.
        origin: The server that a recording of it may reach.
        further_origins: What else it may.
    """

    nodeid: str
    cassette: str
    origin: str
    further_origins: Sequence[str] = ()

    @property
    def where(self) -> Places:
        """The cassette and the scenario, as messages show them."""
        return [("cassette", self.cassette), ("scenario", self.nodeid)]

    @property
    def shown(self) -> str:
        """The scenario, as a shell takes it."""
        return shlex.quote(self.nodeid)

    def called(self, request: Request) -> str:
        """A request as messages name it: at its origin as the author has declared it."""
        for declared in (self.origin, *self.further_origins):
            base = declared.rstrip("/")
            stored = canonical_uri(base)
            rest = request.uri.removeprefix(stored)
            if base != stored and rest != request.uri and rest[:1] in ("", "/", "?"):
                return f"{request.method} {base}{rest}"
        return str(request)

    @property
    def rewrite(self) -> str:
        """The command that records the scenario again."""
        return f"  pytest --record-mode=rewrite {self.shown}"


def foreign(called: str, place: Place, asker: Places) -> ForeignRequest:
    """A request that a recording must not make."""
    origins = (place.origin, *place.further_origins)
    return ForeignRequest(
        f"The connector called {called}, which is not at its declared origin.",
        where=[*(("origin", each) for each in origins), *asker, *place.where],
        remedy="A recording may reach only what is declared, so that no credential goes elsewhere.\n"
        "Fix the connector, or Upstream(origin=...) in conftest.py. If it needs another server, such as\n"
        "that of its tokens, declare it: Upstream(..., further_origins=[...]).",
    )


def waits(made: Request, place: Place, asker: Places) -> UnmatchedRequest:
    """A request that the connector gave up when it was recorded, and now does not.

    Args:
        made: The request, normalized.
        place: The scenario.
        asker: Who asked: the call, and the line of the connector.
    """
    return UnmatchedRequest(
        "The connector waits for a response that it gave up while it was recorded.",
        where=[("request", place.called(made)), *asker, *place.where],
        remedy="So the recording has no response to this request.\n"
        f"Fix the connector; or, if it should wait, record again:\n{place.rewrite}",
    )


def late(made: Request, line: str | None, place: Place, during: Place) -> LateRequest:
    """A request of a task or a thread that a scenario has left running.

    Args:
        made: The request, normalized.
        line: The line of the connector that asks, if it is known.
        place: The scenario.
        during: The scenario that runs now.
    """
    what = "The connector has left a task or a thread running, which asks after its "
    what += f"scenario: {place.called(made)}"
    return _late(what, line, place, during.nodeid)


def late_attempt(attempt: str, line: str | None, place: Place, during: str) -> LateRequest:
    """A way out of the process that a task or a thread takes that a scenario has left running.

    Args:
        attempt: What it tries, such as ``connect to ('192.0.2.1', 9)``.
        line: The line of the connector that tries it, if it is known.
        place: The scenario.
        during: The test that runs now; empty if there is none.
    """
    what = f"The connector has left a task or a thread running, which tried after its scenario to {attempt}."
    return _late(what, line, place, during)


def at_exit(attempt: str, registered: str | None, line: str | None, place: Place) -> LateRequest:
    """A way out of the process that is taken by what a scenario has registered to run when Python exits.

    Args:
        attempt: What it tries, such as ``connect to ('192.0.2.1', 9)``.
        registered: The line of the connector that has registered it, if it is known.
        line: The line of the connector that tries it, if it is known.
        place: The scenario.
    """
    lines = [("registered in", registered), ("asked in", line)]
    return LateRequest(
        f"The connector has registered a function to run when Python exits, which tried then to {attempt}.",
        where=[*((name, found) for name, found in lines if found), *place.where],
        remedy="The scenario does not record what is asked for then. Have the connector ask before it\n"
        "responds; close what serves several calls, such as a client, in ConnectorUnderTest(reset=...).",
    )


def _late(what: str, line: str | None, place: Place, during: str) -> LateRequest:
    now = [("during", during)] if during else []
    return LateRequest(
        what,
        where=[*([("asked in", line)] if line else []), *place.where, *now],
        remedy="So the scenario does not show all that the connector asks for. Have it wait for its tasks\n"
        "and threads before it responds. What serves all calls is to end in ConnectorUnderTest(reset=...).",
    )


def unmatched(
    made: Request,
    recorded: Sequence[Interaction],
    left: Collection[int],
    place: Place,
    asker: Places,
    due: Sequence[int] = (),
    beside: Callable[[Request], Request] | None = None,
) -> UnmatchedRequest:
    """A request that equals no recorded one that is left.

    Args:
        made: What the connector asks.
        recorded: The interactions of the cassette.
        left: The numbers, from 1, of those that have not been played.
        place: The scenario.
        asker: Who asked: the call, and the line of the connector.
        due: The numbers of those of them that the call itself has recorded.
        beside: Gives what the connector asks with all headers that a recorded request has.
    """
    requests = [interaction.request for interaction in recorded]
    index = nearest(requests, made, [number - 1 for number in left], [number - 1 for number in due])
    details, found = ["nothing is recorded"], []
    what = "The connector made a request that is not recorded"
    cure = "Fix the connector; or, if it should make this request, record again:"
    if index is not None:
        if spans := proposed(requests[index], made):
            cure = "If the time moves with the calendar, declare it, and record again:\n"
            cure += f"ConnectorUnderTest(times={spans!r}). If not, fix the connector."
        found = differences(requests[index], beside(requests[index]) if beside else made)
        details = [
            f"nearest recorded request, number {index + 1}: {place.called(requests[index])}",
            *map(str, found),
        ]
        if not found:
            what = "The connector made a request more often than it is recorded"
            times = sum(request_key(request) == request_key(made) for request in requests)
            details = [f"it is recorded {counted(times, 'time')}, and was played as often"]
            details += _not_made_yet(made, requests, due, place)
    error = UnmatchedRequest(
        f"{what}: {place.called(made)}",
        where=[*asker, *place.where],
        details=details,
        remedy=f"{cure}\n{place.rewrite}",
    )
    error.asks = [(endpoint(made), each.part, each.recorded, each.made) for each in found]
    return error


def _not_made_yet(
    made: Request, requests: Sequence[Request], due: Sequence[int], place: Place
) -> Iterator[str]:
    """What a call has still to ask, where it asks the same again: the next page, or with the next token."""
    number = min(due, key=lambda each: (str(requests[each - 1]) != str(made), due.index(each)), default=0)
    if not number:
        return
    recorded = requests[number - 1]
    yield f"not made yet, number {number}: {place.called(recorded)}"
    if str(recorded) == str(made):
        yield from map(str, differences(recorded, made))


def out_of_order(
    made: Request,
    number: int,
    overtaken: Sequence[int],
    recorded: Sequence[Interaction],
    place: Place,
    asker: Places,
) -> UnmatchedRequest:
    """A write that a call makes before others that were recorded first.

    Args:
        made: What the connector asks.
        number: The number, from 1, of the interaction that has it.
        overtaken: The numbers of those that come before it.
        recorded: The interactions of the cassette.
        place: The scenario.
        asker: Who asked: the call, and the line of the connector.
    """
    names = [place.called(recorded[each - 1].request) for each in overtaken]
    pairs = list(zip(overtaken, names, strict=True))[:_SHOWN]
    shown = [f"recorded first, number {each}: {name}" for each, name in pairs]
    more = [f"and {len(overtaken) - _SHOWN} more"] if len(overtaken) > _SHOWN else []
    first = recorded[overtaken[0] - 1].request
    called = place.called(made)
    return UnmatchedRequest(
        f"The connector made {called} before {_other(first, made, place)}, which was recorded first.",
        where=[*asker, *place.where],
        details=[
            *shown,
            *more,
            f"recorded after it, number {number}: {called}",
            *_apart(first, made, place),
        ],
        remedy=f"{_ORDER_COUNTS}\n"
        f"Fix the connector; or, if this order is right, record again:\n{place.rewrite}",
    )


def no_longer_in_turn(
    first: int, then: int, recorded: Sequence[Interaction], place: Place, call: str
) -> UnmatchedRequest:
    """A write that a call makes without waiting for the response to another, which was recorded first.

    Args:
        first: The number, from 1, of the interaction that was recorded first.
        then: That of the other.
        recorded: The interactions of the cassette.
        place: The scenario.
        call: What was called.
    """
    before, made = (recorded[each - 1].request for each in (first, then))
    called = place.called(made)
    return UnmatchedRequest(
        f"The connector made {called} at the same time as {_other(before, made, place)}, "
        "which was answered first when it was recorded.",
        where=[("capability", call), *place.where],
        details=[
            f"recorded first, number {first}: {place.called(before)}",
            f"recorded after it, number {then}: {called}",
            *_apart(before, made, place),
        ],
        remedy=f"{_ORDER_COUNTS}\n"
        "Have the connector wait for the first one; or, if they may come in any order, record again:\n"
        f"{place.rewrite}",
    )


_ORDER_COUNTS = "The order of what a call writes counts, because what is left behind depends on it."


def _other(first: Request, made: Request, place: Place) -> str:
    """The first of two requests, in a sentence that has named the other one."""
    name = place.called(first)
    return f"another {name}" if name == place.called(made) else name


def _apart(first: Request, made: Request, place: Place) -> list[str]:
    """What differs between two requests that have one name."""
    has_one_name = place.called(first) == place.called(made)
    return [each.told("first", "after it") for each in differences(first, made)] if has_one_name else []


def unplayed(
    recorded: Sequence[Interaction], left: Sequence[int], calls: Sequence[Call], place: Place
) -> UnplayedInteractions:
    """Recorded requests that the connector has not made.

    Args:
        recorded: The interactions of the cassette.
        left: The numbers, from 1, of those that have not been played.
        calls: The calls that they belong to.
        place: The scenario.
    """
    of = {
        number: f" of call {which}, {call.capability}"
        for which, call in enumerate(calls, 1)
        for number in call.interactions
    }
    shown = [
        f"number {number}{of.get(number, '')}: {place.called(recorded[number - 1].request)}"
        for number in left[:_SHOWN]
    ]
    more = [f"and {len(left) - _SHOWN} more"] if len(left) > _SHOWN else []
    return UnplayedInteractions(
        f"The connector did not make {len(left)} of the {len(recorded)} recorded requests.",
        where=place.where,
        details=[*shown, *more],
        remedy=f"Fix the connector; or, if it should ask for less, record again:\n{place.rewrite}",
    )


def hung(requests: Sequence[Request], call: object, place: Place) -> UpstreamFailure:
    """A call that failed because the upstream did not respond within the timeout of the connector's client.

    Args:
        requests: Those that were not responded to.
        call: What was called.
        place: The scenario.
    """
    called = place.called(requests[0])
    return UpstreamFailure(
        f"The upstream did not respond within the timeout of the connector's own client: {called}",
        where=[("capability", str(call)), *place.where],
        details=list(map(place.called, requests[1:_SHOWN])),
        remedy="So the connector gave an error. Find out what the upstream waits for, and record again.",
    )


def unanswered(lost: Sequence[Request], sent: int, place: Place) -> UpstreamFailure:
    """Requests that went to the upstream, and that it did not answer as a whole."""
    return UpstreamFailure(
        f"The upstream did not answer {len(lost)} of {sent} requests as a whole.",
        where=place.where,
        details=list(map(place.called, lost[:_SHOWN])),
        remedy="Nothing can be recorded from that. Record again; or, if a timeout of the connector's own\n"
        "client has ended them, have it allow more time.",
    )


def asks_to_wait(until: datetime, longest: float, place: Place) -> LongWait:
    """An upstream that asks, with ``Retry-After``, for a longer wait than a recording makes.

    Args:
        until: When it may be asked again.
        longest: How many seconds a recording waits.
        place: The scenario.
    """
    return LongWait(
        f"The upstream asks to wait until {until:%Y-%m-%d %H:%M:%S} UTC (Retry-After), and a recording waits "
        f"{counted(round(longest / 60), 'minute')} at most.",
        where=[("origin", place.origin)],
        remedy="Nothing more was sent. Go on after that: --record-mode=once records what is missing, and\n"
        "--record-mode=rewrite --record-resume what is left of a rewrite. To stay below the limit:\n"
        "Upstream(requests_per_minute=...) in conftest.py.",
    )


def too_many(asked: Sequence[tuple[Request, int]], place: Place, asker: Places) -> EndlessRequests:
    """A call that asks for the same thing again and again.

    Args:
        asked: What it asked for, and how often, the most frequent first.
        place: The scenario.
        asker: Who asked: the call, and the line of the connector.
    """
    made, times = asked[0]
    total = sum(times for _, times in asked)
    more = [f"{counted(times, 'time')} {place.called(request)}" for request, times in asked[1:_SHOWN]]
    return EndlessRequests(
        f"The connector asks without end: {counted(total, 'request')} in one call, "
        f"{counted(times, 'time')} {place.called(made)}.",
        where=[*asker, *place.where],
        details=[*more, *([f"and {len(asked) - _SHOWN} other requests"] if len(asked) > _SHOWN else [])],
        remedy="Lumos would wait for ever. Have the connector give up after some tries.\n"
        "If the call needs that many requests, allow them: ConnectorUnderTest(max_requests=...).",
    )


def endless_wait(call: str, line: str | None, why: str, place: Place) -> EndlessWait:
    """A call that waits for what nobody will do.

    Args:
        call: What was called.
        line: The line of the connector that waits, if it is known.
        why: Why the wait has no end, in a clause.
        place: The scenario.
    """
    where = "" if line is None else f" in {line}"
    return EndlessWait(
        f"The connector waits without end{where}, called for {call}: {why}.",
        where=[("capability", call), *([("waits in", line)] if line else []), *place.where],
        remedy="Lumos would wait for ever. Have what it waits for happen whatever the upstream responds,\n"
        "also where a request fails; or give the wait a timeout.",
    )
