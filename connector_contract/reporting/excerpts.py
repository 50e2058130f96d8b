"""Cut two texts that a message compares, so that the place shows where they differ."""

from __future__ import annotations

import re

_CUT = "..."
# What a word begins behind, as far as it may be a secret.
_BREAK = re.compile(r"[\s&,;]")


def excerpts(old: str, new: str, longest: int) -> tuple[str, str]:
    """Two texts, each cut to a number of characters around the first place where they differ.

    Args:
        old: One.
        new: The other.
        longest: How many characters each may keep; what is left out is shown as three dots.
    """
    if max(len(old), len(new)) <= longest:
        return old, new
    pairs = enumerate(zip(old, new, strict=False))
    differs = next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))
    # What is before it says where in the text it is.
    start = 0 if differs < longest * 2 // 3 else differs - longest // 3
    return _excerpt(old, start, longest), _excerpt(new, start, longest)


def beginning(text: str, longest: int) -> str:
    """As much of a text as fits, cut between words: nobody recognizes half a secret, so it would be shown.

    Args:
        text: The text.
        longest: How many characters it may keep; what is left out is shown as three dots.
    """
    if len(text) <= longest:
        return text
    breaks = [found.end() for found in _BREAK.finditer(text, 0, longest + 1)]
    return text[: breaks[-1] if breaks else 0].rstrip() + _CUT


def _excerpt(text: str, start: int, longest: int) -> str:
    # The end of a text says more than what is before it.
    start = max(0, min(start, len(text) - longest))
    before, after = _CUT if start else "", _CUT if len(text) > start + longest else ""
    return f"{before}{text[start : start + longest]}{after}"
