"""Recorded bodies, and what JMESPath finds in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote, urlsplit

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature

from connector_contract.errors import UsageError
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.interactions import Interaction, query_of
from connector_contract.standard.facts import Paths, compiled
from connector_contract.standard.rules.answers import Walk


def json_bodies(exchanges: Sequence[Interaction]) -> Iterator[tuple[Interaction, Any]]:
    """Each successful response that is JSON, with its body."""
    for exchange in exchanges:
        if exchange.response.status < 400:
            try:
                yield exchange, json.loads(exchange.response.body)
            except (ValueError, RecursionError):
                continue


def found(
    exchanges: Sequence[Interaction], paths: Paths, fact: str
) -> Iterator[tuple[Interaction, list[Any]]]:
    """What JMESPath finds in each recorded body, as a list.

    Besides JMESPath's own functions there are ``path_after('groups')``, the segment after ``groups`` of the
    path that was asked for, and ``query('group')``, the parameter of its query: an upstream does not say in
    each body what it was asked for.

    Args:
        exchanges: Where to look.
        paths: What to look for.
        fact: The name of the author's fact, for messages.

    Raises:
        UsageError: An expression is none, is not filled in, or goes wrong on a body.
    """
    refuse_fill_ins(paths)
    globs = {"*": paths} if isinstance(paths, str) else paths
    expressions = [(glob, compiled(expression, fact)) for glob, expression in globs.items()]
    for exchange, body in json_bodies(exchanges):
        path = urlsplit(exchange.request.uri).path
        for glob, expression in expressions:
            if fnmatchcase(path, glob):
                yield exchange, _as_list(_search(expression, exchange, body, fact))
                break


def require_found(walk: Walk, paths: Paths, fact: str) -> list[tuple[Interaction, list[Any]]]:
    """``found`` in what the connector asked for a walk, where it must find something if there is a record.

    Raises:
        UsageError: No body has anything there, though the walk has records, or a body a list that has some.
    """
    results = list(found(walk.exchanges, paths, fact))
    asked = {urlsplit(exchange.request.uri).path for exchange in walk.exchanges}
    for glob in () if isinstance(paths, str) else paths:
        if not any(fnmatchcase(path, glob) for path in asked):
            raise UsageError(
                f"{fact} has {glob!r}, and the connector asked for no such path.",
                details=[f"it asked for: {', '.join(sorted(asked)[:5]) or 'nothing'}"],
                remedy="Mend the glob; or the connector, if it should read that list.",
            )
    if any(values for _, values in results):
        return results
    bodies = list(json_bodies(walk.exchanges))
    # An upstream without records is no mistake: what the path leads to is there, and empty.
    if results and not walk.records and all(_is_empty(body) for _, body in bodies):
        return results
    if not bodies:
        raise UsageError(
            f"{fact} can find nothing: none of the {len(walk.exchanges)} recorded bodies is JSON.",
            details=[str(exchange.request) for exchange in walk.exchanges[:5]],
            remedy="Delete the fact: the records of this list cannot be compared.",
        )
    raise UsageError(
        f"{fact} = {paths!r} matches nothing in the {len(bodies)} recorded bodies.",
        details=list(dict.fromkeys(_outlines(bodies)))[:5],
        remedy="Mend the expression: what it should find is in the bodies above, shown by their fields.",
    )


def _outlines(bodies: Sequence[tuple[Interaction, Any]]) -> Iterator[str]:
    for exchange, body in bodies:
        yield f"{exchange.request.method} {urlsplit(exchange.request.uri).path}: {outline(body)}"


def longest(body: Any) -> int:
    """The number of records in a body: that of its longest list."""
    if isinstance(body, list):
        return len(body)
    return max(map(longest, body.values()), default=0) if isinstance(body, Mapping) else 0


def outline(value: Any, depth: int = 3) -> str:
    """The fields of a JSON value, without the values: ``{total, items: [{id, status}]}``."""
    if isinstance(value, Mapping):
        inner = [f"{name}{_below(item, depth)}" for name, item in list(value.items())[:12]]
        return "{" + ", ".join(inner) + (", ..." if len(value) > len(inner) else "") + "}"
    if isinstance(value, list):
        return f"[{outline(value[0], depth - 1)}]" if value and depth else "[]"
    return type(value).__name__


def texts(value: Any) -> Iterator[str]:
    """Each string and number in a JSON value, as text."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


class _RequestFunctions(Functions):  # type: ignore[misc] # jmespath has no types
    """What a JMESPath may ask of the request that a body answers."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    @signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_path_after(self, segment: str) -> str | None:
        segments = [unquote(each) for each in urlsplit(self._uri).path.split("/")]
        following = segments[segments.index(segment) + 1 :] if segment in segments else []
        return following[0] if following else None

    @signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_query(self, name: str) -> str | None:
        return next((value for each, value in query_of(self._uri) if each == name), None)


def _search(expression: Any, exchange: Interaction, body: Any, fact: str) -> Any:
    functions = _RequestFunctions(exchange.request.uri)
    try:
        return expression.search(body, jmespath.Options(custom_functions=functions))
    except JMESPathError as error:
        raise UsageError(
            f"{fact} = {expression.expression!r} goes wrong: {' '.join(str(error).split())}.",
            details=[f"{exchange.request}: {outline(body)}"],
            remedy="Mend the expression: what it should find is in the body above, shown by its fields.\n"
            "Strings in it stand between single quotes: path_after('groups').",
        ) from None


def _below(item: Any, depth: int) -> str:
    return f": {outline(item, depth - 1)}" if depth and isinstance(item, (Mapping, list)) else ""


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_empty(body: Any) -> bool:
    """Whether a body has no record: no list in it has anything."""
    if isinstance(body, list):
        return not body
    if isinstance(body, Mapping):
        return all(_is_empty(item) for item in body.values() if isinstance(item, (Mapping, list)))
    return True
