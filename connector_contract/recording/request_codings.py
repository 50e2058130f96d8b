"""Undo the content coding of a request's body (RFC 9110, 8.4): what it holds counts.

gzip says when a body was compressed, and each library compresses in a way of its own.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from connector_contract.clients.content_codings import MissingDecoder, Undecodable, undone
from connector_contract.recording.header_meaning import content_codings
from connector_contract.recording.interactions import Headers, Request


def decoded(request: Request) -> Request:
    """A request whose body is in no coding; its header says as before in which one it is sent.

    What cannot be decoded stays as it is: a body that is no such, or needs a package that is not installed.
    """
    if not request.body:
        return request
    codings = _codings(request.headers)
    if not codings:
        return request
    body = _undone(request.body, codings)
    # Decoded, it has to be recognised as decoded: what was compressed twice stays compressed.
    if body is None or _undone(body, codings) is not None:
        return request
    return replace(request, body=body)


# The requests of a walk have the same headers.
@lru_cache(64)
def _codings(headers: Headers) -> tuple[str, ...]:
    return content_codings(headers)


def _undone(body: bytes, codings: tuple[str, ...]) -> bytes | None:
    try:
        return undone(body, codings) if body else None
    except (Undecodable, MissingDecoder):
        return None
