"""What a request is for, as far as the request itself says it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from connector_contract.contract.rules.failures import is_logout
from connector_contract.faults.broken_call import READS
from connector_contract.recording.interactions import Request, form_of

_LOGIN = re.compile("(?:o?auth2?|log[-_]?in|sign[-_]?in|authenticate|session|(?:access[-_]?)?token)s?", re.I)
_ASKS = re.compile("(?:.*[:._-])?(?:search|query|find|lookup|filter)|(?:batch|bulk)[-_]?get", re.I)
# What starts a document of GraphQL that reads: its operation, or the short form that names none.
_READS_GRAPH = re.compile(r"\s*(?:\{|query\b|fragment\b(?!.*\bmutation\b))", re.DOTALL)
# Methods that may be repeated without doing more (RFC 9110, 9.2.2).
_REPEATABLE = (*READS, "PUT", "DELETE", "TRACE")
_IDEMPOTENCY = re.compile("(?:x-)?(?:idempotency-key|request-id)")


def is_login(request: Request) -> bool:
    """Whether a request asks for a token or a session."""
    if any(name == "grant_type" for name, _ in form_of(request)) or "grant_type" in _document(request):
        return True
    return request.method == "POST" and _LOGIN.fullmatch(_last_segment(request)) is not None


def is_graphql(request: Request) -> bool:
    """Whether a request has a document of GraphQL."""
    return isinstance(_document(request).get("query"), str)


def only_reads(request: Request) -> bool:
    """Whether a request changes nothing: by its method, or because its POST searches, or ends a session."""
    if request.method in READS or is_login(request) or is_logout(request):
        return True
    if is_graphql(request):
        return _READS_GRAPH.match(_document(request)["query"]) is not None
    return request.method == "POST" and _ASKS.fullmatch(_last_segment(request)) is not None


def doubles(request: Request) -> bool:
    """Whether a request that is made twice may do twice what it does.

    Not if its method may be repeated, or if it carries a key by which the upstream knows it again.
    """
    has_key = any(_IDEMPOTENCY.fullmatch(name) for name, _ in request.headers)
    return request.method not in _REPEATABLE and not only_reads(request) and not has_key


def names(request: Request, text: str) -> bool:
    """Whether a request is about an id: a segment of its path, or a value of its query or body."""
    told = re.escape(text)
    where = f"{request.uri}\n{request.body.decode('utf-8', 'replace')}"
    return re.search(rf"(?<![\w-]){told}(?![\w-])", where) is not None


def _last_segment(request: Request) -> str:
    return urlsplit(request.uri).path.rstrip("/").rpartition("/")[2]


def _document(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(request.body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
