from dataclasses import replace

import pytest

from connector_contract.recording.call import Call, Failure, Success
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.recording.mismatch import Place
from connector_contract.recording.outcomes import changed_calls, changed_outcome, with_outcomes

PLACE = Place("test_x.py::test_x[a b]", "cassettes/x.yaml", "https://a.example")


def listed(records, *snapshots):
    return Call("list_accounts", Success(records), snapshots=snapshots)


def told(recorded, made, accepted=()):
    return str(changed_outcome(recorded, made, PLACE, accepted))


def test_equal_outcomes_are_no_change_whatever_else_differs():
    recorded = Call("x", Success(1), {"page": {"size": 1}}, (1,), (1,), ("a.json",))
    assert changed_outcome([recorded], [Call("x", Success(1))], PLACE) is None
    assert changed_outcome([], [], PLACE) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (Success(2), Success(1), "x gives a success with 1 record; recorded: a success with 2 records"),
        (
            Success(0),
            Failure("not_found"),
            "x gives the error not_found; recorded: a success with 0 records",
        ),
        (Failure("a"), Failure("b"), "x gives the error b; recorded: the error a"),
        (Failure("a"), Success(), "x gives a success; recorded: the error a"),
    ],
)
def test_a_call_that_gives_something_else(old, new, said):
    message = told([listed(1), Call("x", old)], [listed(1), Call("x", new)])
    assert message.startswith(f"Regression: {said} (call 2).")
    assert "cassette: cassettes/x.yaml" in message
    assert "pytest --snapshot-update 'test_x.py::test_x[a b]'" in message


def test_other_calls():
    assert told([listed(1)], [Call("x", Success(1))]).startswith(
        "Regression: Call 1 is x, and list_accounts is recorded."
    )
    assert told([listed(1)], []).startswith("Regression: The scenario makes 0 calls, and 1 are recorded.")
    assert told([listed(1)], [listed(1), listed(1)]).startswith(
        "Regression: The scenario makes 2 calls, and 1 are recorded."
    )


def test_of_many_changes_some_are_listed():
    message = told([listed(1)] * 9, [listed(2)] * 9)
    assert message.count("list_accounts gives") == 5
    assert "(call 5)" in message
    assert "and 4 more" in message
    assert "more" not in told([listed(1)] * 5, [listed(2)] * 5)


def test_what_came_of_a_call_is_accepted_with_the_snapshot_that_is_written_of_it():
    recorded = [listed(1, "a.json"), listed(1, "b.json")]
    both = [listed(2, "a.json"), listed(2, "b.json")]
    assert "(call 2)" in told(recorded, both, {"a.json"})
    assert changed_outcome(recorded, both, PLACE, {"a.json", "b.json"}) is None
    assert changed_outcome(recorded[:1], [recorded[0], both[1]], PLACE, {"b.json"}) is None
    assert "makes 2 calls" in told(recorded[:1], recorded, {"a.json"})
    assert "makes 1 calls" in told(recorded, recorded[:1], {"a.json"})


def get(path):
    return Interaction(Request("GET", f"https://a.example{path}"), Response(200))


def cassette(*calls):
    return Cassette((get("/users"), get("/users?page=2"), get("/users")), calls)


def changed(recorded, *made):
    error = changed_calls(cassette(*recorded), made, PLACE)
    return None if error is None else str(error).splitlines()[0]


ONE = Call("x", Success(1), {"page": {"size": 1}}, (1, 2), (), ("a.json",))


def test_equal_requests_may_be_played_to_either_call():
    assert changed([ONE], ONE) is None
    both = replace(ONE, interactions=(1,)), replace(ONE, interactions=(3,))
    assert changed(both, *reversed(both)) is None
    assert changed([ONE], replace(ONE, interactions=(2, 3))) is None


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            {"asked": {"page": {"size": 2}}},
            'x (call 1) asks for {"page": {"size": 2}}, and {"page": {"size": 1}} is recorded.',
        ),
        ({"interactions": (1,)}, "x (call 1) no longer makes GET https://a.example/users?page=2."),
        (
            {"interactions": (1, 2, 3)},
            "x (call 1) makes GET https://a.example/users, which another call has recorded.",
        ),
    ],
)
def test_a_call_that_is_not_the_recorded_one(made, said):
    assert changed([ONE], replace(ONE, **made)) == f"Request change: {said}"


def now(recorded, made):
    cassette = with_outcomes(Cassette((), tuple(recorded)), made)
    return None if cassette is None else [each.outcome for each in cassette.calls]


def test_what_comes_of_the_recorded_calls_now():
    failed = Call("list_accounts", Failure("unauthorized"), snapshots=("a.json",))
    (only,) = with_outcomes(Cassette((), (failed,)), [listed(0)]).calls
    assert only == replace(failed, outcome=Success(0))
    assert now([listed(1), failed, listed(2)], [listed(1), listed(0)]) == [Success(1), Success(0), Success(2)]
    assert now([failed], [failed]) is None
    assert now([failed], []) is None


def test_what_comes_of_other_calls_is_no_recorded_one():
    failed = Call("list_accounts", Failure("unauthorized"))
    assert now([failed], [Call("info", Success())]) is None
    assert now([failed], [Call("list_accounts", Success(0), {"page": {"size": 1}})]) is None


def test_pages_that_nobody_has_asked_for_do_not_count():
    first, rest = (Call("list_accounts", Success(2), {"page": page}) for page in ({}, {"token": "a"}))
    empty = replace(first, outcome=Success(0))
    assert now([first, rest, rest, listed(3)], [empty]) == [Success(0), Success(3)]
    assert now([first, rest], [empty, rest]) == [Success(0), Success(2)]
