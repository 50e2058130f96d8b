"""What has become of calls whose responses no snapshot has: the cassette says how each ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from connector_contract.recording.call import Call, CallOutcome, Failure, Success
from connector_contract.reporting.messages import counted
from connector_contract.review.answers import asked_text, kind_of
from connector_contract.review.asked import Scenario
from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.differences import COUNT, OUTCOME, PAGES

_Walk = list[Call]


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


def _counts(scenario: Scenario, request: Request, old: _Walk, new: _Walk) -> Iterator[Difference]:
    """How many records and pages a walk has now, if that is known and has changed."""
    kind, (before, after) = kind_of(request.capability), (_records(each) for each in (old, new))
    if None not in (before, after) and before != after:
        yield Difference(kind, What.CHANGED, COUNT, before, after, request, scenario.file)
    elif len(old) != len(new) and not any(each.snapshots for each in (*old, *new)):
        yield Difference(Kind.PAGE, What.CHANGED, PAGES, len(old), len(new), request, scenario.file)


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


def _pairs(scenario: Scenario) -> Iterator[tuple[_Walk, _Walk]]:
    """The walks that both sides have, by what was asked for, in their order.

    A test may ask more often now, or less often; then only what both have asked is compared.
    """
    befores, afters = (_walks(each.calls) for each in (scenario.before, scenario.after))
    for request, olds in befores.items():
        yield from zip(olds, afters.get(request, ()), strict=False)


def _walks(calls: Sequence[Call]) -> dict[tuple[str, str], list[_Walk]]:
    """The calls by what was asked for, those that walk through a list together."""
    found: dict[tuple[str, str], list[_Walk]] = {}
    for call in calls:
        walks = found.setdefault((call.capability, asked_text(call)), [])
        if not (call.asked.get("page") or {}).get("token") or not walks:
            walks.append([])
        walks[-1].append(call)
    return found


def _end(walk: _Walk) -> CallOutcome:
    """How a walk ends: with its first error, if there is one."""
    return next((each.outcome for each in walk if isinstance(each.outcome, Failure)), walk[-1].outcome)


def _told(walk: _Walk) -> str:
    """How a walk ends, in words."""
    end, records = _end(walk), _records(walk)
    return str(end) if records is None else f"a success with {counted(records, 'record')}"


def _records(walk: _Walk) -> int | None:
    """How many records a walk has; ``None`` if that is not known, or it was not walked to its end."""
    found = 0
    for call in walk:
        if (
            not isinstance(call.outcome, Success)
            or call.outcome.records is None
            or call.stopped_after is not None
        ):
            return None
        found += call.outcome.records
    return found
