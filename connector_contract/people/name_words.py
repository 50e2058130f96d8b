"""The words of names, of people and of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector_contract.people.common_words import ROLES
from connector_contract.people.syllables import is_unspaced
from connector_contract.people.words import PARTICLES, WORD, folded


def name_words(text: str) -> Iterator[str]:
    """The words of a name, folded, without particles and initials."""
    for word in map(folded, WORD.findall(text)):
        if word not in PARTICLES and (len(word) > 1 or is_unspaced(word)):
            yield word


def words_in(name: str) -> list[str]:
    """The words of a name in camel case, or of any other."""
    return [part for word in WORD.findall(name) for part in camel_parts(word)]


def camel_parts(word: str) -> list[str]:
    """What a word in camel case is made of."""
    if word.islower() or word.isupper() or not word.isascii():
        return [word]
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", word)


def is_of_role(login: str) -> bool:
    """Whether a login is for a role or a system, and nobody's own."""
    words = [folded(word) for word in WORD.findall(login)]
    return bool(words) and all(word in ROLES for word in words)


def given_and_family(name: str) -> tuple[str, str]:
    """A name as a whole taken apart: at its comma, or after its first word."""
    before, comma, after = name.partition(",")
    if comma:
        return after, before
    first, _, rest = name.strip().partition(" ")
    return first, rest
