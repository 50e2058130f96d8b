"""Values to put in place of a field's: of another type, another one of the same type, an unknown word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

WORD = "unexpected"
OBJECT = {WORD: True}

_DATE = re.compile(r"(\d{4})(-\d\d-\d\d)")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SHORT_WORD = re.compile(r"[A-Za-z][A-Za-z_\- ]{0,23}")
_DIGITS = re.compile(r"(.*)([0-9])([^0-9]*)", re.DOTALL)
# Dates of four years before are there, the 29th of February too.
_YEARS = 4
_KINDS = re.compile(r"(?:status|state|type|kind|role|level|category|tier|plan)$", re.IGNORECASE)
_SEVERAL, _FEW = 3, 12


def of_another_type(value: Any) -> Any:
    """A value of another type than a field's, which no reading of it makes a right one.

    A number in place of a text could be one: a connector may well make a text of an id. ``None`` has no type.
    A flag becomes a text that counts as the other value, where nobody looks at its type.

    Raises:
        ValueError: The value is ``None``.
    """
    if value is None:
        raise ValueError("null has no type")
    if isinstance(value, bool):
        return "" if value else WORD
    if isinstance(value, int | float | dict):
        return WORD
    return OBJECT


def another(value: Any, known: Sequence[Any] = ()) -> Any:
    """Another value of the same type and form: another date for a date, another number for a number.

    Args:
        value: A field's.
        known: Those that the field has in other records, for one that has few.

    Returns:
        ``None`` if there is none: of null, of an object or a list.
    """
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if not isinstance(value, str):
        return None
    other = next((each for each in known if isinstance(each, str) and each != value), None)
    return other if other is not None else _another_text(value)


def _another_text(text: str) -> str:
    date = _DATE.match(text)
    if date:
        return f"{int(date[1]) - _YEARS:04}{text[date.end(1) :]}"
    if "@" in text and not _URL.match(text):
        return f"x{text}"
    digits = _DIGITS.fullmatch(text)
    if digits and not _URL.match(text):
        return f"{digits[1]}{(int(digits[2]) + 1) % 10}{digits[3]}"
    return f"{text}x"


def is_enum(name: str, values: Sequence[Any]) -> bool:
    """Whether a field's values look like those of an enum: few short words, which come again.

    A single record shows no repetition; there, a name such as ``status`` or ``userType`` says it.

    Args:
        name: The field's.
        values: Those of all records.
    """
    words = [each for each in values if isinstance(each, str)]
    if not words or not all(map(_SHORT_WORD.fullmatch, words)):
        return False
    counts = Counter(words)
    comes_again = len(words) >= _SEVERAL and len(counts) <= min(_FEW, len(words) // 2)
    return comes_again or bool(_KINDS.search(name))


def unknown_word(values: Sequence[str]) -> str:
    """A word that none of an enum's values is, written as they are."""
    word = "UNEXPECTED_VALUE" if all(each.isupper() for each in values) else "unexpected_value"
    return word if not values[0][:1].isupper() or values[0].isupper() else "UnexpectedValue"
