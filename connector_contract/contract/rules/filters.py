"""**increments**: a response keeps to the time, and to the actors, that it was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.cursor import UPDATES, cursor_of
from connector_contract.contract.rules.responses import Walk, shown
from connector_contract.contract.rules.times import Moment, moment_of, written_like
from connector_contract.reporting.messages import counted

ACTIVITIES = ("list_activity_records", "list_applications_activity_records")
EXPENSES = "list_expenses"
FILTERED = (UPDATES, *ACTIVITIES, EXPENSES)
"""The capabilities that are asked for a time."""

# Late enough for all, and early enough for what counts nanoseconds.
FUTURE = "2099-01-01T00:00:00Z"
_TOO_MUCH = "Lumos takes what it gets for what it asked for."
_TOO_LITTLE = "Lumos believes that there is no more."


def outside_breach(walk: Walk, request: Json) -> Iterator[Breach]:
    """Records that the request rules out.

    Args:
        walk: What was answered.
        request: What was asked for.

    Of updates, see also ``initial_remarks``.

    Source: the schemas of the SDK's specification: ``ListActivityRecords`` ("Date to look back from"),
    ``ExpenseFilters`` ("to only expenses with a transaction_date that is within a specific time range"),
    ``ListUpdatedAccounts`` ("Only accounts that have been modified since this timestamp will be included").
    """
    if walk.capability == UPDATES:
        # With a cursor, it is a note.
        others = [] if cursor_of(walk) else _of_the_future(walk, request)
    else:
        others = [
            f"{shown(walk.key_of(record))}: {why}"
            for record in walk.records
            for why in _outside(walk.capability, record, request)
        ]
    if others:
        title = f"it gives {counted(len(others), 'record')} outside of {_asked(walk.capability, request)}"
        yield Breach(walk.capability, title, _TOO_MUCH, others)


def initial_remarks(walk: Walk, request: Json) -> Iterator[str]:
    """Accounts that a time rules out, in a response with a cursor, of which two schemas say different things.

    Args:
        walk: What was answered.
        request: What was asked for, without a cursor.
    """
    others = _of_the_future(walk, request) if walk.capability == UPDATES and cursor_of(walk) else []
    if others:
        yield (
            f"{UPDATES} gives {counted(len(others), 'account')} for the time {FUTURE}, and a cursor. "
            'ListUpdatedAccounts.since says: "Only accounts that have been modified since this timestamp '
            'will be included in the response."; Delta, which it extends, says: "When no `cursor` is '
            'provided, the endpoint returns all available data along with a `cursor` in the response."'
        )


def lost_breach(wide: Walk, narrow: Walk, request: Json) -> Iterator[Breach]:
    """Records that a request asks for, and that only a wider one got.

    Args:
        wide: What was answered to the wider request.
        narrow: What was answered to the request.
        request: The request.

    Source: as for ``outside_breach``.
    """
    if not narrow.is_whole or wide.capability == UPDATES:
        return
    found = set(narrow.keys)
    lost = [
        shown(wide.key_of(record))
        for record in wide.records
        if wide.key_of(record) not in found and _is_within(wide.capability, record, request)
    ]
    if lost:
        title = f"it leaves out {counted(len(lost), 'record')} within {_asked(wide.capability, request)}"
        yield Breach(wide.capability, title, _TOO_LITTLE, lost)


def narrower(walk: Walk, request: Json) -> Json | None:
    """A request for a part of what was seen; ``None`` if it has no parts that can be told apart.

    Args:
        walk: What was answered to the author's example.
        request: The example.
    """
    if walk.capability == UPDATES:
        without = {name: value for name, value in request.items() if name != "cursor"}
        return {**without, "since": FUTURE}
    days = _ordered([record.get(_time(walk.capability)) for record in walk.records])
    if walk.capability == EXPENSES:
        return _narrower_range(days, request)
    actors = _actors_since(walk, None)
    if len(days) < 2 and len(actors) < 2:
        return None
    asked = dict(request)
    if len(days) > 1:
        # The later half, or more, so that there is somebody to leave out.
        half = days[len(days) // 2 : 0 : -1]
        since = next((day for day in half if len(_actors_since(walk, day)) > 1), half[0])
        asked["since_date"] = written_like(request.get("since_date"), since)
        actors = _actors_since(walk, since)
    return {**asked, "actors": [{"account_id": actors[0]}]} if len(actors) > 1 else asked


def _actors_since(walk: Walk, since: Moment | None) -> list[str]:
    """The actors in what was seen, each once."""
    moments = ((record, moment_of(record.get(_time(walk.capability)))) for record in walk.records)
    actors = (
        _actor(record)
        for record, moment in moments
        if since is None or (moment is not None and not moment.is_before(since))
    )
    return [actor for actor in dict.fromkeys(actors) if actor is not None]


def _narrower_range(days: Sequence[Moment], request: Json) -> Json | None:
    if len(days) < 2:
        return None
    filters = request.get("filters") or {}
    given = filters.get("transaction_date") or {}
    start, end = days[1], days[-2]
    form = given.get("start_date") or given.get("end_date") or _form(start)
    wanted = {**given, "start_date": written_like(form, start)}
    # The middle without both ends; a range that ends where it begins may be refused.
    if len(days) > 3:
        wanted["end_date"] = written_like(form, end)
    return {**request, "filters": {**filters, "transaction_date": wanted}}


def _of_the_future(walk: Walk, request: Json) -> list[str]:
    """Accounts have no time of their own: of the future there can be none."""
    return list(map(shown, walk.keys)) if request.get("since") == FUTURE else []


def _form(moment: Moment) -> str:
    return "2024-01-01" if moment.day is not None else ""


def _ordered(texts: Sequence[object]) -> list[Moment]:
    """The moments in some texts, each once, the earliest first."""
    moments = {moment for text in texts if (moment := moment_of(text)) is not None}
    return sorted(moments, key=lambda moment: moment.first)


def _time(capability: str) -> str:
    return "transaction_date" if capability == EXPENSES else "timestamp"


def _actor(record: Json) -> str | None:
    actor = record.get("actor")
    return actor.get("account_id") if isinstance(actor, Mapping) else None


def _bounds(capability: str, request: Json) -> tuple[Any, Any]:
    """From when, and until when."""
    if capability != EXPENSES:
        return request.get("since_date"), None
    asked = (request.get("filters") or {}).get("transaction_date") or {}
    return asked.get("start_date"), asked.get("end_date")


def _actors(request: Json) -> set[str]:
    """The actors that are asked for; none is all of them."""
    return {str(each.get("account_id")) for each in request.get("actors") or ()}


def _outside(capability: str, record: Json, request: Json) -> Iterator[str]:
    """Why a record is certainly not one that was asked for."""
    when = record.get(_time(capability))
    moment = moment_of(when)
    since, until = map(moment_of, _bounds(capability, request))
    if moment is not None and ((since and moment.is_before(since)) or (until and until.is_before(moment))):
        yield str(when)
    actors = _actors(request)
    if actors and _actor(record) not in actors:
        yield f"of {_actor(record)}"


def _is_within(capability: str, record: Json, request: Json) -> bool:
    """Whether a record is certainly one that was asked for. Whether a bound belongs to it, nobody says."""
    moment = moment_of(record.get(_time(capability)))
    since, until = map(moment_of, _bounds(capability, request))
    if moment is None or next(_outside(capability, record, request), None) is not None:
        return False
    return (since is None or since.is_before(moment)) and (until is None or moment.is_before(until))


def _asked(capability: str, request: Json) -> str:
    """What a request asks for, in words."""
    if capability == UPDATES:
        return f"what has changed since {request.get('since')}"
    since, until = _bounds(capability, request)
    parts = [
        *([f"from {since}"] if since else []),
        *([f"until {until}"] if until else []),
        *([f"of {', '.join(sorted(_actors(request)))}"] if _actors(request) else []),
    ]
    return "what was asked for" + (f", {' '.join(parts)}" if parts else "")
