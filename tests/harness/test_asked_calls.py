"""What a scenario asks the connector for now, and asked before."""

from __future__ import annotations

import pytest

from connector_contract.recording.call import Call, Failure, Success
from connector_contract.recording.interactions import Cassette
from connector_contract.review.asked import Scenario
from connector_contract.review.asked_calls import are_same, call_changes
from connector_contract.review.change import Kind, What
from connector_contract.review.differences import ASKS, SIZE, STOP, TOKEN
from connector_contract.review.pairing import Pairs
from connector_contract.review.severity import CALL

TITLE, FILE = "tests/test_a.py::test_a", "cassettes/tests/test_a/test_a.yaml"


def scenario(before, after, form=2):
    cassettes = (Cassette((), tuple(calls), (), form) for calls in (before, after))
    return Scenario(TITLE, FILE, *cassettes, Pairs())


def found(before, after):
    return [
        (each.kind, each.what, each.field, each.old, each.new)
        for each in call_changes(scenario(before, after))
    ]


ONE = Success(1)


def call(capability="list_accounts", outcome=ONE, stopped=None, **asked):
    return Call(capability, outcome, asked, stopped_after=stopped)


def last_activity(*ids):
    return call("get_last_activity", request={"account_ids": list(ids)})


def test_equal_calls_have_not_changed():
    calls = [call(), call(page={"size": 5}), last_activity("u1")]
    assert found(calls, calls) == []


def test_a_call_with_something_else_though_the_response_is_the_same():
    asks = ('get_last_activity {"request": {"account_ids": ["u1"]}}',
            'get_last_activity {"request": {"account_ids": ["u2"]}}')  # fmt: skip
    assert found([last_activity("u1")], [last_activity("u2")]) == [(Kind.OTHER, What.CHANGED, ASKS, *asks)]
    (one,) = call_changes(scenario([last_activity("u1")], [last_activity("u2")]))
    assert (one.file, one.record, str(one.request)) == (
        FILE, TITLE, 'get_last_activity with account_ids ["u2"]',
    )  # fmt: skip


@pytest.mark.parametrize("part", ["settings", "auth"])
def test_any_part_of_a_call_counts(part):
    assert [field for _, _, field, *_ in found([call(**{part: {"a": 1}})], [call(**{part: {"a": 2}})])] == [
        ASKS
    ]


def test_a_call_that_is_no_longer_made_and_one_that_is_made_again():
    gone, come = (Kind.OTHER, What.REMOVED, CALL, None, None), (Kind.OTHER, What.ADDED, CALL, None, None)
    assert found([call("info"), call()], [call()]) == [gone]
    assert found([call("info")], [call("info"), call("info")]) == [come]
    assert found([call("info")], [call()]) == [gone, come]
    records = [each.record for each in call_changes(scenario([call("info")] * 3, [call("info")]))]
    assert records == [f"{TITLE}: 1. info", f"{TITLE}: 2. info"]


def test_the_pages_of_a_walk_are_one_call():
    pages = [call(page={"size": 5}), *(call(page={"size": 5, "token": each}) for each in "ab")]
    assert found(pages, pages[:2]) == []
    other = call(page={"size": 5, "token": "z"})
    assert found(pages, [pages[0], other]) == [(Kind.PAGE, What.CHANGED, TOKEN, "a", "z")]
    # A call that begins in the middle of a list is one, too.
    assert [what for _, what, *_ in found(pages[1:2], [])] == [What.REMOVED]


def test_a_walk_in_pages_of_another_size():
    assert found([call(page={"size": 5})], [call(page={"size": 6})]) == [
        (Kind.PAGE, What.CHANGED, SIZE, {"size": 5}, {"size": 6})
    ]
    assert found([call(page={"size": 5})], [call()]) == [(Kind.PAGE, What.CHANGED, SIZE, {"size": 5}, None)]


def test_a_walk_that_is_stopped_elsewhere():
    three, five, last = "after page 3", "after page 5", "after the last page"
    assert found([call(stopped=3)], [call(stopped=5)]) == [(Kind.PAGE, What.CHANGED, STOP, three, five)]
    assert found([call(stopped=3)], [call()]) == [(Kind.PAGE, What.CHANGED, STOP, three, last)]


def test_the_same_calls_in_another_order():
    assert found([call("info"), call()], [call(), call("info")]) == [
        (Kind.OTHER, What.CHANGED, ASKS, "info, list_accounts", "list_accounts, info")
    ]


def test_of_a_cassette_of_the_earlier_form_nobody_knows_the_calls():
    assert list(call_changes(scenario([], [call()], form=1))) == []
    assert are_same(scenario([], [call()], form=1))
    assert list(call_changes(scenario([], [call()], form=None))) == []


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (call(), True),
        (call(outcome=Success(2)), False),
        (call(outcome=Failure("not_found")), False),
        (call("info"), False),
        (call(stopped=1), False),
    ],
)
def test_calls_that_are_the_same_in_all_that_counts(other, same):
    assert are_same(scenario([call()], [other])) is same


def test_another_token_is_the_same_call():
    calls = [call(page={"token": token}) for token in "ab"]
    assert are_same(scenario(calls[:1], calls[1:]))
