"""Who is known from stored recordings: what is made up leads back to nobody, but the key allows to try words.

A word of the tenant is somebody's if what would stand for it is somebody's in what is stored. A made-up word
of Latin letters is one of at least 1.7 million with its initial, so that hardly any other word hits one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from connector_contract.people.composites import Pieces
from connector_contract.people.emails import made_up_domain
from connector_contract.people.name_words import name_parts
from connector_contract.people.phones import national_number
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.syllables import is_unspaced
from connector_contract.people.words import dressed, folded, plain_as_transliterated

# What is longer is no composite, but part of a key or a token.
_LONGEST_COMPOSITE = 24
_UMLAUTS = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"))
_DOMAIN = re.compile(rb"(@[\w.-]{1,253}?)\.example\.com", re.IGNORECASE)
# So many as there are of so many digits may be hit by chance.
_CHANCE = 100_000


class Stored(Protocol):
    """What is known of the people in stored recordings: see ``Vocabulary``."""

    names: dict[str, set[str]]
    login_words: dict[str, set[str]]
    composites: dict[str, Pieces]
    transliterated: dict[str, str]
    logins: set[str]
    domains: set[str]
    values: dict[str, set[str]]


class Recalled:
    """Recognises who is in stored recordings.

    Args:
        stored: The made-up people there.
        stand_ins: What made them up, from the same key.
    """

    def __init__(self, stored: Stored, stand_ins: StandIns) -> None:
        self._stored, self._stand_ins = stored, stand_ins
        self._made_up: dict[str, str] = {}
        self._phones: frozenset[str] | None = None
        # What composites are made of, with the initial of each word, which the real one has, too.
        self._seams: dict[str, set[Pieces]] = {}
        for pieces in stored.composites.values():
            seam = _seam(pieces)
            self._seams.setdefault(seam[0][0][:1], set()).add(seam)

    def is_name(self, word: str) -> bool:
        """Whether a folded word is one of a name."""
        return self._made(word) in self._stored.names

    def is_login_word(self, word: str) -> bool:
        """Whether a folded word is one of a login, and of no name."""
        return self._made(word) in self._stored.login_words

    def are_of_one(self, word: str, other: str) -> bool:
        """Whether two folded words are those of one person."""
        made = self._made(word)
        partners = self._stored.names.get(made) or self._stored.login_words.get(made) or ()
        return self._made(other) in partners

    def composite(self, word: str) -> Pieces | None:
        """What a folded word is made of, if it is one of several."""
        if len(word) > _LONGEST_COMPOSITE:
            return None
        seams = self._seams.get("" if is_unspaced(word) else word[0], ())
        found = (each for seam in seams for each in self._split(word, seam))
        return next((each for each in found if self._joined(each) in self._stored.composites), None)

    def _split(self, word: str, seam: Pieces) -> Iterator[Pieces]:
        """How a word may be made of what has initials."""
        if not seam:
            yield from [()] if not word else []
            return
        (text, is_word), *rest = seam
        if not word.startswith(text) or (not text and not (word and is_unspaced(word))):
            return
        # What comes last is all that is left.
        last = len(word) if is_word and not rest else max(len(text), 1)
        for end in range(last, len(word) + 1 if is_word else last + 1):
            is_seam = not rest or word.startswith(rest[0][0], end)
            if is_seam and (not is_word or self._is_piece(word[:end])):
                yield from (((word[:end], is_word), *more) for more in self._split(word[end:], tuple(rest)))

    def with_umlauts(self, word: str) -> str:
        """How a folded word is spelled that stands in a login or an address without umlauts; may be empty."""
        spelled = word
        for plain, umlaut in _UMLAUTS:
            spelled = spelled.replace(plain, umlaut)
        if spelled == word:
            return ""
        made = _without_umlauts(self._stand_ins, spelled)
        return spelled if made in self._stored.transliterated else ""

    def is_login(self, value: str, composites: Mapping[str, Pieces]) -> bool:
        """Whether a value is somebody's login.

        Args:
            value: The value, all words of which are known.
            composites: What those are made of that are several words.
        """
        shown, end = [], 0
        for found, is_word in name_parts(value, "login"):
            shown += [value[end : found.start()], self._of_login(folded(found[0]), composites, is_word)]
            end = found.end()
        return folded("".join([*shown, value[end:]])) in self._stored.logins

    def is_domain(self, domain: str) -> bool:
        """Whether e-mail addresses have a domain."""
        made = made_up_domain(domain, self._stand_ins).lower()
        return as_real(f"@{made}".encode()).decode()[1:] in self._stored.domains

    def has(self, kind: str, made: str) -> bool:
        """Whether a made-up value of a kind stands in a field of that kind."""
        return made in self._stored.values.get(kind, ())

    def has_number(self, made: str) -> bool:
        """Whether a made-up number is somebody's, and not by chance."""
        if not self.has("number", made):
            return False
        spaces = 10 ** sum(map(str.isdecimal, made))
        return not made.isdecimal() or len(self._stored.values["number"]) * _CHANCE < spaces

    def has_phone(self, national: str) -> bool:
        """Whether a made-up number, without its country code, is somebody's."""
        if self._phones is None:
            self._phones = frozenset(map(national_number, self._stored.values.get("phone", ())))
        return national in self._phones

    def _made(self, word: str) -> str:
        """What stands for a folded word, folded as well."""
        made = self._made_up.get(word)
        if made is None:
            spelled = self.with_umlauts(word)
            made = _without_umlauts(self._stand_ins, spelled) if spelled else self._stand_ins.word(word)
            made = self._made_up[word] = folded(made)
        return made

    def _of_login(self, word: str, composites: Mapping[str, Pieces], is_word: bool) -> str:
        if not is_word:
            return word
        pieces = composites.get(word)
        return self._joined(pieces) if pieces else self._made(word)

    def _is_piece(self, word: str) -> bool:
        return self.is_name(word) or self._made(word) in self._stored.transliterated

    def _joined(self, pieces: Pieces) -> str:
        return "".join(self._made(text) if is_word else text for text, is_word in pieces)


def _without_umlauts(stand_ins: StandIns, spelled: str) -> str:
    return plain_as_transliterated(dressed(stand_ins.word(folded(spelled)), spelled))


def _seam(pieces: Pieces) -> Pieces:
    """What is known of pieces when they are made up: initials, but for scripts that have none."""
    return tuple(
        (("" if is_unspaced(text) else text[0]) if is_word else text, is_word) for text, is_word in pieces
    )


def as_real(stored: bytes) -> bytes:
    """What is stored, with made-up domains as those of real addresses, so that it is read as any other."""
    return _DOMAIN.sub(rb"\1.stored.net", stored)
