"""Words that are made of names: ``amartin``, ``alicem``, ``martinalice``, ``vandenberg``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from connector_contract.people.name_words import name_parts
from connector_contract.people.syllables import LIGATURES, is_unspaced
from connector_contract.people.words import folded

Pieces = tuple[tuple[str, bool], ...]
"""What a composite is made of: each a text, and whether it is a word, and no initial or particle."""

_SHORTEST_WORD = 3
_MOST_INITIALS = 2


@lru_cache(4_096)
def spellings(given: str, family: str) -> Mapping[str, Pieces]:
    """The usual composites of a given and a family name, folded."""
    first, last = _pieces(given, "given_name"), _pieces(family, "family_name")
    if not first or not last:
        return {}
    if is_unspaced(first[0][0]):
        # Such a name has no initials.
        return {_joined(pieces): tuple(pieces) for pieces in ([*first, *last], [*last, *first])}
    found = _of_initials(first, last, 1) | _before_apostrophe(first, last)
    if "-" in family:
        # Of "Okonkwo-Reyes", an address may have the first alone.
        pairs = ([first[0], last[0]], [(first[0][0][0], False), last[0]])
        found |= {_joined(pieces): tuple(pieces) for pieces in pairs if _hides_a_word(pieces)}
    if first[0][0].startswith(LIGATURES):
        found |= _of_initials(first, last, 2)
    return found


def _of_initials(first: list[tuple[str, bool]], last: list[tuple[str, bool]], size: int) -> dict[str, Pieces]:
    """The composites of words in which an initial has so many letters."""
    initials = [(word[:size], False) for word, _ in first], [(word[0], False) for word, _ in last]
    candidates = [
        [*first, *last],
        [*last, *first],
        [*initials[0][:1], *last],
        [*initials[0], *last],
        [*last, *initials[0][:1]],
        [*first, *initials[1][:1]],
        [*initials[1][:1], *first],
        # In Vietnam, the family name is the first, and the last given name is what one is called by.
        [*initials[1][-1:], *first],
        [first[0], *last],
        [first[0], last[-1]],
        [*initials[0][:1], last[-1]],
        first,
        last,
    ]
    return {_joined(pieces): tuple(pieces) for pieces in candidates if _hides_a_word(pieces)}


@lru_cache(4_096)
def run_together(login: str) -> Mapping[str, Pieces]:
    """A login of several words without the signs between them, folded: ``malqahtani`` for ``m.alqahtani``."""
    pieces = tuple(_pieces(login, "login"))
    return {_joined(pieces): pieces} if _hides_a_word(pieces) else {}


def with_initials(login: str, words: Iterable[str]) -> Pieces | None:
    """What a folded login is made of, if it is a word with one or two letters before or after it."""
    fitting = [
        word
        for word in words
        if len(word) >= _SHORTEST_WORD
        and 0 < len(login) - len(word) <= _MOST_INITIALS
        and (login.endswith(word) or login.startswith(word))
    ]
    if not fitting:
        return None
    word = max(fitting, key=lambda each: (len(each), each))
    rest = len(login) - len(word)
    if login.endswith(word):
        return (login[:rest], False), (word, True)
    return (word, True), (login[len(word) :], False)


def _before_apostrophe(first: list[tuple[str, bool]], last: list[tuple[str, bool]]) -> dict[str, Pieces]:
    """What stands before the apostrophe in "pd'angelo" and "pietrod'angelo"."""
    particle = last[0][0]
    if len(last) == 1 or len(particle) > 1 or last[0][1]:
        return {}
    befores = (first[0], (first[0][0][0], False))
    return {f"{before[0]}{particle}": (before, (particle, False)) for before in befores}


def _pieces(name: str, kind: str) -> list[tuple[str, bool]]:
    return [(folded(found[0]), is_word) for found, is_word in name_parts(name, kind)]


def _hides_a_word(pieces: Iterable[tuple[str, bool]]) -> bool:
    """Whether there are several pieces, and not initials alone."""
    kept = list(pieces)
    return len(kept) > 1 and any(is_word for _, is_word in kept)


def _joined(pieces: Iterable[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in pieces)
