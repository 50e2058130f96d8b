"""The canonical form of an interaction: what of it is worth keeping.

Pure, and the same for every recording, so that two recordings of an unchanged server are equal.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from connector_contract.clients.content_codings import without_time
from connector_contract.recording.interactions import Headers, Interaction, Request, Response
from connector_contract.recording.request_bodies import with_stable_boundary
from connector_contract.recording.request_codings import decoded
from connector_contract.recording.scopes import with_sorted_scopes
from connector_contract.recording.urls import canonical_uri
from connector_contract.secrets.secret_names import HEADERS
from connector_contract.secrets.set_cookie import lasting
from connector_contract.storage.header_times import relative
from connector_contract.storage.response_headers import USUAL_HEADERS, ResponseHeaders, is_passing

# What identifies a request, besides the headers that the author names.
_REQUEST_HEADERS = HEADERS | {"content-type", "content-encoding"}

# What an HTTP client sends of itself; where a secret is a part of it, that is by chance.
_CLIENT_HEADERS = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"}
)

# Until when a client is to wait, which may be a time.
_AFTER = frozenset({"retry-after"})


def canonical_interaction(
    interaction: Interaction,
    match_headers: Collection[str],
    response_headers: ResponseHeaders = USUAL_HEADERS,
    at: float = 0.0,
) -> Interaction:
    """``interaction`` with only the headers that carry meaning.

    Args:
        interaction: As it happened.
        match_headers: Names of further request headers to keep, in lower case.
        response_headers: Which headers of the response to keep.
        at: When the response came, in seconds since 1970.
    """
    request, response = interaction.request, interaction.response
    headers = tuple(
        (name, _lasting(name, value, at))
        for name, value in response.headers
        if response_headers.keeps(name, request.method)
    )
    return Interaction(
        canonical_request(request, match_headers),
        Response(response.status, response.reason, headers, response.body),
    )


def canonical_request(request: Request, match_headers: Collection[str]) -> Request:
    """``request`` as a cassette keeps it; see ``canonical_interaction``."""
    headers = _identifying(request.headers, frozenset(match_headers))
    uri = canonical_uri(request.uri)
    return with_sorted_scopes(readable_request(Request(request.method.upper(), uri, headers, request.body)))


def readable_request(request: Request) -> Request:
    """``request`` with what its body says in place of what a client makes of it each time.

    That is no content coding, and a multipart boundary which is the same each time.
    """
    if not request.body:
        return request
    plain = decoded(request)
    # A compressed file says when that was done, too.
    body = without_time(plain.body)
    return with_stable_boundary(plain if body is plain.body else replace(plain, body=body))


# The requests of a walk have the same headers.
@lru_cache(64)
def _identifying(headers: Headers, match_headers: frozenset[str]) -> Headers:
    kept = _REQUEST_HEADERS | match_headers
    return tuple(sorted((name, value) for name, value in headers if name in kept))


@lru_cache(64)
def further_headers(headers: Headers) -> Headers:
    """Those request headers that a cassette does not keep for their name, and that the connector chose."""
    return tuple(
        (name, value)
        for name, value in headers
        if name not in _REQUEST_HEADERS and name not in _CLIENT_HEADERS
    )


def _lasting(name: str, value: str, at: float) -> str:
    """A header's value as it can be played at any time."""
    if name == "set-cookie":
        return lasting(value, at)
    # What else is a time was so before the answer: when something was modified, say.
    return relative(value, at) if name in _AFTER or is_passing(name) else value
