"""What is known of the people of a tenant: their words, and what other things are called like them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import Any
from unicodedata import normalize

from connector_contract.people.common_words import COMMON
from connector_contract.people.composites import Pieces, run_together, spellings, with_initials
from connector_contract.people.emails import EMAIL, PUBLIC, is_reserved, local_part, registered_name
from connector_contract.people.field_names import field as field_named
from connector_contract.people.leaves import KEY, Leaves
from connector_contract.people.machines import is_of_role, is_of_service
from connector_contract.people.name_words import given_and_family, name_words, own_login, words_in
from connector_contract.people.named_by_address import Named
from connector_contract.people.recalled import Recalled
from connector_contract.people.same_people import About, count_people
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.syllables import is_unspaced
from connector_contract.people.titles import Titles
from connector_contract.people.words import WORD, folded, transliterated

# An identifier and no name: hexadecimal with a digit in it, or no letters at all.
IDENTIFIER = re.compile(r"(?=\D*\d)[0-9A-Fa-f-]{8,}+\Z|[\d\W_]+\Z")
_NAMES = frozenset(("name", "given_name", "family_name"))
_OF_RECORDS = frozenset(("name", "given_name", "family_name", "login", "email"))
# "ACTIVE", "ROLE_ADMIN", "Europe/London".
_ENUM = re.compile(r"[^\W\d_][\w/-]{0,40}")
_VERSION = re.compile(r"v\d+(?:\.\d+)*|api|rest|scim", re.IGNORECASE)
# A day on which something happened; at midnight, it may be a date that was given a time.
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](?!00:00(?::00)?(?!:))\d\d:\d\d")
_FEWEST_DIGITS = 4
# A department with one person in it may be called after that person.
_SEVERAL = 2


def _is_anybodys(email: str) -> bool:
    return not is_reserved(email) and not is_of_service(email.rpartition("@")[2])


def _together(values: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each name and each address of one record."""
    kept = list(values)
    names = [value for kind, value in kept if kind in _NAMES]
    yield from ((name, email) for name in names for kind, email in kept if kind not in _NAMES)


def _words_of_enum(value: str) -> Iterator[str]:
    return map(folded, words_in(value) if _ENUM.fullmatch(value) else ())


@dataclass
class Record:
    """The personal values of one record.

    Attributes:
        given: Its given names.
        family: Its family names.
        full: Its names as a whole.
        logins: What it logs in with, and other names for it that are one word.
        emails: Its e-mail addresses.
    """

    given: list[str] = field(default_factory=list)
    family: list[str] = field(default_factory=list)
    full: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, values: Iterable[tuple[str, str]]) -> Record:
        """That of values of kinds."""
        record = cls()
        for kind, value in values:
            record.add(kind, value)
        return record

    @property
    def key(self) -> str:
        """What tells the person from others."""
        return next((folded(each) for each in (*self.emails, *self.full, *self.logins)), "") or folded(
            " ".join(self.given + self.family)
        )

    def add(self, kind: str, value: str) -> None:
        """Take in a value."""
        found = EMAIL.findall(value)
        self.emails += found
        if found or kind == "email":
            return
        places = {
            "given_name": self.given,
            "family_name": self.family,
            "name": self.full,
            "login": self.logins,
        }
        places[kind].append(value)


