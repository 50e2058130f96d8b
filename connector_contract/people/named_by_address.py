"""Names in fields that say nothing of it, known by an e-mail address that is made of them, or by a DN."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from connector_contract.people.common_words import NO_NAMES, STREETS
from connector_contract.people.composites import spellings
from connector_contract.people.emails import EMAIL, local_part, registered_name
from connector_contract.people.field_names import field, normalized
from connector_contract.people.field_steps import reads_as_name
from connector_contract.people.name_words import given_and_family, name_words
from connector_contract.people.person_records import Records, by_type
from connector_contract.people.words import MARKS, PARTICLES, WORD, folded, transliterated

# Up to five words of which the first begins with a capital, if its script has some.
_LETTERS = rf"[^\W\d_][^\W\d_{MARKS}]*+(?:[{MARKS}]++[^\W\d_]*+)*+"
_NAME = re.compile(rf"(?<![\w@.]){_LETTERS}(?:(?:,? |['\u2019-]|\. ){_LETTERS}){{1,4}}(?![\w@])")
_SINGLE = re.compile(rf"{_LETTERS}\Z")
_PARTS = re.compile(r"[._-]+")
_TAIL = re.compile(r"\+.*|[\d._-]+\Z")
# An entry of a directory among people (RFC 4514).
_DN = re.compile(
    r"(?i)(?<![\w])cn=((?:[^,=\\\"+<>;]|\\.){3,80}),\s*(?:[a-z]+=[^,]+,\s*){0,6}?(?:ou|cn)="
    r"(?:people|persons|users|staff|employees|members|accounts|personnel|contractors)(?![^,])"
)
# An entry that a field of somebody has, wherever in the directory it is.
_ENTRY = re.compile(r"(?i)(?:cn|uid)=(?P<name>(?:[^,=\\\"+<>;]|\\.){3,80})(?P<rest>,\s*[a-z]+=.*)", re.DOTALL)
_NO_PEOPLE = re.compile(
    r"(?i)(?:ou|cn)=[^,=]*(?:group|server|computer|device|workstation|service|application|role|printer)"
)
# What the name of a field ends with that has such an entry: "manager_dn", "distinguishedName".
_OF_ENTRY = re.compile(r"(?i)[_-]?(?:(?:ad|ldap)[_-]?)?(?:dn|distinguished[_-]?name|id)\Z")
# The first line of a postal address, such as "12 Martin Lane": a street may be called like somebody.
_STREET = re.compile(rf"(?im)^\s*\d+[a-z]?,? (?:[^\W\d]+\.? ){{1,3}}(?:{'|'.join(sorted(STREETS))})\b")
_SHORTEST = 4
_FEWEST = 2
_LONGEST = 200
_ELSE = (
    *("company", "site", "office", "city", "town", "locality", "area", "building", "room", "venue", "brand"),
    *("vendor", "street", "postaladdress"),
)


class Named(NamedTuple):
    """A name that was found.

    Attributes:
        name: The name.
        email: The address that is made of it; empty if there is none.
    """

    name: str
    email: str


def names_in(value: Any, records: Records) -> Iterator[Named]:
    """The names in a document.

    Args:
        value: The document.
        records: Judges its objects.
    """
    found = _Search(records)
    found.look(value)
    yield from found.named
    yield from found.anywhere()


class _Search:
    def __init__(self, records: Records) -> None:
        self._records = records
        self.named: dict[Named, None] = {}
        self._texts: dict[str, None] = {}
        # Of two words or more: these say enough, wherever the name stands.
        self._emails: dict[str, str] = {}

    def look(self, value: Any) -> tuple[list[str], list[str]]:
        """Look for names beside addresses.

        Returns:
            The texts, and the addresses, that are what the value says.
        """
        texts: list[str] = []
        emails: list[str] = []
        if isinstance(value, str):
            return self._of_text(value)
        inner = list(self._within(value))
        for is_list, found in inner:
            if not is_list or not found[1]:
                texts += found[0]
                emails += found[1]
        own = dict.fromkeys(emails)
        for text in texts if own else ():
            self._match(text, own)
        # What is around it may have its address.
        return ([], list(own)) if own else (texts, emails)

    def anywhere(self) -> Iterator[Named]:
        """Names of which an address in the same document has two words."""
        for text in self._texts if self._emails else ():
            for name in _names(text):
                email = next(filter(None, map(self._emails.get, _spelled(name))), None)
                if email is not None and not _is_of_company(name, email):
                    yield Named(name, email)

    def _within(self, value: Any) -> Iterator[tuple[bool, tuple[list[str], list[str]]]]:
        if isinstance(value, dict):
            shape = self._records.shape(value)
            is_group = by_type(value, shape) is False or (shape.is_group and not shape.is_strong)
            is_person = shape.is_strong and not is_group
            for name, item in value.items():
                if _may_be_entry(name, is_person):
                    self._of_entries(item if isinstance(item, list) else [item])
                if not _is_of_else(name, isinstance(item, str)) and not (is_group and isinstance(item, str)):
                    yield isinstance(item, list), self.look(item)
                elif isinstance(item, (dict, list)):
                    self._look_for_entries(item)
        elif isinstance(value, (list, tuple)):
            yield from ((isinstance(item, (dict, list)), self.look(item)) for item in value)

    def _look_for_entries(self, value: Any) -> None:
        """Look in what has other names for whom it refers to."""
        if isinstance(value, dict):
            for name, item in value.items():
                if _may_be_entry(name, False):
                    self._of_entries(item if isinstance(item, list) else [item])
                self._look_for_entries(item)
        elif isinstance(value, list):
            for item in value:
                self._look_for_entries(item)

    def _of_entries(self, values: list[Any]) -> None:
        """Take in entries of a directory that are somebody's: ``CN=Alice Martin,OU=Sales,DC=acme``."""
        inner = (item for each in values if isinstance(each, dict) for item in each.values())
        for each in (*values, *inner):
            found = _ENTRY.fullmatch(each) if isinstance(each, str) else None
            if found is not None and not _NO_PEOPLE.search(found["rest"]):
                name = _unescaped(found["name"])
                if reads_as_name(name):
                    self.named[Named(name, "")] = None

    def _of_text(self, text: str) -> tuple[list[str], list[str]]:
        emails = EMAIL.findall(text) if "@" in text else []
        for email in emails:
            parts = _parts(email)
            if len(parts) >= _FEWEST and all(map(_is_word_of_name, parts)):
                self._emails.setdefault("".join(parts), email)
        if "=" in text:
            self.named |= dict.fromkeys(Named(_unescaped(each), "") for each in _DN.findall(text))
        is_name = _SHORTEST <= len(text) <= _LONGEST and text not in emails and not _STREET.match(text)
        if is_name and _NAME.search(text):
            self._texts[text] = None
        return ([text] if is_name else []), emails

    def _match(self, text: str, emails: dict[str, None]) -> None:
        for email in emails:
            parts = _parts(email)
            own = "".join(parts)
            for name in _names(text):
                if len(own) >= _SHORTEST and own in _spelled(name) and not _is_of_company(name, email):
                    self.named[Named(name, email)] = None
            if len(parts) >= _FEWEST and _is_part(text, parts):
                self.named[Named(text, email)] = None


