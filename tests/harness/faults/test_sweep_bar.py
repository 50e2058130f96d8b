"""How far a sweep has come, in a line."""

from __future__ import annotations

import pytest
from fault_rows import ABSENT, CRASH, DELETED, EMPTY, GOOD, TOLERATED, swept

from connector_contract.faults.sweep_bar import SweepProgress, is_sweep, sweeps


def test_the_bar_grows_with_the_calls():
    assert SweepProgress(0, 47).line == "faults [....................] 0 of 47 calls, 0 replayed, 0 findings"
    assert (
        SweepProgress(24, 47, 3_672, 1).line
        == "faults [##########..........] 24 of 47 calls, 3,672 replayed, 1 finding"
    )
    assert SweepProgress(1, 1).line == "faults [####################] 1 of 1 call, 0 replayed, 0 findings"
    assert SweepProgress(0, 0).line == "faults [....................] 0 of 0 calls, 0 replayed, 0 findings"


def test_a_call_adds_what_was_replayed_and_found():
    progress = SweepProgress(0, 3).after(swept(GOOD, ABSENT, EMPTY, CRASH))
    assert progress == SweepProgress(1, 3, 3, 2)
    assert progress.after(swept(DELETED, tolerated=TOLERATED)) == SweepProgress(2, 3, 4, 2)
    assert progress.after(None) == SweepProgress(2, 3, 3, 2)


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("test_a.py::test_b::faults[list_accounts-1]", True),
        ("test_a.py::TestC::reads[list_accounts]::faults[list_accounts-12]@group", True),
        ("test_a.py::test_b::faults[unreadable]", True),
        ("test_a.py::test_b[x]", False),
        ("test_a.py::test_b[::faults]", False),
        ("test_a.py::test_b[::faults[a-1]x]", False),
    ],
)
def test_a_test_of_the_sweep_is_known_by_its_id(nodeid, expected):
    assert is_sweep(nodeid) is expected
    assert sweeps([nodeid, nodeid]) == 2 * expected
