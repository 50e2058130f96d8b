"""**complete**: the connector reads each list of the upstream to its end, as the upstream itself shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from connector_contract.contract.rules.bodies import as_json, asked, form_of, longest
from connector_contract.contract.rules.body_data import Element
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.lists import ParsedResponse, lists_of
from connector_contract.contract.rules.paging import (
    CURSORS,
    LAST,
    MORE,
    OFFSETS,
    PAGE,
    PAGES,
    TOTALS,
    asks_for_a_page,
    is_about_pages,
    leads_to,
    number,
    spelled,
)
from connector_contract.contract.rules.responses import ACCESS_LOST, Walk
from connector_contract.recording.interactions import Interaction, Request
from connector_contract.reporting.excerpts import beginning

# RFC 8288's sign that there is more.
_NEXT = re.compile(r"""rel=(["']?)next\1(?:[;,\s]|$)""")


# XML has no other way to say so.
_FLAGS = {"true": True, "false": False}


class _Field(NamedTuple):
    """Where a response speaks of its pages: a field of the object ``inside``, its name as ``spelled``."""

    inside: str
    label: str
    name: str
    value: Any
    beside: bool  # whether it stands beside a list

    def __str__(self) -> str:
        path = f"{self.inside}.{self.label}" if self.inside else self.label
        return f"{path} is {beginning(json.dumps(self.value), 80)}"


def unread_breach(walk: Walk) -> Iterator[Breach]:
    """Lists of the upstream that the connector did not read to their end, as the upstream itself shows.

    That is: a last response that announces a next page, in its body or its headers, or a count of all records
    that is larger than that of the records read.

    Args:
        walk: A walk through the whole list, or a sample of it. Where that stops, nobody has read on; of what
            a last page was read from, the beginning is not known.
    """
    beginning, end = walk.beginning, walk.end
    stopped = set(map(id, beginning.asked_last if beginning.goes_on else ()))
    at_end = set(map(id, end.interactions if end else ()))
    for responses in lists_of(walk.interactions):
        asked = [id(interaction) for interaction, _ in responses]
        is_at_end = asked[-1] in at_end
        if not is_at_end and not stopped.isdisjoint(asked):
            continue
        # The total of what is no list, a quota say, is none of records.
        is_list = any(_has_list(body) or _most_by_id(body) > 1 for _, body in responses)
        within = len([each for each in asked if each in at_end]) if is_at_end else 0
        if is_list and (left := _left(responses, within)):
            last = f"the last request was {responses[-1][0].request}"
            yield Breach(walk.capability, f"the connector {left}", ACCESS_LOST, [last])


def _left(responses: Sequence[ParsedResponse], at_end: int) -> str | None:
    """How a list was left before its end, if it was.

    Args:
        responses: All that it was read from.
        at_end: How many of them are of the last page, where pages before that were left out; else 0.
    """
    last = responses[-1][0].request
    key = f"{last.method} {urlsplit(last.uri).path}{_question(last)}"
    if sign := _announces_more(responses):
        return f"stopped reading {key} although the upstream has more: {sign}"
    total = max(_total(list(_fields(*response))) for response in responses)
    # What is asked for twice is not twice as much.
    sent = {interaction.request: _records_in(body) for interaction, body in responses}
    read = sum(sent.values())
    if at_end:
        # A list of which nothing was read on earlier pages may begin there, or in what was left out.
        first = responses[0] if at_end < len(responses) else None
        of_last = responses[-at_end:]
        before = _read_before(first, of_last[0])
        own = {interaction.request for interaction, _ in of_last}
        read = total if before is None else before + sum(sent[request] for request in own)
    return f"read {read} of the {total} records of {key}" if total > read else None


def _records_in(body: Any) -> int:
    """How many records a response has; in XML, what comes once may be one of them."""
    root = next(iter(body.values()), None) if isinstance(body, Element) else None
    children = root.items() if isinstance(root, Element) else ()
    is_one = any(value is not None and not name.startswith("@") for name, value in children)
    return max(longest(body), _most_by_id(body), int(is_one))


def _read_before(first: ParsedResponse | None, later: ParsedResponse) -> int | None:
    """How many records of a list come before those of a later response, as its request says.

    Args:
        first: The first response of the list; ``None`` if that is not known, or is ``later`` itself.
        later: The later one.

    Returns:
        The number; ``None`` if the request does not say.
    """
    ends = dict(asked(later[0].request))
    begins = {} if first is None else dict(asked(first[0].request))
    for name, value in ends.items():
        place, start = number(value), number(begins.get(name, 1 if spelled(name) == "startindex" else 0))
        if place is None or start is None:
            continue
        if spelled(name) in OFFSETS:
            return place - start
        if spelled(name) in PAGE and first is not None:
            return (place - start) * _records_in(first[1])
    # Without a word of pages, it is the list's beginning.
    return 0 if first is None and not any(map(asks_for_a_page, ends)) else None


def _question(request: Request) -> str:
    """What distinguishes requests for one path, in short: a form, or a query of GraphQL."""
    body = as_json(request.body)
    query = body.get("query") if isinstance(body, Mapping) else None
    text = request.body.decode("utf-8", "replace") if form_of(request) else query
    return " " + beginning(" ".join(text.split()), 60) if isinstance(text, str) else ""


def _announces_more(responses: Sequence[ParsedResponse]) -> str | None:
    interaction, body = responses[-1]
    for name, value in interaction.response.headers:
        if name == "link" and _NEXT.search(value):
            return f"Link: {value}"
    fields = list(_fields(interaction, body))
    # Some APIs give the last page a cursor as well, and say beside it that there is no more.
    plain = [field for field in fields if field.name in MORE | LAST and isinstance(field.value, bool)]
    if plain:
        return next((str(field) for field in plain if field.value is (field.name in MORE)), None)
    cursors = (str(field) for field in fields if field.name in CURSORS and _leads_on(field.value))
    return next(cursors, None) or _page_before_last(fields, len({each.request for each, _ in responses}))


def _leads_on(cursor: Any) -> bool:
    target = leads_to(cursor)
    return bool(target) and not isinstance(target, bool)


def _page_before_last(fields: Sequence[_Field], read: int) -> str | None:
    """That a response says it is a page before the last, and there are more pages than were read.

    Both, for some count the first page as 0.
    """
    at = {field.inside: field for field in fields if field.name in PAGE and number(field.value) is not None}
    for pages in fields:
        page, count = at.get(pages.inside), number(pages.value) or 0
        if page and pages.name in PAGES and max(number(page.value) or 0, read) < count:
            return f"{page}, and {pages}"
    return None


def _total(fields: Sequence[_Field]) -> int:
    """The count of all records; one that stands beside a list is closer to it than any other."""
    totals = [(field.beside, number(field.value) or 0) for field in fields if field.name in TOTALS]
    return max([total for beside, total in totals if beside] or [total for _, total in totals], default=0)


def _fields(interaction: Interaction, body: Any) -> Iterator[_Field]:
    """The fields where a response speaks of its pages, headers such as ``X-Total-Count`` among them."""
    for name, value in interaction.response.headers:
        if name.startswith("x-"):
            yield _Field("", name.title(), spelled(name[2:]), value, isinstance(body, list))
    yield from _fields_of(body, "")


def _fields_of(body: Any, path: str) -> Iterator[_Field]:
    """The fields of an object, and of those in it that have a list or are about pages by their name."""
    if not isinstance(body, Mapping):
        return
    beside = any(isinstance(value, list) or _by_id(value) for value in body.values())
    # The root of XML has what an object of JSON has.
    is_document = isinstance(body, Element) and not path
    for label, value in body.items():
        said = _FLAGS.get(value, value) if isinstance(value, str) else value
        yield _Field(path, str(label), spelled(label), said, beside)
        if is_about_pages(label) or _has_list(value) or is_document:
            yield from _fields_of(value, f"{path}.{label}" if path else str(label))


def _has_list(body: Any) -> bool:
    return isinstance(body, list) or (isinstance(body, Mapping) and any(map(_has_list, body.values())))


def _most_by_id(body: Any) -> int:
    """The number of records in the largest object that has them by id.

    Links have theirs by relation; and what stands beside a list of records is something else, such as facets.
    """
    if not isinstance(body, Mapping) or any(map(_is_of_objects, body.values())):
        return 0
    below = [_most_by_id(value) for name, value in body.items() if not is_about_pages(name)]
    return max([_by_id(body), *below])


def _is_of_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, Mapping) for each in value)


def _by_id(value: Any) -> int:
    """The number of records in an object that has nothing but them; 0 if it has something else.

    Records have a field in common, and speak of no pages of their own, as the lists of GraphQL do.
    """
    records = list(value.values()) if isinstance(value, Mapping) else []
    if not records or not all(isinstance(record, Mapping) for record in records):
        return 0
    names = [set(map(spelled, record)) for record in records]
    of_pages = TOTALS | MORE | CURSORS | {"pageinfo"}
    return len(records) if set.intersection(*names) and not set.union(*names) & of_pages else 0