def _is_part(text: str, parts: tuple[str, ...]) -> bool:
    """Whether a text is one of the words that an address is made of."""
    is_word = _SINGLE.match(text) is not None and text[0].isupper()
    return is_word and folded(text) in parts and all(map(_is_word_of_name, parts))


@lru_cache(8_192)
def _names(text: str) -> tuple[str, ...]:
    """What in a text may be a name of two words or more."""
    found = []
    for each in _NAME.finditer(text):
        words = WORD.findall(each[0])
        is_spelled = words[0][0].isupper() or not words[0][0].islower() or each[0] == text
        if is_spelled and all(map(_is_word_of_name, map(folded, words))):
            found.append(each[0])
        elif is_spelled:
            found += _within_name(each[0])
    return tuple(found)


def _within_name(text: str) -> list[str]:
    """Pairs of words beside each other in a text of which some are no words of names."""
    words = list(WORD.finditer(text))
    return [
        text[one.start() : other.end()]
        for one, other in pairwise(words)
        if all(word[0][0].isupper() and _is_word_of_name(folded(word[0])) for word in (one, other))
    ]


@lru_cache(8_192)
def _spelled(name: str) -> frozenset[str]:
    """What addresses of somebody of a name are made of."""
    found: set[str] = set()
    for each in {name, transliterated(name)}:
        given, family = given_and_family(each)
        found.update(spellings(given, family))
        words = WORD.findall(each)
        found.update(spellings(words[0], words[-1]), spellings(words[-1], words[0]))
    return frozenset(found)


@lru_cache(8_192)
def _parts(email: str) -> tuple[str, ...]:
    """The parts of what is before the sign, without a tag and a number."""
    return tuple(folded(each) for each in _PARTS.split(_TAIL.sub("", local_part(email))) if each)


@lru_cache(8_192)
def _is_word_of_name(word: str) -> bool:
    return word not in NO_NAMES or word in PARTICLES


def _is_of_company(name: str, email: str) -> bool:
    return next(name_words(name), "") == registered_name(email.rpartition("@")[2])


@lru_cache(8_192)
def _may_be_entry(name: str, is_person: bool) -> bool:
    """Whether a field may have somebody's entry: whom it refers to, or of the person who has it."""
    owner = _OF_ENTRY.sub("", name)
    return field(owner).is_persons or (is_person and owner != name)


@lru_cache(8_192)
def _is_of_else(name: str, is_text: bool) -> bool:
    """Whether a field is of a group, a place or a status, or of something else that has names."""
    said = field(name)
    is_other = said.is_groups or said.is_of_thing or normalized(name).endswith(_ELSE)
    # An "action" that is an object says of whom it is.
    return not said.is_persons and (is_other or (said.is_enum and is_text))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
