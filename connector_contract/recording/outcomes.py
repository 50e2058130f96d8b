"""Whether each call of a replay is the recorded one, and ends as it did when it was recorded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from connector_contract.errors import ChangedCalls, ChangedOutcome
from connector_contract.recording.call import Call
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.matching import request_key
from connector_contract.recording.mismatch import Place
from connector_contract.reporting.excerpts import excerpts

# Of many calls that differ, a message lists some.
_SHOWN = 5
# How many characters of what a call asks for.
_LONGEST = 200


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


def with_outcomes(recorded: Cassette, made: Sequence[Call]) -> Cassette | None:
    """The cassette with what comes of its calls now; ``None`` if that is the same, or others are made.

    Args:
        recorded: The cassette.
        made: The calls of the replay by now. What comes of the others is as recorded.
    """
    pairs = list(zip(recorded.calls, made, strict=False))
    if any((old.capability, _lasting(old)) != (new.capability, _lasting(new)) for old, new in pairs):
        return None
    if all(old.outcome == new.outcome for old, new in pairs):
        return None
    rest = list(recorded.calls[len(pairs) :])
    if pairs[-1][0].outcome != pairs[-1][1].outcome:
        # Another page may be the last one: nobody has asked for those that follow it.
        while rest and (rest[0].asked.get("page") or {}).get("token"):
            rest.pop(0)
    return replace(recorded, calls=(*(replace(old, outcome=new.outcome) for old, new in pairs), *rest))


def changed_calls(recorded: Cassette, made: Sequence[Call], place: Place) -> ChangedCalls | None:
    """The request change, if calls ask something else, or take other requests, than the recorded ones.

    Of equal requests, it does not matter which call is played which. Calls of other capabilities are no
    request change: ``changed_outcome`` reports them.

    Args:
        recorded: The cassette.
        made: The calls of the replay, as many as are recorded.
        place: The scenario.
    """
    if any(old.capability != new.capability for old, new in zip(recorded.calls, made, strict=False)):
        return None
    found = [
        f"{new.capability} (call {number}) {what}"
        for number, (old, new) in enumerate(zip(recorded.calls, made, strict=False), 1)
        if (what := _difference(old, new, recorded)) is not None
    ]
    if not found:
        return None
    first, *more = found
    return ChangedCalls(
        f"{first}.",
        where=place.where,
        details=more[: _SHOWN - 1],
        remedy=f"Fix it; or, if it should be so, record again:\n{place.rewrite}",
    )


def _difference(old: Call, new: Call, recorded: Cassette) -> str | None:
    if _lasting(old) != _lasting(new):
        asked, recorded_asked = excerpts(_asked(new), _asked(old), _LONGEST)
        return f"asks for {asked}, and {recorded_asked} is recorded"
    before, now = _requests(old, recorded), _requests(new, recorded)
    if set(old.interactions) == set(new.interactions) or before == now:
        return None
    gone, come = before - now, now - before
    keys = {request_key(each.request): str(each.request) for each in recorded.interactions}
    requests = [f"no longer makes {keys[key]}" for key in gone] + [f"makes {keys[key]}" for key in come]
    return f"{requests[0]}, which another call has recorded" if come and not gone else requests[0]


def _lasting(call: Call) -> dict[str, Any]:
    """What was asked, but for the state of rate limits, which moves."""
    return {name: part for name, part in call.asked.items() if name != "rate_limit"}


def _requests(call: Call, recorded: Cassette) -> Counter[Hashable]:
    return Counter(request_key(recorded.interactions[number - 1].request) for number in call.interactions)


def _asked(call: Call) -> str:
    return json.dumps(_lasting(call), ensure_ascii=False)


def _differences(recorded: Sequence[Call], made: Sequence[Call], accepted: Collection[str]) -> Iterator[str]:
    for number, (old, new) in enumerate(zip(recorded, made, strict=False), 1):
        if not set(new.snapshots).isdisjoint(accepted):
            continue
        if old.capability != new.capability:
            yield f"Call {number} is {new.capability}, and {old.capability} is recorded"
        elif old.outcome != new.outcome:
            yield f"{old.capability} gives {new.outcome}; recorded: {old.outcome} (call {number})"
    added = made[len(recorded) :]
    if len(recorded) > len(made) or any(set(call.snapshots).isdisjoint(accepted) for call in added):
        yield f"The scenario makes {len(made)} calls, and {len(recorded)} are recorded"
