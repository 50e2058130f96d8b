"""What a request's body says: JSON, a form, or parts; of anything else, its bytes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from connector_contract.recording import multipart
from connector_contract.recording.interactions import Headers, Request, is_form
from connector_contract.recording.json_meaning import json_fields, said_as_json
from connector_contract.recording.urls import Pair, encoded_pairs, pairs, shown_name
from connector_contract.recording.urls import shown as shown_value


class Said(NamedTuple):
    """What a body says.

    Attributes:
        kind: ``JSON``, ``JSON lines``, ``form``, ``multipart`` or ``bytes``; empty of none.
        content: What bodies of a kind have in common that say the same.
    """

    kind: str
    content: Hashable = None


_NOTHING = Said("")


def said(request: Request) -> Said:
    """What the body of a request says, in no content coding. Two that are equal say the same."""
    body = request.body
    if not body:
        return _NOTHING
    if (document := said_as_json(body, _content_type(request))) is not None:
        return Said(*document)
    if is_form(request) and (found := form_pairs(body)):
        return Said("form", tuple(sorted(found, key=lambda pair: pair[0])))
    parts = multipart.parsed(_content_type(request), body)
    return Said("bytes", body) if parts is None else Said("multipart", parts.key)


def form_pairs(body: bytes) -> tuple[Pair, ...]:
    """The pairs of a form, decoded, in their order."""
    return pairs(body.decode("utf-8", "surrogateescape"))


def fields(request: Request) -> Iterator[tuple[str, str]]:
    """All that a body says, by names, as messages show it; a name may come more than once."""
    kind, body = said(request).kind, request.body
    if kind.startswith("JSON"):
        yield from json_fields(body, kind, "body")
    elif kind == "form":
        for name, value in sorted(form_pairs(body), key=lambda pair: pair[0]):
            yield f"form field {shown_name(name)}", shown_value(value)
    elif kind == "multipart":
        parts = multipart.parsed(_content_type(request), body)
        yield from () if parts is None else parts.fields()
    elif body:
        yield "body", _shown(request)


def spelled(request: Request) -> Iterator[tuple[str, str]]:
    """The same as it was sent, where ``fields`` shows no difference."""
    kind = said(request).kind
    if kind == "form":
        for name, value in encoded_pairs(request.body.decode("utf-8", "surrogateescape")):
            yield f"form field {shown_name(name)}", "None" if value is None else repr(value)
    elif kind:
        yield "body", multipart.shown(with_stable_boundary(request).body)


def _shown(request: Request) -> str:
    kind = _content_type(request).lower()
    is_text = kind.startswith("text/") or "xml" in kind
    return multipart.shown(request.body) if is_text else repr(request.body)


def headers_of(request: Request, kind: str) -> Headers:
    """The headers of a request, that of a multipart body without its boundary.

    Args:
        request: The request.
        kind: What its body is, as ``said`` has it.
    """
    return multipart.without_boundaries(request.headers) if kind == "multipart" else request.headers


def with_stable_boundary(request: Request) -> Request:
    """A request whose body has a boundary that is the same each time, if it is multipart."""
    sent = _content_type(request)
    if not multipart.is_multipart(sent):
        return request
    content_type, body = multipart.with_stable_boundary(sent, request.body)
    if (content_type, body) == (sent, request.body):
        return request
    headers = tuple(
        (name, content_type if name == "content-type" else value) for name, value in request.headers
    )
    return replace(request, headers=headers, body=body)


def _content_type(request: Request) -> str:
    return _first_content_type(request.headers)


# The requests of a walk have the same headers.
@lru_cache(64)
def _first_content_type(headers: Headers) -> str:
    return next((value for name, value in headers if name == "content-type"), "")
