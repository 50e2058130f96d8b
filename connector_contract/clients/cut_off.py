"""A response whose connection is closed in the middle of its body, on the wire."""

from __future__ import annotations

from connector_contract.clients.header_text import header_bytes
from connector_contract.recording.interactions import Headers, Response

FRAMING = ("content-length", "transfer-encoding")
"""The headers that say how a body is sent: names in lower case."""


def head(response: Response, headers: Headers) -> list[bytes]:
    """The lines of a response before its body, with some of its headers."""
    return [
        b"HTTP/1.1 %d %s" % (response.status, header_bytes(response.reason)),
        *(b"%s: %s" % (header_bytes(name), header_bytes(value)) for name, value in headers),
    ]


def whole_length(response: Response) -> int | None:
    """How many bytes the whole body has; ``None`` if no header says that some are missing."""
    said = dict(response.headers).get("content-length", "")
    return int(said) if said.isdecimal() and int(said) > len(response.body) else None


def cut_off(response: Response) -> bytes:
    """What comes of a response on the wire, before the connection is closed.

    Without a length it comes in chunks, of which the last is not whole.

    Args:
        response: Its body is what comes of it.
    """
    length = whole_length(response)
    lines = head(response, tuple(pair for pair in response.headers if pair[0].lower() not in FRAMING))
    if length is not None:
        return b"\r\n".join([*lines, b"content-length: %d" % length, b"", response.body])
    chunk = b"%x\r\n%s" % (len(response.body) + 1, response.body)
    return b"\r\n".join([*lines, b"transfer-encoding: chunked", b"", chunk])
