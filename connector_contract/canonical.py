"""The canonical form of an interaction: what of it is worth keeping, and how a person reads it.

Pure, and the same for every recording, so that two recordings of an unchanged server are equal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator

from connector_contract.interactions import Headers, Interaction, Request, Response
from connector_contract.redaction import SECRET_HEADERS

# What identifies a request, besides the headers that the author names.
_REQUEST_HEADERS = SECRET_HEADERS | {"content-type"}

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
        "set-cookie",
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


def canonical_interaction(interaction: Interaction, match_headers: Collection[str]) -> Interaction:
    """``interaction`` with only the headers that carry meaning, and JSON bodies a line a field.

    Args:
        interaction: As it happened.
        match_headers: Names of further request headers to keep, in lower case.
    """
    request, response = interaction.request, interaction.response
    return Interaction(
        canonical_request(request, match_headers),
        Response(response.status, response.reason, _meaningful(response.headers), _legible(response.body)),
    )


def canonical_request(request: Request, match_headers: Collection[str]) -> Request:
    """``request`` as a cassette keeps it; see ``canonical_interaction``."""
    kept = _REQUEST_HEADERS.union(match_headers)
    headers = tuple(sorted((name, value) for name, value in request.headers if name in kept))
    return Request(request.method.upper(), request.uri, headers, _legible(request.body))


def _meaningful(headers: Headers) -> Headers:
    return tuple(
        (name, value)
        for name, value in headers
        if name not in _NOISE and not name.startswith(_NOISE_PREFIXES)
    )


def _legible(body: bytes) -> bytes:
    """A JSON object or array with a line a field; any other body as it is."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return body
    try:
        text = body.decode("utf-8")
        json.loads(text)
    except ValueError:
        return body
    return "".join(_indented(text)).encode()


# A string, a bracket, a separator, or anything else (a number, a literal) up to the next of these.
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{},:]|[^][{},:"\s]+')


def _indented(text: str) -> Iterator[str]:
    """The tokens of a JSON text with line breaks and indentation between them.

    The tokens themselves are not touched: duplicate keys, long numbers and escapes stay as the server
    wrote them, which reading and writing the JSON would not promise.
    """
    depth = 0
    opened = False
    for part in _JSON_TOKEN.findall(text):
        closes = part in "]}"
        depth -= closes
        if (opened and not closes) or (closes and not opened):
            yield "\n" + "  " * depth
        yield part
        opened = part in "[{"
        depth += opened
        if part == ",":
            yield "\n" + "  " * depth
        elif part == ":":
            yield " "
