"""Which fields of the upstream a connector requires, checks, reads, and which it does not look at: a table.

It is measured, not declared: ``field_faults`` takes a field away, and puts null, a value of another type and
another value in its place; what comes of it says what the connector does with the field. The table is stored
beside the snapshots. Where a change of a connector moves a line of it, a reviewer sees that it stops on what
it tolerated, or tolerates what it stopped on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from connector_contract.config import Json
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Group, Trial
from connector_contract.faults.fault_places import some
from connector_contract.faults.field_faults import (
    ANOTHER_VALUE,
    FIELD_MISSING,
    FIELD_NULL,
    FIELD_OF_ANOTHER_TYPE,
    UNKNOWN_VALUE,
)
from connector_contract.faults.field_use import Fields, FieldUse, Use
from connector_contract.faults.moved_fields import moved
from connector_contract.recording.matching import endpoint

_OF_A_FIELD = {
    each.name for each in (FIELD_MISSING, FIELD_NULL, FIELD_OF_ANOTHER_TYPE, UNKNOWN_VALUE, ANOTHER_VALUE)
}


class Came(Enum):
    """What came of a field that was broken."""

    REFUSED = "refused"
    SAME = "the same success"
    MOVED = "another success"


@dataclass(frozen=True)
class Observation:
    """What came of one trial of a field.

    Attributes:
        capability: What Lumos called.
        endpoint: The method and path of the request whose response has the field, with ids left out.
        field: The field's path.
        fault: The name of the fault.
        came: What came of it.
    """

    capability: str
    endpoint: str
    field: str
    fault: str
    came: Came

    def to_json(self) -> list[str]:
        """The observation as plain data: it crosses from pytest-xdist's workers."""
        return [self.capability, self.endpoint, self.field, self.fault, self.came.value]

    @classmethod
    def from_json(cls, data: Sequence[str]) -> Observation:
        """What ``to_json`` was made of."""
        capability, asked, name, fault, came = data
        return cls(capability, asked, name, fault, Came(came))


Table = Mapping[str, Fields]
"""By capability, endpoint and field, each in alphabetical order."""


def observed(
    call: BrokenCall, trial: Trial, response: Json | None, *, is_off_script: bool = False
) -> Observation | None:
    """What a trial says of a field; ``None`` if it is not about one field.

    Args:
        call: The call.
        trial: A trial of it that was replayed, and whose broken response was asked for.
        response: The connector's response; ``None`` if it gave none.
        is_off_script: Whether it asked for what nothing has recorded: it has read the field for that.
    """
    if trial.fault.group is not Group.FIELD or trial.fault.name not in _OF_A_FIELD or trial.place is None:
        return None
    asked = endpoint(call.interactions[trial.place].request)
    came = _came(call, response, is_off_script=is_off_script)
    return Observation(call.call.capability, asked, trial.detail, trial.fault.name, came)


def _came(call: BrokenCall, response: Json | None, *, is_off_script: bool) -> Came:
    if is_off_script:
        return Came.MOVED
    if response is None or response.get("is_error"):
        return Came.REFUSED
    if _caught(response) and _caught(response) != _caught(call.response):
        return Came.REFUSED
    return Came.MOVED if moved(call, response) else Came.SAME


def _caught(response: Json) -> list[Any]:
    """The errors that a success says it has caught: those of steps after the one that made it a success."""
    return list((response.get("execution_summary") or {}).get("caught_errors") or ())


def field_table(observations: Iterable[Observation]) -> Table:
    """The table of all observations, in an order that does not depend on theirs.

    Where calls differ in what they do with a field, what is strictest counts: a field that one page of a list
    requires is required.
    """
    seen: dict[tuple[str, str, str], dict[str, set[Came]]] = defaultdict(lambda: defaultdict(set))
    for each in observations:
        seen[each.capability, each.endpoint, each.field][each.fault].add(each.came)
    table: dict[str, dict[str, dict[str, FieldUse]]] = {}
    for (capability, asked, field), came in sorted(seen.items(), key=lambda item: item[0]):
        table.setdefault(capability, {}).setdefault(asked, {})[field] = _use(came)
    return table


def _use(came: Mapping[str, set[Came]]) -> FieldUse:
    refused = {fault for fault, outcomes in came.items() if Came.REFUSED in outcomes}
    is_moved = any(Came.MOVED in outcomes for outcomes in came.values())
    changes = came.get(ANOTHER_VALUE.name, set())
    never_used = changes == {Came.SAME} and not is_moved
    if FIELD_MISSING.name in refused:
        return FieldUse(Use.REQUIRED, never_used)
    if refused & {FIELD_NULL.name, FIELD_OF_ANOTHER_TYPE.name}:
        return FieldUse(Use.CHECKED, never_used)
    return FieldUse(Use.READ if is_moved or refused else Use.UNREAD)


@dataclass(frozen=True)
class NeverUsed:
    """Fields that stop a connector and are never used.

    Attributes:
        capability: What Lumos calls.
        endpoint: The method and path of the request whose response has them, with ids left out.
        use: What stops it: that they are missing, or that they are of another type.
        fields: Their paths.
    """

    capability: str
    endpoint: str
    use: Use
    fields: Sequence[str]

    def text(self, shown: int) -> str:
        """The same in a sentence that names so many of them."""
        verb = "requires" if self.use is Use.REQUIRED else "checks"
        them = "it" if len(self.fields) == 1 else "them"
        return (
            f"{self.capability} {verb} {some(self.fields, shown)} of {self.endpoint}, and never uses {them}."
        )


def never_used(table: Table) -> Iterator[NeverUsed]:
    """The fields that stop a connector and are never used, by endpoint."""
    for capability, endpoints in table.items():
        for asked, fields in endpoints.items():
            for use in (Use.REQUIRED, Use.CHECKED):
                names = [field for field, cell in fields.items() if cell == FieldUse(use, never_used=True)]
                if names:
                    yield NeverUsed(capability, asked, use, names)
