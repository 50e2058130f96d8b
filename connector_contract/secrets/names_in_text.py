"""Where in a text names stand, which no secret is: the first word of ``password=x``.

A secret that is a word is replaced in values alone. So the names of fields, parameters, cookies, elements and
attributes stay, as do media types and placeholders.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator

_NAMES = re.compile(
    # Placeholders, also in markup, and elements.
    rb"(?:</?|&lt;/?)[\w.:-]+"
    # The name of a field of JSON, also of JSON within a string. A URL is more than a name.
    rb"|(?<=[{,])\s{0,64}\\{0,7}\"[\w.$@ -]{1,200}\\{0,7}\"(?=\s{0,8}:)"
    # The name of a parameter, of a field of a form, or of a cookie.
    rb"|(?:\A|(?<=[?&;,])\s{0,4})[^\s=&?#;,<>\"'{}()]{1,200}(?==(?!\"))"
    # An attribute, and what it says if that is a name.
    rb"|(?<=[\s;,])(?i:name|id|type|for|class|autocomplete)\s{0,4}=\s{0,4}(?:\"[^\"<>\r\n]{0,200}\"|'[^'<>\r\n]{0,200}')"
    rb"|(?<=[\s;,])[\w.:-]{1,200}+(?=\s{0,4}+=\s{0,4}[\"'])"
)
_MEDIA_TYPE = rb"(?:application|audio|font|image|message|model|multipart|text|video|\*)/[\w.+*-]+"
_MEDIA_TYPES = re.compile(
    rb"%b(?:[;,] ?(?:%b|[\w-]+=[\w.\"-]+))*" % (_MEDIA_TYPE, _MEDIA_TYPE), re.IGNORECASE
)


_Edit = tuple[int, int, bytes]


def outside_names(data: bytes, edits: Iterable[_Edit], words: Collection[bytes]) -> list[_Edit]:
    """The edits of a text without those of words that would change a name.

    Args:
        data: The text.
        edits: What is to be replaced.
        words: Which of the texts that are replaced may be names.
    """
    edits = list(edits)
    if not any(data[start:end] in words for start, end, _ in edits):
        return edits
    names = _Spans(_spans(data))
    return [edit for edit in edits if data[edit[0] : edit[1]] not in words or not names.have(*edit[:2])]


def is_in_value(data: bytes, word: bytes) -> bool:
    """Whether a word, which is in a text, is there in a value."""
    names = _Spans(_spans(data))
    return any(not names.have(found.start(), found.end()) for found in re.finditer(re.escape(word), data))


class _Spans:
    """Stretches of a text, in order and apart."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = list(spans)
        self._starts = [start for start, _ in self._spans]

    def have(self, start: int, end: int) -> bool:
        """Whether a place is within one of them."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self._spans[at][1]


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    if _MEDIA_TYPES.fullmatch(data):
        yield 0, len(data)
        return
    yield from (found.span() for found in _NAMES.finditer(data))
