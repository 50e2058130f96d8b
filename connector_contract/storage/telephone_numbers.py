"""Telephone numbers in a text: by their form, or by the name of the field; and which are nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator

# ITU-T E.164: at most 15 digits with the country code. What has fewer than seven is an inner number.
_SHORTEST, _SHORTEST_WORLDWIDE, _LONGEST = 7, 9, 15
_NUMBER = r"[0-9](?:[0-9 ().\-/]|%20|%28|%29){4,30}[0-9](?:(?!\w)|(?=[xX][0-9]))"
# A search is fast with a set of letters that come first.
_FORM = re.compile(
    # Base64 and a time's offset have a plus, too, but behind a letter or a digit.
    r"[+%tT](?:(?<=\+)(?<![\w+/=%.-]\+)|(?<=%)2[bB]|(?<=[tT])(?<![A-Za-z][tT])[eE][lL]:(?:\+|%2[bB])?)"
    r"\(?([1-9]" + _NUMBER.removeprefix("[0-9]") + ")"
)
_WORDS = ("phone", "mobile", "msisdn", "fax", "tel")
# What follows the word in the name of a field that has a number, and the number or what has several.
_FIELD = re.compile(
    r"(?i:[_-]?(?:numbers?|nums?|nos?|nr)|[_-]?(?:work|home|business|office|private|main|primary))?"
    r"s?[_-]?[0-9]{0,2}"
    r"\\?[\"']?\s{0,40}[:=>]\s{0,40}(?:([\[{])|\\?[\"']?[+(]{0,2}(" + _NUMBER + "))"
)
# Of a list of telephone numbers, or of objects that each have one.
_ITEM = re.compile(r"(?:\\?\"([\w-]{1,40})\\?\"\s{0,40}:\s{0,40})?\\?\"[+(]{0,2}(" + _NUMBER + r")")
_ENCODED, _NO_SEPARATORS = re.compile("%2[089]"), str.maketrans("", "", " ().-/")
_OTHERS = ("id", "at", "date", "code", "extension", "ext", "count")
_CLOSED = {"[": "]", "{": "}"}
_LONG = 2_000

# NANPA: 555-0100 to 555-0199 of each area code are for fiction.
_FICTION = "55501"
# Ofcom, "Telephone numbers for use in TV and radio drama programmes".
_DRAMA = re.compile(
    r"(?:00?44|44|0)?0?(?:2079460|1632960|7700900|8081570|9098790|3069990|1(?:1[3-8]|[2-6]1)4960)\d{3}"
)


def telephone_numbers(text: str) -> Iterator[tuple[int, str]]:
    """The telephone numbers that may be somebody's, each with its place: its digits.

    A number is one behind ``tel:`` or a plus, or in a field that says phone, mobile, fax or tel. Ids, times
    and amounts have digits, too.

    Args:
        text: JSON, YAML, or whatever a recording has.
    """
    yield from _wanted(text, ((match.start(1), match[1]) for match in _FORM.finditer(text)))
    yield from _wanted(text, _in_fields(text))


def is_nobodys(digits: str) -> bool:
    """Whether the digits are those of a number that no telephone has: one for fiction, or a filler."""
    return digits[-7:-2] == _FICTION or len(set(digits)) == 1 or _DRAMA.fullmatch(digits) is not None


def _in_fields(text: str) -> Iterator[tuple[int, str]]:
    lower = _lower(text)
    for word in _WORDS:
        looked_at = 0
        for found in re.finditer(word, lower):
            match = _FIELD.match(text, found.end())
            if match is None or (word == "tel" and not _begins_word(text, found.start())):
                continue
            if match[2]:
                yield match.start(2), match[2]
            elif match.end() > looked_at:
                end = text.find(_CLOSED[match[1]], match.end(), match.end() + _LONG)
                looked_at = match.end() + _LONG if end < 0 else end
                yield from _in_list(text, match.end(), looked_at)


def _lower(text: str) -> str:
    """The text in small letters, each at its place: only those of ASCII matter."""
    return (text if text.isascii() else text.encode("ascii", "replace").decode("ascii")).lower()


def _begins_word(text: str, place: int) -> bool:
    """Whether a place is at the beginning of a word, as in ``tel`` and ``workTel``, and not in ``hotel``."""
    before = text[place - 1 : place]
    return not before.isalpha() or (before.islower() and text[place].isupper())


def _in_list(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for item in _ITEM.finditer(text, start, end):
        if not (item[1] or "").lower().endswith(_OTHERS):
            yield item.start(2), item[2]


def _wanted(text: str, found: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for place, number in found:
        digits = (_ENCODED.sub("", number) if "%" in number else number).translate(_NO_SEPARATORS)
        shortest = _SHORTEST_WORLDWIDE if "+" in text[max(0, place - 2) : place] else _SHORTEST
        if shortest <= len(digits) <= _LONGEST and not is_nobodys(digits):
            yield place, digits
