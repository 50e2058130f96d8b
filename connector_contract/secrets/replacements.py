"""What is to be replaced in texts, each by something else, however many there are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from connector_contract.secrets.many_texts import ManyTexts
from connector_contract.secrets.names_in_text import outside_names

WORD_LENGTH = 6
"""A secret shorter than this is looked for as a word of its own: "x7" is not a secret in "box7"."""

Edit = tuple[int, int, bytes]
"""From where to where a text is to be replaced, and by what."""

# One pattern of so many is still faster than a look at each place.
_FEW = 24

# A word begins behind anything but a letter or digit, or behind an escaped character: "%22x7", "\\nx7".
_WORD_BEGINS = (
    rb"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=%25[0-9A-Fa-f]{2})"
    rb"|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4}))"
)
# A text with a character that is none of these is found in JSON in strings alone, unless it has a quote.
_IN_ANY_TOKEN = re.compile(rb"[-+.0-9eEfalnrstu\s:,\[\]{}]*")


class Replacements:
    """Replaces texts, the longest first where several begin.

    Args:
        words: Which of the texts are replaced only where they are words.
    """

    def __init__(self, words: Collection[bytes] = ()) -> None:
        self._replacements: dict[bytes, bytes] = {}
        self._texts = ManyTexts()
        self._words = set(words)
        # Those that may be found in JSON elsewhere than in a string.
        self._anywhere: set[bytes] = set()
        # Those that are replaced in values alone, because a name may be the same.
        self._in_values: set[bytes] = set()

    def add(self, replacements: Iterable[tuple[bytes, bytes]], *, in_values: bool = False) -> None:
        """Replace further texts, too, or by something else.

        Args:
            replacements: Each text with its replacement.
            in_values: Whether they stay where they are the names of fields and the like.
        """
        for text, replacement in replacements:
            if in_values:
                self._in_values.add(text)
            if text not in self._replacements and (b'"' in text or _IN_ANY_TOKEN.fullmatch(text)):
                self._anywhere.add(text)
            if replacement.startswith(b"<"):
                self._words.discard(text)
            self._replacements[text] = replacement
            self._texts.add((text,))

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._replacements)

    def of(self, text: bytes) -> bytes | None:
        """What stands for a text; ``None`` if it stays."""
        return self._replacements.get(text)

    def within(self, data: bytes) -> set[bytes]:
        """Which of the texts are in ``data``, also those that are no words there."""
        return self._texts.within(data)

    def are_in_strings(self, texts: Iterable[bytes]) -> bool:
        """Whether texts are found in the strings of JSON alone."""
        return self._anywhere.isdisjoint(texts)

    def replaced(self, data: bytes, there: Collection[bytes] | None = None) -> bytes:
        """``data`` with each text replaced.

        Args:
            data: Any text.
            there: Which are in it, if that is known.
        """
        there = self.within(data) if there is None else there
        if not there:
            return data
        if len(there) <= _FEW and self._in_values.isdisjoint(there):
            # A pattern of all takes many times as long as one of those that are there.
            return self._pattern(there).sub(lambda found: self._replacements[found[0]], data)
        return applied(data, self.edits(data))

    def edits(self, data: bytes) -> list[Edit]:
        """Where a text is to be replaced, in order."""
        return outside_names(data, self._edits(data), self._in_values)

    def _edits(self, data: bytes) -> list[Edit]:
        there = self.within(data)
        if not there:
            return []
        if len(there) <= _FEW:
            return [
                (found.start(), found.end(), self._replacements[found[0]])
                for found in self._pattern(there).finditer(data)
            ]
        edits, end = [], 0
        for start, stop in self._texts.places(data):
            text = data[start:stop]
            if start >= end and (not self._is_word(text) or _pattern(((text, True),)).match(data, start)):
                edits.append((start, stop, self._replacements[text]))
                end = stop
        return edits

    def _pattern(self, there: Iterable[bytes]) -> re.Pattern[bytes]:
        longest = sorted(there, key=lambda text: (-len(text), text))
        return _pattern(tuple((text, self._is_word(text)) for text in longest))

    def _is_word(self, text: bytes) -> bool:
        return len(text) < WORD_LENGTH or text in self._words


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """``data`` with edits made, which are in order and apart."""
    parts, end = [], 0
    for start, stop, replacement in edits:
        parts += [data[end:start], replacement]
        end = stop
    return b"".join([*parts, data[end:]]) if parts else data


@lru_cache(256)
def _pattern(texts: tuple[tuple[bytes, bool], ...]) -> re.Pattern[bytes]:
    """What finds texts, each with whether it is a word."""
    return re.compile(b"|".join(_as_word(text) if is_word else re.escape(text) for text, is_word in texts))


def _as_word(text: bytes) -> bytes:
    return _WORD_BEGINS + re.escape(text) + rb"(?![A-Za-z0-9])"
