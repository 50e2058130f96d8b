"""Bodies that say something else, as faults."""

from __future__ import annotations

import json

import pytest
from faults_testing import JSON, asked, call_of, change_of, trial_of, why_not

from connector_contract.faults.fault import Owed
from connector_contract.faults.meaning_faults import trials

TOTAL, LINK = ("x-total-count", "8"), ("link", '<https://app.example.com/v1/users?page=2>; rel="next"')


def _call(body, *headers, **rest):
    return call_of("list_accounts", asked(body=body, headers=(*JSON, *headers), **rest))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (
            "error-200",
            {"error": {"code": "internal_server_error", "message": "The request could not be completed."}},
        ),
        ("empty-object", {}),
        ("null-body", None),
    ],
)
def test_an_object_becomes_another_one_and_any_error_is_right(name, body):
    trial = trial_of(trials(_call({"items": []}), 1), name)
    response = change_of(trial)
    assert (response.status, json.loads(response.body), trial.owed) == (200, body, Owed())
    assert dict(response.headers)["content-type"] == "application/json"


def test_graphql_says_with_200_what_is_wrong():
    document = json.loads(change_of(trial_of(trials(_call({"data": {"users": []}}), 1), "error-200")).body)
    assert (document["data"], document["errors"][0]["extensions"]) == (
        None,
        {"code": "internal_server_error"},
    )


@pytest.mark.parametrize("name", ["error-200", "empty-object", "null-body"])
@pytest.mark.parametrize(
    ("call", "why"),
    [
        (_call([1]), "its body is no object"),
        (call_of("list_accounts", asked(body=b"<a/>")), "its body is XML, and not JSON"),
        (_call({"a": 1}, status=404), "its response is no success: 404"),
        (_call(None, status=204), "its response has no body"),
    ],
)
def test_they_are_of_objects(name, call, why):
    assert why_not(trials(call, 1), name) == why


def test_an_empty_object_is_no_fault_where_it_is_recorded():
    assert why_not(trials(_call({}), 1), "empty-object") == "its body is {} as it is"
    assert trial_of(trials(_call({}), 1), "error-200").changes


def test_an_empty_list_is_one_where_a_header_counts_records():
    trial = trial_of(trials(_call([{"id": 1}], TOTAL), 1), "empty-list")
    response = change_of(trial)
    assert response.body == b"[]"
    assert TOTAL in response.headers
    assert trial.owed == Owed()


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (_call([1]), "nothing beside the list says that there is a record"),
        (_call([1], ("x-total-count", "0")), "nothing beside the list says that there is a record"),
        (_call([1], LINK), "a page in the middle of a list may be empty, and no header counts records"),
        (_call([], TOTAL), "its body is [] as it is"),
        (_call({"items": []}, TOTAL), "its body is no list"),
    ],
)
def test_an_empty_list_may_be_right_otherwise(call, why):
    assert why_not(trials(call, 1), "empty-list") == why
