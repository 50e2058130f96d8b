"""A request as a value that paths lead into: its body, the parameters of its query, and its headers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from connector_contract.recording.interactions import Headers, Request, query_of
from connector_contract.recording.multipart import text_parts

PARTS = ("body", "query", "headers")
"""What of a request paths may lead into."""


def request_value(request: Request) -> dict[str, Any]:
    """A request as JMESPath looks into it.

    Returns:
        ``body``: JSON, or the fields of a form or of parts as an object, or ``None``. ``query`` and
        ``headers``: an object each. What has several values is a list of them.
    """
    return {
        "body": _body(request),
        "query": _by_name(query_of(request.uri)),
        "headers": headers_value(request.headers),
    }


def headers_value(headers: Headers) -> dict[str, Any]:
    """Headers as JMESPath looks into them: by their names in whatever case."""
    return _Headers(_by_name(headers))


class _Headers(dict[str, Any]):
    """Headers by their names, which have no case."""

    def get(self, name: Any, default: Any = None) -> Any:
        """The header of a name in whatever case."""
        return super().get(str(name).lower(), default)


def _body(request: Request) -> Any:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        pass
    if any(name == "content-type" and "form-urlencoded" in value for name, value in request.headers):
        return _by_name(parse_qsl(request.body.decode("latin-1"), keep_blank_values=True))
    parts = text_parts(request)
    return _by_name(parts) if parts else None


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}
