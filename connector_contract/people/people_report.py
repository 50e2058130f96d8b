"""What was replaced of a tenant's people, and what may be theirs and was not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from connector_contract.people.emails import EMAIL, is_reserved
from connector_contract.people.machines import is_of_service
from connector_contract.people.phones import is_fictitious, national_number

_NAME = re.compile(r"[A-Z][a-z]+ (?:[A-Z]\.? )?[A-Z][a-z]+\Z")
_PHONE = re.compile(r"\+\d[\d ().-]{7,20}\Z")
# A number or an address that its field says to be one, in words that no list of fields has.
_SAYS_PHONE = re.compile(r"(?i)phone|mobile|landline|cell(?!s)|fax|handy")
_DIALLED = re.compile(r"(?=(?:\D*\d){7,15}\D*\Z)\(?\d[\d ()./-]+\Z")
_SAYS_ADDRESS = re.compile(r"(?i)address|stra(?:ss|ß)e|street|anschrift")
_NO_POST = re.compile(r"(?i)mail|ip|mac|url|web|host|net|memory|bit|wallet|(?:type|kind|label|id)\Z")
_ADDRESS = re.compile(r"(?=.*\d)(?=.*[^\W\d_]{3})[\w'\u2019.,#/\n -]+ [\w'\u2019.,#/\n -]+\Z")
_MOST_PLACES = 50


@dataclass(frozen=True)
class PeopleReport:
    """What was replaced.

    Attributes:
        people: How many people there are.
        fields: How many values of each kind personal fields had.
        replaced: How many values became another one.
        unreplaced: What reads as personal and stayed: what it is, and the JMESPath of its field.
        unfound: Kind and path of what an author names and no response has.
    """

    people: int
    fields: Mapping[str, int]
    replaced: int
    unreplaced: tuple[tuple[str, str], ...]
    unfound: tuple[tuple[str, str], ...] = ()


# What info and app_info say of the connector itself.
_DESCRIBED = ("response.capability_schema.", "response.app_schema.")


class Unreplaced:
    """Collects what reads as personal and is in no personal field."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], None] = {}
        self._unplaced = ""

    def look_at(self, name: str, value: str) -> None:
        """Take in a value that stayed."""
        if len(self._found) < _MOST_PLACES:
            self._unplaced = _what(name, value)

    @property
    def has_unplaced(self) -> bool:
        """Whether the last value reads as personal, and nobody has said by now where it is."""
        return bool(self._unplaced)

    def place(self, place: str) -> None:
        """Take in where the last value is."""
        if not place.startswith(_DESCRIBED):
            self._found[self._unplaced, place] = None
        self._unplaced = ""

    def found(self) -> tuple[tuple[str, str], ...]:
        """What there is, and where."""
        return tuple(sorted(self._found))


def _what(name: str, value: str) -> str:
    if value[:1] == "+" and _PHONE.match(value) and not is_fictitious(national_number(value)):
        return "a telephone number"
    if "@" in value and any(not _is_nobodys(found) for found in EMAIL.findall(value)):
        return "an e-mail address"
    if _SAYS_PHONE.search(name) and _DIALLED.match(value) and not is_fictitious(national_number(value)):
        return "a telephone number"
    if _SAYS_ADDRESS.search(name) and not _NO_POST.search(name) and _ADDRESS.match(value):
        return "an address"
    return "a name" if name.lower().endswith(("name", "by", "person")) and _NAME.match(value) else ""


def _is_nobodys(email: str) -> bool:
    return is_reserved(email) or is_of_service(email.rpartition("@")[2])
