"""Header values and reason phrases: bytes on the wire, text in a cassette.

HTTP says ASCII, and servers send names of people in Latin-1 or UTF-8. A character stands for a byte, as in
Python's own HTTP client; UTF-8 is text where no other bytes could have become the same text. So what is
played has the bytes that were recorded, and each client reads them as it reads them from the server.
"""

from __future__ import annotations


def header_text(value: bytes) -> str:
    """A value as text; ``header_bytes`` gives the same bytes again."""
    if value.isascii():
        return value.decode("ascii")
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
    return text if header_bytes(text) == value else value.decode("latin-1")


def header_bytes(text: str) -> bytes:
    """The bytes that a text stands for."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
