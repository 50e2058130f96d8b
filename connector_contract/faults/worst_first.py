"""Rows grouped by what is wrong, the worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connector_contract.faults.fault import Outcome, Row, Weight

_WORST = {weight: index for index, weight in enumerate(Weight)}


@dataclass(frozen=True)
class SameWrong:
    """Rows in which the same is wrong.

    Attributes:
        weight: How bad it is.
        outcome: What came of each.
        expected: What Lumos must see.
        consequence: What Lumos does with what it saw.
        rows: The rows, by capability, endpoint and fault.
    """

    weight: Weight
    outcome: Outcome
    expected: str
    consequence: str
    rows: tuple[Row, ...]

    @property
    def capabilities(self) -> list[str]:
        """The capabilities that it is wrong in, each once."""
        return list(dict.fromkeys(row.capability for row in self.rows))


def worst_first(rows: Iterable[Row]) -> list[SameWrong]:
    """The findings and notes among rows, grouped by what is wrong; the order of the rows makes no difference.

    Args:
        rows: Of any calls. What is right, does not apply, or is tolerated is left out.
    """
    groups: dict[tuple[Weight, Outcome, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.weight is not Weight.GOOD and row.tolerated is None:
            groups[row.weight, row.outcome, row.expected, row.consequence].append(row)
    found = [SameWrong(*what, tuple(sorted(group, key=_order))) for what, group in groups.items()]
    return sorted(found, key=_badness)


def worst(rows: Sequence[Row]) -> Row | None:
    """The worst of some rows; ``None`` if there are none."""
    return min(rows, key=lambda row: (_WORST[row.weight], _order(row)), default=None)


def _badness(same: SameWrong) -> tuple[int, int, str, str, str]:
    return (_WORST[same.weight], -len(same.rows), same.outcome.value, same.expected, same.consequence)


def _order(row: Row) -> tuple[str, str, str, int, str, str]:
    return (row.capability, row.endpoint, row.fault, row.place or 0, row.scenario, row.detail)
