"""Text as a page shows it: nothing in it can hide, turn or break the text around it."""

from __future__ import annotations

import json
import re
from typing import Any

# Controls, what turns the direction of text, what is invisible, and what UTF-8 does not have.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
# The ends of the parts of names and paths.
_ENDS = re.compile(r"(?<=[_/.:])(?=[^_/.:])|(?=\[)")
_CONTROL_PICTURES = 0x2400
_LAST_PICTURE = "\x1f"


def visible(value: Any) -> Any:
    """A value with its text's unseen characters made visible, each as its picture or its number.

    Markup and numbers stay as they are.
    """
    if hasattr(value, "__html__") or not isinstance(value, str):
        return value
    return _UNSEEN.sub(_shown, value)


def short(text: str, longest: int = 300) -> str:
    """A text of at most so many characters, and how many more it has."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… and {len(text) - longest:,} more characters"


def pieces(name: str) -> list[str]:
    """The parts of a name or path, after each of which it may go on in another line."""
    return _ENDS.split(name)


def many(number: int, noun: str, plural: str = "") -> str:
    """A number of things, as people say it: ``1 record``, ``5,000 records``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def value_text(value: Any) -> str:
    """A JSON value as a page shows it: a text as it is, and structures a line a part."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return value or '""'
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(_CONTROL_PICTURES + code) if match[0] <= _LAST_PICTURE else f"[U+{code:04X}]"
