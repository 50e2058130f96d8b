"""The canonical form of an interaction: what of it is worth keeping.

Pure, and the same for every recording, so that two recordings of an unchanged server are equal.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from connector_contract.recording.interactions import Headers, Interaction, Request, Response
from connector_contract.recording.request_bodies import with_stable_boundary
from connector_contract.recording.request_codings import decoded
from connector_contract.recording.scopes import with_sorted_scopes
from connector_contract.recording.urls import canonical_uri
from connector_contract.secrets.secret_names import HEADERS

# What identifies a request, besides the headers that the author names.
_REQUEST_HEADERS = HEADERS | {"content-type", "content-encoding"}

# What an HTTP client sends of itself; where a secret is a part of it, that is by chance.
_CLIENT_HEADERS = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"}
)

# What a server or proxy adds to a response and no connector can depend on: it describes the
# connection or the moment, or is a number that changes from one answer to the next.
_NOISE = frozenset(
    {
        "accept-ranges",
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "age",
        "alt-svc",
        "cache-control",
        "connection",
        "content-length",
        "content-security-policy",
        "date",
        "expires",
        "keep-alive",
        "nel",
        "permissions-policy",
        "pragma",
        "referrer-policy",
        "report-to",
        "server",
        "server-timing",
        "strict-transport-security",
        "transfer-encoding",
        "vary",
        "via",
        "x-amz-cf-id",
        "x-content-type-options",
        "x-correlation-id",
        "x-frame-options",
        "x-powered-by",
        "x-process-time",
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
        "x-response-time",
        "x-runtime",
        "x-trace-id",
        "x-xss-protection",
    }
)
_NOISE_PREFIXES = ("cf-", "x-amz-cf-", "x-cache", "x-envoy-", "x-b3-")


@dataclass(frozen=True)
class ResponseHeaders:
    """Which response headers a cassette keeps, where that is not as for every connector.

    Attributes:
        kept: Names that are kept although they are noise in most APIs, in lower case.
        dropped: Names that are left out, in lower case.
    """

    kept: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()

    def keeps(self, name: str) -> bool:
        """Whether a header of this name is kept."""
        if name in self.kept:
            return True
        return not (name in self.dropped or name in _NOISE or name.startswith(_NOISE_PREFIXES))


USUAL_HEADERS = ResponseHeaders()


def canonical_interaction(
    interaction: Interaction,
    match_headers: Collection[str],
    response_headers: ResponseHeaders = USUAL_HEADERS,
) -> Interaction:
    """``interaction`` with only the headers that carry meaning.

    Args:
        interaction: As it happened.
        match_headers: Names of further request headers to keep, in lower case.
        response_headers: Which headers of the response to keep.
    """
    request, response = interaction.request, interaction.response
    headers = tuple(
        (name, _lasting(name, value)) for name, value in response.headers if response_headers.keeps(name)
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
    return with_stable_boundary(decoded(request)) if request.body else request


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


def _lasting(name: str, value: str) -> str:
    """A header's value without its date: a cookie that has expired would not be sent in a replay."""
    if name != "set-cookie":
        return value
    cookie, *attributes = value.split(";")
    kept = [text for text in attributes if not text.strip().lower().startswith(("expires", "max-age"))]
    return ";".join([cookie, *kept])
