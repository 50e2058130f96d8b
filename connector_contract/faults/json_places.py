"""Places in a JSON value: all that there are, by the paths of their fields; and to change one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from connector_contract.contract.rules.paging import is_about_pages

Place = tuple[str | int, ...]
"""The names and indices that lead to a value from the root."""

# Data that a connector reads is not nested more deeply.
_DEEPEST = 50
_PLAIN = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_LIKE_AN_ID = re.compile("[0-9]|@")


class Found(NamedTuple):
    """A value within another.

    Attributes:
        path: What its field is called, whatever the record: ``items[].profile.email``. It is JMESPath, so a
            name with other characters is quoted: ``"@odata.nextLink"``.
        place: Where this one is.
        value: The value.
    """

    path: str
    place: Place
    value: Any

    @property
    def name(self) -> str:
        """The name of the field; of an item, that of its list; empty for an item of a list without a name."""
        return next((str(step) for step in reversed(self.place) if isinstance(step, str)), "")


def values_in(data: Any) -> Iterator[Found]:
    """Each value in a JSON value, but for itself: an object or a list before what is in it.

    Objects that have records by their ids are taken for lists: ``users.*.email``.
    """
    yield from _values_in(data, Found("", (), data), about_pages=False)


def _values_in(data: Any, within: Found, *, about_pages: bool) -> Iterator[Found]:
    if len(within.place) > _DEEPEST:
        return
    for found in _children(data, within, by_id=not about_pages and is_by_id(data)):
        yield found
        yield from _values_in(found.value, found, about_pages=is_about_pages(found.place[-1]))


def _children(data: Any, within: Found, *, by_id: bool) -> Iterator[Found]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            step = "*" if by_id else _quoted(name)
            path = f"{within.path}.{step}" if within.path else step
            yield Found(path, (*within.place, name), value)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield Found(f"{within.path}[]", (*within.place, index), value)


def is_by_id(data: Any) -> bool:
    """Whether an object has records by their ids: objects with a field in common, under names like ids."""
    if not isinstance(data, Mapping) or not data or not all(map(_LIKE_AN_ID.search, data)):
        return False
    return all(isinstance(each, Mapping) for each in data.values()) and bool(
        set.intersection(*(set(each) for each in data.values()))
    )


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def value_at(data: Any, place: Place) -> Any:
    """The value at a place.

    Raises:
        LookupError: There is none.
    """
    for step in place:
        data = data[step]
    return data


def with_value(data: Any, place: Place, value: Any) -> Any:
    """A JSON value with another one at a place, which may be new in its object. The first one stays.

    Raises:
        LookupError: There is nothing that the place could be in.
    """
    if not place:
        return value
    step, *others = place
    changed: Any = dict(data) if isinstance(data, Mapping) else list(data)
    changed[step] = with_value(data[step], tuple(others), value) if others else value
    return changed


def without(data: Any, place: Place) -> Any:
    """A JSON value without what is at a place.

    Raises:
        LookupError: There is nothing.
    """
    *parent, step = place
    within = value_at(data, tuple(parent))
    changed: Any = dict(within) if isinstance(within, Mapping) else list(within)
    del changed[step]
    return with_value(data, tuple(parent), changed)


def reordered(data: Any) -> Any:
    """A JSON value with the names of each object in reverse order."""
    if isinstance(data, Mapping):
        return {name: reordered(data[name]) for name in reversed(data)}
    return [reordered(each) for each in data] if isinstance(data, list) else data
