"""The matrix of a sweep, capability by fault: what each cell shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from connector_contract.faults.fault import Group, Outcome, Row, Weight
from connector_contract.faults.fault_groups import row_order
from connector_contract.faults.swept_call import SweptCall


class Shown(Enum):
    """What a row shows, the worst first: its sign and what that means."""

    FINDING = "X", "finding"
    TOLERATED = "T", "tolerated"
    NOTE = "?", "note"
    SAME = "=", "the same success"
    EXPECTED = ".", "as expected"
    ABSENT = "-", "does not apply"

    @property
    def sign(self) -> str:
        """One character."""
        return self.value[0]

    @property
    def meaning(self) -> str:
        """In words."""
        return self.value[1]


_WORST = {shown: index for index, shown in enumerate(Shown)}


def shown(row: Row) -> Shown:
    """What a row shows."""
    if row.tolerated is not None:
        return Shown.TOLERATED
    if row.is_finding:
        return Shown.FINDING
    if row.weight is Weight.NOTE:
        return Shown.NOTE
    if row.outcome is Outcome.NOT_APPLICABLE:
        return Shown.ABSENT
    return Shown.SAME if row.outcome is Outcome.SAME_SUCCESS else Shown.EXPECTED


def worst_shown(rows: Sequence[Row]) -> Shown:
    """What the worst of some rows shows; at least one."""
    return min(map(shown, rows), key=_WORST.__getitem__)


Capability = tuple[str, str]
"""A connector, and what Lumos calls of it."""


@dataclass(frozen=True)
class Matrix:
    """What came of each fault in each capability.

    Attributes:
        faults: The faults that were tried, or that do not apply, by group.
        cells: The rows of each capability by fault, in the order of ``row_order``.
        calls: How many calls were broken.
    """

    faults: Mapping[Group, Sequence[str]]
    cells: Mapping[Capability, Mapping[str, Sequence[Row]]]
    calls: int

    @property
    def rows(self) -> list[Row]:
        """All rows, by connector, and then in the order of ``row_order``."""
        return [row for by_fault in self.cells.values() for rows in by_fault.values() for row in rows]

    @property
    def connectors(self) -> list[str]:
        """The connectors, each once."""
        return list(dict.fromkeys(connector for connector, _ in self.cells))

    def of(self, capability: Capability, group: Group) -> list[Row]:
        """The rows of a capability in a group of faults."""
        return [row for fault in self.faults[group] for row in self.cells[capability].get(fault, ())]


def matrix_of(swept: Sequence[SweptCall]) -> Matrix:
    """The matrix of a sweep; the order of the calls makes no difference."""
    cells: defaultdict[Capability, list[Row]] = defaultdict(list)
    groups: defaultdict[Group, set[str]] = defaultdict(set)
    for each in swept:
        cells[each.connector, each.capability] += each.rows
        for row in each.rows:
            groups[row.group].add(row.fault)
    return Matrix(
        {group: sorted(groups[group]) for group in Group if group in groups},
        {capability: _by_fault(cells[capability]) for capability in sorted(cells)},
        sum(bool(each.rows) for each in swept),
    )


def _by_fault(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=row_order):
        found[row.fault].append(row)
    return dict(found)


def counts(rows: Sequence[Row]) -> Counter[Shown]:
    """How many rows show what."""
    return Counter(map(shown, rows))
