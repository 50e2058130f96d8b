"""The words of names, of people and of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector_contract.people.machines import MARKERS, is_only_marked
from connector_contract.people.syllables import is_unspaced
from connector_contract.people.words import PARTICLES, TITLES, WORD, folded

# What an address has after a plus that is a bot's: "alice+bot@acme.com".
_TAGS = frozenset(("bot", "svc", "service", "ci", "api", "admin", "test"))
_BEFORE_LOGIN = re.compile(r".*[\\/:](?=.)", re.DOTALL)


def name_words(text: str, kind: str = "name") -> Iterator[str]:
    """The words of a name of a kind, folded, without particles, titles and initials."""
    return (folded(found[0]) for found, is_word in name_parts(text, kind) if is_word)


def name_parts(text: str, kind: str) -> Iterator[tuple[re.Match[str], bool]]:
    """All words of a name, and whether each is one that somebody is called.

    "van" and "Ben" are particles where another word follows; as the first word, "Ben" is a given name, and
    "van" in lower case is not. In a login, the first word is always one, unless it is a name as a whole:
    "Van Dyk, Anna".

    Args:
        text: The name.
        kind: What it is: a ``name``, a ``given_name``, a ``family_name`` or a ``login``.
    """
    found = list(WORD.finditer(text))
    is_nobodys = is_only_marked(text)
    for place, each in enumerate(found):
        word = folded(each[0])
        if word in PARTICLES:
            # In "Le, Anna", the first word is all of the family name.
            following = text[each.end() : found[place + 1].start()] if place + 1 < len(found) else ","
            # In "Jan van den", which is torn off "Jan van den Berg", no particle is a name.
            is_torn = place > 0 and each[0].islower() and not found[0][0].islower()
            may_be = ("," in following and not is_torn) or (place == 0 and _may_be_given(each[0], text, kind))
            yield each, len(word) > 1 and may_be
        else:
            is_word = word not in TITLES and word not in MARKERS and not is_nobodys
            is_tag = word in _TAGS and text[: each.start()].endswith("+")
            yield each, is_word and not is_tag and (len(word) > 1 or is_unspaced(word))


def _may_be_given(spelled: str, text: str, kind: str) -> bool:
    """Whether the first word may be a given name, though it may be a particle."""
    if "," in text:
        return False
    return kind == "login" or (kind != "family_name" and not spelled.islower())


def words_in(name: str) -> list[str]:
    """The words of a name in camel case, or of any other."""
    return [part for word in WORD.findall(name) for part in camel_parts(word)]


def camel_parts(word: str) -> list[str]:
    """What a word in camel case is made of."""
    if word.islower() or word.isupper() or not word.isascii():
        return [word]
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", word)


def own_login(login: str) -> str:
    """What in a login is somebody's own: the last of ``live:amartin`` and ``host/in/amartin``, say."""
    return _BEFORE_LOGIN.sub("", login)


def given_and_family(name: str) -> tuple[str, str]:
    """A name as a whole taken apart: at its comma, or after its first word."""
    before, comma, after = name.partition(",")
    if comma:
        return after, before
    first, _, rest = name.strip().partition(" ")
    return first, rest
