"""Pure: what a success of a broken call has otherwise, and what of it is wrong."""

from __future__ import annotations

import pytest
from fault_planning_testing import called, said

from connector_contract.faults.fault import Owed
from connector_contract.faults.moved_fields import Moved, moved, wrongs
from connector_contract.storage.json_differences import ABSENT

ANN = {"integration_specific_id": "u1", "username": "Ann Miller", "user_status": "ACTIVE"}
BOB = {"integration_specific_id": "u2", "username": "Bob", "user_status": None}
TOKEN = b"\x91\x81\xa6offset\x05".hex()


def listed(*records, **beside):
    return {"response": list(records), **beside}


CALL = called(said("/users", []), response=listed(ANN, BOB))
LENIENT = Owed(
    may_be_same=True, may_differ=True, keeps=frozenset({"u1", "u2"}), steady=frozenset({"user_status"})
)
STRICT = Owed(may_be_same=True, keeps=frozenset({"u1", "u2"}))


@pytest.mark.parametrize("name", ["email", "label"])
def test_what_is_missing_is_no_empty_text(name):
    given = {**ANN, name: "ann@example.com"}
    call = called(said("/users", []), response=listed(given, BOB))
    assert list(wrongs(call, LENIENT, listed({**given, name: ""}, BOB))) == [f"{name} of u1 is ''"]
    for other in (None, "u1"):
        assert list(wrongs(call, LENIENT, listed({**given, name: other}, BOB))) == []


def test_an_empty_text_may_be_recorded_as_one():
    given, other = {**ANN, "email": "ann@example.com"}, {**BOB, "email": ""}
    call = called(said("/users", []), response=listed(given, other))
    assert list(wrongs(call, LENIENT, listed({**given, "email": ""}, other))) == []


def test_another_text_may_be_empty():
    call = called(said("/users", []), response=listed({**ANN, "given_name": "Ann"}, BOB))
    assert list(wrongs(call, LENIENT, listed({**ANN, "given_name": ""}, BOB))) == []


def test_records_are_compared_by_their_ids():
    now = listed({**BOB, "username": None}, {"integration_specific_id": "u3"})
    assert moved(CALL, now) == [
        Moved("u1", "", ANN, ABSENT),
        Moved("u2", "username", "Bob", None),
        Moved("u3", "", ABSENT, {"integration_specific_id": "u3"}),
    ]


def test_what_is_beside_the_records_is_compared_and_raw_data_is_not():
    now = listed(ANN, BOB, page={"token": "x"}, raw_data={"GET /users": []})
    assert moved(CALL, now) == [Moved("", "page", ABSENT, {"token": "x"})]


def test_a_response_without_records_is_compared_as_it_is():
    call = called(said("/me", {}), capability="validate_credentials", response={"response": {"valid": True}})
    assert moved(call, {"response": {"valid": False}}) == [Moved("", "response.valid", True, False)]


@pytest.mark.parametrize(
    ("now", "wrong"),
    [
        (listed(ANN, BOB), []),
        (listed({**ANN, "username": None}, BOB), []),
        (listed({**ANN, "username": "Ann"}, BOB), []),
        (listed({**ANN, "user_status": None}, BOB), []),
        (listed(ANN, BOB, {"integration_specific_id": "u3"}), []),
        (listed(BOB), ["it has lost u1"]),
        (listed(), ["it has lost u1, u2"]),
        (listed({**ANN, "username": "Ann None"}, BOB), ["username of u1 is 'Ann None'"]),
        (
            listed({**ANN, "username": "{'unexpected': True}"}, BOB),
            ["username of u1 is \"{'unexpected': True}\""],
        ),
        (listed({**ANN, "user_status": "INACTIVE"}, BOB), ["user_status of u1 is 'INACTIVE'"]),
        (listed(ANN, {**BOB, "user_status": "ACTIVE"}), ["user_status of u2 is 'ACTIVE'"]),
    ],
)
def test_a_success_that_may_differ_has_all_records_and_makes_nothing_up(now, wrong):
    assert list(wrongs(CALL, LENIENT, now)) == wrong


@pytest.mark.parametrize(
    ("now", "wrong"),
    [
        (listed(ANN, BOB), []),
        (listed({**ANN, "username": None}, BOB), ["username of u1 is None"]),
        (listed(ANN, BOB, {"integration_specific_id": "u3"}), ["u3 is new"]),
        (listed(ANN), ["it has lost u2"]),
    ],
)
def test_a_success_that_may_not_differ_is_the_same(now, wrong):
    assert list(wrongs(CALL, STRICT, now)) == wrong


def test_a_name_that_has_the_word_is_no_mistake():
    none = {**ANN, "username": "None Null"}
    call = called(said("/users", []), response=listed(none))
    assert list(wrongs(call, Owed(may_differ=True), listed({**none, "username": "None"}))) == []


def test_the_recorded_success_may_be_wrong():
    assert list(wrongs(CALL, Owed(), listed(ANN, BOB))) == ["it is the recorded success"]


def test_a_page_leads_on_and_not_back():
    call = called(
        said("/users", []),
        response=listed(ANN, BOB, page={"token": "6"}),
        page={"token": {"NextPageToken": [{"offset": 5}]}},
    )
    owed = Owed(may_differ=True, leads_on=True)
    assert list(wrongs(call, owed, listed(ANN, page={"token": "6"}))) == []
    assert list(wrongs(call, owed, listed(ANN))) == ["it has no token of the next page, though there is one"]
    back = ["its page token leads to the same page again"]
    assert list(wrongs(call, owed, listed(ANN, page={"token": TOKEN}))) == back
