"""What has become of calls whose responses no snapshot has: the cassette says how each ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from connector_contract.recording.call import CallOutcome, Failure, Success
from connector_contract.reporting.messages import counted
from connector_contract.review.answers import asked_text, kind_of
from connector_contract.review.asked import Scenario
from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.differences import COUNT, OUTCOME, SPLIT
from connector_contract.review.walks import Walk, walks_of


def outcome_changes(
    scenario: Scenario, is_as_before: Callable[[str], bool] = lambda _name: False
) -> Iterator[Difference]:
    """The walks of a scenario that end otherwise now, come in other pages, or have more or fewer records.

    Args:
        scenario: Its cassettes.
        is_as_before: Whether the snapshot of a file name is the same on both sides, so that it does not say
            how its calls end now.
    """
    for old, new in _pairs(scenario):
        if not all(is_as_before(name) for each in (*old, *new) for name in each.snapshots):
            continue
        request = Request(new[0].capability, asked_text(new[0]), scenario.title)
        before, after = _end(old), _end(new)
        if isinstance(before, Failure) and isinstance(after, Failure):
            if before.code != after.code:
                yield _error(scenario, request, "error_code", before.code, after.code)
        elif isinstance(before, Failure) or isinstance(after, Failure):
            yield _error(scenario, request, OUTCOME, _told(old), _told(new))
        else:
            yield from _counts(scenario, request, old, new)


def _counts(scenario: Scenario, request: Request, old: Walk, new: Walk) -> Iterator[Difference]:
    """How many records and pages a walk has now, if that is known and has changed."""
    if _stops(old) != _stops(new):
        return
    kind, (before, after) = kind_of(request.capability), (_records(each) for each in (old, new))
    if before is None or after is None:
        return
    if before != after:
        yield Difference(kind, What.CHANGED, COUNT, before, after, request, scenario.file)
    elif not any(each.snapshots for each in (*old, *new)):
        one, other = (", ".join(str(each.outcome) for each in walk) for walk in (old, new))
        if one != other:
            yield Difference(Kind.PAGE, What.CHANGED, SPLIT, one, other, request, scenario.file)


def told_by_snapshots(scenario: Scenario, is_as_before: Callable[[str], bool]) -> set[str]:
    """The changed snapshots of the walks that end otherwise now, or with other pages or numbers of records.

    Args:
        scenario: Its cassettes.
        is_as_before: Whether the snapshot of a file name is the same on both sides.
    """
    return {
        name
        for old, new in _pairs(scenario)
        if [each.outcome for each in old] != [each.outcome for each in new]
        for call in (*old, *new)
        for name in call.snapshots
        if not is_as_before(name)
    }


def _error(scenario: Scenario, request: Request, field: str, old: str, new: str) -> Difference:
    return Difference(Kind.ERROR, What.CHANGED, field, old, new, request, scenario.file)


def _pairs(scenario: Scenario) -> Iterator[tuple[Walk, Walk]]:
    """The walks that both sides have, by what was asked for, in their order.

    A test may ask more often now, or less often; then only what both have asked is compared.
    """
    befores, afters = (walks_of(each.calls) for each in (scenario.before, scenario.after))
    for request, olds in befores.items():
        yield from zip(olds, afters.get(request, ()), strict=False)


def _end(walk: Walk) -> CallOutcome:
    """How a walk ends: with its first error, if there is one."""
    return next((each.outcome for each in walk if isinstance(each.outcome, Failure)), walk[-1].outcome)


def _stops(walk: Walk) -> list[int]:
    """After which page a walk is stopped, if it is."""
    return [each.stopped_after for each in walk if each.stopped_after is not None]


def _told(walk: Walk) -> str:
    """How a walk ends, in words."""
    end, records = _end(walk), _records(walk)
    return str(end) if records is None else f"a success with {counted(records, 'record')}"


def _records(walk: Walk) -> int | None:
    """How many records a walk has; ``None`` if that is not known."""
    counts = [each.outcome.records if isinstance(each.outcome, Success) else None for each in walk]
    known = [each for each in counts if each is not None]
    return sum(known) if len(known) == len(counts) else None
