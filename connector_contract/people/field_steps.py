"""What a walk through a document is to note of the fields of an object, whatever their values are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from connector_contract.people.attribute_pairs import is_placeholder
from connector_contract.people.common_words import NO_NAMES
from connector_contract.people.emails import EMAIL
from connector_contract.people.field_names import Field
from connector_contract.people.field_names import field as field_named
from connector_contract.people.leaves import KEY, Leaf
from connector_contract.people.person_records import Shape
from connector_contract.people.phones import name_and_number
from connector_contract.people.references import is_nobody, kind_of_reference
from connector_contract.people.words import WORD, folded

OBJECT, ATTRIBUTES, TEXT = 1, 2, 3
"""What names a field: an object; another field beside it, or a column; a label in a text."""
NO_FIELD = Field()
# Perhaps with an id after it, as Workday has it: "Alice Martin (100927)", "Alice Martin / 100927".
_FULL_NAME = re.compile(
    r"[^\W\d_][^\d@/:=]{0,60}[\s,][^\d@/:=]{0,60}[^\W\d_.]\.?(?: ?[(\[/-] ?[A-Za-z]{0,3}-?\d{1,12}[)\]]?)?"
)
# Two words to five, such as "Martin, Alice", "Dr. Alice O'Neil-Martin" and "Alice Martin (Sales)".
_WORDS = re.compile(rf"{WORD.pattern}(?:(?:[,.]? |['\u2019-]| \(){WORD.pattern}\)?){{1,4}}\.?")
# What somebody is called by, and no id: "amartin", "alice.martin2"; elsewhere "@amartin", "live:amartin".
_LOGIN = re.compile(r"[^\W\d_]{3,}(?:[._-][^\W\d_]+){0,3}\d{0,3}")
_HANDLE = re.compile(r"(?=.*[^\W\d_]{2})(?:https?://|www\.)[^\s/]+/\S*[^\s/]|(?=.*[^\W\d_]{2})[^\s/]{3,}")
# A number in a list of ways to reach somebody, with ten digits or with its country's code.
_DIALLED = re.compile(r"(?:\+|\(?(?=(?:\D*\d){10}))[\d ().-]{7,}")
# The address of a machine.
_OF_HOST = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?|(?=.*:.*:)[0-9a-fA-F:.]+(?:/\d+)?")
_OF_LINKS = frozenset("/?=&")
# The name of a resource by its path: "users/123", "//cloud.example.com/projects/p/serviceAccounts/s".
_PATH = re.compile(r"(?://[^\s/]+/|/)?([a-z][A-Za-z]*)/[^\s/]+(?:/[^\s/]+)*/?")
_HOLDING = frozenset(
    ("name", "given_name", "family_name", "email", "phone", "login", "number", "date", "text")
)
_FEWEST_DIGITS = 3


class Case(NamedTuple):
    """What decides about the fields of an object.

    Attributes:
        names: Their names.
        is_person: Whether the object is a person; ``None`` if nobody says.
        is_sure: Whether more than its own e-mail address says so.
        plural: What it is an item of.
        of_items: What its items are.
        held: What its value is.
        is_name: Whether it is one.
        reading: What names its fields.
        is_read: Whether its value is a name if it has the form of one.
    """

    names: tuple[str, ...]
    is_person: bool | None
    is_sure: bool = False
    plural: str | None = None
    of_items: bool | None = None
    held: str = ""
    is_name: bool = False
    reading: int = OBJECT
    is_read: bool = False


@dataclass(frozen=True)
class Step:
    """What is to be noted of a field of an object, whatever its value is.

    Attributes:
        key: The leaf of its name.
        name: Its name.
        said: What the name says.
        kind: What a text in it is.
        looks: Whether a text is to be looked at before.
        context: What an object or a list in it is to know.
        is_persons: Whether attributes in it are a person's.
        is_sure: Whether it is certain that its record is a person.
        is_lone: Whether no other field says that it is a name.
        reading: What names it.
        is_called: Whether it may have what a person is called by.
        is_ip: Whether it may have the IP address that somebody came from.
    """

    key: Leaf
    name: str
    said: Field
    kind: str
    looks: bool
    context: bool | None
    is_persons: bool | None = None
    is_sure: bool = False
    is_lone: bool = False
    reading: int = OBJECT
    is_called: bool = False
    is_ip: bool = False

    @property
    def held(self) -> str:
        """What the value of an object in it is."""
        return self.kind if self.kind in _HOLDING else ""

    @property
    def is_read(self) -> bool:
        """Whether a text in it is a name if it has the form of one."""
        return not self.kind and 0 < self.said.by_form <= self.reading

    def kind_of(self, value: str) -> str:
        """What a text in it is."""
        kind = _looked_at(self, value) if self.looks else self.kind
        return "ip" if not kind and self.is_ip and _OF_HOST.fullmatch(value) else kind

    def kind_of_number(self, value: float) -> str:
        """What a number in it is. A short one counts phones."""
        return "" if self.kind == "phone" and abs(value) < 10 ** (_FEWEST_DIGITS + 1) else self.kind


NO_STEP = Step(Leaf("", KEY, "", -1), "", NO_FIELD, "", False, None)


def steps(shape: Shape, case: Case) -> Iterator[Step]:
    """What is to be noted of each field of a shape."""
    for field, name in zip(shape.fields, shape.names, strict=True):
        yield _step(field, name, shape, case)


def _step(field: Field, name: str, shape: Shape, case: Case) -> Step:
    if case.plural and not field.is_persons:
        field = _in_plural(field, case.plural)
    kind = (field.kind if case.is_person is None else field.of_person if case.is_person else None) or ""
    if case.held and field.is_value:
        kind = case.held
    if case.is_person is None and field.is_ambiguous and shape.is_named and case.is_name:
        kind = field.of_person or ""
    is_lone = field.is_ambiguous and not (shape.is_named or case.is_name)
    is_read = 0 < field.by_form <= case.reading or (case.is_read and field.is_value)
    # PagerDuty refers to a user by type, id and "summary"; an element of XML has attributes and a text.
    is_read = is_read or (case.is_person is True and (field.is_label or field.is_value))
    is_called = case.is_person is True and (field.is_user or field.is_handle)
    is_read = is_read or (case.is_person is False and field.names_somebody)
    looks = bool(kind and kind != "photo") or field.is_persons or is_read or is_called
    return Step(
        Leaf(name, KEY, name, -1),
        name,
        field,
        kind,
        looks and (case.is_person is not False or ((field.refers > 0 or field.names_somebody) and not kind)),
        case.of_items if field.is_list else _passed(field, case.is_person),
        None if field.is_groups or field.is_about else case.is_person,
        case.is_sure or bool(case.plural),
        is_lone,
        case.reading,
        is_called,
        field.is_ip and not shape.is_host,
    )


def _looked_at(step: Step, value: str) -> str:
    kind = step.kind
    if step.reading == ATTRIBUTES and is_placeholder(value):
        return ""
    if kind in ("given_name", "family_name"):
        # "first" and "last" are also pages of a list.
        is_one = _OF_LINKS.isdisjoint(value) and not (step.said.is_ambiguous and any(map(str.isdigit, value)))
        return kind if is_one and (not step.is_lone or (step.is_sure and _is_capital(value))) else ""
    if kind in ("name", "login") and "/" in value and is_resource(value):
        return ""
    if kind == "phone":
        return kind if _is_number(value) else ""
    if kind == "email":
        # One of a person may be the part before the "@"; "email": "weekly" is a setting.
        return kind if "@" in value or step.is_sure else ""
    if kind:
        return "" if "://" in value else _of_address(value) if kind == "address" else kind
    if step.is_called and (_HANDLE if step.said.is_handle else _LOGIN).fullmatch(value):
        return "" if NO_NAMES.issuperset(map(folded, WORD.findall(value))) else "login"
    if step.said.is_persons and step.reading == OBJECT:
        both = name_and_number(value)
        if both is None:
            return _of_reference(step, value)
        return "name" if _of_reference(step, both[0]) or reads_as_name(both[0]) else ""
    return "name" if reads_as_name(value) else ""


def _of_reference(step: Step, value: str) -> str:
    is_name = _FULL_NAME.fullmatch(value) and not is_nobody(value)
    return "name" if is_name else kind_of_reference(step.said.refers, value)


def _of_address(value: str) -> str:
    """What an address is, which may be one that is dialled, or mailed to."""
    if _OF_HOST.fullmatch(value):
        return ""
    return "email" if EMAIL.fullmatch(value) else "phone" if _DIALLED.fullmatch(value) else "address"


@lru_cache(8_192)
def is_resource(value: str) -> bool:
    """Whether a text is the path of something: it begins with what there are many of."""
    found = _PATH.fullmatch(value)
    if found is None:
        return False
    said = field_named(found[1])
    return found[1].endswith("s") or said.is_persons or said.is_groups


@lru_cache(8_192)
def reads_as_name(value: str) -> bool:
    """Whether a text has the form of somebody's whole name, and no word in it is of something else."""
    if not _WORDS.fullmatch(value):
        return False
    words = WORD.findall(value)
    # Of "Seo-yeon", the first part has one.
    has_capitals = _is_capital(words[0]) and _is_capital(value.split()[-1].lstrip("("))
    return has_capitals and NO_NAMES.isdisjoint(map(folded, words))


def _is_capital(word: str) -> bool:
    first = word.lstrip()[:1]
    return first.isalpha() and not first.islower()


def _is_number(value: str) -> bool:
    digits, letters = sum(map(str.isdigit, value)), sum(map(str.isalpha, value))
    return digits >= _FEWEST_DIGITS and digits >= letters


def _passed(field: Field, is_person: bool | None) -> bool | None:
    """What the value of a field is to know of the record that it is in."""
    if field.is_persons:
        return True
    if field.is_groups or field.is_about:
        return False
    return is_person if field.is_container or field.plural or field.of_person else None


def _in_plural(field: Field, plural: str) -> Field:
    """What a field of an item of ``emails``, or of an address, says."""
    if plural == "photo":
        # Also what is further below: ``{"photo": {"thumbnails": [{"url": ...}]}}``.
        return Field("photo", "photo", plural="photo")
    if plural == "address":
        return Field("address", "address") if field.in_address or field.is_value else NO_FIELD
    if plural == "phone" and field.of_person == "number":
        return Field("number", "number")
    return Field(plural, plural) if field.in_plural else NO_FIELD
