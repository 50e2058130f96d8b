"""What has become of calls whose responses no snapshot has: the cassette says how each ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector_contract.recording.call import Call, Failure, Success
from connector_contract.review.answers import asked_text, kind_of
from connector_contract.review.asked import Scenario
from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.differences import COUNT, OUTCOME


def outcome_changes(scenario: Scenario) -> Iterator[Difference]:
    """The calls of a scenario that end otherwise now, and the lists that have more or fewer records."""
    befores, afters = scenario.before.calls, scenario.after.calls
    for before, after in zip(befores, afters, strict=False):
        if before.capability == after.capability and not (before.snapshots or after.snapshots):
            yield from _otherwise(before, after, scenario)
    olds, news = _counts(befores), _counts(afters)
    for (capability, asked), old in olds.items():
        new, kind = news.get((capability, asked), old), kind_of(capability)
        if old != new and kind is not Kind.OTHER:
            request = Request(capability, asked, scenario.title)
            yield Difference(kind, What.CHANGED, COUNT, old, new, request, scenario.file)


def _otherwise(before: Call, after: Call, scenario: Scenario) -> Iterator[Difference]:
    old, new = before.outcome, after.outcome
    if old == new or (isinstance(old, Success) and isinstance(new, Success)):
        return
    request = Request(after.capability, asked_text(after), scenario.title)
    if isinstance(old, Failure) and isinstance(new, Failure):
        values = ("error_code", old.code, new.code)
    else:
        values = (OUTCOME, str(old), str(new))
    yield Difference(Kind.ERROR, What.CHANGED, *values, request, scenario.file)


def _counts(calls: Sequence[Call]) -> dict[tuple[str, str], int]:
    """How many records are answered to each request, over all pages; of a part of a list, nobody can say."""
    found: dict[tuple[str, str], int] = {}
    parts = set()
    for call in calls:
        request = call.capability, asked_text(call)
        records = call.outcome.records if isinstance(call.outcome, Success) else None
        if records is not None and not call.snapshots:
            found[request] = found.get(request, 0) + records
        if call.stopped_after is not None:
            parts.add(request)
    return {request: count for request, count in found.items() if request not in parts}
