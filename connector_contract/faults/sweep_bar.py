"""How far a fault sweep has come, in a line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from connector_contract.faults.fault import Outcome
from connector_contract.faults.swept_call import SweptCall
from connector_contract.reporting.messages import counted

UNREADABLE = "unreadable"
"""In the name of a test, in place of a call, for a recording that cannot be read."""

_LENGTH = 20
# pytest-xdist adds the group of a test that has one.
_SWEEPS = re.compile(rf"::faults\[(\w+-\d+|{UNREADABLE})](@|$)")


@dataclass(frozen=True)
class SweepProgress:
    """How far a sweep has come.

    Attributes:
        calls: How many calls are done.
        of: How many there are.
        faults: How many faults were replayed.
        findings: How many of them are findings.
    """

    calls: int
    of: int
    faults: int = 0
    findings: int = 0

    @property
    def line(self) -> str:
        """The same in words, with a bar."""
        full = _LENGTH * self.calls // self.of if self.of else 0
        bar = "#" * full + "." * (_LENGTH - full)
        return (
            f"faults [{bar}] {self.calls} of {counted(self.of, 'call')}, "
            f"{self.faults:,} replayed, {counted(self.findings, 'finding')}"
        )

    def after(self, swept: SweptCall | None) -> SweepProgress:
        """How far it has come with another call; ``None`` for one of which nothing is known."""
        rows = () if swept is None else swept.rows
        replayed = sum(row.outcome is not Outcome.NOT_APPLICABLE for row in rows)
        findings = sum(row.is_finding for row in rows)
        return SweepProgress(self.calls + 1, self.of, self.faults + replayed, self.findings + findings)


def sweeps(nodeids: Iterable[str]) -> int:
    """How many tests are of the sweep, by their ids."""
    return sum(is_sweep(each) for each in nodeids)


def is_sweep(nodeid: str) -> bool:
    """Whether a test is of the sweep, by its id."""
    return _SWEEPS.search(nodeid) is not None
