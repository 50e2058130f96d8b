"""Rows grouped by what is wrong."""

from __future__ import annotations

from dataclasses import replace

from connector_contract.faults.fault import Group, Outcome, Row, Weight
from connector_contract.faults.worst_first import worst, worst_first

WRONG = Row(
    "get_account", "status-401", Group.STATUS, "GET /users/*", 1, Outcome.OTHER_CODE, Weight.WRONG,
    "unauthorized", "bad_request", "Nobody asks.",
)  # fmt: skip
LOST = replace(WRONG, capability="list_accounts", outcome=Outcome.EMPTY_SUCCESS, weight=Weight.ACCESS_LOST)
WRITE = replace(WRONG, capability="delete_account", weight=Weight.WRITE_LOST)
NOTE = replace(WRONG, outcome=Outcome.OFF_SCRIPT, weight=Weight.NOTE)
GOOD = replace(WRONG, outcome=Outcome.AS_EXPECTED, weight=Weight.GOOD)
ALL = [NOTE, GOOD, WRONG, replace(WRONG, capability="list_accounts"), WRITE, LOST]


def test_the_worst_comes_first_and_what_is_right_is_left_out():
    assert [(each.weight, len(each.rows)) for each in worst_first(ALL)] == [
        (Weight.ACCESS_LOST, 1),
        (Weight.WRITE_LOST, 1),
        (Weight.WRONG, 2),
        (Weight.NOTE, 1),
    ]
    assert worst_first([GOOD, replace(LOST, tolerated="meant")]) == []


def test_the_order_of_the_rows_makes_no_difference():
    rows = [replace(row, place=place) for row in ALL for place in (1, 2, 3)]
    for others in (rows[::-1], [*rows[7:], *rows[:7]], sorted(rows, key=lambda row: str(row.place))):
        assert worst_first(others) == worst_first(rows)


def test_of_equally_bad_ones_the_most_frequent_comes_first():
    crash = replace(WRONG, outcome=Outcome.INTERNAL_ERROR, consequence="Broken.")
    found = worst_first([WRONG, crash, replace(crash, capability="list_accounts")])
    assert [each.outcome for each in found] == [Outcome.INTERNAL_ERROR, Outcome.OTHER_CODE]
    assert found[0].capabilities == ["get_account", "list_accounts"]


def test_the_worst_of_some_rows():
    assert worst(ALL) is LOST
    assert worst([]) is None
