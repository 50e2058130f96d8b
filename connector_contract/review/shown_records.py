"""The records of a change as a page shows them: so many whole, so many by name, and a count of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connector_contract.review.change import Change, Difference, What
from connector_contract.review.side_by_side import Field, Row, field_by_field, side_by_side

# So many records of one change, and so many in all, which the worst changes get first; of each at least one.
ROWS, ALL_ROWS = 50, 2_000
WHOLE, ALL_WHOLE = 10, 300
NAMES, ALL_NAMES = 500, 20_000
FIELDS = 60
"""So many fields of a record are shown, those first that differ."""


@dataclass(frozen=True)
class Room:
    """How many records of a change are shown.

    Attributes:
        rows: With their values.
        whole: Of these, with all their fields.
        names: Of the rest, by name.
    """

    rows: int
    whole: int
    names: int


@dataclass(frozen=True)
class ShownRecord:
    """A record of a change.

    Attributes:
        key: What identifies it.
        name: By what people know it; empty if by nothing else.
        what: What has happened to it.
        values: The field that changed, side by side; empty if the whole record came or went.
        fields: The whole record, field by field; empty if it is not known, or there is no room.
        more_fields: How many fields are left out.
        requests: What Lumos asked for, where it shows.
    """

    key: str
    name: str
    what: What
    values: Sequence[Row]
    fields: Sequence[Field]
    more_fields: int
    requests: Sequence[str]


@dataclass(frozen=True)
class ShownRecords:
    """The records of a change.

    Attributes:
        records: Those that are shown with their values.
        names: Some of the others, by name.
        more: How many are not even named.
    """

    records: Sequence[ShownRecord]
    names: Sequence[str]
    more: int


NO_RECORDS = ShownRecords((), (), 0)
"""Of a change that is about none."""


def rooms(counts: Sequence[int]) -> list[Room]:
    """How many records are shown of each change, by how many it has; the worst come first."""
    rows, whole, names = ALL_ROWS, ALL_WHOLE, ALL_NAMES
    found = []
    for count in counts:
        shown = min(count, max(1, min(ROWS, rows)))
        room = Room(shown, min(shown, WHOLE, whole), min(count - shown, NAMES, names))
        found.append(room)
        rows, whole, names = max(0, rows - room.rows), whole - room.whole, names - room.names
    return found


def people_of(change: Change) -> Sequence[Difference]:
    """The records of a change, each once; of values that came or went, each value."""
    return change.people if change.what is What.CHANGED or not change.field else change.members


def shown_records(change: Change, room: Room) -> ShownRecords:
    """The records of a change that there is room for, without values that all of them share."""
    people = people_of(change)
    asked_in: dict[str, dict[str, None]] = {}
    for one in change.members:
        asked_in.setdefault(one.record or one.file, {})[str(one.request)] = None
    records = [
        _shown(one, [*asked_in[one.record or one.file]], index < room.whole, not has_shared_values(change))
        for index, one in enumerate(people[: room.rows])
    ]
    names = [one.shown or _key(one) for one in people[room.rows :][: room.names]]
    return ShownRecords(records, names, len(people) - len(records) - len(names))


def has_shared_values(change: Change) -> bool:
    """Whether one old and one new value say what has changed of all records."""
    return change.old is not None or change.new is not None


def _shown(one: Difference, requests: Sequence[str], is_whole: bool, has_values: bool) -> ShownRecord:
    fields = field_by_field(one.before, one.after) if is_whole and one.record else []
    return ShownRecord(
        _key(one),
        one.name if one.name != one.record else "",
        one.what,
        _values(one) if has_values else [],
        # What differs is what a reader looks for.
        sorted(fields, key=lambda each: not each.differs)[:FIELDS],
        len(fields[FIELDS:]),
        [each for each in requests if each] if one.record else [],
    )


def _values(one: Difference) -> list[Row]:
    """What was and what is; a record that came or went has its fields in place of that."""
    is_whole = one.record and one.what is not What.CHANGED and not one.field
    return [] if is_whole or (one.old, one.new) == (None, None) else side_by_side(one.old, one.new)


def _key(one: Difference) -> str:
    """What identifies a record; of what is about none, the field and where it is."""
    return one.record or f"{one.field} of {one.request}"
