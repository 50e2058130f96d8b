"""Values that cannot be secrets by themselves, whatever has them: ``1``, ``en``, ``active``, ``eu-west-1``.

Such a value is data in most of its places, so a placeholder stands for it in fields and headers of secret
names alone. What is long and random enough to be a secret is replaced wherever it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote

# Fewer characters than this are in any text by chance.
_SHORT = 6
# So many may have the 96 bits that a secret needs, as ``issued_tokens`` has it.
_LONG = 16
# A version or a region has so many digits: "v2", "eu-west-1". More are as likely a key in groups.
_FEW_DIGITS = 3

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_BETWEEN = re.compile(r"[-_./:,|+ ]+")
# A word as people and programs write it: "active", "ACTIVE", "readOnly", "sha256". Letters in any case, and
# digits in their midst, are rather random.
_WORD = re.compile(r"(?:[^\W\d_a-z]*|[^\W\d_]?[^\W\d_A-Z]+(?:[A-Z][^\W\d_A-Z]{2,})*)\d*")
_TOKEN = re.compile(r"(?=.{16})[A-Za-z0-9_~+/=.!-]{1,4096}", re.DOTALL)
# A UUID has 32 digits and hyphens between them, and a KSUID 27 characters of one case.
_LONG_OF_ONE_CASE = 28
# Words in a row, as programs write names: "MyCompanyDept2Emea".
_PART = r"[A-Z][a-z]+|[a-z]{2,}|[A-Z]{2,}|\d{1,4}"
_NAME = re.compile(rf"(?:{_PART}|[-_./])+")
_PARTS = re.compile(_PART)
# A random text falls into parts as well, but into shorter ones: "LgNraYpCtm93Ak".
_LONG_PARTS = 2.75
# Among neighbours in a random text, two of three are of different kinds.
_CHANGES = 0.4
_FEWEST_CHANGES = 6
# What no secret is, whatever its name says: a truth, a time, or the address of something that anybody may
# ask.
_NO_SECRET = re.compile(
    r"(?i:true|false|null)|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)? ?(?:Z|UTC|[+-]\d\d:?\d\d)?)?"
    r"|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|https?://[^\s@?#=]*"
)


@lru_cache(1024)
def is_ordinary(value: str) -> bool:
    """Whether a value is a word, a number, or so short that it says nothing.

    It has fewer than 6 characters; or fewer than 16, and no letter in it, as numbers, dates and masks have
    none, or nothing but words with up to three digits.
    """
    text = unquote(value)
    if len(text) < _SHORT:
        return True
    return len(text) < _LONG and (_LETTER.search(text) is None or reads_as_words(text))


def is_word(value: str) -> bool:
    """Whether an ordinary value is one word, as people and programs use it for something else, too."""
    return is_ordinary(value) and re.fullmatch(r"\w+", value) is not None


def cannot_be_secret(value: str) -> bool:
    """Whether a value is none in any place: empty, true or false, a time, or a URL without parameters."""
    return not value or _NO_SECRET.fullmatch(value) is not None


@lru_cache(1024)
def reads_as_words(value: str) -> bool:
    """Whether a value is words, at whatever length: none of 16 characters, with up to three digits in all.

    A password may be so, and a token never is.
    """
    text = unquote(value)
    words = _BETWEEN.split(text)
    return len(_DIGIT.findall(text)) <= _FEW_DIGITS and all(map(_is_word, words))


def _is_word(text: str) -> bool:
    return len(text) < _LONG and _WORD.fullmatch(text) is not None


def looks_random(value: str) -> bool:
    """Whether a value is as random as a token, and has none of the usual forms of ids.

    Of letters in both cases, it has 16 characters and changes between capitals, small letters and digits as
    often as chance does. Of one case, it has 28, so that no UUID, ULID and ObjectId is one.
    """
    if _TOKEN.fullmatch(value) is None or _is_name(value):
        return False
    kinds = [_kind(character) for character in value if character.isalnum()]
    changes = sum(one != other for one, other in pairwise(kinds))
    if {"a", "A"} <= set(kinds):
        return len(kinds) >= _LONG and changes >= _CHANGES * len(kinds) and "0" in kinds
    is_mixed = len(set(kinds)) > 1 and value.rstrip("=").isalnum()
    return is_mixed and len(kinds) >= _LONG_OF_ONE_CASE and changes >= _FEWEST_CHANGES


def _is_name(value: str) -> bool:
    """Whether a value is words in a row, some of which may be numbers."""
    if _NAME.fullmatch(value) is None:
        return False
    parts = _PARTS.findall(value)
    return sum(map(len, parts)) >= _LONG_PARTS * len(parts)


def _kind(character: str) -> str:
    return "0" if character.isdigit() else "A" if character.isupper() else "a"
