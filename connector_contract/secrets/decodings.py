"""What HTTP may have wrapped a value in: percent-encoding, compression, the escapes of JSON strings."""

from __future__ import annotations

import contextlib
import json
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote_plus

# zlib finds out which of the two it is.
_GZIP_OR_ZLIB = 47
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')


def decodings(data: bytes) -> Iterator[bytes]:
    """``data``, and what is left of it when an encoding is undone."""
    yield data
    if b"%" in data or b"+" in data:
        yield unquote_plus(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    with contextlib.suppress(zlib.error):
        yield zlib.decompress(data, wbits=_GZIP_OR_ZLIB)
    if b"\\" in data:
        once = _unescaped(data.decode("utf-8", "surrogateescape"))
        for text in (once, _unescaped(once)):
            yield text.encode("utf-8", "surrogatepass")


def _unescaped(text: str) -> str:
    """``text`` with the escapes of JSON strings undone."""
    plain = _ESCAPE.sub(lambda found: json.loads(f'"{found[0]}"'), text)
    # Two escapes can be the halves of one character.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
