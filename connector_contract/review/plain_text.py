"""Names and values as one line of plain text: nothing in them moves a cursor, hides or changes the order."""

from __future__ import annotations

import re
from itertools import accumulate

# What git reports of a name that is not UTF-8: each such byte.
_BYTES = range(0xDC80, 0xDD00)
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")


def plain(text: str, longest: int | None = None) -> str:
    r"""A text in one line, with what is no letter, mark or space as an escape: ``\x1b``, ``\u202e``.

    Args:
        text: It comes from stored files, and may have anything in it.
        longest: What is longer than this, as it is shown, is cut, with how many letters are left out; all
            of it is shown if ``None``.
    """
    shown = _NOT_PLAIN.sub(lambda found: _shown(found[0]), text if longest is None else text[: longest + 1])
    if longest is None or len(shown) <= longest:
        return shown
    # An escape is cut between letters of the text, not in itself.
    lengths = accumulate(len(_shown(letter)) for letter in text)
    kept = next(number for number, length in enumerate(lengths) if length > longest)
    return f"{plain(text[:kept])}... ({len(text) - kept:,} more letters)"


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    number = ord(letter)
    if number in _BYTES:
        return f"\\x{number - 0xDC00:02x}"
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return named.get(letter) or (f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}")
