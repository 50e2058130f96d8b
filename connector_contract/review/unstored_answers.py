"""What has become of calls whose responses no snapshot has: the cassette says how each ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from connector_contract.recording.call import Call, Failure, Success
from connector_contract.review.answers import asked_text, kind_of
from connector_contract.review.asked import Scenario
from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.differences import COUNT, OUTCOME


def outcome_changes(
    scenario: Scenario, is_as_before: Callable[[str], bool] = lambda _name: False
) -> Iterator[Difference]:
    """The calls of a scenario that end otherwise now, and the lists that have more or fewer records.

    Args:
        scenario: Its cassettes.
        is_as_before: Whether the snapshot of a file name is the same on both sides, so that it does not say
            how its calls end now.
    """
    befores, afters = (_by_request(each.calls) for each in (scenario.before, scenario.after))
    for (capability, asked), olds in befores.items():
        # A test may ask more often now, or less often; then only what both have asked is compared.
        for before, after in zip(olds, afters.get((capability, asked), ()), strict=False):
            if all(is_as_before(name) for name in (*before.snapshots, *after.snapshots)):
                yield from _otherwise(before, after, scenario)
    olds_by_walk, news_by_walk = (
        _walks(each.calls, is_as_before) for each in (scenario.before, scenario.after)
    )
    for (capability, asked), counts in olds_by_walk.items():
        kind = kind_of(capability)
        for old, new in zip(counts, news_by_walk.get((capability, asked), ()), strict=False):
            if None not in (old, new) and old != new:
                request = Request(capability, asked, scenario.title)
                yield Difference(kind, What.CHANGED, COUNT, old, new, request, scenario.file)


def told_by_snapshots(scenario: Scenario, is_as_before: Callable[[str], bool]) -> set[str]:
    """The changed snapshots of the calls that end otherwise now, or with another number of records.

    Args:
        scenario: Its cassettes.
        is_as_before: Whether the snapshot of a file name is the same on both sides.
    """
    befores, afters = (_by_request(each.calls) for each in (scenario.before, scenario.after))
    return {
        name
        for request, olds in befores.items()
        for before, after in zip(olds, afters.get(request, ()), strict=False)
        if before.outcome != after.outcome
        for name in (*before.snapshots, *after.snapshots)
        if not is_as_before(name)
    }


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


def _by_request(calls: Sequence[Call]) -> dict[tuple[str, str], list[Call]]:
    """The calls by what was asked for, in their order."""
    found: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        found.setdefault((call.capability, asked_text(call)), []).append(call)
    return found


def _walks(
    calls: Sequence[Call], is_as_before: Callable[[str], bool]
) -> dict[tuple[str, str], list[int | None]]:
    """How many records each walk has, by what was asked for; ``None`` of what was not walked to its end."""
    found: dict[tuple[str, str], list[int | None]] = {}
    for request, of in _by_request(calls).items():
        walks: list[int | None] = []
        for call in of:
            records = call.outcome.records if isinstance(call.outcome, Success) else None
            if not (call.asked.get("page") or {}).get("token") or not walks:
                walks.append(0)
            is_unstored = all(map(is_as_before, call.snapshots))
            is_known = records is not None and is_unstored and call.stopped_after is None
            walks[-1] = walks[-1] + records if is_known and walks[-1] is not None else None  # type: ignore[operator] # it is known
        found[request] = walks
    return found
