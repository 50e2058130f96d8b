"""Names and values as one line of plain text: nothing in them moves a cursor, hides or changes the order."""

from __future__ import annotations

import re

# What git reports of a name that is not UTF-8: each such byte.
_BYTES = range(0xDC80, 0xDD00)
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")


def plain(text: str, longest: int | None = None) -> str:
    r"""A text in one line, with what is no letter, mark or space as an escape: ``\x1b``, ``\u202e``.

    Args:
        text: It comes from stored files, and may have anything in it.
        longest: Of so many letters the rest is left out, with how many these are; ``None`` for all of them.
    """
    left_out = 0
    if longest is not None and len(text) > longest:
        text, left_out = text[:longest], len(text) - longest
    escaped = _NOT_PLAIN.sub(lambda found: _shown(found[0]), text)
    return f"{escaped}... ({left_out:,} more letters)" if left_out else escaped


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    number = ord(letter)
    if number in _BYTES:
        return f"\\x{number - 0xDC00:02x}"
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return named.get(letter) or (f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}")
