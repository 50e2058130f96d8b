"""What HTTP may have wrapped a value in: percent-encoding, content codings, the escapes of JSON strings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from connector_contract.clients.content_codings import guesses

# As many as there are in a row: two escapes can be the halves of one character.
_PERCENT = re.compile(rb"(?:%[0-9a-fA-F]{2})+")
_ESCAPES = re.compile(rb'(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))+')
# What is longer does not come again, and is not kept.
_SHORT = 12


def decodings(data: bytes) -> Iterator[bytes]:
    """``data``, and what is left of it when an encoding is undone."""
    yield from _of_text(data)
    for once in guesses(data):
        yield from _of_text(once)
        # A compressed file may be compressed once more on its way.
        for twice in guesses(once):
            yield from _of_text(twice)


def _of_text(data: bytes) -> Iterator[bytes]:
    # As bytes: what is no text at all would take many times its size, and as much longer.
    yield data
    if b"%" in data or b"+" in data:
        yield _PERCENT.sub(_unquoted, data.replace(b"+", b" "))
    # A log may have a text of JSON in a text of JSON.
    for _ in range(2):
        data, count = _ESCAPES.subn(_unescaped, data)
        if not count:
            return
        yield data


def _unquoted(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[0].replace(b"%", b"").decode())


def _unescaped(found: re.Match[bytes]) -> bytes:
    return _short_characters(found[0]) if len(found[0]) <= _SHORT else _characters(found[0])


def _characters(escapes: bytes) -> bytes:
    text: str = json.loads(b'"%b"' % escapes)
    return text.encode("utf-8", "surrogatepass")


_short_characters = lru_cache(1024)(_characters)
