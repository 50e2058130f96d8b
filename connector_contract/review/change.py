"""The data: what has changed between two revisions, as a reviewer reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, NamedTuple

from connector_contract.review.stored import place_of
from connector_contract.storage.stored_names import KINDS


class Severity(Enum):
    """How much a change matters, the worst first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Its place; 0 is the worst."""
        return list(Severity).index(self)


class Kind(Enum):
    """What a change is about."""

    ACCOUNT = "account"
    RESOURCE = "resource"
    ENTITLEMENT = "entitlement"
    ASSOCIATION = "association"
    ACTIVITY = "activity"
    STATUS = "status"
    FIELD = "field"
    ERROR = "error"
    REQUEST = "request"
    PAGE = "page"
    DECLARATION = "declaration"
    OTHER = "other"


class What(Enum):
    """What has happened to it."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Request:
    """What Lumos asked for in a scenario.

    Attributes:
        capability: Its name.
        asked: With what, in words: ``in pages of 5``; empty if with nothing that is worth saying.
        scenario: The scenario, in the form of a node id.
    """

    capability: str
    asked: str
    scenario: str

    def __str__(self) -> str:
        """The request as lines name it."""
        return f"{self.capability} {self.asked}".strip()


class NewId(NamedTuple):
    """That a record has another id now.

    Attributes:
        project: Whose record it is, as ``Difference.project``.
        kind: What it is.
        old: Its id at the base, as ``explanations.canonical`` has it.
        new: Its id at the head.
    """

    project: str
    kind: Kind
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    """One thing that differs in one answer, before it is grouped with its like.

    Attributes:
        kind: What it is about.
        what: What has happened to it.
        field: The field that changed, such as ``user_status``; empty if the whole record came or went.
        old: The value at the base; ``None`` if there was none.
        new: The value at the head; ``None`` if there is none.
        record: The record's key as people read it; empty if it is about none.
        name: By what people know the record, such as an e-mail address; empty if by nothing.
        before: The whole record at the base, if there was one.
        after: The whole record at the head, if there is one.
        is_key: Whether the field is a part of what identifies the record.
        in_part: Whether the answer is some of the pages of a list.
        request: What was asked for.
        file: The stored file that shows it.
        follows: What it only follows: that the record which the field refers to has another id.
        also_in: Further files that say the same in other words: how many records a list has.
        is_place: Whether the field is a place in a document, and no field of a record.
        has_lost_key: Whether it is gone, and another record has its key now.
    """

    kind: Kind
    what: What
    field: str
    old: Any
    new: Any
    request: Request
    file: str
    record: str = ""
    name: str = ""
    before: Any = None
    after: Any = None
    is_key: bool = False
    in_part: bool = False
    follows: NewId | None = None
    also_in: tuple[str, ...] = ()
    is_place: bool = False
    has_lost_key: bool = False

    @property
    def project(self) -> str:
        """The folder of its file's project, with a slash; empty if that is the repository's."""
        projects = (self.file.partition(f"{kind}/") for kind in KINDS)
        return next((project for project, found, _ in projects if found), "")

    @property
    def identity(self) -> tuple[str, str]:
        """What it is counted by: its record, which another project may have an equal one of, or its file."""
        if self.kind is Kind.ERROR or not self.record:
            return "", self.file
        return self.project, self.record

    @property
    def is_value(self) -> bool:
        """Whether it is a value that a list or an object has got or lost, and that is no record."""
        is_own = self.kind not in (Kind.DECLARATION, Kind.STATUS, Kind.FIELD)
        return is_own and self.what is not What.CHANGED and bool(self.field) and not self.record

    @property
    def shown(self) -> str:
        """The record as lines name it: its key, and by what people know it."""
        return f"{self.record} ({self.name})" if self.name and self.name != self.record else self.record


