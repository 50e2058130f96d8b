"""What each cell of the matrix shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fault_rows import ABSENT, CRASH, DELETED, EMPTY, GOOD, NOTE, SAME, TOLERATED, many, sweep, swept

from connector_contract.faults.fault import Group, Outcome
from connector_contract.faults.fault_cells import Shown, counts, matrix_of, shown, worst_shown

TOLERATED_ROW = swept(DELETED, tolerated=TOLERATED).rows[0]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (EMPTY, Shown.FINDING),
        (CRASH, Shown.FINDING),
        (TOLERATED_ROW, Shown.TOLERATED),
        (NOTE, Shown.NOTE),
        (SAME, Shown.SAME),
        (replace(SAME, weight=NOTE.weight), Shown.NOTE),
        (GOOD, Shown.EXPECTED),
        (replace(GOOD, outcome=Outcome.CAUGHT), Shown.EXPECTED),
        (ABSENT, Shown.ABSENT),
    ],
)
def test_a_row_shows_what_came_of_it(row, expected):
    assert shown(row) is expected


def test_the_worst_of_several_counts():
    rows = [ABSENT, GOOD, SAME, NOTE, TOLERATED_ROW, EMPTY]
    assert [worst_shown(rows[: number + 1]) for number in range(6)] == list(reversed(Shown))
    assert [worst_shown(rows[number::-1]) for number in range(6)] == list(reversed(Shown))


def test_signs_and_meanings_are_each_one_of_their_own():
    assert len({each.sign for each in Shown}) == len({each.meaning for each in Shown}) == len(Shown)
    assert {len(each.sign) for each in Shown} == {1}


def test_capabilities_and_faults_are_sorted_and_groups_in_their_order():
    matrix = matrix_of(sweep())
    assert list(matrix.cells) == [(".", "delete_account"), (".", "list_accounts")]
    assert matrix.faults == {
        Group.STATUS: ["status-401", "status-404"],
        Group.SERVER_ERROR: ["status-503-once"],
        Group.BODY: ["truncated-json", "wrong-content-type"],
        Group.PAGE: ["page-empty"],
    }
    assert matrix.cells[".", "list_accounts"]["status-401"] == [EMPTY, GOOD]
    assert matrix.calls == 3
    assert counts(matrix.rows) == {**dict.fromkeys(Shown, 1), Shown.FINDING: 2}


def test_the_order_of_calls_and_rows_makes_no_difference():
    calls = many(1_000)
    turned = [replace(call, rows=call.rows[::-1]) for call in reversed(calls)]
    assert matrix_of(turned) == matrix_of(calls)


def test_connectors_are_apart():
    matrix = matrix_of([swept(EMPTY, connector="b"), swept(GOOD, connector="a")])
    assert matrix.connectors == ["a", "b"]
    assert [rows["status-401"] for rows in matrix.cells.values()] == [[GOOD], [EMPTY]]


def test_an_empty_sweep_has_nothing():
    assert (matrix_of([]).cells, matrix_of([]).rows, matrix_of([]).connectors) == ({}, [], [])
