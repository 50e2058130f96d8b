"""**records**: the response of a capability is the one that its snapshot has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.responses import Walk, shown
from connector_contract.reporting.excerpts import excerpts
from connector_contract.reporting.messages import counted
from connector_contract.storage.json_differences import ABSENT, differences

# Of many records with the same change, and of a long value, a message shows some.
_EXAMPLES, _LONG = 3, 120


@dataclass(frozen=True)
class Change:
    """One value that differs from the snapshot.

    Attributes:
        record: The record that has it, as messages name it; empty for the response itself.
        field: Its path, such as ``user_status`` or ``page.token``; empty for a record that came or went.
        old: The value in the snapshot, or ``ABSENT``.
        new: The value now, or ``ABSENT``.
    """

    record: str
    field: str
    old: Any
    new: Any

    def __str__(self) -> str:
        """The change in a line, but for its field."""
        old, new = excerpts(_value(self.old), _value(self.new), _LONG)
        return f"{old} in the snapshot, {new} now"


def changes(walk: Walk, stored: str, answered: str) -> list[Change]:
    """The changes between the snapshot of a capability's response and the response now.

    Args:
        walk: The capability's walk, or its one response; it says what identifies a record.
        stored: The text of the snapshot.
        answered: The response now, as the text of a snapshot.
    """
    old, new = (_walk(walk, text) for text in (stored, answered))
    if old is None or new is None:
        return [Change("", "the file", "no response", "a response")]
    return [*_record_changes(old, new), *_page_changes(old.pages, new.pages, new.within)]


def change_lines(found: Sequence[Change]) -> Iterator[str]:
    """The changes as an author reads them, grouped by what has changed."""
    groups: dict[tuple[str, bool, bool, bool], list[Change]] = {}
    for each in found:
        kind = (each.field, bool(each.record), each.old is ABSENT, each.new is ABSENT)
        groups.setdefault(kind, []).append(each)
    for (field, of_record, _, _), members in groups.items():
        if not of_record:
            yield from (f"- {field}: {each}" for each in members)
            continue
        yield f"{_title(field, members)}:"
        for each in members[:_EXAMPLES]:
            yield f"- {each.record}: {each}" if field else f"- {each.record}"
        if len(members) > _EXAMPLES:
            yield f"  and {len(members) - _EXAMPLES} more"


def summary(found: Sequence[Change]) -> str:
    """What the changes are about, in a clause."""
    records = len({each.record for each in found if each.record})
    return f"{counted(records, 'record')} changed" if records else "the response changed"


def _title(field: str, members: Sequence[Change]) -> str:
    records = counted(len(members), "record")
    if field:
        return f"{field} of {records}"
    return f"{records} no longer there" if members[0].new is ABSENT else f"{records} more"


def _walk(walk: Walk, text: str) -> Walk | None:
    try:
        data = json.loads(text)
    except ValueError:
        return None
    pages = data if isinstance(data, list) else [data]
    return replace(walk, pages=pages) if all(isinstance(page, Mapping) for page in pages) else None


def _record_changes(old: Walk, new: Walk) -> Iterator[Change]:
    pairs = _pairs(old, new)
    for name, before, after in pairs:
        if before is ABSENT or after is ABSENT:
            yield Change(name, "" if name else "response", before, after)
        else:
            yield from (Change(name, field or "value", *both) for field, *both in differences(before, after))
    if _is_list(new) and sorted(old.keys) == sorted(new.keys) != new.keys != old.keys:
        yield Change("", "the order of the records", *(f"{shown(walk.keys[0])} first" for walk in (old, new)))


def _pairs(old: Walk, new: Walk) -> list[tuple[str, Any, Any]]:
    """The records of before and now that belong together: by their ids, or else by their place."""
    before, after = (dict(zip(walk.keys, walk.records, strict=True)) for walk in (old, new))
    by_key = _is_list(new) and old.key_fields
    if by_key and len(before) == len(old.keys) and len(after) == len(new.keys):
        keys = [*before, *(key for key in after if key not in before)]
        return [(shown(key), before.get(key, ABSENT), after.get(key, ABSENT)) for key in keys]
    in_place = enumerate(zip_longest(old.records, new.records, fillvalue=ABSENT), 1)
    return [(f"record {number}" if _is_list(new) else "", *pair) for number, pair in in_place]


def _is_list(walk: Walk) -> bool:
    return bool(walk.within) or any(isinstance(page.get("response"), list) for page in walk.pages)


def _around(page: Json, within: str) -> Json:
    """What a page has beside its records, such as the edges of a graph beside its nodes."""
    payload = page.get("response")
    beside = payload if within and isinstance(payload, Mapping) else {}
    return {
        **{name: page[name] for name in page if name != "response"},
        **{f"response.{name}": beside[name] for name in beside if name != within},
    }


def _page_changes(old: Sequence[Json], new: Sequence[Json], within: str) -> Iterator[Change]:
    """What has changed around the records."""
    if len(old) != len(new):
        yield Change("", "the number of pages", len(old), len(new))
    for number, (before, after) in enumerate(zip(old, new, strict=False), 1):
        path = f"page {number}: " if len(old) > 1 else ""
        one, other = (_around(page, within) for page in (before, after))
        yield from (Change("", path + field, *values) for field, *values in differences(one, other))


def _value(value: Any) -> str:
    if value is ABSENT:
        return "nothing"
    return json.dumps(value, ensure_ascii=False)
