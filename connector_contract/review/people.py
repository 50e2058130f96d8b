"""The records of a change, all of them, old and new."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from connector_contract.review.change import Change, Difference

# Longer values are cut in the middle of nothing that a person reads to its end.
_LONG = 2_000


def people_lines(change: Change) -> Iterator[str]:
    """Each record with all its fields; what is gone begins with ``-``, what is new with ``+``."""
    for one in change.people:
        yield one.shown or str(one.request) or one.file
        yield from (f"  {line}" for line in _record(one))


def _record(one: Difference) -> Iterator[str]:
    before, after = one.before, one.after
    if not isinstance(before, Mapping) and not isinstance(after, Mapping):
        yield from _values(one.field, one.old, one.new)
        return
    old, new = (each if isinstance(each, Mapping) else {} for each in (before, after))
    for name in dict.fromkeys([*old, *new]):
        if name in old and name in new and old[name] == new[name]:
            yield f"  {name}: {_text(old[name])}"
        else:
            yield from (f"- {name}: {_text(side[name])}" for side in (old,) if name in side)
            yield from (f"+ {name}: {_text(side[name])}" for side in (new,) if name in side)


def _values(field: str, old: Any, new: Any) -> Iterator[str]:
    label = f"{field}: " if field else ""
    if old is not None:
        yield f"- {label}{_text(old)}"
    if new is not None:
        yield f"+ {label}{_text(new)}"


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONG else f"{text[:_LONG]}... ({len(text)} characters)"
