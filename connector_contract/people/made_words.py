"""What stands for each word: that of a name, of a composite of names, or of a login."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from unicodedata import combining, normalize

from connector_contract.people.common_words import NO_NAMES
from connector_contract.people.composites import Pieces
from connector_contract.people.emails import Inner, inner_email
from connector_contract.people.inflections import genitive_of, stem_of, stems_in
from connector_contract.people.name_words import camel_parts
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.syllables import is_unspaced
from connector_contract.people.vocabulary import Vocabulary
from connector_contract.people.words import PARTICLES, WORD, dressed, folded, plain_as_transliterated

# What may be between two words of one person, such as the comma in "MARTIN, Alice".
_BETWEEN = re.compile(r"[\s,._'\u2019+-]{0,3}\Z")
_NEAR = 60
_SHORT = 2
_LONGEST_UNSPACED = 6
_PIECE = 4


class MadeWords:
    """Replaces words, by all that was learned.

    Args:
        vocabulary: What was learned.
        stand_ins: What makes words up.
        kept: Folded words that stay.
        real: Is given the original of each word that is made up.

    Attributes:
        common: Words that also mean something else.
        plain: Words, as they are spelled, that stand for themselves.
        doubtful: Words, as they are spelled, that are somebody's and also mean something else.
        now: What stands for a word by what stood for it before more was known of it.
    """

    def __init__(
        self, vocabulary: Vocabulary, stand_ins: StandIns, kept: Collection[str], real: dict[str, str]
    ) -> None:
        self._vocabulary, self._stand_ins, self.kept = vocabulary, stand_ins, kept
        self.common: frozenset[str] = frozenset()
        self._companies: frozenset[str] = frozenset()
        self._real = real
        self.plain: set[str] = set()
        self.doubtful: set[str] = set()
        self.now: dict[str, str] = {}
        self._personal: dict[str, str] = {}
        self._made: dict[str, str | None] = {}
        # For each folded word, how it was spelled; and what more words than one say something about.
        self._spelled: defaultdict[str, set[str]] = defaultdict(set)
        self._of_several: set[str] = set()
        # For what the forms of a name begin with, the name.
        self._stems: dict[str, str] = {}
        self.renew(())

    def renew(self, changed: Collection[str]) -> None:
        """Take in what was learned.

        Args:
            changed: The folded words of which more is known.
        """
        common, companies = self._vocabulary.common_words(), self._vocabulary.company_words()
        changed = {*changed, *(common ^ self.common), *(companies ^ self._companies)}
        self.common, self._companies = common, companies
        for word in changed:
            if word in self._vocabulary.names and (stem := stem_of(word)) is not None:
                self._stems[stem] = min(word, self._stems.get(stem, word))
            self._forget(self._spelled.pop(word, ()))
        if changed:
            self._forget(self._of_several)
            self._of_several.clear()

    def _forget(self, words: Collection[str]) -> None:
        for spelled in words:
            self._made.pop(spelled, None)
            self._personal.pop(spelled, None)
        self.plain.difference_update(words)
        self.doubtful.difference_update(words)

    def word(self, spelled: str) -> str | None:
        """What stands for a word wherever it is; ``None`` if that is the word itself."""
        if spelled in self.now:
            return self.now[spelled]
        if spelled in self._made:
            return self._made[spelled]
        word = folded(spelled)
        made = self._everywhere(spelled, word)
        self._made[spelled] = made
        self._spelled[word].add(spelled)
        if made is None:
            (self.doubtful if self.is_known(word) else self.plain).add(spelled)
        return made

    def personal(self, spelled: str) -> str:
        """What stands for a word that somebody is called; an initial stays."""
        known = self._personal.get(spelled)
        if known is None:
            known = self._personal[spelled] = self._of_person(spelled)
        return known

    def _of_person(self, spelled: str) -> str:
        made = self.word(spelled)
        if made is not None:
            return made
        word = folded(spelled)
        if spelled in self._real and not self.is_known(word):
            # It is made up already.
            return spelled
        if word in self.kept or (len(word) == 1 and not is_unspaced(word)):
            return spelled
        pieces = None if word in self._vocabulary.names else self._vocabulary.composites.get(word)
        return self._of_pieces(spelled, pieces) if pieces else self.of_word(spelled, word)

    def beside(self, spelled: str, text: str, start: int, end: int) -> str | None:
        """What stands for a word that also means something else, beside another of the same person."""
        word = folded(spelled)
        if not self.is_known(word):
            return None
        for near, between in _neighbours(text, start, end):
            is_sure = folded(near) not in self.common or (spelled[0].isupper() and near[0].isupper())
            others = self._words_in(folded(near))
            is_partner = any(each != word and self._vocabulary.are_of_one(word, each) for each in others)
            if is_partner and (is_sure or between in (".", "_", "-")):
                return self.personal(spelled)
        return None

    def _words_in(self, word: str) -> list[str]:
        """A folded word, and the words that it is made of: "delacruz" has "cruz"."""
        return [word, *(text for text, is_word in self._vocabulary.composites.get(word, ()) if is_word)]

    def of_word(self, spelled: str, word: str) -> str:
        """The made-up word for one that is taken as a whole."""
        return self.noted(spelled, dressed(self._base(word), spelled))

    @property
    def made_up(self) -> Collection[str]:
        """All words that were made up, as they are spelled."""
        return self._real.keys()

    def hints_at_somebody(self, text: str) -> bool:
        """Whether a text has a piece of a known word, of four letters or more, also spelled backwards."""
        pieces = {folded(each) for each in WORD.findall(text) if each not in self._real}
        # One character is a whole word there.
        if any(is_unspaced(each) and any(each in word for word in self._vocabulary.names) for each in pieces):
            return True
        pieces = {each for each in pieces if len(each) >= _PIECE}
        known = self._vocabulary
        words = {*known.names, *known.login_words, *self._companies}
        both = [(each, each[::-1]) for each in pieces]
        return any(
            one in word or back in word or (len(word) >= _PIECE and (word in one or word in back))
            for one, back in both
            for word in words
        )

    def _base(self, word: str) -> str:
        """The made-up word for a folded one, in lower case."""
        spelled = self._vocabulary.transliterated.get(word)
        if spelled is None:
            return self._stand_ins.word(word)
        return plain_as_transliterated(dressed(self._stand_ins.word(folded(spelled)), spelled))

    def is_known(self, word: str) -> bool:
        """Whether a folded word is one of somebody."""
        return word not in self.kept and self._vocabulary.is_known(word)

    def untitled(self, name: str) -> str:
        """A name without the title after it."""
        return self._vocabulary.titles.without(name)

    def is_of_thing(self, email: str) -> bool:
        """Whether an e-mail address is nobody's."""
        return self._vocabulary.is_of_thing(email)

    def joined(self, email: str) -> Inner | None:
        """The address of somebody in one to which words were joined that are nobody's."""
        if folded(email) in self.kept:
            return None
        inner = inner_email(email, self._vocabulary.emails)
        if inner is None:
            return None
        around = inner.before + inner.after
        words = [*map(folded, WORD.findall(around))]
        # No words but those that are always common: what else is so, is known later. "will.page" is a name.
        is_marked = "." not in around and all(
            word in NO_NAMES and word not in self._vocabulary.names for word in words
        )
        return inner if is_marked or all(word in self.kept for word in words) else None

    def _everywhere(self, spelled: str, word: str) -> str | None:
        if self.is_known(word):
            if self._is_doubtful(spelled, word):
                return None
            pieces = None if word in self._vocabulary.names else self._vocabulary.composites.get(word)
            return self._of_pieces(spelled, pieces) if pieces else self.of_word(spelled, word)
        if is_unspaced(word):
            self._of_several.add(spelled)
            return self._within_unspaced(spelled)
        if word in self.kept or word in self.common:
            return None
        return self._inflected(spelled, word) or self._in_parts(spelled)

    def _inflected(self, spelled: str, word: str) -> str | None:
        """What stands for another form of somebody's name."""
        name = genitive_of(word)
        if name is not None:
            # Once somebody is called so, it is another word.
            self._spelled[name].add(spelled)
            return self._form(spelled, name, 1) if self._is_name(name) else None
        if spelled.isascii():
            return None
        self._of_several.add(spelled)
        for stem, end in stems_in(word):
            if stem in self._stems and self._is_name(self._stems[stem]):
                return self._form(spelled, self._stems[stem], len(end))
        return None

    def _form(self, spelled: str, name: str, length: int) -> str | None:
        """A form of a name whose ending has a length; without any, it is a letter less."""
        own = spelled[: len(spelled) - length]
        if length and (made := self.word(own)) is not None:
            return self.noted(spelled, made + spelled[len(own) :])
        if self._is_doubtful(own, name):
            return None
        made = dressed(self._base(name), own)
        return self.noted(spelled, made + spelled[len(own) :] if length else made[:-1])

    def _in_parts(self, spelled: str) -> str | None:
        """What stands for a word in camel case of which a part is somebody's."""
        parts = camel_parts(spelled)
        if len(parts) < 2:
            return None
        self._of_several.add(spelled)
        made = "".join(self._part(place, parts) for place in range(len(parts)))
        return None if made == spelled else self.noted(spelled, made)

    def _part(self, place: int, parts: list[str]) -> str:
        """What stands for a part of a word in camel case."""
        part = parts[place]
        made = self.word(part)
        if made is not None or not self.is_known(folded(part)):
            return made or part
        near = map(folded, (*parts[max(0, place - 1) : place], *parts[place + 1 : place + 2]))
        is_beside = any(self._vocabulary.are_of_one(folded(part), each) for each in near)
        return self.personal(part) if is_beside else part

    def _is_doubtful(self, spelled: str, word: str) -> bool:
        if len(word) == _SHORT and spelled.isascii():
            # "Al" and "Li" are names, "al" and "LI" may be anything.
            return word in self.common or not spelled.istitle()
        if word in PARTICLES and spelled.islower():
            return True
        is_called = word in self._vocabulary.names or word in self._vocabulary.composites
        if word in self._companies and not is_called:
            return True
        return word in self.common or (len(word) == 1 and is_unspaced(word))

    def _of_pieces(self, spelled: str, pieces: Pieces) -> str:
        parts = _split(normalize("NFC", spelled), [text for text, _ in pieces])
        shown = [
            dressed(self._base(text), part) if is_word else part
            for part, (text, is_word) in zip(parts, pieces, strict=True)
        ]
        return self.noted(spelled, "".join(shown))

    def _within_unspaced(self, spelled: str) -> str | None:
        """Names within a text that has no space between words."""
        shown, place = [], 0
        while place < len(spelled):
            longest = min(len(spelled) - place, _LONGEST_UNSPACED)
            found = next(
                (size for size in range(longest, 1, -1) if self._is_name(spelled[place : place + size])), 0
            )
            piece = spelled[place : place + (found or 1)]
            shown.append((self.word(piece) or piece) if found else piece)
            place += len(piece)
        made = "".join(shown)
        return None if made == spelled else self.noted(spelled, made)

    def _is_name(self, piece: str) -> bool:
        return self.is_known(folded(piece)) and folded(piece) not in self.common

    def catch_up(self) -> None:
        """Have what is made up be as it is now: a login is made of a name that was not known before."""
        for made, spelled in [*self._real.items()]:
            word = folded(spelled)
            if word in self._vocabulary.composites and self.is_known(word):
                now = self.personal(spelled)
                self.now.update({} if now == made else {made: now})
        self.plain.difference_update(self.now)
        self.doubtful.difference_update(self.now)

    def as_it_is_now(self, found: re.Match[str]) -> str:
        """What stands now for a word that may be made up already."""
        return self.now.get(found[0], found[0])

    def noted(self, spelled: str, made: str) -> str:
        """What was made up for a word, or an address; noted as that."""
        self._real.setdefault(made, spelled)
        return made


def _split(word: str, texts: list[str]) -> list[str]:
    """The parts of a word that are folded to texts; of a sharp s, that is one letter more."""
    found, start = [], 0
    for text in texts[:-1]:
        end = start + 1
        while end < len(word) and (folded(word[start:end]) != text or combining(word[end])):
            end += 1
        found.append(word[start:end])
        start = end
    return [*found, word[start:]]


def _neighbours(text: str, start: int, end: int) -> list[tuple[str, str]]:
    """The words before and after a place in a text, and what is between."""
    found = []
    before = text[max(0, start - _NEAR) : start]
    words = list(WORD.finditer(before))
    if words and _BETWEEN.match(before, words[-1].end()):
        found.append((words[-1][0], before[words[-1].end() :]))
    after = text[end : end + _NEAR]
    following = WORD.search(after)
    if following is not None and _BETWEEN.match(after[: following.start()]):
        found.append((following[0], after[: following.start()]))
    return found
