"""**complete**: no list of the upstream is left before its end, by what the upstream says itself."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from connector_contract.interactions import Interaction, Request, query_of
from connector_contract.standard.rules.answers import ACCESS_LOST, Breach, Walk
from connector_contract.standard.rules.bodies import json_bodies, longest, texts

# What APIs call the sign that there is more, and the count of all records. A cursor that is empty is none.
_MORE = {"has_more", "hasmore", "has_next", "hasnext", "hasnextpage", "has_next_page", "more", "is_truncated"}
_CURSORS = {
    "next", "next_page", "nextpage", "next_cursor", "nextcursor", "next_page_token", "nextpagetoken",
    "next_token", "nexttoken", "next_link", "nextlink", "next_url", "@odata.nextlink", "odata.nextlink",
}  # fmt: skip
_LAST = {"is_last", "islast", "last", "is_last_page", "islastpage"}
_TOTALS = {"total", "total_count", "totalcount", "total_results", "totalresults", "total_items", "totalitems"}
# Where an answer speaks of its pages; parameters that ask for one; and RFC 8288's sign that there is more.
_ABOUT_PAGES = re.compile("meta|pag|info|summary|cursor")
_PAGING = re.compile(
    "page|offset|cursor|limit|skip|start|after|before|token|marker|size|count|top|contin|bookmark|index|max"
    "|first|last|next|from|scroll|position"
)
_NEXT = re.compile(r"""rel=(["']?)next\1(?:[;,\s]|$)""")
Answer = tuple[Interaction, Any]


def unread_breach(walk: Walk) -> Iterator[Breach]:
    """Lists of the upstream that the connector did not read to their end, by what the upstream says itself.

    That is: a last body or ``Link`` header that announces a next page, or a count of all records that is
    larger than that of the records read.

    Args:
        walk: A walk through the whole list.
    """
    for answers in _lists(walk.exchanges):
        # The total of what is no list, a quota say, is none of records.
        if not any(_has_list(body) for _, body in answers):
            continue
        last, body = answers[-1]
        key = f"{last.request.method} {urlsplit(last.request.uri).path}{_query(last.request.body)}"
        total = max((total for _, body in answers for total in _totals(body)), default=0)
        read = sum({exchange.request: longest(body) for exchange, body in answers}.values())
        if sign := _announces_more(last, body):
            what = (
                f"{walk.capability}: the connector stopped reading {key} though the upstream has more: {sign}"
            )
            yield Breach(what, ACCESS_LOST, [f"the last request was {last.request}"])
        elif total > read:
            what = f"{walk.capability}: the connector read {read} of the {total} records of {key}"
            yield Breach(what, ACCESS_LOST, [f"the last request was {last.request}"])


def _lists(exchanges: Sequence[Interaction]) -> list[list[Answer]]:
    """The bodies of each list of the upstream, in order.

    A request goes on with a list if it differs from one of it in the parameters of paging alone, or asks for
    what a body of it announced.
    """
    lists: list[list[Answer]] = []
    by_identity: dict[Hashable, list[Answer]] = {}
    by_announcement: dict[str, list[Answer]] = {}
    for exchange, body in json_bodies(exchanges):
        identity, values = _identity(exchange.request), _values(exchange.request)
        announced = (by_announcement[value] for value in values if value in by_announcement)
        answers = by_identity.get(identity) or next(announced, None)
        if answers is None:
            lists.append(answers := [])
        answers.append((exchange, body))
        by_identity[identity] = answers
        by_announcement.update(dict.fromkeys(_announced(exchange, body) - values, answers))
    return lists


def _identity(request: Request) -> Hashable:
    """What is the same for all pages of a list."""
    query = sorted(pair for pair in query_of(request.uri) if not _PAGING.search(pair[0].lower()))
    return request.method, urlsplit(request.uri).path, tuple(query), json.dumps(_lasting(_json(request.body)))


def _lasting(body: Any) -> Any:
    if isinstance(body, Mapping):
        return {
            name: _lasting(value) for name, value in body.items() if not _PAGING.search(str(name).lower())
        }
    return body


def _values(request: Request) -> set[str]:
    _, _, below = request.uri.partition("://")
    path = "/" + below.partition("/")[2]
    return {request.uri, path, *(value for _, value in query_of(request.uri)), *texts(_json(request.body))}


def _announced(exchange: Interaction, body: Any) -> set[str]:
    links = [value for name, value in exchange.response.headers if name == "link"]
    fields = {str(value) for _, _, value in _fields(body, "") if isinstance(value, str | int)}
    return fields.union(*(re.findall("<([^>]+)>", link) for link in links))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _query(body: bytes) -> str:
    parsed = _json(body)
    query = parsed.get("query") if isinstance(parsed, Mapping) else None
    return " " + " ".join(query.split())[:60] if isinstance(query, str) else ""


def _announces_more(exchange: Interaction, body: Any) -> str | None:
    for name, value in exchange.response.headers:
        if name == "link" and _NEXT.search(value):
            return f"Link: {value}"
    fields = list(_fields(body, ""))
    # Some APIs give the last page a cursor as well, and say beside it that there is no more.
    plain = [field for field in fields if field[1] in _MORE | _LAST and isinstance(field[2], bool)]
    for path, name, value in plain:
        if value is (name in _MORE):
            return f"{path} is {json.dumps(value)}"
    for path, name, value in fields:
        if not plain and name in _CURSORS and value and not isinstance(value, bool):
            return f"{path} is {json.dumps(value)[:80]}"
    return None


def _fields(body: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    if isinstance(body, Mapping):
        for name, value in body.items():
            below = f"{path}.{name}" if path else str(name)
            yield below, str(name).lower(), value
            yield from _fields(value, below)


def _has_list(body: Any) -> bool:
    return isinstance(body, list) or (isinstance(body, Mapping) and any(map(_has_list, body.values())))


def _totals(body: Any, name: str = "") -> Iterator[int]:
    """The counts of all records: those beside a list, or where an answer speaks of its pages."""
    if not isinstance(body, Mapping):
        return
    if not name or _ABOUT_PAGES.search(name) or any(isinstance(value, list) for value in body.values()):
        for field, value in body.items():
            if str(field).lower() in _TOTALS and type(value) is int:
                yield value
    for field, value in body.items():
        yield from _totals(value, str(field).lower())
