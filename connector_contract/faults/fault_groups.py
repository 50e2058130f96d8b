"""Rows in which the same is wrong, together, the worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from connector_contract.faults.fault import Group, Outcome, Row, Weight

_WORST = {weight: index for index, weight in enumerate(Weight)}
_GROUPS = {group: index for index, group in enumerate(Group)}


@dataclass(frozen=True)
class SameWrong:
    """Rows in which the same is wrong.

    Attributes:
        weight: How bad it is.
        outcome: What came of each.
        consequence: What Lumos does with that.
        remedy: How to put it right.
        rows: The rows, in the order of ``row_order``.
    """

    weight: Weight
    outcome: Outcome
    consequence: str
    remedy: str
    rows: tuple[Row, ...]

    @property
    def told(self) -> str:
        """What Lumos was told, where that is the same in all rows and says more than the outcome."""
        told = {row.told for row in self.rows}
        only = min(told) if len(told) == 1 else ""
        return "" if only == self.outcome.value else only

    @property
    def came(self) -> str:
        """What came of it and what Lumos was told, without saying anything twice."""
        if not self.told or self.told.startswith(self.outcome.value):
            return self.told or self.outcome.value
        return f"{self.outcome.value} ({self.told})"


def same_wrong(rows: Iterable[Row]) -> list[SameWrong]:
    """Rows grouped by what came of them, what Lumos does with that, and how to put it right; the worst first.

    Args:
        rows: In any order, which makes no difference.
    """
    groups: defaultdict[tuple[Weight, Outcome, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.weight, row.outcome, row.consequence, row.remedy].append(row)
    found = [SameWrong(*what, tuple(sorted(members, key=row_order))) for what, members in groups.items()]
    return sorted(found, key=_order)


def row_order(row: Row) -> tuple[object, ...]:
    """Where a row stands among others, whatever order they were made in: no two that differ stand alike."""
    place = 0 if row.place is None else row.place
    what = row.capability, _GROUPS[row.group], row.fault, place, row.endpoint, row.detail, row.scenario
    came = row.outcome.value, _WORST[row.weight], row.expected, row.told, row.consequence, row.remedy
    return (*what, *came, row.tolerated or "", row.evidence)


def badness(same: SameWrong) -> int:
    """How bad it is, from 0, the worst."""
    return _WORST[same.weight]


def _order(same: SameWrong) -> tuple[object, ...]:
    return badness(same), -len(same.rows), same.outcome.value, same.consequence, same.remedy
