"""The ends of lines in stored files: a checkout on Windows may have made CRLF of each line feed."""

from __future__ import annotations


def with_line_feeds(data: bytes) -> bytes:
    """A stored file as it was recorded.

    A recording has no carriage return: in a text, it is escaped.

    Args:
        data: The file, as it is.

    Returns:
        The same with line feeds, if all lines end with CRLF. If only some do, somebody has edited the file,
        and it is left as it is.
    """
    if b"\r\n" not in data or data.count(b"\r\n") != data.count(b"\n"):
        return data
    return data.replace(b"\r\n", b"\n")


def with_crlf(text: bytes) -> bytes:
    """A part of a recording as such a checkout has it."""
    return text.replace(b"\n", b"\r\n")
