"""What the connector asks its upstream for now, and asked before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from connector_contract.config import Json
from connector_contract.recording.call import Success
from connector_contract.recording.interactions import Cassette, Interaction
from connector_contract.recording.matching import differences
from connector_contract.recording.requests_per_call import request_counts
from connector_contract.reporting.growth import growing
from connector_contract.reporting.messages import counted
from connector_contract.review.change import Asked, Difference, Kind, Request, What
from connector_contract.review.explanations import part_replaced
from connector_contract.review.pairing import Pairs, endpoint
from connector_contract.review.severity import FIXED

GROWTH = "requests in a call"
NOTHING = "nothing"
# Of fewer records, a request for each is a few requests.
_RECORDS = 3


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

    def add(self, scenario: Scenario, at: str, values: tuple[str, str] = ("", "")) -> None:
        self.values.append(values)
        self.endpoints[at] = None
        self.scenarios[scenario.title] = scenario.file

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
    gone: dict[str, _Line] = {}
    come: dict[str, _Line] = {}
    for scenario in scenarios:
        for before, after in scenario.pairs.changed:
            for each in differences(before.request, after.request):
                line = parts.setdefault(each.part, _Line())
                line.add(scenario, endpoint(after.request), (each.recorded, each.made))
        for lines, interactions in ((gone, scenario.pairs.removed), (come, scenario.pairs.added)):
            for interaction in interactions:
                at = endpoint(interaction.request)
                lines.setdefault(at, _Line()).add(scenario, at)
    found = [line.asked(f"{part}: {_values(line.values)}") for part, line in parts.items()]
    found += [line.asked("asked less often, or not at all") for line in gone.values()]
    found += [line.asked("asked more often, or for the first time") for line in come.values()]
    return sorted(found, key=lambda each: (-each.count, each.endpoint, each.text))


def _values(values: Sequence[tuple[str, str]]) -> str:
    different = dict.fromkeys(values)
    # The same part of different texts is one change, such as the version in each path.
    alike = dict.fromkeys(part_replaced(*each) for each in different)
    shown, others = (alike, "") if len(alike) == 1 < len(different) else (different, ", and other values")
    old, new = next(iter(shown))
    return f"{old or NOTHING} → {new or NOTHING}{others if len(shown) > 1 else ''}"


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
        if (old is None) != (new is None):
            for scenario in dict.fromkeys(where[capability]):
                request = Request(capability, "", scenario.title)
                yield Difference(
                    Kind.REQUEST,
                    What.CHANGED,
                    GROWTH,
                    old or FIXED,
                    new or FIXED,
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
    """How the requests of some calls grow with the records, in words; ``None`` if they do not."""
    counts = [count for of in request_counts(calls).values() for count in of]
    if (by_path := growing(counts)) is not None:
        return by_path
    large = [each for each in calls if (each.records or 0) >= _RECORDS]
    if large and all(len(each.interactions) >= (each.records or 0) for each in large):
        most = max(large, key=lambda each: len(each.interactions))
        return f"{counted(len(most.interactions), 'request')} for {most.records} records"
    return None
