"""JSON as the text that a server wrote: only the space between its tokens is ever changed.

The tokens themselves are not touched: duplicate keys, long numbers and escapes stay as they are.
"""

from __future__ import annotations

import json
import re

import msgspec

# A string, a bracket, a separator, or anything else (a number, a literal) up to the next of these.
# There is no way back into a string: to keep one for each of its characters takes a hundred times its size.
JSON_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[][{},:]|[^][{},:"\s]+')


def is_json_document(body: bytes) -> bool:
    """Whether a body is a JSON object or array in UTF-8."""
    if not _opens(body):
        return False
    try:
        json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    return True


def indented(body: bytes) -> str | None:
    """A JSON object or array with a line a field; ``None`` if it is none that can be had so."""
    text = _respaced(body, 2) if _opens(body) else None
    try:
        return None if text is None else text.decode("utf-8")
    except UnicodeDecodeError:
        return None


def compact(document: bytes | memoryview) -> bytes | None:
    """A JSON document without space between its tokens; ``None`` if it is none."""
    return _respaced(document, -1)


def spaced(document: bytes | memoryview) -> bytes | None:
    """A JSON document with a space after each comma and colon, as Python has it; ``None`` if it is none."""
    return _respaced(document, 0)


def _opens(body: bytes) -> bool:
    return body.lstrip()[:1] in (b"{", b"[")


def _respaced(document: bytes | memoryview, indent: int) -> bytes | None:
    try:
        return msgspec.json.format(document, indent=indent)
    except (msgspec.DecodeError, RecursionError):
        return None
