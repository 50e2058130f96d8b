"""Telephone numbers in a text: by their form, or by the name of the field; and which are nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator

# ITU-T E.164: at most 15 digits with the country code. What has fewer than seven is an inner number.
_SHORTEST, _SHORTEST_WORLDWIDE, _LONGEST = 7, 9, 15
_NUMBER = r"[0-9](?:[0-9 ().\-/]|%20|%28|%29){4,30}[0-9](?:(?!\w)|(?=[xX][0-9]))"
_FORM = re.compile(
    # Base64 and a time's offset have a plus, too, but behind a letter or a digit.
    r"(?:(?<![A-Za-z])[tT][eE][lL]:(?:\+|%2[bB])?|(?<![\w+/=.%-])\+|%2[bB])\(?([1-9]"
    + _NUMBER.removeprefix("[0-9]")
    + ")"
)
_FIELD = re.compile(
    # A set of letters first is what a search is fast with.
    r"[pPmMfFtT](?:(?<=[pP])(?i:hone)|(?<=[mM])(?i:obile|sisdn)|(?<=[fF])(?i:ax)"
    r"|(?<![A-Za-z][tT])(?<=[tT])(?:el|EL)|(?<=[a-z]T)el)"
    r"(?i:[_-]?(?:numbers?|nums?|nos?|nr)|[_-]?(?:work|home|business|office|private|main|primary))?"
    r"s?[_-]?[0-9]{0,2}"
    r"\\?[\"']?\s{0,40}[:=>]\s{0,40}(?:([\[{])|\\?[\"']?[+(]{0,2}(" + _NUMBER + "))"
)
# Of a list of telephone numbers, or of objects that each have one.
_ITEM = re.compile(r"(?:\\?\"([\w-]{1,40})\\?\"\s{0,40}:\s{0,40})?\\?\"[+(]{0,2}(" + _NUMBER + r")")
_OTHERS = ("id", "at", "date", "code", "extension", "ext", "count")
_CLOSED = {"[": "]", "{": "}"}
_LONG = 2_000

_NOBODYS = re.compile(
    # NANPA: 555-0100 to 555-0199 of each area code are for fiction.
    r".*55501\d\d"
    # Ofcom, "Telephone numbers for use in TV and radio drama programmes".
    r"|(?:00?44|44|0)?0?(?:2079460|1632960|7700900|8081570|9098790|3069990|1(?:1[3-8]|[2-6]1)4960)\d{3}"
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
    return len(set(digits)) == 1 or _NOBODYS.fullmatch(digits) is not None


def _in_fields(text: str) -> Iterator[tuple[int, str]]:
    looked_at = 0
    for match in _FIELD.finditer(text):
        if match[2]:
            yield match.start(2), match[2]
        elif match.end() > looked_at:
            start = match.end()
            end = text.find(_CLOSED[match[1]], start, start + _LONG)
            looked_at = start + _LONG if end < 0 else end
            yield from _in_list(text, start, looked_at)


def _in_list(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for item in _ITEM.finditer(text, start, end):
        if not (item[1] or "").lower().endswith(_OTHERS):
            yield item.start(2), item[2]


def _wanted(text: str, found: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for place, number in found:
        digits = re.sub(r"%2[089]|[^0-9]", "", number)
        shortest = _SHORTEST_WORLDWIDE if "+" in text[max(0, place - 2) : place] else _SHORTEST
        if shortest <= len(digits) <= _LONGEST and not is_nobodys(digits):
            yield place, digits
