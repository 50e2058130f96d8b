"""The records that a response's body has, and what it says of its pages.

Nobody declares where they are. Records are what the outermost lists hold: ``items``, ``value`` of Microsoft
Graph, ``Resources`` of SCIM, ``members`` of Slack, ``data.users.edges`` of GraphQL, the body itself at Okta.
A body without a list is one record, that of a get. What a response says of its pages stands outside of its
records, under one of the names of ``contract.rules.paging``, or in the header ``Link`` (RFC 8288).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector_contract.contract.rules.paging import (
    CURSORS,
    LAST,
    MORE,
    OFFSETS,
    PAGE,
    PAGES,
    TOTALS,
    is_about_pages,
    leads_to,
    number,
    spelled,
)
from connector_contract.faults.json_places import Found, Place, is_by_id, values_in, with_value
from connector_contract.recording.interactions import Response

NEXT = re.compile(r"""<([^>]*)>\s*;[^,]*\brel=(["']?)next\2(?=[;,\s]|$)""")
"""The target of a header ``Link`` that leads to the next page."""

_ABOUT_PAGES = MORE | LAST | CURSORS | TOTALS | PAGE | OFFSETS | PAGES


@dataclass(frozen=True)
class RecordList:
    """A list of records, or an object that has them by id.

    Attributes:
        path: Where it is, as ``json_places.Found`` has it; empty for a body that is a list.
        place: Where it is.
        records: The place and the value of each record; of GraphQL's edges, those of their nodes.
        whole: The list itself.
    """

    path: str
    place: Place
    records: tuple[tuple[Place, Any], ...]
    whole: Any

    @property
    def empty(self) -> Any:
        """The list without records."""
        return {} if isinstance(self.whole, Mapping) else []


def record_lists(data: Any) -> list[RecordList]:
    """The outermost lists of records in a body; none if it is one record itself.

    Where no list has objects, empty ones are lists of records; else those of ids, which are plain values.
    """
    found = [*_lists(Found("", (), data), under_pages=False)]
    of_objects = [each for each in found if any(isinstance(record, Mapping) for _, record in each.records)]
    return of_objects or [each for each in found if not each.records] or found


def _lists(found: Found, *, under_pages: bool) -> Iterator[RecordList]:
    path, place, value = found
    if isinstance(value, list) or (is_by_id(value) and not under_pages):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        records = tuple(_node((*place, step), item) for step, item in items)
        yield RecordList(path, place, records, value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if not _is_aside(name):
                below = Found(f"{path}.{name}" if path else name, (*place, name), item)
                yield from _lists(below, under_pages=is_about_pages(name))


def _is_aside(name: str) -> bool:
    # The schemas of SCIM are texts; problems and links are told beside the records.
    return spelled(name) in {"schemas", "errors", "warnings", "messages", "links", "link"}


def _node(place: Place, item: Any) -> tuple[Place, Any]:
    if isinstance(item, Mapping) and isinstance(item.get("node"), Mapping):
        return (*place, "node"), item["node"]
    return place, item


def records_of(data: Any) -> list[tuple[Place, Any]]:
    """The place and the value of each record in a body: those of its lists, or the one that it is."""
    lists = record_lists(data)
    return [record for each in lists for record in each.records] if lists else [((), data)]


def emptied(data: Any) -> Any:
    """A body without its records, and with all else that it says."""
    for each in record_lists(data):
        data = with_value(data, each.place, each.empty)
    return data


@dataclass(frozen=True)
class PageSigns:
    """What a response says of its pages.

    Attributes:
        flags: Whether there are more: ``has_more``, ``isLast``.
        cursors: What leads to the next page: ``nextCursor``, ``@odata.nextLink``, ``_links.next``.
        totals: How many records the whole list has.
        positions: Which part of it this is: ``offset``, ``startIndex``, ``page``.
        pages: How many pages it has.
        links: The targets of the headers that lead to the next page.
    """

    flags: tuple[Found, ...] = ()
    cursors: tuple[Found, ...] = ()
    totals: tuple[Found, ...] = ()
    positions: tuple[Found, ...] = ()
    pages: tuple[Found, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def more(self) -> bool | None:
        """Whether the response announces another page; ``None`` if it does not say.

        A flag counts more than a cursor, which some APIs give to the last page as well; so do the headers.
        A list that has a cursor or a link on other pages alone says nothing here.
        """
        for flag in self.flags:
            return flag.value is (spelled(flag.name) in MORE)
        if self.cursors or self.links:
            return bool(self.links) or any(leads_on(each.value) for each in self.cursors)
        at = {each.place[:-1]: number(each.value) or 0 for each in self._named(PAGE)}
        count = {each.place[:-1]: number(each.value) or 0 for each in self.pages}
        left = max((count[each] - at[each] for each in at.keys() & count.keys()), default=1)
        # Some count the first page as 0: there, the last one is one less than their number.
        return None if left == 1 else left > 1

    def _named(self, names: set[str]) -> list[Found]:
        return [each for each in self.positions if spelled(each.name) in names]

    def all_read(self, count: int) -> bool | None:
        """Whether a page of so many records reaches the total; ``None`` if it does not say where it is."""
        totals = [number(each.value) or 0 for each in self.totals]
        starts = [(spelled(each.name), number(each.value) or 0) for each in self._named(OFFSETS)]
        if not totals or not starts:
            return None
        name, start = starts[0]
        return start - (name == "startindex") + count >= max(totals)


def page_signs(response: Response, data: Any) -> PageSigns:
    """What a response says of its pages; nothing but its headers if it has no list.

    Args:
        response: The response.
        data: Its body.
    """
    found = [*_beside(data)]
    return PageSigns(
        tuple(each for each in found if _is(each, MORE | LAST) and isinstance(each.value, bool)),
        tuple(each for each in found if _is(each, CURSORS)),
        tuple(each for each in found if _is(each, TOTALS) and number(each.value) is not None),
        tuple(each for each in found if _is(each, OFFSETS | PAGE) and number(each.value) is not None),
        tuple(each for each in found if _is(each, PAGES) and number(each.value) is not None),
        tuple(_next_links(response)),
    )


def signs_of_pages(data: Any) -> list[Found]:
    """The values beside a body's records that say something of its pages: flags, cursors, counts, places.

    The cursors of GraphQL, such as ``endCursor``, are some, though a last page has them as well.
    """
    return [
        each
        for each in _beside(data)
        if any(isinstance(step, str) and _is_about_pages(spelled(step)) for step in each.place)
    ]


def leads_on(cursor: Any) -> bool:
    """Whether a cursor leads to another page."""
    target = leads_to(cursor)
    return bool(target) and not isinstance(target, bool)


def _is_about_pages(name: str) -> bool:
    return name in _ABOUT_PAGES or name.endswith("cursor")


def _is(found: Found, names: set[str]) -> bool:
    return spelled(found.name) in names


def _beside(data: Any) -> Iterator[Found]:
    """What stands outside of the records: beside a list, or in an object that is about pages."""
    lists = [each.place for each in record_lists(data)]
    if not lists or not isinstance(data, Mapping):
        return
    around = {place[:length] for place in lists for length in range(len(place))}
    for found in values_in(data):
        parent = found.place[:-1]
        within = any(found.place[: len(place)] == place for place in lists)
        if not within and (parent in around or any(is_about_pages(step) for step in parent)):
            yield found


def _next_links(response: Response) -> Iterator[str]:
    for name, value in response.headers:
        if name == "link":
            yield from (found[1] for found in NEXT.finditer(value))
        elif name.startswith("x-") and spelled(name[2:]) in CURSORS and value.strip():
            yield value
