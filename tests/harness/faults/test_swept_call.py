"""What the author tolerates, and what no longer needs it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from connector_contract.faults.fault import Group, Outcome, Row, Weight
from connector_contract.faults.field_table import Came, Observation
from connector_contract.faults.field_use import to_json
from connector_contract.faults.swept_call import (
    FieldsSeen,
    SweptCall,
    fields_seen,
    key_of,
    meant,
    tolerating,
    unneeded,
)

BAD = Row(
    "delete_account",
    "status-404",
    Group.STATUS,
    "DELETE /users/*",
    1,
    Outcome.OTHER_SUCCESS,
    Weight.WRITE_LOST,
    "not_found",
    "a success",
    evidence=("DELETE /users/1",),
)
GOOD = replace(BAD, outcome=Outcome.AS_EXPECTED, weight=Weight.GOOD)
KEY = "status-404[delete_account-DELETE /users/*]"
TOLERATED = {KEY: "who is gone is deleted"}


def swept(*rows, tests=1, tolerated=TOLERATED, connector="."):
    return SweptCall(connector, "delete_account", tests, [*tolerating(rows, tolerated)], tolerated)


def seen(name, came, tests=1, table="/a.fields.json", capability="list_accounts", **more):
    observation = Observation(capability, "GET /users", name, "field-missing", came)
    return SweptCall(".", capability, tests, observations=[observation], table=table, **more)


def test_a_row_is_named_as_the_author_writes_it():
    assert key_of(BAD) == KEY
    assert key_of(replace(BAD, endpoint="")) == "status-404[delete_account-every request]"


STARRED = "status-404[delete_account-DELETE /*/*]"


@pytest.mark.parametrize(
    ("tolerated", "reason"),
    [
        ({STARRED: "all"}, "all"),
        ({STARRED: "all", KEY: "its own"}, "its own"),
        ({STARRED.replace("404", "403"): "another"}, None),
        ({STARRED.replace("/*/*", "/*"): "a shorter path"}, None),
        ({STARRED.replace("DELETE", "GET"): "another method"}, None),
        ({"status-404[delete_account-every request]": "another place"}, None),
    ],
)
def test_a_star_stands_for_one_part_of_a_path(tolerated, reason):
    call = swept(BAD, tolerated=tolerated)
    assert call.rows[0].tolerated == reason
    assert unneeded([call]) == {key: why for key, why in tolerated.items() if why != reason}


def test_a_tolerated_finding_is_none():
    assert swept(BAD).findings == []
    assert swept(BAD).rows[0].tolerated == "who is gone is deleted"


@pytest.mark.parametrize(
    "other",
    [
        replace(BAD, fault="status-403"),
        replace(BAD, endpoint="GET /users/*"),
        replace(BAD, capability="deactivate_account"),
    ],
)
def test_nothing_else_is_tolerated_with_it(other):
    assert swept(other).findings == [other]


def test_what_is_survived_needs_no_toleration():
    assert unneeded([swept(GOOD)]) == TOLERATED
    assert unneeded([swept(GOOD, tests=2), swept(BAD, tests=2)]) == {}
    assert unneeded([swept()]) == TOLERATED


@pytest.mark.parametrize(
    ("endpoint", "found"),
    [("DELETE /user/*", KEY), ("DELETE /users/*/x", KEY), ("POST /groups", None), ("every request", None)],
)
def test_a_misspelt_endpoint_is_said_beside_the_finding_that_it_may_be_meant_for(endpoint, found):
    key = f"status-404[delete_account-{endpoint}]"
    call = swept(BAD, replace(BAD, fault="status-403"), tolerated={key: "gone"})
    assert unneeded([call]) == {key: "gone"}
    assert meant([key], [call]) == ({} if found is None else {key: found})
    assert meant([key], [swept(GOOD)]) == {}


def test_nobody_knows_before_all_tests_of_the_capability_have_run():
    assert unneeded([swept(GOOD, tests=2)]) == {}
    assert unneeded([swept(GOOD, tests=2), replace(swept(tests=2), why_not="it asks otherwise")]) == {}


def test_connectors_are_apart():
    assert unneeded([swept(GOOD, connector="a"), swept(BAD, connector="b")]) == TOLERATED


def test_another_capability_says_nothing():
    other = SweptCall(".", "create_account", 1, [], TOLERATED)
    assert unneeded([other]) == {}


def test_what_crosses_between_processes_stays_the_same():
    call = seen("email", Came.REFUSED, rows=[BAD, GOOD], tolerated=TOLERATED)
    assert SweptCall.from_json(json.loads(json.dumps(call.to_json()))) == call


def test_the_fields_of_a_capability_are_those_of_all_its_calls():
    calls = [seen("email", Came.SAME, 2), seen("email", Came.REFUSED, 2)]
    (one,) = fields_seen(calls)
    assert (one.capability, one.table) == ("list_accounts", "/a.fields.json")
    assert to_json(one.fields) == {"GET /users": {"email": "required"}}


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param([seen("email", Came.SAME, 2)], id="a test has not run"),
        pytest.param([seen("email", Came.SAME, table="")], id="a recording is not collected"),
    ],
)
def test_without_all_calls_nobody_knows_the_fields(calls):
    assert [(each.capability, each.fields) for each in fields_seen(calls)] == [("list_accounts", None)]


def test_a_call_that_was_not_broken_leaves_the_fields_unknown():
    calls = [seen("email", Came.SAME, 2), replace(seen("email", Came.SAME, 2), observations=[], table="")]
    assert [each.fields for each in fields_seen(calls)] == [None, None]


def test_two_connectors_of_a_project_have_tables_of_their_own():
    calls = [seen("email", Came.SAME, table=f"/{name}.fields.json") for name in "ba"]
    assert [each.table for each in fields_seen(calls)] == ["/a.fields.json", "/b.fields.json"]


def test_a_capability_whose_upstream_has_no_fields_has_an_empty_table():
    assert fields_seen([replace(seen("x", Came.SAME), observations=[])]) == [
        FieldsSeen("list_accounts", "/a.fields.json", {}, ".")
    ]
