"""Recorded bodies, and what JMESPath finds in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature
from jmespath.visitor import TreeInterpreter

from connector_contract.contract.contract_config import Paths, compiled
from connector_contract.contract.rules.body_data import Element, NoData, data_of
from connector_contract.contract.rules.paging import TOTALS, number, spelled
from connector_contract.contract.rules.responses import Walk
from connector_contract.errors import UsageError
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.recording.interactions import Interaction, Request, query_of

_FORM = re.compile(rb"[\w.~*%+$\[\]-]+=[^&\s]*(?:&[\w.~*%+$\[\]-]+=[^&\s]*)*")


def json_bodies(interactions: Sequence[Interaction]) -> Iterator[tuple[Interaction, Any]]:
    """Each successful response that is JSON, with its body."""
    for interaction in interactions:
        if interaction.response.status < 400:
            try:
                yield interaction, json.loads(interaction.response.body)
            except (ValueError, RecursionError):
                continue


def data_bodies(interactions: Sequence[Interaction]) -> Iterator[tuple[Interaction, Any]]:
    """Each successful response that is data, such as JSON, XML or CSV, with its body as data."""
    for interaction in interactions:
        if interaction.response.status < 400:
            try:
                yield interaction, data_of(interaction)
            except NoData:
                continue


def found(
    interactions: Sequence[Interaction], paths: Paths, fact: str
) -> Iterator[tuple[Interaction, list[Any]]]:
    """What JMESPath finds in each recorded body, as a list.

    Besides JMESPath's own functions there are ``path_after('groups')``, the segment after ``groups`` of the
    path that was asked for, and ``query('group')``, the parameter of its query, or of a form or a JSON object
    that was sent: an upstream does not say in each body what it was asked for.

    Args:
        interactions: Where to look.
        paths: What to look for.
        fact: The name of the author's fact, for messages.

    Raises:
        UsageError: An expression is none, is not filled in, or goes wrong on a body.
    """
    refuse_fill_ins(paths)
    expressions = [(glob, compiled(expression, fact)) for glob, expression in _globs(paths).items()]
    for interaction, body in data_bodies(interactions):
        path = urlsplit(interaction.request.uri).path
        for glob, expression in expressions:
            if fnmatchcase(path, glob):
                yield interaction, _as_list(_search(expression, interaction, body, fact))
                break


def require_found(walk: Walk, paths: Paths, fact: str) -> list[tuple[Interaction, list[Any]]]:
    """``found`` in what the connector asked for a walk, where it must find something if there is a record.

    Of a sample, what a glob is about may lie outside.

    Raises:
        UsageError: No body has anything there, though the walk has records, or a body a list that has some.
    """
    results = list(found(walk.interactions, paths, fact))
    asked = {urlsplit(interaction.request.uri).path for interaction in walk.interactions}
    not_asked = [glob for glob in _globs(paths) if not any(fnmatchcase(path, glob) for path in asked)]
    if not_asked and not isinstance(paths, str) and walk.is_whole:
        raise UsageError(
            f"{fact} has {not_asked[0]!r}, and the connector asked for no such path.",
            details=[f"it asked for: {', '.join(sorted(asked)[:5]) or 'nothing'}"],
            remedy="Fix the glob; or the connector, if it should read that list.",
        )
    if any(values for _, values in results) or (not_asked and not walk.is_whole):
        return results
    bodies = list(data_bodies(walk.interactions))
    # An upstream without records is no mistake: what the path leads to is there, and empty.
    if not walk.records and (results or _blank(walk, paths)) and not any(longest(body) for _, body in bodies):
        return results
    if not bodies:
        raise UsageError(
            f"{fact} can find nothing: none of the {len(walk.interactions)} recorded bodies "
            "is JSON, XML or CSV.",
            details=[str(interaction.request) for interaction in walk.interactions[:5]],
            remedy="Delete it: the records of this list cannot be compared.",
        )
    raise UsageError(
        f"{fact} = {paths!r} matches nothing in the {len(bodies)} recorded bodies.",
        details=list(dict.fromkeys(_outlines(bodies)))[:5],
        remedy="Fix the expression. The bodies above show the fields that it can find.",
    )


def _outlines(bodies: Sequence[tuple[Interaction, Any]]) -> Iterator[str]:
    for interaction, body in bodies:
        yield f"{interaction.request.method} {urlsplit(interaction.request.uri).path}: {outline(body)}"


def _globs(paths: Paths) -> Mapping[str, str]:
    return {"*": paths} if isinstance(paths, str) else paths


def _blank(walk: Walk, paths: Paths) -> bool:
    """Whether a list that the paths are about was answered without a body, as some do if it is empty."""
    blank = [
        each for each in walk.interactions if each.response.status < 400 and not each.response.body.strip()
    ]
    asked = [urlsplit(interaction.request.uri).path for interaction in blank]
    return any(fnmatchcase(path, glob) for path in asked for glob in _globs(paths))


def longest(body: Any) -> int:
    """The number of records in a body: that of its longest list."""
    if isinstance(body, list):
        return len(body)
    if not isinstance(body, Mapping):
        return 0
    lists = (longest(value) for name, value in body.items() if not _is_aside(name, value, body))
    return max(lists, default=0)


def _is_aside(name: str, value: Any, within: Mapping[str, Any]) -> bool:
    """Whether a list is one of texts where a total says that there is no record: the ``schemas`` of SCIM.

    Beside any other total, the texts may be the records of a page. In XML, links have no object of their own.
    """
    if isinstance(within, Element) and spelled(name) == "link":
        return True
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return False
    return any(spelled(each) in TOTALS and number(total) == 0 for each, total in within.items())


def asked(request: Request) -> Iterator[tuple[str, Any]]:
    """Each parameter of a request, by name: of its URL, of a form, of a JSON object and its ``variables``."""
    yield from query_of(request.uri)
    yield from form_of(request)
    body = as_json(request.body)
    variables = body.get("variables") if isinstance(body, Mapping) else None
    for fields in (body, variables):
        if isinstance(fields, Mapping):
            yield from fields.items()


def form_of(request: Request) -> list[tuple[str, str]]:
    """The fields of the form that a request sends; none if it sends something else."""
    # By its looks: connectors send one as JSON by its content type, which their client's default is.
    if not _FORM.fullmatch(request.body):
        return []
    return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)


def as_json(body: bytes) -> Any:
    """A body that is JSON; ``None`` if it is not."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


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

    def __init__(self, request: Request) -> None:
        self._request = request

    @signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_path_after(self, segment: str) -> str | None:
        segments = [unquote(each) for each in urlsplit(self._request.uri).path.split("/")]
        following = segments[segments.index(segment) + 1 :] if segment in segments else []
        return following[0] if following else None

    @signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_query(self, name: str) -> Any:
        return next((value for each, value in asked(self._request) if each == name), None)


