"""Which recorded calls are swept: of those that are equal, one.

Two calls are equal if Lumos called the same capability, and the connector asked the same endpoints in the
same order, each answered with the same status, and the response has as much that could be lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connector_contract.recording.call import Call, Success
from connector_contract.recording.interactions import Cassette, Interaction
from connector_contract.recording.matching import endpoint

_SEVERAL = 2


@dataclass(frozen=True)
class CallClass:
    """What equal calls have in common.

    Attributes:
        capability: What Lumos called.
        steps: The endpoint and the status of each interaction, in the order of the requests.
        records: How many records the response has: none, one, or 2 for several; ``None`` if it is no list. Of
            one record, none is left that a broken one could take with it.
        is_later: Whether it is a page of a walk, with another page before it.
        goes_on: The same with another page after it.
    """

    capability: str
    steps: tuple[tuple[str, int], ...]
    records: int | None = None
    is_later: bool = False
    goes_on: bool = False


@dataclass(frozen=True)
class Swept:
    """A call that is swept.

    Attributes:
        scenario: The id of the scenario that has it.
        name: What it is called in the scenario: ``list_accounts-1``.
        number: Which of the cassette's calls it is, from 1.
    """

    scenario: str
    name: str
    number: int

    @property
    def capability(self) -> str:
        """What Lumos called."""
        return self.name.rpartition("-")[0]

    @property
    def id(self) -> str:
        """The id of the test that sweeps it."""
        return f"{self.scenario}::faults[{self.name}]"


def classes_of(cassette: Cassette) -> Iterator[CallClass]:
    """What each call of a cassette has in common with those that are equal to it, in their order."""
    interactions = dict(enumerate(cassette.interactions, 1))
    for number, call in enumerate(cassette.calls, 1):
        following = next(
            (each for each in cassette.calls[number:] if each.capability == call.capability), None
        )
        yield _class_of(call, interactions, goes_on=following is not None and _is_later_page(following))


def _class_of(call: Call, interactions: Mapping[int, Interaction], *, goes_on: bool) -> CallClass:
    asked = (interactions[number] for number in call.interactions)
    steps = tuple((endpoint(each.request), each.response.status) for each in asked)
    records = call.outcome.records if isinstance(call.outcome, Success) else None
    several = None if records is None else min(records, _SEVERAL)
    return CallClass(call.capability, steps, several, _is_later_page(call), goes_on)


def _is_later_page(call: Call) -> bool:
    return bool((call.asked.get("page") or {}).get("token"))


def swept_calls(cassettes: Mapping[str, Cassette], *, each: bool = False) -> Iterator[Swept]:
    """The calls to sweep in the scenarios of one connector.

    A call that makes no request cannot be broken, and one that ended with an error has nothing to lose. Of
    equal calls, the first of the scenario that sorts first is taken. Names are counted in each scenario by
    itself, so that they do not depend on which others there are.

    Args:
        cassettes: What each scenario has recorded, by its id.
        each: Whether to take all calls, and not one of those that are equal.
    """
    taken: set[CallClass] = set()
    for scenario in sorted(cassettes):
        cassette = cassettes[scenario]
        for found, swept in _named(scenario, cassette, each=each):
            if each or found not in taken:
                taken.add(found)
                yield swept


def _named(scenario: str, cassette: Cassette, *, each: bool) -> Iterator[tuple[CallClass, Swept]]:
    counts: Counter[str] = Counter()
    known: set[CallClass] = set()
    for number, (call, found) in enumerate(zip(cassette.calls, classes_of(cassette), strict=True), 1):
        if not is_swept(call) or (found in known and not each):
            continue
        known.add(found)
        counts[call.capability] += 1
        yield found, Swept(scenario, f"{call.capability}-{counts[call.capability]}", number)


def is_swept(call: Call) -> bool:
    """Whether a call has made requests, and succeeded."""
    return bool(call.interactions) and isinstance(call.outcome, Success)
