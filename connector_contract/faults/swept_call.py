"""What came of all faults of one call, and what of it the author tolerates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, TypeVar

from connector_contract.contract.declared_less import EVERY_REQUEST, Tolerated, tolerated_of
from connector_contract.faults.fault import Row
from connector_contract.faults.field_table import NeverUsed, Observation, field_table, never_used
from connector_contract.faults.field_use import Fields

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class SweptCall:
    """What one test of the sweep reports.

    Attributes:
        connector: The connector's project and variant.
        capability: What Lumos called.
        tests: How many tests sweep a call of that capability, whichever of them run.
        rows: What came of each fault.
        tolerated: What the author tolerates, each with the reason, as ``tolerated_faults`` has it.
        observations: What the faults say of the fields of the upstream.
        table: The file that the capability's table of fields is kept in; empty if this run does not know all
            of its calls.
        scenario: The test whose recording has the call.
        cassette: The file of that recording.
        why_not: Why the call was not broken, in a clause; empty if it was.
        is_changed: Whether that is because the connector does something else than recorded.
    """

    connector: str
    capability: str
    tests: int
    rows: Sequence[Row] = ()
    tolerated: Mapping[str, str] = field(default_factory=dict)
    observations: Sequence[Observation] = ()
    table: str = ""
    scenario: str = ""
    cassette: str = ""
    why_not: str = ""
    is_changed: bool = False

    @property
    def findings(self) -> list[Row]:
        """What fails the test."""
        return [row for row in self.rows if row.is_finding]

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            **vars(self),
            "rows": [row.to_json() for row in self.rows],
            "tolerated": dict(self.tolerated),
            "observations": [each.to_json() for each in self.observations],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SweptCall:
        """What ``to_json`` was made of."""
        rows = [Row.from_json(row) for row in data["rows"]]
        observations = [Observation.from_json(each) for each in data["observations"]]
        return cls(**{**data, "rows": rows, "observations": observations})


def tolerating(rows: Iterable[Row], tolerated: Mapping[str, str]) -> Iterator[Row]:
    """The rows, with the author's reason beside each finding that is tolerated."""
    by_key = {tolerated_of(key): why for key, why in tolerated.items()}
    for row in rows:
        covering = _covering(row, by_key) if row.is_finding else None
        yield row if covering is None else replace(row, tolerated=by_key[covering])


def key_of(row: Row) -> str:
    """What names a row in ``tolerated_faults``."""
    return str(_named(row))


def _named(row: Row) -> Tolerated:
    return Tolerated(row.fault, row.capability, row.endpoint or EVERY_REQUEST)


def _covering(row: Row, tolerated: Iterable[Tolerated]) -> Tolerated | None:
    """What the author tolerates that a row is one of; ``None`` if nothing.

    What names the row comes before what stands for it, and then what has fewer stars.
    """
    found = [each for each in tolerated if each.covers(_named(row))]
    return min(found, key=lambda each: each.endpoint.count("*"), default=None)


def unneeded(swept: Sequence[SweptCall]) -> dict[str, str]:
    """What is tolerated and was survived in each call, with the author's reason.

    Only a connector whose tests have all run, each with its call broken, can say that of a capability.
    """
    found: dict[str, str] = {}
    by_capability = _by(lambda each: (each.connector, each.capability), swept)
    for (_, capability), own in by_capability.items():
        if len(own) < own[0].tests or any(each.why_not for each in own):
            continue
        declared = {key: why for each in own for key, why in each.tolerated.items()}
        about = {
            each: why
            for each, why in ((tolerated_of(key), why) for key, why in declared.items())
            if each.capability == capability
        }
        needed = {_covering(row, about) for each in own for row in each.rows if row.tolerated is not None}
        found |= {str(each): why for each, why in about.items() if each not in needed}
    return found


def meant(unneeded: Iterable[str], swept: Iterable[SweptCall]) -> dict[str, str]:
    """What the author may have meant by what is tolerated for nothing: the likest finding of the same fault.

    Args:
        unneeded: What is tolerated for nothing.
        swept: What was broken.
    """
    findings = {_named(row) for each in swept for row in each.findings}
    found: dict[str, str] = {}
    for key in unneeded:
        fault, capability, endpoint = tolerated_of(key)
        near = {
            each.endpoint: each for each in findings if (each.fault, each.capability) == (fault, capability)
        }
        for likest in get_close_matches(endpoint, sorted(near), n=1):
            found[key] = str(near[likest])
    return found


def not_broken(swept: Iterable[SweptCall]) -> list[SweptCall]:
    """The calls that could not be broken, whatever order they come in."""
    found = [each for each in swept if each.why_not]
    return sorted(found, key=lambda each: (each.connector, each.capability, each.scenario))


def _by(key: Callable[[SweptCall], _Key], swept: Iterable[SweptCall]) -> dict[_Key, list[SweptCall]]:
    found: dict[_Key, list[SweptCall]] = {}
    for each in swept:
        found.setdefault(key(each), []).append(each)
    return found


@dataclass(frozen=True)
class FieldsSeen:
    """What a run has seen a capability do with the fields of its upstream.

    Attributes:
        capability: What Lumos calls.
        table: The file that it is kept in; empty if not all of its recordings are collected, or a call could
            not be broken.
        fields: What it does with each field; ``None`` if not all of its calls were broken, so that nobody
            knows.
        connector: The connector's project and variant.
    """

    capability: str
    table: str
    fields: Fields | None
    connector: str = ""

    @property
    def never_used(self) -> list[NeverUsed]:
        """The fields that stop it, and that it never uses."""
        return [*never_used({self.capability: self.fields or {}})]


def fields_seen(swept: Sequence[SweptCall], recorded: Collection[str] = ()) -> list[FieldsSeen]:
    """What each capability of each connector does with the fields of its upstream.

    Args:
        swept: What was broken.
        recorded: The capabilities that the run has recorded calls of, which it could not break yet.
    """
    return [
        FieldsSeen(
            capability,
            table,
            _fields(capability, own) if table and capability not in recorded else None,
            own[0].connector,
        )
        for (table, capability), own in sorted(_by(lambda each: (each.table, each.capability), swept).items())
    ]


def never_used_texts(seen: Sequence[FieldsSeen], shown: int) -> list[str]:
    """The fields that stop a connector and that it never uses, in sentences.

    Args:
        seen: What each capability of each connector does with them. Of several, each sentence names its own.
        shown: How many fields a sentence names at most.
    """
    is_one = len({each.connector for each in seen}) == 1
    return [
        note.text(shown) if is_one else f"{each.connector}: {note.text(shown)}"
        for each in seen
        for note in each.never_used
    ]


def _fields(capability: str, own: Sequence[SweptCall]) -> Fields | None:
    if len(own) < own[0].tests:
        return None
    return field_table(one for each in own for one in each.observations).get(capability, {})