class Vocabulary:
    """Everything that was learned. Its contents do not depend on the order in which it was."""

    def __init__(self) -> None:
        # For each word of a name, the other words of the people who have it.
        self.names: dict[str, set[str]] = {}
        self.composites: dict[str, Pieces] = {}
        # How a name was spelled that a login or an address has without umlauts: "juergen", "jürgen".
        self.transliterated: dict[str, str] = {}
        self.login_words: dict[str, set[str]] = {}
        self.logins: set[str] = set()
        self.emails: set[str] = set()
        self.domains: set[str] = set()
        # Of people alone; and addresses, folded, in fields that say that they are nobody's.
        self._homes: set[str] = set()
        self._of_things: set[str] = set()
        self.personal: set[str] = set()
        self.values: dict[str, set[str]] = {}
        # Numbers in fields that are called "id".
        self._ids: set[str] = set()
        # Days on which something happened.
        self.days: set[str] = set()
        self._people: set[About] = set()
        self.titles = Titles()
        self._is_outdated = False
        self.recalled: Recalled | None = None
        self._looked_at: set[str] = set()
        self._shapes: set[tuple[str, ...]] = set()
        self._segments: set[tuple[str, str, bool]] = set()
        self._enums: set[str] = set()
        # For each word of what a tenant makes one of a few, two of those who have it, if there are so many.
        self._values_of: dict[str, set[str]] = {}
        self._records: set[tuple[tuple[str, str], ...]] = set()
        self._changed: set[str] = set()
        self._noted: set[tuple[str, str]] = set()
        self._values: list[tuple[str, str]] = []

    def learn(self, leaves: Leaves, names: Iterable[Named] = ()) -> None:
        """Take in a document.

        Args:
            leaves: Its leaves.
            names: Names in it that its fields do not say.
        """
        self._shapes |= leaves.shapes
        self._of_things.update(map(folded, leaves.of_things))
        records: dict[int, list[tuple[str, str]]] = {}
        enums: list[tuple[str, int]] = []
        for name, kind, value, owner, is_enum in leaves.found:
            if kind == KEY:
                continue
            if not kind and name.lower() == "id" and str(value).isdecimal():
                self._ids.add(str(value))
            if is_enum and isinstance(value, str):
                if field_named(name).is_of_tenant:
                    enums.append((value, owner))
                else:
                    self._enums.update(_words_of_enum(value))
            if kind:
                self.personal.add(str(value))
                self._note(kind, str(value))
            if kind in _OF_RECORDS:
                records.setdefault(owner, []).append((kind, str(value)))
            elif kind:
                self.values.setdefault(kind, set()).add(str(value))
            elif isinstance(value, str):
                self._learn_emails(EMAIL.findall(value) if "@" in value else ())
                if value[4:5] == "-" and (time := _TIME.match(value)) is not None:
                    self.days.add(time[1])
        said = {value for found in records.values() for value in _together(found)}
        for value, owner in enums:
            self._learn_value(value, Record.of(records[owner]).key if owner in records else None)
        for name, email in names:
            if (name, email) not in said:
                self._note("name", name)
                records[-len(records) - 2] = [("name", name), *([("email", email)] if email else [])]
        for record in map(tuple, records.values()):
            # The same people come again and again.
            if record not in self._records:
                self._records.add(record)
                self._learn_record(Record.of(record))

    def recall(self, stored: Vocabulary, stand_ins: StandIns) -> None:
        """Recognise whom stored recordings have made up, and what else has words in them.

        Args:
            stored: What was learned of them.
            stand_ins: What made them up.
        """
        self.recalled = Recalled(stored, stand_ins)
        self._shapes |= {shape for shape in stored._shapes if not stored.is_map(shape)}
        self._segments |= stored._segments
        self._enums |= stored._enums

    def learned(self) -> dict[str, Any]:
        """All that was learned, as JSON has it."""
        return {
            "of_things": [*self._of_things],
            "shapes": [*self._shapes],
            "segments": [*self._segments],
            "enums": [*self._enums],
            "records": [*self._records],
            "emails": [*self.emails],
            "domains": [*self.domains],
            "days": [*self.days],
            "ids": [*self._ids],
            "values": self._values,
        }

    def take(self, learned: Mapping[str, Any]) -> None:
        """Know what another one has learned."""
        self._of_things.update(learned["of_things"])
        self._shapes |= {tuple(each) for each in learned["shapes"]}
        self._segments |= {(before, segment, is_last) for before, segment, is_last in learned["segments"]}
        self._enums.update(learned["enums"])
        self._learn_emails(learned["emails"])
        self.domains.update(learned["domains"])
        self.days.update(learned["days"])
        self._ids.update(learned["ids"])
        for kind, value in learned["values"]:
            self.personal.add(value)
            self._note(kind, value)
            if kind not in _OF_RECORDS:
                self.values.setdefault(kind, set()).add(value)
        for each in learned["records"]:
            self._records.add(tuple((kind, value) for kind, value in each))
            self._learn_record(Record.of(each))

    def is_known(self, word: str) -> bool:
        """Whether a folded word is one of somebody."""
        self._look_at(word)
        sources = (self.names, self.composites, self.login_words, self.transliterated)
        return any(word in each for each in sources)

    def are_of_one(self, word: str, other: str) -> bool:
        """Whether two folded words are those of one person."""
        if other in (self.names.get(word) or self.login_words.get(word) or ()):
            return True
        return self.recalled is not None and self.recalled.are_of_one(word, other)

    def is_login(self, value: str) -> bool:
        """Whether a value is somebody's login."""
        if folded(value) in self.logins:
            return True
        if self.recalled is None or IDENTIFIER.match(value) or "@" in value:
            return False
        words = list(name_words(value, "login"))
        are_known = bool(words) and all(map(self.is_known, words))
        return are_known and self.recalled.is_login(value, self.composites)

    def is_id(self, number: str) -> bool:
        """Whether a number, such as that of an employee, is also what a record is called by: that stays."""
        return number in self._ids

    def is_of_thing(self, email: str) -> bool:
        """Whether an address is nobody's, as its field says; where people have theirs, it may be one."""
        domain = email.rpartition("@")[2].lower()
        return folded(email) in self._of_things and domain not in self._homes and domain not in PUBLIC

    def is_domain(self, domain: str) -> bool:
        """Whether e-mail addresses of the tenant have a domain."""
        if domain in self.domains:
            return domain not in PUBLIC
        return self.recalled is not None and domain not in PUBLIC and self.recalled.is_domain(domain)

    def _look_at(self, word: str) -> None:
        """Recall what a folded word is, if it is somebody's in stored recordings."""
        # The key of an object may be empty.
        is_letter = len(word) == 1 and not is_unspaced(word)
        if self.recalled is None or not word or word in self._looked_at or is_letter:
            return
        self._looked_at.add(word)
        spelled = self.recalled.with_umlauts(word)
        if spelled:
            self.transliterated.setdefault(word, spelled)
        if self.recalled.is_name(word):
            self.names.setdefault(word, {word})
        elif self.recalled.is_login_word(word):
            self.login_words.setdefault(word, {word})
        if word not in self.composites and (pieces := self.recalled.composite(word)):
            self.composites[word] = pieces
            for text, is_word in pieces:
                self._look_at(text) if is_word else None

    @property
    def size(self) -> tuple[int, ...]:
        """How much was learned. Nothing is ever forgotten."""
        kinds = (
            len(self._of_things),
            len(self._ids),
            len(self._shapes),
            len(self._segments),
            len(self._enums),
            len(self._records),
        )
        values = sum(map(len, self._values_of.values())) + len(self._values_of)
        return (*kinds, values, len(self.emails), *map(len, self.values.values()))

    @property
    def people(self) -> int:
        """How many people there are."""
        return count_people(self._people)

    def personal_values(self, start: int = 0) -> Iterator[tuple[str, str]]:
        """Kind and value of all that personal fields had, from a number on, as they came."""
        return islice(self._values, start, None)

    def _note(self, kind: str, value: str) -> None:
        if (kind, value) not in self._noted:
            self._noted.add((kind, value))
            self._values.append((kind, value))

    def learn_text(self, text: str) -> None:
        """Take in what reads as personal in a text."""
        if "@" in text:
            self._learn_emails(EMAIL.findall(text))

    def learn_segments(self, segments: Iterable[str]) -> None:
        """Take in the segments of a path."""
        found = ["", *segments]
        for before, segment in pairwise(found):
            self._segments.add((before, segment, segment is found[-1]))

    def _learn_value(self, value: str, whose: str | None) -> None:
        for word in _words_of_enum(value):
            known = self._values_of.setdefault(word, set())
            if whose is not None and len(known) < _SEVERAL:
                known.add(whose)

    def _learn_emails(self, found: Iterable[str]) -> None:
        for email in found:
            domain = email.rpartition("@")[2]
            if _is_anybodys(email):
                self.emails.add(folded(email))
                self._note("email", folded(email))
                self.domains.add(domain.lower())

    def _learn_again(self) -> None:
        """Learn all records again: what was taken for a name in one is a title."""
        learned = (self.names, self.composites, self.transliterated, self.login_words)
        self._changed.update(*learned)
        for each in learned:
            each.clear()
        for found in (self.logins, self._people, self._looked_at):
            found.clear()
        for record in self._records:
            self._learn_record(Record.of(record))
        self._is_outdated = False

    def _learn_record(self, record: Record) -> None:
        pairs = (f"{given} {family}" for given in record.given for family in record.family)
        self._is_outdated |= self.titles.learn([*pairs, *record.full])
        record.full = [self.titles.without(each) for each in record.full]
        given = {word for each in record.given for word in name_words(each, "given_name")}
        family = {word for each in record.family for word in name_words(each, "family_name")}
        full = [found for each in record.full if (found := list(name_words(each)))]
        composites = self._own_composites(record)
        self._learn_emails(record.emails)
        self._homes.update(email.rpartition("@")[2].lower() for email in record.emails)
        words = set(given).union(family, *full)
        # "amartin" is no word of its own where Alice Martin is called so.
        single = {each for each in words if each in composites and each not in given | family}
        words -= single
        self._learn_words(self.names, words, words)
        words |= self._learn_transliterated(record)
        self._learn_composites(composites)
        locals_ = [local_part(email) for email in record.emails if _is_anybodys(email)]
        self.logins.update(folded(each) for each in record.logins if not is_of_role(each))
        self._learn_logins([*record.logins, *locals_], words, composites)
        if words or record.logins or record.emails:
            named = frozenset(chain(given, family, *full))
            emails, logins = (frozenset(map(folded, each)) for each in (record.emails, record.logins))
            self._people.add(About(named, emails, logins))

    def _learn_words(self, known: dict[str, set[str]], words: Iterable[str], partners: set[str]) -> None:
        for word in words:
            if word not in known or not partners <= known[word]:
                known.setdefault(word, set()).update(partners)
                self._changed.add(word)

    def _own_composites(self, record: Record) -> dict[str, Pieces]:
        found: dict[str, Pieces] = {}
        for given in record.given:
            for family in record.family:
                found.update(spellings(given, family))
                found.update(spellings(transliterated(given), transliterated(family)))
        if not found:
            for each in record.full:
                # Of "J. R. Tolkien", one word is a name.
                if any(name_words(each)) and len(WORD.findall(each)) > 1:
                    found.update(spellings(*given_and_family(each)))
        return found

    def _learn_transliterated(self, record: Record) -> set[str]:
        found = set()
        for spelled in WORD.findall(" ".join([*record.given, *record.family, *record.full])):
            plain = folded(transliterated(spelled))
            if plain != folded(spelled):
                found.add(plain)
                self._changed.add(plain)
                own = normalize("NFC", spelled.lower())
                self.transliterated[plain] = min(own, self.transliterated.get(plain, own))
        return found

    def _learn_composites(self, composites: Mapping[str, Pieces]) -> None:
        for spelled, pieces in composites.items():
            known = self.composites.get(spelled)
            if known is None or pieces < known:
                self.composites[spelled] = pieces
                self._changed.add(spelled)

    def _learn_logins(self, logins: Iterable[str], words: set[str], composites: dict[str, Pieces]) -> None:
        for login in map(own_login, logins):
            if is_of_role(login) or IDENTIFIER.match(login):
                continue
            if sum(map(str.isdigit, login)) >= _FEWEST_DIGITS:
                self.values.setdefault("number", set()).add(login)
                self._note("number", login)
            self._learn_composites(run_together(login))
            for word in name_words(login, "login"):
                self._look_at(word)
                if word in words or word in composites:
                    continue
                pieces = with_initials(word, words)
                if pieces is not None:
                    self._learn_composites({word: pieces})
                else:
                    self._learn_words(self.login_words, [word], words)

    def note_changed(self, words: set[str]) -> None:
        """Note folded words that mean something else from now on."""
        self._changed |= words

    def take_changed(self) -> set[str]:
        """The folded words of which more is known than when this was last called."""
        if self._is_outdated:
            self._learn_again()
        changed, self._changed = self._changed, set()
        return changed

    def common_words(self) -> frozenset[str]:
        """Words that also mean something else."""
        # What is somebody's name, and not only a login, is so elsewhere, too.
        several = (
            word
            for word, whose in self._values_of.items()
            if len(whose) >= _SEVERAL or word not in self.names
        )
        found = set(COMMON).union(self._enums, several)
        for shape in self._shapes:
            if not self.is_map(shape):
                found.update(map(folded, filter(WORD.fullmatch, shape)))
        for before, segment, is_last in self._segments:
            if WORD.fullmatch(segment) and self._is_structure(before, folded(segment), is_last):
                found.add(folded(segment))
        return frozenset(found)

    def company_words(self) -> frozenset[str]:
        """Words that domains are called by."""
        return frozenset(
            word for domain in self.domains for word in name_words(registered_name(domain), "login")
        )

    def is_map(self, shape: tuple[str, ...]) -> bool:
        """Whether the keys of an object are data: one is a login, or half of them are somebody."""
        if any(word in self.logins or "@" in word for word in map(folded, shape) if self._is_somebody(word)):
            return True
        return 2 * sum(map(self._is_somebody, shape)) >= len(shape) > 0

    def shapes(self) -> Iterator[tuple[str, ...]]:
        """The keys of each object that was learned."""
        return iter(self._shapes)

    def _is_structure(self, before: str, segment: str, is_last: bool) -> bool:
        """Whether a segment of a path is no person's."""
        if is_last or (before and not _VERSION.fullmatch(before)):
            return not field_named(before).is_persons and not self._is_somebody(segment)
        return segment not in self.logins and segment not in self.composites

    def _is_somebody(self, name: str) -> bool:
        word = folded(name)
        if "@" in word:
            return EMAIL.fullmatch(word) is not None
        if word in COMMON:
            return False
        if " " in word:
            return all(self.is_known(each) and each in self.names for each in name_words(word))
        return word in self.logins or self.is_known(word)
