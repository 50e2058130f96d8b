"""Whether each call of a replay ends as it did when it was recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from connector_contract.errors import ChangedOutcome
from connector_contract.recording.call import Call
from connector_contract.recording.mismatch import Place

# Of many calls that differ, a message lists some.
_SHOWN = 5


def changed_outcome(
    recorded: Sequence[Call], made: Sequence[Call], place: Place, accepted: Collection[str] = ()
) -> ChangedOutcome | None:
    """The regression, if calls differ in what came of them, or are others.

    Args:
        recorded: The calls of the cassette.
        made: Those of the replay.
        place: The scenario.
        accepted: The file names of snapshots that are written: what came of the calls that they are of is
            accepted with them.
    """
    found = list(_differences(recorded, made, accepted))
    if not found:
        return None
    first, *more = found
    shown = more[: _SHOWN - 1] + ([f"and {len(more) - _SHOWN + 1} more"] if len(more) >= _SHOWN else [])
    return ChangedOutcome(
        f"{first}.",
        where=place.where,
        details=shown,
        remedy="The upstream's responses are as recorded, so the connector has changed, or the test.\n"
        f"Fix it; or, if the change is right, accept it with:\n  pytest --snapshot-update {place.shown}",
    )


def _differences(recorded: Sequence[Call], made: Sequence[Call], accepted: Collection[str]) -> Iterator[str]:
    for number, (old, new) in enumerate(zip(recorded, made, strict=False), 1):
        if not set(new.snapshots).isdisjoint(accepted):
            continue
        if old.capability != new.capability:
            yield f"Call {number} is {new.capability}, and {old.capability} is recorded"
        elif old.outcome != new.outcome:
            yield f"{old.capability} gives {new.outcome}, and gave {old.outcome} as recorded (call {number})"
    added = made[len(recorded) :]
    if len(recorded) > len(made) or any(set(call.snapshots).isdisjoint(accepted) for call in added):
        yield f"The scenario makes {len(made)} calls, and {len(recorded)} are recorded"
