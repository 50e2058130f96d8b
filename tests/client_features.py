"""What HTTP clients can do, and what the tests need to have each of them do it.

``blocking_clients`` and ``async_clients`` have a class for each client, and in it a method for each feature,
which asks a server of the test and returns what the client makes of the response. A client has no method for
what it does not offer.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

FEATURES = {
    "query": "query parameters",
    "json": "a JSON body",
    "form": "a form",
    "multipart": "a multipart form with a file",
    "bytes_body": "a body of bytes",
    "streamed_body": "a body from a generator",
    "packed_body": "a compressed body",
    "gzip": "a response in gzip",
    "brotli": "a response in brotli",
    "zstd": "a response in zstd",
    "redirect": "redirects that it follows",
    "cookies": "cookies that it keeps",
    "streamed_response": "a response in parts",
    "head": "`HEAD` with a `Content-Length`",
    "header_not_ascii": "headers that are not ASCII",
    "error_status": "an exception for a status of 4xx or 5xx",
    "base_url": "a session with a base URL or default headers",
    "basic_auth": "basic authentication",
    "hooks": "event hooks, trace configs",
    "proxy": "a proxy that the connector sets",
    "environments_proxy": "a proxy that the environment names",
    "at_once": "requests at the same time",
    "http2": "HTTP/2",
    "timeout": "a timeout of its own that the connector survives",
    "no_server": "a server that is not there",
}


@dataclass(frozen=True)
class Refused:
    """What cannot be recorded: the name of the error that says so, and its words."""

    error: str
    says: str


def refused(error: str, says: str) -> Callable[[Any], Any]:
    """Mark a feature that is refused."""

    def mark(method: Any) -> Any:
        method.refused = Refused(error, says)
        return method

    return mark


def parts() -> Iterator[bytes]:
    yield b"a=1"
    yield b"&b=2"


async def async_parts() -> Any:
    for part in parts():
        yield part


def a_file() -> tuple[str, io.BytesIO, str]:
    return ("ü.csv", io.BytesIO(b"\x00\xff"), "text/csv")


NOT_ASCII = "/file"
BEHIND_PROXY = "http://app.example.com"
# How many seconds a client waits for a response that does not come.
SHORT = 0.05
# How many for the connection and the response together. A slow machine, too, sends the request within them.
TOTAL = 1
LONG = 60
NAMES = [("a", "1"), ("a", "ü/&")]
NUMBERS = range(8)
PACKED = gzip.compress(b'{"a": 1}', mtime=0)
IN_GZIP = {"Content-Encoding": "gzip", "Content-Type": "application/json"}


def telling(headers: Any) -> list[tuple[bytes, bytes]]:
    """Headers as a cassette has them: in lower case and without how the body was sent."""
    pairs = [tuple(x if isinstance(x, bytes) else x.encode("latin-1") for x in pair) for pair in headers]
    framing = {b"content-length", b"transfer-encoding", b"content-encoding"}
    return sorted((name.lower(), value) for name, value in pairs if name.lower() not in framing)


def seen_by_httpx(answer):
    headers = telling(answer.headers.raw)
    return answer.status_code, answer.reason_phrase, headers, answer.content, answer.url.path
