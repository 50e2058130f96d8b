"""What the page of a sweep shows of each cell of the matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from connector_contract.faults.fault import Row
from connector_contract.faults.fault_cells import Capability, Matrix, Shown, shown
from connector_contract.faults.fault_groups import SameWrong, same_wrong
from connector_contract.faults.swept_call import key_of

# Of a cell, so many kinds of outcome; of each, so many places, and the evidence of so many rows; of what is
# right, so many places.
_KINDS, _PLACES, _PROVED, _FEW = 8, 20, 3, 5


@dataclass(frozen=True)
class Came:
    """What came of a fault, alike in all rows of it.

    Attributes:
        same: The rows.
        places: Where it was, with what is expected there: the row, each place once.
        more: How many further places there are.
        evidence: Of some rows: the place, and its lines.
        keys: What names them in ``tolerated_faults``, if they are findings.
    """

    same: SameWrong
    places: Sequence[Row]
    more: int
    evidence: Sequence[Row]
    keys: Sequence[str]


@dataclass(frozen=True)
class Cell:
    """The rows of a fault in a capability that show the same.

    Attributes:
        id: What leads to it on the page.
        connector: The connector.
        capability: What Lumos called.
        fault: The fault's name.
        shown: What the rows show.
        count: How many there are.
        came: What came of it, the worst first.
        more: How many further kinds of outcome there are.
    """

    id: str
    connector: str
    capability: str
    fault: str
    shown: Shown
    count: int
    came: Sequence[Came]
    more: int


def cells_of(matrix: Matrix) -> Mapping[Capability, Mapping[str, Sequence[Cell]]]:
    """The cells of a matrix by capability and fault; where rows show several things, the worst first."""
    numbers = count(1)
    return {
        capability: {
            fault: [_cell(f"fault-{next(numbers)}", capability, each) for each in _apart(rows)]
            for fault, rows in by_fault.items()
        }
        for capability, by_fault in matrix.cells.items()
    }


def _apart(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows by what they show, the worst first."""
    found: dict[Shown, list[Row]] = {what: [] for what in Shown}
    for row in rows:
        found[shown(row)].append(row)
    return [each for each in found.values() if each]


def _cell(name: str, capability: Capability, rows: Sequence[Row]) -> Cell:
    groups, first = same_wrong(rows), rows[0]
    came = [_came(same, shown(first)) for same in groups[:_KINDS]]
    more = max(len(groups) - _KINDS, 0)
    return Cell(name, *capability, first.fault, shown(first), len(rows), came, more)


def _came(same: SameWrong, what: Shown) -> Came:
    places = list({(row.place, row.endpoint, row.detail, row.told): row for row in same.rows}.values())
    keys = list(dict.fromkeys(map(key_of, same.rows))) if what is Shown.FINDING else []
    listed, proved = (_PLACES, _PROVED) if what in (Shown.FINDING, Shown.TOLERATED, Shown.NOTE) else (_FEW, 1)
    evidence = [row for row in same.rows if row.evidence][:proved]
    return Came(same, places[:listed], max(len(places) - listed, 0), evidence, keys)
