"""Pieces of secrets in what is shown: a message, or a repr, that was cut before anybody redacted it.

A piece is long enough to be known for one, and stands alone: between white space, quotes, brackets or dots
that stand for what is left out. Of words, such as those of a passphrase, it has to be beside such dots.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from connector_contract.secrets.ordinary import reads_as_words

SHORTEST_PIECE = 12
"""A shorter piece is in other words by chance."""

# Ordinary words have so many letters at most.
_SHORTEST_WORD = 16

# What stands between two places where a text can have been cut, if it is long enough.
_RUN = re.compile(r"\.{3,}|(?:(?!\.\.\.)[^\s\"'`\\()\[\]{}<>,;…])" + f"{{{SHORTEST_PIECE},}}")
_DOTS = ("...", "…")


class Fragments:
    """Finds pieces of known secrets.

    Each secret is cut into all pieces of the shortest length once, so that a text takes one look for each
    place where it may have been cut, however many secrets there are.
    """

    def __init__(self) -> None:
        self._known: set[str] = set()
        # The spellings that have a piece, each with what it is shown as.
        self._pieces: dict[str, list[tuple[str, str]]] = {}

    def add(self, names: Mapping[str, str]) -> None:
        """Know further secrets.

        Args:
            names: The name of the placeholder of each.
        """
        for value, name in names.items():
            if value in self._known:
                continue
            self._known.add(value)
            # What has white space in it is a text, or a key in lines, of which each is a secret.
            if len(value) > SHORTEST_PIECE and not any(map(str.isspace, value)) and value[0] not in "{[":
                for spelling in {value, json.dumps(value)[1:-1], repr(value)[1:-1]}:
                    self._add(spelling, f"<{name}>")

    def _add(self, spelling: str, shown: str) -> None:
        for start in range(len(spelling) - SHORTEST_PIECE + 1):
            self._pieces.setdefault(spelling[start : start + SHORTEST_PIECE], []).append((spelling, shown))

    def text(self, text: str) -> str:
        """``text`` with the placeholder in place of each piece of a secret."""
        if not self._pieces or len(text) < SHORTEST_PIECE:
            return text
        return _RUN.sub(self._run, text)

    def _run(self, found: re.Match[str]) -> str:
        run, text = found[0], found.string
        if run.startswith("..."):
            return run
        after = text.startswith(_DOTS, found.end())
        before = text.endswith(_DOTS, 0, found.start())
        end, shown_last = self._last(run, is_cut=after)
        start, shown_first = self._first(run, is_cut=before)
        if end == 0 or start == len(run):
            return shown_last or shown_first
        if start > end:
            return f"{shown_first}{shown_last}"
        return f"{shown_first}{run[start:end]}{shown_last}"

    def _last(self, run: str, *, is_cut: bool) -> tuple[int, str]:
        """Where the piece of a secret begins that a text ends with, and what stands for it."""
        best, shown = len(run), ""
        for spelling, placeholder in self._pieces.get(run[-SHORTEST_PIECE:], ()):
            length = SHORTEST_PIECE
            while length < len(run) and run[-length - 1 :] in spelling:
                length += 1
            if len(run) - length < best and _is_telling(run[-length:], is_cut=is_cut):
                best, shown = len(run) - length, placeholder
        return best, shown

    def _first(self, run: str, *, is_cut: bool) -> tuple[int, str]:
        """Where the piece of a secret ends that a text begins with, and what stands for it."""
        best, shown = 0, ""
        for spelling, placeholder in self._pieces.get(run[:SHORTEST_PIECE], ()):
            length = SHORTEST_PIECE
            while length < len(run) and run[: length + 1] in spelling:
                length += 1
            if length > best and _is_telling(run[:length], is_cut=is_cut):
                best, shown = length, placeholder
        return best, shown


def _is_telling(piece: str, *, is_cut: bool) -> bool:
    """Whether a piece says something of a secret, and is no word, host or the like that it begins with."""
    if piece.isalpha() and len(piece) < _SHORTEST_WORD:
        return False
    if "://" in piece and len(piece.partition("://")[2].partition("/")[2]) < SHORTEST_PIECE:
        return False
    return is_cut or not reads_as_words(piece)
