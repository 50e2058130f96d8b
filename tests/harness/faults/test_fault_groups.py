"""Rows in which the same is wrong."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from fault_rows import CRASH, DELETED, EMPTY, NOTE

from connector_contract.faults.fault_groups import same_wrong

OTHER = replace(EMPTY, fault="status-409", told="an empty success: 0 of 3 records")


def test_the_worst_is_first_whatever_the_order():
    expected = same_wrong([EMPTY, OTHER, DELETED, CRASH, NOTE])
    assert [each.rows for each in expected] == [(EMPTY, OTHER), (DELETED,), (CRASH,), (NOTE,)]
    for rows in permutations([EMPTY, OTHER, DELETED, CRASH, NOTE]):
        assert same_wrong(rows) == expected


def test_of_equally_bad_ones_the_more_frequent_is_first():
    rare = replace(CRASH, remedy="Do it otherwise.")
    assert [each.remedy for each in same_wrong([rare, CRASH, replace(CRASH, place=2)])] == [
        CRASH.remedy,
        rare.remedy,
    ]


def test_what_lumos_was_told_does_not_tear_a_mistake_apart():
    (same,) = same_wrong([EMPTY, OTHER])
    assert same.rows == (EMPTY, OTHER)
    assert (same.told, same.came) == ("", "an empty success")


def test_nothing_is_said_twice():
    (empty,) = same_wrong([EMPTY])
    assert (empty.told, empty.came) == (EMPTY.told, EMPTY.told)
    (crash,) = same_wrong([replace(CRASH, told="internal_error")])
    assert (crash.told, crash.came) == ("", "internal_error")
    (note,) = same_wrong([NOTE])
    assert note.came == "a request that was never recorded (service_error)"
