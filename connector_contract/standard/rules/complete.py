"""**complete**: each record that the upstream sent is in the response, exactly once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from connector_contract.errors import UsageError
from connector_contract.interactions import Interaction
from connector_contract.report import counted
from connector_contract.standard.facts import Paths
from connector_contract.standard.rules.answers import Breach, Key, Walk, shown
from connector_contract.standard.rules.bodies import found, json_bodies, require_found

_GONE = "Lumos takes who is not listed for gone, and takes their access away."

# What APIs call the sign that there is more, and the count of all records. A cursor that is empty is none.
_MORE = {"has_more", "hasmore", "has_next", "hasnext", "hasnextpage", "has_next_page", "more", "is_truncated"}
_CURSORS = {
    "next", "next_page", "nextpage", "next_cursor", "nextcursor", "next_page_token", "nextpagetoken",
    "next_token", "nexttoken", "next_link", "nextlink", "next_url", "@odata.nextlink", "odata.nextlink",
}  # fmt: skip
_TOTALS = {"total", "total_count", "totalcount", "total_results", "totalresults", "total_items", "totalitems"}


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
    sent = _ids(walk, require_found(walk.exchanges, upstream_ids, fact), fact)
    left_out = _excluded(walk, excluded)
    listed = Counter(key[: len(next(iter(sent), ()))] for key in walk.keys)
    missing = [key for key in sent if not listed[key] and key not in left_out]
    if missing:
        of_all = f"{len(missing)} of the {counted(len(sent), 'record')}"
        what = f"{walk.capability}: it lost {of_all} that the upstream sent"
        yield Breach(what, _GONE, [shown(key) for key in missing])
    not_left_out = [key for key in left_out if listed[key]]
    if not_left_out:
        shown_too = counted(len(not_left_out), "record")
        what = f"{walk.capability}: it lists {shown_too} of those that excluded_ids leaves out"
        yield Breach(what, "Somebody relies on their not being listed.", [shown(key) for key in not_left_out])
    twice = [key for key, times in Counter(walk.keys).items() if times > 1]
    if twice:
        what = f"{walk.capability}: it lists {counted(len(twice), 'record')} more than once"
        yield Breach(what, "Lumos would let one overwrite the other.", [shown(key) for key in twice])


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
    for key, answers in _by_list(walk.exchanges).items():
        # The total of what is no list, a quota say, is none of records.
        if not any(_has_list(body) for _, body in answers):
            continue
        last, body = answers[-1]
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
        several = f", or lists of them in the order {', '.join(fields)}" if len(fields) > 1 else ""
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


def _by_list(exchanges: Sequence[Interaction]) -> dict[str, list[tuple[Interaction, Any]]]:
    """The bodies of each list of the upstream: those of the same method, path and GraphQL query."""
    lists: dict[str, list[tuple[Interaction, Any]]] = {}
    for exchange, body in json_bodies(exchanges):
        request = exchange.request
        key = f"{request.method} {urlsplit(request.uri).path}{_query(request.body)}"
        lists.setdefault(key, []).append((exchange, body))
    return lists


def _query(body: bytes) -> str:
    try:
        parsed = json.loads(body)
    except ValueError:
        return ""
    query = parsed.get("query") if isinstance(parsed, dict) else None
    return " " + " ".join(query.split())[:60] if isinstance(query, str) else ""


def _announces_more(exchange: Interaction, body: Any) -> str | None:
    for name, value in exchange.response.headers:
        if name == "link" and 'rel="next"' in value.replace("'", '"'):
            return f"Link: {value}"
    for path, name, value in _beside_records(body, ""):
        says = (
            value is True
            if name in _MORE
            else bool(value) and name in _CURSORS and not isinstance(value, bool)
        )
        if says:
            return f"{path} is {json.dumps(value)[:80]}"
    return None


def _beside_records(body: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """The fields of a body that are not in its records; only the plain answer, if there is one."""
    fields = list(_fields(body, path))
    # Some APIs give the last page a cursor as well, and say beside it that there is no more.
    if any(name in _MORE for _, name, _ in fields):
        fields = [field for field in fields if field[1] in _MORE]
    yield from fields


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


def _totals(body: Any) -> Iterator[int]:
    for _, name, value in _fields(body, ""):
        if name in _TOTALS and type(value) is int:
            yield value