@dataclass(frozen=True)
class Change:
    """One change: one line, however many scenarios show it.

    Attributes:
        severity: How much it matters.
        why: Why that much, in a sentence.
        kind: What it is about.
        what: What has happened to it.
        field: The field that changed; empty if whole records came or went.
        capabilities: Those whose answers show it.
        old: The value at the base, if all members share it.
        new: The value at the head, if all members share it.
        count: How many records it is about, each once; of values that came or went, and of places in
            documents, how many; of what else is about no records, how many answers.
        explained_by: What explains different values, such as ``now equals email, in 13 of 13``.
        still_in: Of records that are gone, how many of them each other request is still answered with.
        members: All differences that it is made of.
        followers: The differences in other records that only follow it: they have the new ids, too.
    """

    severity: Severity
    why: str
    kind: Kind
    what: What
    field: str
    capabilities: tuple[str, ...]
    old: Any
    new: Any
    count: int
    explained_by: str | None
    members: tuple[Difference, ...]
    still_in: tuple[tuple[str, int], ...] = ()
    followers: tuple[Difference, ...] = ()

    @property
    def scenarios(self) -> list[str]:
        """The scenarios that show it, or what follows it."""
        every = (*self.members, *self.followers)
        also = (place_of(file) for each in every for file in each.also_in)
        titles = [place.title for place in also if place is not None]
        own = (each.request.scenario for each in every)
        # A table of fields belongs to none.
        return [each for each in dict.fromkeys([*own, *titles]) if each]

    @property
    def files(self) -> list[str]:
        """The stored files that show it, or what follows it."""
        every = (*self.members, *self.followers)
        also = (file for each in every for file in each.also_in)
        return list(dict.fromkeys([*(each.file for each in every), *also]))

    @property
    def followed_by(self) -> dict[tuple[Kind, str], int]:
        """The fields of other records that only follow it, by the kind of the records, each with how many."""
        found: dict[tuple[Kind, str], set[tuple[str, str]]] = {}
        for each in self.followers:
            found.setdefault((each.kind, each.field), set()).add(each.identity)
        return {field: len(records) for field, records in found.items()}

    @property
    def shown_in(self) -> dict[str, int]:
        """What Lumos asked for, where it shows, each with how many of its records."""
        found: dict[str, set[tuple[str, str]]] = {}
        for each in self.members:
            found.setdefault(str(each.request), set()).add(each.identity)
        return {request: len(records) for request, records in found.items() if request}

    @property
    def people(self) -> list[Difference]:
        """Its records, each once, ``user-9`` before ``user-10``; of values that are no records, all."""
        if self.members and (self.members[0].is_value or self.members[0].is_place):
            return list(self.members)
        each_once: dict[tuple[str, str], Difference] = {}
        for each in self.members:
            each_once.setdefault(each.identity, each)
        return sorted(each_once.values(), key=lambda one: _by_number(one.record))


def _by_number(text: str) -> list[tuple[int, str]]:
    """A text to sort by, with the numbers in it as numbers."""
    return [(int(each), "") if each.isdecimal() else (0, each) for each in re.split(r"(\d+)", text)]


@dataclass(frozen=True)
class HttpChange:
    """A change in what was asked or said over HTTP, in one line.

    Attributes:
        text: What has changed, such as ``header x-trace: none → 'a'``.
        endpoint: Method and path, ids as ``*``; empty if it is about several.
        count: How many requests or responses it is about.
        scenarios: Those that show it.
        files: The cassettes that show it.
        severity: How much it matters.
    """

    text: str
    endpoint: str
    count: int
    scenarios: tuple[str, ...]
    files: tuple[str, ...]
    severity: ClassVar[Severity]


class Asked(HttpChange):
    """A change in what the connector asks its upstream for."""

    severity = Severity.MINOR


class Said(HttpChange):
    """A change in what the upstream says."""

    severity = Severity.INFO


@dataclass(frozen=True)
class NotUnderstood:
    """What could not be compared.

    Attributes:
        what: What it is, and why it could not be, in a sentence.
        count: How many there are.
        files: Those that have it.
    """

    what: str
    count: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class Waiver:
    """What an author has declared to demand less, at the head.

    Attributes:
        name: What is declared, such as ``waivers[complete[list_accounts]]``.
        reason: The author's.
        file: The declarations that have it.
    """

    name: str
    reason: str
    file: str


@dataclass(frozen=True)
class Review:
    """What has changed between two revisions.

    Attributes:
        base: What is compared with, as people name it: a commit.
        head: What is compared.
        changes: What Lumos would be told now, the worst first.
        requests: What the connector asks now.
        upstream: What only the upstream's bodies say.
        waivers: Those in force at the head.
        not_understood: What could not be compared.
        compared: How many files were.
        no_recordings: How many files differ that lie among the recordings, and are none.
    """

    base: str
    head: str
    changes: Sequence[Change] = ()
    requests: Sequence[Asked] = ()
    upstream: Sequence[Said] = ()
    waivers: Sequence[Waiver] = ()
    not_understood: Sequence[NotUnderstood] = ()
    compared: int = 0
    no_recordings: int = 0

    @property
    def severity(self) -> Severity | None:
        """The worst of all changes; ``None`` if nothing has changed."""
        found = [each.severity for each in self.changes]
        found += [each.severity for each in self.requests]
        found += [each.severity for each in self.upstream]
        return min(found, key=lambda each: each.rank, default=None)
