"""Pure: what a connector does with each field, by what came of the trials."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from fault_planning_testing import called, planned, said

from connector_contract.faults import field_faults
from connector_contract.faults.field_table import (
    Came,
    Observation,
    field_table,
    never_used,
    observed,
)
from connector_contract.faults.field_use import to_json

MISSING, NULL, TYPE, OTHER = "field-missing", "field-null", "field-of-another-type", "another-value"
REFUSED, SAME, MOVED = Came.REFUSED, Came.SAME, Came.MOVED


def seen(field="email", capability="list_accounts", endpoint="GET /users", **came):
    names = {"missing": MISSING, "null": NULL, "type": TYPE, "other": OTHER, "unknown": "unknown-value"}
    return [Observation(capability, endpoint, field, names[name], each) for name, each in came.items()]


def use_of(*observations):
    return str(field_table(observations)["list_accounts"]["GET /users"]["email"])


@pytest.mark.parametrize(
    ("came", "use"),
    [
        ({"missing": REFUSED, "null": REFUSED, "type": REFUSED, "other": MOVED}, "required"),
        ({"missing": REFUSED, "other": SAME}, "required, never used"),
        ({"missing": REFUSED, "type": REFUSED}, "required"),
        ({"missing": MOVED, "null": MOVED, "type": REFUSED, "other": MOVED}, "checked"),
        ({"missing": SAME, "null": SAME, "type": REFUSED, "other": SAME}, "checked, never used"),
        ({"missing": SAME, "null": REFUSED, "type": SAME, "other": SAME}, "checked, never used"),
        ({"missing": SAME, "null": SAME, "type": MOVED, "other": MOVED}, "read"),
        ({"missing": MOVED, "other": SAME}, "read"),
        ({"missing": SAME, "other": SAME, "unknown": REFUSED}, "read"),
        ({"missing": SAME, "null": SAME, "type": SAME, "other": SAME}, "unread"),
        ({"missing": SAME, "null": SAME}, "unread"),
    ],
)
def test_the_use_of_a_field(came, use):
    assert use_of(*seen(**came)) == use


def test_what_is_strictest_counts():
    assert use_of(*seen(missing=SAME, other=SAME), *seen(missing=REFUSED)) == "required, never used"
    assert use_of(*seen(missing=REFUSED, other=SAME), *seen(other=MOVED)) == "required"


def test_the_order_of_the_trials_does_not_matter():
    found = [
        *seen("name", missing=SAME),
        *seen("email", missing=REFUSED),
        *seen("id", "get_account", missing=MOVED),
    ]
    tables = (field_table(each) for each in permutations(found))
    texts = {json.dumps({name: to_json(fields) for name, fields in each.items()}) for each in tables}
    assert texts == {
        '{"get_account": {"GET /users": {"id": "read"}}, '
        '"list_accounts": {"GET /users": {"email": "required", "name": "unread"}}}'
    }


def test_an_observation_crosses_between_processes():
    (one,) = seen(missing=REFUSED)
    assert Observation.from_json(json.loads(json.dumps(one.to_json()))) == one


def test_a_note_names_what_stops_a_connector_for_nothing():
    table = field_table(
        [
            *seen("changed", missing=REFUSED, other=SAME),
            *seen("created", missing=REFUSED, other=SAME),
            *seen("last_login", missing=SAME, type=REFUSED, other=SAME),
            *seen("id", missing=REFUSED, other=MOVED),
            *seen("unread", missing=SAME, other=SAME),
        ]
    )
    assert [each.text(5) for each in never_used(table)] == [
        "list_accounts requires changed, created of GET /users, and never uses them.",
        "list_accounts checks last_login of GET /users, and never uses it.",
    ]


CALL = called(said("/users/7", {"id": 7, "email": "a@b"}), capability="my_own", response={"response": [7]})


@pytest.mark.parametrize(
    ("response", "options", "came"),
    [
        ({"response": [7]}, {}, SAME),
        ({"response": [None]}, {}, MOVED),
        ({"is_error": True, "error": {"error_code": "invalid_response"}}, {}, REFUSED),
        (None, {}, REFUSED),
        ({"response": [7], "execution_summary": {"caught_errors": [{"message": "no id"}]}}, {}, REFUSED),
        ({"is_error": True, "error": {}}, {"is_off_script": True}, MOVED),
    ],
)
def test_what_came_of_a_trial(response, options, came):
    trial = planned(field_faults, CALL)[0]
    expected = Observation("my_own", "GET /users/*", "id", MISSING, came)
    assert observed(CALL, trial, response, **options) == expected


def test_a_trial_of_all_fields_says_nothing_of_one():
    trials = planned(field_faults, CALL, fault=field_faults.FIELDS_ADDED)
    assert [observed(CALL, each, {"response": [7]}) for each in trials] == [None, None][: len(trials)]
    assert trials
