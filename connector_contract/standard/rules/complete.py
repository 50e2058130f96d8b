"""**complete**: each record that the upstream sent is in the response, exactly once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from connector_contract.errors import UsageError
from connector_contract.interactions import Interaction, Request, query_of
from connector_contract.report import counted
from connector_contract.standard.facts import Paths
from connector_contract.standard.rules.answers import Breach, Key, Walk, shown
from connector_contract.standard.rules.bodies import found, json_bodies, require_found, texts

_GONE = "Lumos takes who is not listed for gone, and takes their access away."

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


def lost_breach(walk: Walk, upstream_ids: Paths, excluded: Mapping[str, str]) -> Iterator[Breach]:
    """What the upstream sent and the walk does not have, or has twice.

    Args:
        walk: A walk through the whole list.
        upstream_ids: Where the ids are in the recorded bodies.
        excluded: Where ids are that are left out on purpose, each with the reason.

    Raises:
        UsageError: An expression is none, matches nothing, or finds ids that cannot be compared.

    Source: ``list_accounts`` and its siblings of the Lumos connector API list all that there is;
    https://developers.lumos.com/reference/connector-capabilities.
    """
    fact = f"upstream_ids[{walk.capability!r}]"
    sent = _ids(walk, require_found(walk, upstream_ids, fact), fact)
    left_out = _excluded(walk, excluded)
    # An author may name the first parts of a key alone.
    listed = {beginning for key in walk.keys for beginning in _beginnings(key)}
    missing = [key for key in sent if key not in listed and not left_out & set(_beginnings(key))]
    if missing:
        of_all = f"{len(missing)} of the {counted(len(sent), 'record')}"
        what = f"{walk.capability}: it lost {of_all} that the upstream sent"
        records = [shown(key) for key in missing]
        if len(missing) == len(sent) and walk.keys:
            # It may as well be the expression that is wrong.
            records = [f"{records[0]}, and all others; it lists {shown(walk.keys[0])}, for one"]
        yield Breach(what, _GONE, records)
    elif isinstance(upstream_ids, str):
        _refuse_others(walk, fact, {beginning for key in sent for beginning in _beginnings(key)})
    not_left_out = sorted(left_out & listed)
    if not_left_out:
        shown_too = counted(len(not_left_out), "record")
        what = f"{walk.capability}: it lists {shown_too} of those that excluded_ids leaves out"
        yield Breach(what, "Somebody relies on their not being listed.", [shown(key) for key in not_left_out])
    twice = [key for key, times in Counter(walk.keys).items() if times > 1]
    if twice:
        what = f"{walk.capability}: it lists {counted(len(twice), 'record')} more than once"
        yield Breach(what, "Lumos would let one overwrite the other.", [shown(key) for key in twice])


def _refuse_others(walk: Walk, fact: str, sent: set[Key]) -> None:
    others = [key for key in walk.keys if not sent & set(_beginnings(key))]
    if others:
        raise UsageError(
            f"{fact} finds no id of {counted(len(others), 'record')} of {walk.capability}.",
            details=[f"one of them is {shown(others[0])}"],
            remedy="Mend the expression; or, if some records are of lists that it is not about, name the\n"
            'paths that it is about: {"/api/users*": "..."}.',
        )


def _beginnings(key: Key) -> list[Key]:
    return [key[:length] for length in range(1, len(key) + 1)]


def empty_breach(walk: Walk) -> Iterator[Breach]:
    """No records at all, where the upstream sent some: the one loss that is seen without ``upstream_ids``.

    Args:
        walk: A walk through the whole list.
    """
    sent = {exchange.request: _longest(body) for exchange, body in json_bodies(walk.exchanges)}
    if not walk.records and any(sent.values()):
        what = f"{walk.capability}: it has no records, though the upstream sent some"
        yield Breach(what, _GONE, [f"{count} in {request}" for request, count in sent.items() if count])


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
        read = sum({exchange.request: _longest(body) for exchange, body in answers}.values())
        if sign := _announces_more(last, body):
            what = (
                f"{walk.capability}: the connector stopped reading {key} though the upstream has more: {sign}"
            )
            yield Breach(what, _GONE, [f"the last request was {last.request}"])
        elif total > read:
            what = f"{walk.capability}: the connector read {read} of the {total} records of {key}"
            yield Breach(what, _GONE, [f"the last request was {last.request}"])


def _ids(walk: Walk, results: Sequence[tuple[Interaction, list[Any]]], fact: str) -> list[Key]:
    """The ids that were sent, each once, in the order in which they came."""
    return list(dict.fromkeys(_key(walk, value, fact) for _, values in results for value in values))


def _key(walk: Walk, value: Any, fact: str) -> Key:
    parts = value if isinstance(value, list) else [value]
    fields = walk.key_fields
    if not 0 < len(parts) <= len(fields) or any(
        part is None or isinstance(part, dict | list) for part in parts
    ):
        in_order = ", or lists of them in the order " + ", ".join(fields)
        several = f"{in_order}; what may be missing is not_null({fields[-1]}, '')" if len(fields) > 1 else ""
        raise UsageError(
            f"{fact} finds {json.dumps(value)[:80]}, which cannot be compared with the records "
            f"of {walk.capability}.",
            remedy=f"It should find each {fields[0]}{several}."
            if fields
            else "Nothing is known that tells these records apart: give them a field id, or delete the fact.",
        )
    return tuple(str(part) for part in parts)


def _excluded(walk: Walk, excluded: Mapping[str, str]) -> set[Key]:
    keys: set[Key] = set()
    for expression in excluded:
        fact = f"excluded_ids[{walk.capability!r}][{expression!r}]"
        new = {
            _key(walk, value, fact)
            for _, values in found(walk.exchanges, expression, fact)
            for value in values
        }
        if not new:
            raise UsageError(
                f"{fact} finds no id in the recorded bodies, so it is no longer needed.",
                remedy="Delete it, or mend the expression.",
            )
        keys |= new
    return keys


Answer = tuple[Interaction, Any]


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


def _longest(body: Any) -> int:
    """The number of records in a body: that of its longest list."""
    if isinstance(body, list):
        return len(body)
    return max(map(_longest, body.values()), default=0) if isinstance(body, Mapping) else 0


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
