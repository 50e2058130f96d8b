"""A change in words: the line that every format has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from connector_contract.faults.field_changes import FieldChange
from connector_contract.reporting.excerpts import excerpts
from connector_contract.reporting.messages import counted
from connector_contract.review.change import Change, Difference, Kind, What
from connector_contract.review.differences import ASKS, COUNT, MEMBERSHIP, ORDER, OUTCOME, SIZE, STOP, TOKEN
from connector_contract.review.severity import CALL, SCENARIO, SNAPSHOT, TABLE

# Of a value, of many names, and of many records, a line shows so much.
_LONG, _NAMES, _EXAMPLES = 60, 3, 3
_ALL = 1 << 30
_NO_RECORDS = (Kind.OTHER, Kind.DECLARATION, Kind.STATUS, Kind.FIELD)
_PLURALS = {Kind.ACTIVITY: "activities", Kind.ENTITLEMENT: "entitlements", Kind.OTHER: "records"}
_SINGULARS = {Kind.OTHER: "record"}
_HAPPENED = {What.ADDED: ("is new", "are new"), What.REMOVED: ("is gone", "are gone")}


def title(change: Change) -> str:
    """A change in one line, without its severity."""
    of = _some(change.capabilities)
    if change.field in (SCENARIO, SNAPSHOT) and change.kind is Kind.OTHER:
        noun = counted(change.count, change.field)
        renamed = f"{noun} {'has' if change.count == 1 else 'have'} another name"
        return renamed if change.what is What.CHANGED else f"{noun} {_happened(change)}"
    if change.field == CALL:
        return f"{counted(change.count, 'call')} of {of} {_happened(change)}"
    if change.kind is Kind.DECLARATION:
        return _of_declaration(change)
    if change.kind is Kind.STATUS:
        return f"the table of {of}: {change.field}: {_values(change)}"
    if change.kind is Kind.FIELD:
        return _of_field(change, of)
    if change.kind is Kind.PAGE:
        is_one = change.field in (ORDER, TOKEN, SIZE, STOP)
        return f"{change.field} of {of} has changed" if is_one else f"the records of {of} come in other pages"
    if change.kind is Kind.REQUEST:
        return f"{change.field} of {of}: {change.old} → {change.new}"
    if change.kind is Kind.ERROR:
        what = (
            of if change.field == OUTCOME else f"{change.field} of {counted(change.count, 'error')} of {of}"
        )
        return f"{what}: {change.explained_by or _values(change)}"
    if change.field == ASKS:
        return (
            f"{counted(change.count, 'scenario')} {'asks' if change.count == 1 else 'ask'} for something else"
        )
    if change.field == COUNT:
        if change.old is None:
            return f"{of} answers with other numbers of records"
        return f"{of} answers with {counted(change.new, 'record')}, and did with {change.old}"
    if change.what is not What.CHANGED and change.field:
        return _of_values(change)
    if change.members and change.members[0].is_place:
        places = f", in {change.count} places" if change.count > 1 else ""
        return f"{change.field or 'a place'}: {change.explained_by or _values(change)}{places}"
    subject = counted(change.count, *_noun(change.kind))
    if change.what is not What.CHANGED:
        return f"{subject} {_happened(change)}"
    return f"{change.field} of {subject}: {change.explained_by or _values(change)}"


def details(change: Change) -> list[str]:
    """What a reviewer wants to know beside the line: where it shows, and where it does not."""
    if change.field in (SCENARIO, SNAPSHOT) and change.kind is Kind.OTHER:
        return []
    is_record = change.kind not in _NO_RECORDS and not change.field
    if change.what is not What.REMOVED or not is_record:
        shown = [f"in {_some(_by_capability(change))}"] if change.shown_in else []
        return [*shown, *_followed(change)]
    gone = [f"{request} ({count})" for request, count in change.shown_in.items()]
    still = [f"{request} ({count} of {change.count})" for request, count in change.still_in]
    return [
        f"gone from {_some(gone)}",
        f"still in {_some(still)}" if still else f"in no other response of {_some(change.capabilities)}",
    ]


def _by_capability(change: Change) -> list[str]:
    """The requests that a change shows in; of several with one capability, how many."""
    found: dict[str, dict[str, None]] = {}
    for each in change.members:
        found.setdefault(each.request.capability, {})[str(each.request)] = None
    return [
        next(iter(requests)) if len(requests) == 1 else f"{capability} (asked in {len(requests)} ways)"
        for capability, requests in found.items()
    ]


def _followed(change: Change) -> Iterator[str]:
    for (kind, field), count in change.followed_by.items():
        yield f"the new ids are in {counted(count, *_noun(kind))}, too: {field}"


def examples(change: Change) -> list[Difference]:
    """Some of its records."""
    return change.people[:_EXAMPLES]


def example_line(one: Difference) -> str:
    """A record of a change in one line."""
    if one.is_value:
        value = one.old if one.what is What.REMOVED else one.new
        return f"{shown_value(value)}, in {one.request.scenario or one.file}"
    if one.what is not What.CHANGED:
        return one.shown
    shown = shown_pair(one.old, one.new)
    if one.field == COUNT:
        return f"{shown}, in {one.request.scenario}"
    if one.field == MEMBERSHIP:
        return f"{one.shown} on {one.request}"
    if one.kind is Kind.PAGE:
        return f"{one.field} of {one.request}: {shown}"
    if one.kind is Kind.ERROR and str(one.request):
        return f"{one.request}: {shown}"
    return f"{one.shown}: {shown}" if one.record else shown


def shown_value(value: Any, longest: int = _LONG) -> str:
    """A value as a line shows it."""
    text = (
        "nothing"
        if value is None
        else value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False)
    )
    text = text if text else '""'
    return text if len(text) <= longest else f"{text[:longest]}..."


def shown_pair(old: Any, new: Any) -> str:
    """Two values as a line shows them; of long ones, where they differ."""
    before, after = excerpts(shown_value(old, _ALL), shown_value(new, _ALL), _LONG)
    if before == after and isinstance(old, str) != isinstance(new, str):
        return f"{before} → the same, {'now as text' if isinstance(new, str) else 'no longer as text'}"
    return f"{before} → {after}"


def _of_values(change: Change) -> str:
    """What a list, or an object beside the records, has lost or got."""
    happened = f"{counted(change.count, 'value')} {_happened(change)}"
    value = change.old if change.what is What.REMOVED else change.new
    where = "the list" if change.field == "[]" else change.field
    return f"{where}: {happened}" if value is None else f"{where}: {happened}: {shown_value(value)}"


def _of_field(change: Change, of: str) -> str:
    if change.field == TABLE:
        return f"{counted(change.count, 'table')} of fields {_happened(change)}, of {of}"
    return FieldChange.at(change.field, change.old, change.new).text(of)


def _of_declaration(change: Change) -> str:
    if change.what is What.ADDED:
        reason = "with different reasons" if change.new is None else shown_value(change.new)
        return f"{change.field} is declared: {reason}"
    if change.what is What.REMOVED:
        return f"{change.field} is no longer declared; it was: {shown_value(change.old)}"
    return f"{change.field}: {_values(change)}"


def _values(change: Change) -> str:
    if change.old is None and change.new is None:
        return "different values"
    return shown_pair(change.old, change.new)


def _happened(change: Change) -> str:
    return _HAPPENED[change.what][change.count > 1]


def _noun(kind: Kind) -> tuple[str, str]:
    singular = _SINGULARS.get(kind, kind.value)
    return singular, _PLURALS.get(kind, f"{singular}s")


def _some(names: tuple[str, ...] | list[str]) -> str:
    shown = [name for name in names if name]
    more = f" and {len(shown) - _NAMES} more" if len(shown) > _NAMES else ""
    return ", ".join(shown[:_NAMES]) + more
