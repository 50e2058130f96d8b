"""What HTTP may have wrapped a value in: percent-encoding, content codings, the escapes of JSON strings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from connector_contract.clients.content_codings import guesses

_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')


def decodings(data: bytes) -> Iterator[bytes]:
    """``data``, and what is left of it when an encoding is undone."""
    yield from _of_text(data)
    for once in guesses(data):
        yield from _of_text(once)
        # A compressed file may be compressed once more on its way.
        for twice in guesses(once):
            yield from _of_text(twice)


def _of_text(data: bytes) -> Iterator[bytes]:
    yield data
    if b"%" in data or b"+" in data:
        yield unquote_plus(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    if b"\\" in data:
        once = _unescaped(data.decode("utf-8", "surrogateescape"))
        for text in (once, _unescaped(once)):
            yield text.encode("utf-8", "surrogatepass")


def _unescaped(text: str) -> str:
    """``text`` with the escapes of JSON strings undone."""
    plain = _ESCAPE.sub(lambda found: json.loads(f'"{found[0]}"'), text)
    # Two escapes can be the halves of one character.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
