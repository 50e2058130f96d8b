"""What the connector asks its upstream for now, and asked before."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from connector_contract.config import Json
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.contract.standard_capabilities import Kind as Serves
from connector_contract.recording.call import Success
from connector_contract.recording.concurrency import Position, are_free, places_in
from connector_contract.recording.interactions import Cassette, Interaction
from connector_contract.recording.interactions import Request as HttpRequest
from connector_contract.recording.matching import differences, endpoint, request_key
from connector_contract.recording.requests_per_call import request_counts
from connector_contract.reporting.growth import growing
from connector_contract.reporting.messages import counted
from connector_contract.review.change import Asked, Difference, Kind, Request, What
from connector_contract.review.explanations import part_replaced, replacement
from connector_contract.review.pairing import Pairs
from connector_contract.review.severity import FIXED
from connector_contract.storage.json_differences import ABSENT, load_whole
from connector_contract.storage.json_differences import differences as json_differences

GROWTH = "requests in a call"
NOTHING = "nothing"
# Of fewer records, a request for each is a few requests.
_RECORDS = 3
# Of endpoints, a line names so many.
_ENDPOINTS = 4


@dataclass(frozen=True, eq=False)
class Scenario:
    """One scenario's cassettes at the base and at the head.

    Attributes:
        title: The scenario, in the form of a node id.
        file: The cassette's path.
        before: At the base.
        after: At the head.
        pairs: Which of their interactions belong together.
    """

    title: str
    file: str
    before: Cassette
    after: Cassette
    pairs: Pairs


@dataclass
class _Line:
    """The requests that have changed in one way."""

    values: list[tuple[str, str]] = field(default_factory=list)
    endpoints: dict[str, None] = field(default_factory=dict)
    scenarios: dict[str, str] = field(default_factory=dict)

    def add(self, title: str, file: str, at: str, values: tuple[str, str] = ("", "")) -> None:
        self.values.append(values)
        self.endpoints[at] = None
        self.scenarios[title] = file

    @property
    def several(self) -> str:
        """The endpoints, if there are several."""
        found = list(self.endpoints)
        more = f" and {len(found) - _ENDPOINTS} more" if len(found) > _ENDPOINTS else ""
        return f": {', '.join(found[:_ENDPOINTS])}{more}" if len(found) > 1 else ""

    def asked(self, text: str) -> Asked:
        at = next(iter(self.endpoints)) if len(self.endpoints) == 1 else ""
        return Asked(
            text, at, len(self.values), tuple(self.scenarios), tuple(dict.fromkeys(self.scenarios.values()))
        )


def asked_changes(scenarios: Sequence[Scenario]) -> list[Asked]:
    """A line for each way in which requests have changed, the most frequent first.

    Args:
        scenarios: Those whose cassettes have changed.
    """
    parts: dict[str, _Line] = {}
    alone: dict[str, _Line] = {}
    for scenario in scenarios:
        for request, part, *values in _changed_parts(scenario):
            line = parts.setdefault(part, _Line())
            line.add(scenario.title, scenario.file, endpoint(request), (values[0], values[1]))
        for request, text in _alone(scenario):
            at = endpoint(request)
            alone.setdefault(text, _Line()).add(scenario.title, scenario.file, at)
    found = [line.asked(f"{part}: {_values(line.values)}") for part, line in parts.items()]
    found += [line.asked(f"{text}{line.several}") for text, line in alone.items()]
    return sorted(found, key=_by_count)


def asked_now(asks: Mapping[str, Sequence[Sequence[str]]]) -> list[Asked]:
    """A line for each way in which a run asks for something else than recorded, the most frequent first.

    Args:
        asks: By the test, the parts of its first request that is not recorded, as ``ContractError.asks``.
    """
    parts: dict[str, _Line] = {}
    for test, different in asks.items():
        for at, part, recorded, made in different:
            parts.setdefault(part, _Line()).add(test, "", at, (recorded, made))
    found = [line.asked(f"{part}: {_values(line.values)}") for part, line in parts.items()]
    return sorted(found, key=_by_count)


def _by_count(line: Asked) -> tuple[int, str, str]:
    return -line.count, line.endpoint, line.text


def _changed_parts(scenario: Scenario) -> Iterator[tuple[HttpRequest, str, str, str]]:
    """The parts in which requests that belong together differ, with both values."""
    for before, after in scenario.pairs.changed:
        for each in differences(before.request, after.request):
            yield after.request, each.part, each.recorded, each.made
    callers = [_callers(each) for each in (scenario.before, scenario.after)]
    for before, after in scenario.pairs.equal:
        if before.request.body != after.request.body:
            yield from _names_again(before.request, after.request)
        old, new = (each.get(id(one)) for each, one in zip(callers, (before, after), strict=True))
        if old is not None and new is not None and old != new:
            yield after.request, "asked for", str(old), str(new)


def _names_again(before: HttpRequest, after: HttpRequest) -> Iterator[tuple[HttpRequest, str, str, str]]:
    """What differs between bodies that are the same but for names that come again in an object."""
    try:
        one, other = load_whole(before.body), load_whole(after.body)
    except ValueError:
        return
    for path, *values in json_differences(one, other, "body"):
        old, new = ("" if each is ABSENT else json.dumps(each, ensure_ascii=False) for each in values)
        yield after, path, old, new


class _Caller(NamedTuple):
    """Which call a request is of, and how it is made."""

    capability: str
    is_concurrent: bool
    is_write: bool

    def __str__(self) -> str:
        return f"a call of {self.capability}{', at the same time as others' if self.is_concurrent else ''}"


def _callers(cassette: Cassette) -> dict[int, _Caller]:
    """The calls that interactions are of, by their identity."""
    found = {}
    for call in cassette.calls:
        owes = STANDARD.get(call.capability)
        is_write = owes is not None and owes.kind is Serves.WRITES
        for number in call.interactions:
            caller = _Caller(call.capability, number in call.at_once, is_write)
            found[id(cassette.interactions[number - 1])] = caller
    return found


def _alone(scenario: Scenario) -> Iterator[tuple[HttpRequest, str]]:
    """The requests that are on one side alone, or come in another order, in words."""
    pairs = scenario.pairs
    yield from ((each.request, "less often, or not at all") for each in pairs.removed)
    yield from ((each.request, "more often, or for the first time") for each in pairs.added)
    yield from _moved(scenario)
    olds, news = (
        Counter((request_key(one.request), one.timeout) for one in each.given_up)
        for each in (scenario.before, scenario.after)
    )
    for left, given_up, text in (
        (olds - news, scenario.before.given_up, "no longer given up by the connector before it is answered"),
        (news - olds, scenario.after.given_up, "given up by the connector before it is answered"),
    ):
        for one in given_up:
            if left[key := (request_key(one.request), one.timeout)]:
                left[key] -= 1
                yield one.request, text


def _moved(scenario: Scenario) -> Iterator[tuple[HttpRequest, str]]:
    """What a write asks for in another order, or no longer in one, of what is not only read."""
    places = {id(one): place for place, one in enumerate(scenario.before.interactions)}
    turns = {id(one): place for place, one in enumerate(scenario.after.interactions)}
    callers = _callers(scenario.after)
    old, new = (_lanes(each) for each in (scenario.before, scenario.after))
    writes: list[_Turn] = []
    last = -1
    for before, after in sorted(scenario.pairs.equal, key=lambda pair: turns[id(pair[1])]):
        caller = callers.get(id(after))
        if caller is None or not caller.is_write or after.request.method in ("GET", "HEAD"):
            continue
        turn = _Turn(places[id(before)], old.get(id(before)), new.get(id(after)))
        if turn.place < last and any(turn.has_moved_before(each) for each in writes):
            yield after.request, "in another order"
        elif turn.old != turn.new and any(turn.waits_no_longer_for(each) for each in writes):
            yield after.request, "without waiting for another, which came first"
        writes.append(turn)
        last = max(last, turn.place)


class _InLane(NamedTuple):
    """Where a request stands in the lanes of a call."""

    call: int
    place: Position


class _Turn(NamedTuple):
    """When a write is made.

    Attributes:
        place: Where it was among all requests.
        old: In which lane it was.
        new: In which one it is.
    """

    place: int
    old: _InLane | None
    new: _InLane | None

    def has_moved_before(self, other: _Turn) -> bool:
        """Whether another one, which is made first now, was made after it."""
        in_turn = not (_are_free(self.old, other.old) or _are_free(self.new, other.new))
        return in_turn and self.place < other.place

    def waits_no_longer_for(self, other: _Turn) -> bool:
        """Whether both were in lanes, and this one was after the other, and is beside it now."""
        was_after = self.old and other.old and self.place > other.place and not _are_free(self.old, other.old)
        return bool(was_after and _are_free(self.new, other.new))


def _are_free(one: _InLane | None, other: _InLane | None) -> bool:
    return (
        one is not None and other is not None and one.call == other.call and are_free(one.place, other.place)
    )


def _lanes(cassette: Cassette) -> dict[int, _InLane]:
    """In which lane each interaction is that is in one, by its identity."""
    return {
        id(cassette.interactions[number - 1]): _InLane(index, place)
        for index, call in enumerate(cassette.calls)
        if call.concurrent
        for number, place in places_in(call.concurrent).items()
    }


def _values(values: Sequence[tuple[str, str]]) -> str:
    different = dict.fromkeys(values)
    # The same part of different texts is one change, such as the version in each path.
    parts = dict.fromkeys(part_replaced(*each) for each in different)
    (first, *others), (part, *_) = different, parts
    if part is not None and len(parts) == 1 < len(different):
        return " → ".join(part) if all(part) else replacement(*part)
    old, new = first
    return f"{old or NOTHING} → {new or NOTHING}{', and other values' if others else ''}"


def growth_changes(scenarios: Sequence[Scenario]) -> Iterator[Difference]:
    """Where what a call asks for grows otherwise than before: with the pages, or with the records.

    Args:
        scenarios: Those whose cassettes have changed.
    """
    sides: tuple[dict[str, list[_Made]], dict[str, list[_Made]]] = ({}, {})
    where: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        for side, cassette in zip(sides, (scenario.before, scenario.after), strict=True):
            for made in _made(cassette):
                side.setdefault(made.capability, []).append(made)
        for call in scenario.after.calls:
            where.setdefault(call.capability, []).append(scenario)
    for capability in sorted(sides[0].keys() & sides[1].keys()):
        old, new = (_growth(side[capability]) for side in sides)
        if old and new and (old == FIXED) != (new == FIXED):
            for scenario in dict.fromkeys(where[capability]):
                request = Request(capability, "", scenario.title)
                yield Difference(
                    Kind.REQUEST,
                    What.CHANGED,
                    GROWTH,
                    old,
                    new,
                    request,
                    scenario.file,
                    capability,
                )


class _Made(NamedTuple):
    """A stored call, with what it has asked its upstream for."""

    capability: str
    asked: Json
    interactions: Sequence[Interaction]
    records: int | None


def _made(cassette: Cassette) -> Iterator[_Made]:
    for call in cassette.calls:
        said = [cassette.interactions[number - 1] for number in call.interactions]
        records = call.outcome.records if isinstance(call.outcome, Success) else None
        yield _Made(call.capability, call.asked, said, records)


def _growth(calls: Sequence[_Made]) -> str | None:
    """How the requests of some calls grow with the records, in words; ``None`` if too few say so."""
    counts = [count for of in request_counts(calls).values() for count in of]
    if (by_path := growing(counts)) is not None:
        return by_path
    large = [each for each in calls if (each.records or 0) >= _RECORDS]
    if large and all(len(each.interactions) >= (each.records or 0) for each in large):
        most = max(large, key=lambda each: len(each.interactions))
        return f"{counted(len(most.interactions), 'request')} for {most.records} records"
    return FIXED if large else None
