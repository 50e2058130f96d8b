"""How many records a list has is told where the records do not say it."""

from __future__ import annotations

from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.differences import COUNT, TWICE
from connector_contract.review.record_counts import told_once


def one(what, field="", old=None, new=None, record="", file="snapshots/a/b.json", scenario="test_a"):
    request = Request("list_accounts", "", scenario)
    return Difference(Kind.ACCOUNT, what, field, old, new, request, file, record)


def count(old, new, scenario="test_a", project=""):
    file = f"{project}cassettes/a/{scenario}.yaml"
    return one(What.CHANGED, COUNT, old, new, file=file, scenario=scenario)


GONE = [one(What.REMOVED, record=f"u{number}") for number in (1, 2)]


def test_records_that_are_gone_say_how_many_are_left_and_have_the_file_that_does():
    first, second = told_once([*GONE, count(5, 3)])
    assert (first.also_in, second) == (("cassettes/a/test_a.yaml",), GONE[1])


def test_each_file_is_beside_a_record_of_its_scenario_if_there_is_one():
    other = one(What.REMOVED, record="u1", scenario="test_b", file="snapshots/a/c.json")
    found = told_once([*GONE, other, count(5, 4, "test_b"), count(5, 4, "test_c")])
    assert [each.also_in for each in found] == [
        ("cassettes/a/test_c.yaml",), (), ("cassettes/a/test_b.yaml",)
    ]  # fmt: skip


def test_a_list_that_has_lost_more_or_has_got_some_is_told():
    for told in (count(5, 2), count(5, 6), count(5, 4, project="other/")):
        assert told_once([*GONE, told]) == [*GONE, told]


def test_what_is_listed_more_often_counts_as_often():
    twice = one(What.CHANGED, TWICE, 1, 3, "u1")
    assert len(told_once([twice, count(5, 7)])) == 1
    assert len(told_once([twice, count(5, 8)])) == 2
