"""What came of all faults of one call, and what of it the author tolerates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connector_contract.contract.declared_less import EVERY_REQUEST, Tolerated
from connector_contract.faults.fault import Row


@dataclass(frozen=True)
class SweptCall:
    """What one test of the sweep reports.

    Attributes:
        connector: The connector's project and variant.
        capability: What Lumos called.
        tests: How many tests sweep a call of that capability, whichever of them run.
        rows: What came of each fault.
        tolerated: What the author tolerates, each with the reason, as ``tolerated_faults`` has it.
    """

    connector: str
    capability: str
    tests: int
    rows: Sequence[Row] = ()
    tolerated: Mapping[str, str] = field(default_factory=dict)

    @property
    def findings(self) -> list[Row]:
        """What fails the test."""
        return [row for row in self.rows if row.is_finding]

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {**vars(self), "rows": [row.to_json() for row in self.rows], "tolerated": dict(self.tolerated)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SweptCall:
        """What ``to_json`` was made of."""
        return cls(**{**data, "rows": [Row.from_json(row) for row in data["rows"]]})


def tolerating(rows: Iterable[Row], tolerated: Mapping[str, str]) -> Iterator[Row]:
    """The rows, with the author's reason beside each finding that is tolerated."""
    for row in rows:
        reason = tolerated.get(key_of(row)) if row.is_finding else None
        yield row if reason is None else replace(row, tolerated=reason)


def key_of(row: Row) -> str:
    """What names a row in ``tolerated_faults``."""
    return str(Tolerated(row.fault, row.capability, row.endpoint or EVERY_REQUEST))


def unneeded(swept: Sequence[SweptCall]) -> dict[str, str]:
    """What is tolerated and was survived in each call, with the author's reason.

    Only a connector whose tests have all run can say that of a capability.
    """
    found: dict[str, str] = {}
    for connector, capability in dict.fromkeys((each.connector, each.capability) for each in swept):
        own = [each for each in swept if (each.connector, each.capability) == (connector, capability)]
        if len(own) < own[0].tests:
            continue
        needed = {key_of(row) for each in own for row in each.rows if row.tolerated is not None}
        declared = {key: why for each in own for key, why in each.tolerated.items()}
        about = {key: why for key, why in declared.items() if _is_about(key, capability)}
        found |= {key: why for key, why in about.items() if key not in needed}
    return found


def _is_about(key: str, capability: str) -> bool:
    return key.partition("[")[2].startswith(f"{capability}-")
