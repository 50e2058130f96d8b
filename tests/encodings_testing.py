"""Ways in which a secret is spelled, for tests of what finds it."""

from __future__ import annotations

import base64
import gzip
import html
import json
import quopri
import zlib
from collections.abc import Callable
from urllib.parse import quote

Encoding = Callable[[bytes], bytes]


def _escaped_as(form: str) -> Encoding:
    return lambda data: "".join(form.format(byte) for byte in data).encode()


def _as_text(data: bytes) -> str:
    return data.decode("latin-1")


TEXTS: dict[str, Encoding] = {
    "percent": lambda data: quote(data, safe="").encode(),
    "percent of all": _escaped_as("%{:02x}"),
    "html": lambda data: html.escape(_as_text(data)).encode(),
    "html in decimal": _escaped_as("&#{};"),
    "html in hexadecimal": _escaped_as("&#x{:X};"),
    "json": lambda data: json.dumps(_as_text(data)).encode(),
    "json of all": _escaped_as("\\u{:04x}"),
    "repr": lambda data: repr(data).encode(),
    "quoted-printable": quopri.encodestring,
    "base64": base64.b64encode,
    "base64 for URLs": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "base64 in lines": base64.encodebytes,
    "hex": lambda data: data.hex().encode(),
    "HEX": lambda data: data.hex().upper().encode(),
    "0x": lambda data: b"0x" + data.hex().encode(),
    "a pair": lambda data: b"user:" + data,
    "in JSON": lambda data: json.dumps({"n": 12, "a": _as_text(data), "b": "?q=1&r=%20"}).encode(),
}
"""Each makes a text of a text, or of a text in other bytes."""

BYTES: dict[str, Encoding] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "utf-16-le": lambda data: _as_text(data).encode("utf-16-le"),
    "utf-16-be": lambda data: _as_text(data).encode("utf-16-be"),
    "utf-16": lambda data: _as_text(data).encode("utf-16"),
}
"""Each makes bytes that are no text."""

OF_BYTES = ("percent", "percent of all", "base64", "base64 for URLs", "base64 in lines", "hex", "HEX", "0x")
"""The encodings that clients and servers have for bytes that are no text."""
