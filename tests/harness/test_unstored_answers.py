"""What has become of calls whose responses no snapshot has."""

from __future__ import annotations

from connector_contract.recording.call import Call, Failure, Success
from connector_contract.recording.interactions import Cassette
from connector_contract.review.asked import Scenario
from connector_contract.review.change import Kind, What
from connector_contract.review.differences import COUNT, OUTCOME, SPLIT
from connector_contract.review.pairing import Pairs
from connector_contract.review.unstored_answers import outcome_changes, told_by_snapshots

FILE = "cassettes/tests/test_a/test_a.yaml"
FIVE, SIX, DONE = Success(5), Success(6), Success()


def call(outcome, capability="list_accounts", snapshots=(), stopped=None, **asked):
    return Call(capability, outcome, asked, snapshots=snapshots, stopped_after=stopped)


def found(before, after, unchanged=()):
    cassettes = (Cassette((), tuple(calls)) for calls in (before, after))
    scenario = Scenario("tests/test_a.py::test_a", FILE, *cassettes, Pairs())
    changes = outcome_changes(scenario, unchanged.__contains__)
    return [(each.kind, each.field, each.old, each.new) for each in changes]


def test_an_outcome_of_another_sort():
    assert found([call(Failure("not_found"))], [call(DONE)]) == [
        (Kind.ERROR, OUTCOME, "the error not_found", "a success")
    ]
    assert found([call(FIVE)], [call(Failure("rate_limit"))]) == [
        (Kind.ERROR, OUTCOME, "a success with 5 records", "the error rate_limit")
    ]


def test_an_error_with_another_code():
    assert found([call(Failure("not_found"))], [call(Failure("rate_limit"))]) == [
        (Kind.ERROR, "error_code", "not_found", "rate_limit")
    ]


def test_what_a_snapshot_has_is_said_by_that():
    kept = ("a.json",)
    assert found([call(FIVE, snapshots=kept)], [call(Failure("x"), snapshots=kept)]) == []
    assert found([call(FIVE, snapshots=kept)], [call(SIX, snapshots=kept)]) == []
    # So it is where one side has it: that it came or went is said.
    assert found([call(FIVE, snapshots=kept)], [call(Failure("x"))]) == []


def test_what_an_unchanged_snapshot_does_not_have_is_said_by_the_call():
    failed, empty, fewer = (call(each, snapshots=("a.json",)) for each in (Failure("x"), Success(0), FIVE))
    assert found([failed], [empty], ["a.json"]) == [
        (Kind.ERROR, OUTCOME, "the error x", "a success with 0 records")
    ]
    assert found([fewer], [empty], ["a.json"]) == [(Kind.ACCOUNT, COUNT, 5, 0)]
    assert found([failed], [empty], ["b.json"]) == []


def test_which_changed_snapshots_say_how_calls_end():
    calls = [call(each, snapshots=(f"{name}.json",), a=name) for each, name in ((FIVE, "a"), (SIX, "b"))]
    other = [call(SIX, snapshots=(f"{name}.json",), a=name) for name in ("a", "b")]
    cassettes = (Cassette((), tuple(each)) for each in (calls, other))
    scenario = Scenario("tests/test_a.py::test_a", FILE, *cassettes, Pairs())
    assert told_by_snapshots(scenario, lambda _: False) == {"a.json"}
    assert told_by_snapshots(scenario, lambda _: True) == set()


def test_the_records_of_a_walk_are_counted_over_its_pages():
    first, rest = call(FIVE, page={"size": 5}), call(Success(2), page={"size": 5, "token": "a"})
    assert found(
        [first, rest],
        [call(Success(3), page={"size": 5}), call(Success(4), page={"size": 5, "token": "a"})],
    ) == [
        (
            Kind.PAGE,
            SPLIT,
            "a success with 5 records, a success with 2 records",
            "a success with 3 records, a success with 4 records",
        )
    ]
    assert found([first, rest], [first]) == [(Kind.ACCOUNT, COUNT, 7, 5)]


def test_each_walk_is_counted_by_itself():
    assert found([call(FIVE), call(SIX)], [call(FIVE), call(FIVE)]) == [(Kind.ACCOUNT, COUNT, 6, 5)]
    # One more or less is what the test asks for, and nobody is gone.
    assert found([call(FIVE), call(FIVE)], [call(FIVE)]) == []


def test_a_walk_that_failed_has_no_number_and_one_that_is_stopped_has_one_if_it_is_stopped_alike():
    assert found([call(FIVE, stopped=1)], [call(SIX, stopped=1)]) == [(Kind.ACCOUNT, COUNT, 5, 6)]
    assert found([call(FIVE, stopped=1)], [call(SIX, stopped=2)]) == []
    assert found([call(FIVE)], [call(SIX, stopped=1)]) == []
    assert found([call(DONE)], [call(FIVE)]) == []


def test_calls_are_the_same_if_they_ask_for_the_same():
    one, other = call(FIVE, request={"id": "a"}), call(SIX, request={"id": "b"})
    assert found([one], [other]) == []
    assert found([one, other], [other, one]) == []


def test_where_it_shows():
    cassettes = (Cassette((), (call(each, page={"size": 9}),)) for each in (FIVE, SIX))
    (one,) = outcome_changes(Scenario("tests/test_a.py::test_a", FILE, *cassettes, Pairs()))
    assert (one.what, one.file, str(one.request), one.request.scenario) == (
        What.CHANGED, FILE, "list_accounts in pages of 9", "tests/test_a.py::test_a",
    )  # fmt: skip