class _OfXml(TreeInterpreter):  # type: ignore[misc] # jmespath has no types
    """Takes what comes once for a list of one, wherever an expression asks for a list: XML has no lists."""

    def visit_projection(self, node: Any, value: Any) -> Any:
        return super().visit_projection(_of_list(node), value)

    def visit_filter_projection(self, node: Any, value: Any) -> Any:
        return super().visit_filter_projection(_of_list(node), value)

    def visit_flatten(self, node: Any, value: Any) -> Any:
        return super().visit_flatten(_of_list(node), value)

    def visit_index(self, node: Any, value: Any) -> Any:
        return super().visit_index(node, _as_list(value))

    def visit_slice(self, node: Any, value: Any) -> Any:
        return super().visit_slice(node, _as_list(value))

    def visit_list(self, node: Any, value: Any) -> Any:
        """What the first child finds, as a list; nothing, if it finds nothing."""
        found = self.visit(node["children"][0], value)
        return None if found is None else _as_list(found)


def _of_list(node: Any) -> Any:
    """A node of an expression whose first child is to find a list."""
    first, *others = node["children"]
    return {**node, "children": [{"type": "list", "children": [first]}, *others]}


def _search(expression: Any, interaction: Interaction, body: Any, fact: str) -> Any:
    options = jmespath.Options(custom_functions=_RequestFunctions(interaction.request))
    reader = _OfXml if isinstance(body, Element) else TreeInterpreter
    try:
        return reader(options).visit(expression.parsed, body)
    except JMESPathError as error:
        raise UsageError(
            f"{fact} = {expression.expression!r} fails: {' '.join(str(error).split())}.",
            details=[f"{interaction.request}: {outline(body)}"],
            remedy="Fix the expression. The body above shows the fields that it can find.\n"
            "Put strings in it between single quotes: path_after('groups').",
        ) from None


def _below(item: Any, depth: int) -> str:
    return f": {outline(item, depth - 1)}" if depth and isinstance(item, (Mapping, list)) else ""


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
