"""Pure: the trials of the fields of records, by bodies made by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fault_planning_testing import bodies, called, not_planned, planned, said

from connector_contract.faults import field_faults
from connector_contract.faults.fault import Owed
from connector_contract.faults.field_faults import (
    ANOTHER_VALUE,
    FIELD_MISSING,
    FIELD_NULL,
    FIELD_OF_ANOTHER_TYPE,
    FIELDS_ADDED,
    KEYS_REORDERED,
    STATUSES,
    UNKNOWN_VALUE,
)
from connector_contract.faults.known_nulls import known_nulls

ANN = {"id": "u1", "email": "ann@example.com", "profile": {"phone": None}}
BOB = {"id": "u2", "email": "bob@example.com", "profile": {"phone": "+1"}}
PAGE = {"items": [ANN, BOB], "total": 2, "has_more": False}
LIST = called(said("/users", PAGE), ids=["u1", "u2"])
WRONG = {"unexpected": True}


def of_first(**fields):
    return {**PAGE, "items": [{**ANN, **fields}, BOB]}


def test_each_field_is_missing_in_the_first_record_that_has_a_value():
    found = bodies(planned(field_faults, LIST, fault=FIELD_MISSING))
    assert list(found) == [
        "items",
        "items[].id",
        "items[].email",
        "items[].profile",
        "items[].profile.phone",
        "total",
        "has_more",
    ]
    assert found["items"] == {"total": 2, "has_more": False}
    assert found["items[].email"] == {**PAGE, "items": [{"id": "u1", "profile": {"phone": None}}, BOB]}
    assert found["items[].profile.phone"] == {**PAGE, "items": [ANN, {**BOB, "profile": {}}]}


def test_what_lacks_a_field_is_an_error_that_names_it_or_has_all_records():
    owed = {each.detail: each.owed for each in planned(field_faults, LIST, fault=FIELD_MISSING)}
    assert owed["items[].profile.phone"] == Owed(
        frozenset({"invalid_response"}),
        retryable=False,
        may_be_same=True,
        may_differ=True,
        keeps=frozenset({"u1", "u2"}),
        steady=STATUSES,
        names="phone",
    )


def test_each_field_is_null_where_it_has_a_value():
    found = bodies(planned(field_faults, LIST, fault=FIELD_NULL))
    assert found["items[].email"] == of_first(email=None)
    assert found["items[]"] == {**PAGE, "items": [None, BOB]}
    assert found["items"] == {**PAGE, "items": None}


def test_a_status_may_be_made_of_a_null_that_some_record_has():
    off, on = ({"id": id_, "suspended_at": at} for id_, at in (("u1", "2024-01-01"), ("u2", None)))
    page, other = said("/users?page=1", [off]), said("/users?page=2", [on])
    for recorded, steady in (([page], STATUSES), ([page, other], frozenset())):
        call = replace(called(page), nulls=known_nulls(recorded))
        owed = {each.detail: each.owed for each in planned(field_faults, call, fault=FIELD_NULL)}
        assert owed["[].suspended_at"].steady == steady
        assert owed["[].id"].steady == STATUSES


def polled():
    """A job that is asked for until it is done, and then is gone."""
    states = ({"id": "j1", "state": "running", "rows": 1}, {"id": "j1", "state": "done", "file": "/f"})
    return called(*(said("/jobs/j1", state) for state in states), said("/jobs/j1", {}, status=404))


def test_what_is_polled_goes_on_with_the_same_change():
    def changed(fault, detail=""):
        (trial,) = (each for each in planned(field_faults, polled(), 1, fault=fault) if each.detail == detail)
        assert trial.in_turn
        return {number: json.loads(each.body) for number, each in trial.changes.items()}

    added = changed(FIELDS_ADDED, "the body")
    assert {number: (each["state"], "x_unexpected_field" in each) for number, each in added.items()} == {
        1: ("running", True),
        2: ("done", True),
    }
    assert list(changed(KEYS_REORDERED)[2]) == ["file", "state", "id"]
    assert changed(FIELD_MISSING, "id")[2] == {"state": "done", "file": "/f"}
    # The later response has no such field, and comes as it was recorded.
    assert changed(FIELD_MISSING, "rows") == {1: {"id": "j1", "state": "running"}}


def test_nobody_names_what_a_client_of_graphql_takes_away():
    def names(sent):
        call = called(said("/graphql", {"data": {"users": [ANN]}}, method="POST", sent=sent))
        return [
            {each.detail: each.owed.names for each in planned(field_faults, call, fault=fault)}
            for fault in (FIELD_MISSING, FIELD_OF_ANOTHER_TYPE)
        ]

    for found in names(b'{"query": "{ users { id } }"}'):
        assert (found["data"], found["data.users"]) == ("", "users")
    assert all(found["data"] == "data" for found in names(b"{}"))


def test_a_field_that_is_null_everywhere_can_be_missing_and_no_more():
    call = called(said("/users", [{"last_login": None}]))
    assert bodies(planned(field_faults, call, fault=FIELD_MISSING)) == {"[].last_login": [{}]}
    details = [each.detail for fault in (FIELD_NULL, FIELD_OF_ANOTHER_TYPE, ANOTHER_VALUE)
               for each in planned(field_faults, call, fault=fault)]  # fmt: skip
    assert details == ["[]", "[]"]
    why = not_planned(field_faults, called(said("/me", {"last_login": None})))
    assert why["field-null"] == "last_login is null in all records"
    assert why["field-of-another-type"] == "last_login is null in all records, and its type is not known"
    assert why["another-value"] == "last_login has no value of which there is another one"


def test_each_field_has_another_type():
    trials = planned(field_faults, LIST, fault=FIELD_OF_ANOTHER_TYPE)
    found = bodies(trials)
    assert found["items[].email"] == of_first(email=WRONG)
    assert found["items[].profile"] == of_first(profile="unexpected")
    assert found["items"] == {**PAGE, "items": WRONG}
    assert found["total"] == {**PAGE, "total": "unexpected"}
    assert {each.owed.may_differ for each in trials} == {False}
    assert {each.owed.names for each in trials} >= {"email", "items", "total"}


def test_each_field_of_a_record_has_another_value():
    trials = planned(field_faults, LIST, fault=ANOTHER_VALUE)
    found = bodies(trials)
    assert found["items[].email"] == of_first(email="xann@example.com")
    assert list(found) == ["items[].id", "items[].email", "items[].profile.phone"]
    assert {each.owed for each in trials} == {Owed(may_be_same=True, may_differ=True)}


def test_an_enum_has_an_unknown_value_in_a_record_for_each_known_one():
    users = [{"id": f"u{n}", "status": status} for n, status in enumerate(["active", "active", "gone"])]
    (trial,) = planned(field_faults, called(said("/users", users)), fault=UNKNOWN_VALUE)
    assert [each["status"] for each in bodies([trial])["[].status"]] == [
        "unexpected_value",
        "active",
        "unexpected_value",
    ]
    assert trial.owed == Owed(may_be_same=True, may_differ=True, steady=STATUSES)
    assert "unknown-value" in not_planned(field_faults, LIST)


def test_an_enum_is_missing_where_its_value_is_rare():
    users = [{"id": f"u{n}", "status": status} for n, status in enumerate(["active", "active", "gone"])]
    found = bodies(planned(field_faults, called(said("/users", users)), fault=FIELD_MISSING))
    assert found["[].status"] == [*users[:2], {"id": "u2"}]


def test_a_record_that_lumos_is_given_is_broken_rather_than_one_that_is_left_out():
    call = called(said("/users", PAGE), ids=["u2"])
    assert bodies(planned(field_faults, call, fault=FIELD_NULL))["items[].email"]["items"][1]["email"] is None


def test_new_fields_are_in_the_body_and_in_each_record():
    trials = planned(field_faults, LIST, fault=FIELDS_ADDED)
    new = {"x_unexpected_field": "unexpected"}
    assert bodies(trials) == {
        "the body": {**PAGE, **new},
        "each record": {**PAGE, "items": [{**ANN, **new}, {**BOB, **new}]},
    }
    assert {each.owed for each in trials} == {
        Owed(may_fail=False, may_be_same=True, keeps=frozenset({"u1", "u2"}))
    }


def test_the_fields_of_all_objects_are_in_another_order():
    (trial,) = planned(field_faults, LIST, fault=KEYS_REORDERED)
    body = trial.changes[1].body
    assert json.loads(body) == PAGE
    assert body.startswith(b'{"has_more":false,"total":2,"items":[{"profile"')
    why = "no object in its body has two fields"
    assert not_planned(field_faults, called(said("/users", [{"id": 1}])))["keys-reordered"] == why


@pytest.mark.parametrize(
    "body",
    [
        {"value": [ANN], "@odata.nextLink": "https://g/users?$skiptoken=x"},
        {"members": [ANN], "response_metadata": {"next_cursor": "dXNlcg=="}},
        {"_embedded": {"users": [ANN]}, "_links": {"next": {"href": "/users?page=2"}}},
    ],
)
def test_a_cursor_that_is_missing_is_the_end_and_no_fault(body):
    call = called(said("/users", body), ids=["u1"])
    for fault in (FIELD_MISSING, FIELD_NULL):
        details = [each.detail.lower() for each in planned(field_faults, call, fault=fault)]
        assert not [each for each in details if "next" in each]
    wrong = [each.detail for each in planned(field_faults, call, fault=FIELD_OF_ANOTHER_TYPE)]
    assert any("next" in each for each in wrong)


NEXT = {"items": [ANN], "total": 2, "has_more": True, "count": "1", "meta": {"after": "x"}}


def leading(ends=None):
    """The fields without which a page must lead on all the same."""
    response = {"response": [{"integration_specific_id": "u1"}], "page": {"token": "t2"}}
    call = replace(called(said("/users", NEXT), response=response), ends=ends or {})
    return {each.detail for each in planned(field_faults, call, fault=FIELD_MISSING) if each.owed.leads_on}


def test_a_page_leads_on_without_what_is_no_cursor():
    """A text beside the records may be a cursor by another name."""
    record = {"items", "items[].id", "items[].email", "items[].profile", "items[].profile.phone"}
    assert leading() == {*record, "total", "has_more"}


def test_what_a_last_page_lacks_may_be_missing():
    users = frozenset({("items",), ("total",)})
    assert "has_more" not in leading({"GET /users": frozenset({users})})
    assert "has_more" in leading({"GET /groups": frozenset({users})})


def test_a_last_page_has_no_next_one_whatever_is_missing():
    assert not any(each.owed.leads_on for each in planned(field_faults, LIST, fault=FIELD_MISSING))


def test_the_nodes_of_graphql_are_records():
    edges = [{"node": {"id": "u1", "name": "Ann"}}, {"node": {"id": "u2", "name": "Bob"}}]
    body = {"data": {"users": {"edges": edges, "pageInfo": {"hasNextPage": False, "endCursor": "x"}}}}
    found = bodies(planned(field_faults, called(said("/graphql", body, method="POST")), fault=FIELD_MISSING))
    users = found["data.users.edges[].node.name"]["data"]["users"]["edges"]
    assert users == [{"node": {"id": "u1"}}, edges[1]]
    assert "data.users.pageInfo.hasNextPage" in found


def test_records_by_id_are_not_missing_for_nobody_sees_that():
    body = {"users": {"u1": {"name": "Ann"}, "u2": {"name": "Bob"}}}
    call = called(said("/users", body))
    assert list(bodies(planned(field_faults, call, fault=FIELD_MISSING))) == ["users", "users.*.name"]
    null = {each.detail: each.owed.names for each in planned(field_faults, call, fault=FIELD_NULL)}
    assert null == {"users": "users", "users.*": "", "users.*.name": "name"}


def test_a_csv_lacks_a_column_and_has_no_types():
    call = called(said("/users", b"id,name\r\nu1,Ann\r\nu2,\r\n", ("content-type", "text/csv")))
    missing = {each.detail: each.changes[1].body for each in planned(field_faults, call, fault=FIELD_MISSING)}
    assert missing == {"[].id": b'name\r\nAnn\r\n""\r\n', "[].name": b"id\r\nu1\r\nu2\r\n"}
    null = {each.detail: each.changes[1].body for each in planned(field_faults, call, fault=FIELD_NULL)}
    assert null["[].name"] == b"id,name\r\nu1,\r\nu2,\r\n"
    assert not_planned(field_faults, call)["field-of-another-type"] == "a CSV has no types"


@pytest.mark.parametrize(
    ("interaction", "why"),
    [
        (said("/users/u404", {"detail": "none"}, status=404), "its response is a 404"),
        (said("/users/u1", b"", status=204), "its response has no body"),
        (said("/users/u1", "ok"), "its body has no fields"),
        (said("/users/u1", b"<user/>", ("content-type", "text/xml")),
         "its body is XML, whose fields are not broken one by one"),
    ],
)  # fmt: skip
def test_a_response_without_fields_says_why(interaction, why):
    found = not_planned(field_faults, called(interaction))
    assert found == dict.fromkeys([each.name for each in field_faults.FAULTS], why)


def test_a_field_is_broken_at_the_first_response_of_an_endpoint_that_has_a_value():
    call = called(
        said("/users/1", {"id": 1, "phone": None, "nick": None}),
        said("/users/2", {"id": 2, "phone": "+1", "nick": None, "fax": "x"}),
        said("/users/3", {"id": 3, "phone": "+1"}),
    )
    first, second = (list(bodies(planned(field_faults, call, n, fault=FIELD_MISSING))) for n in (1, 2))
    assert (first, second) == (["id", "nick"], ["phone", "fax"])
    again = "all its fields are broken in an earlier response of the same endpoint"
    assert not_planned(field_faults, call, 3)["field-missing"] == again
    assert not_planned(field_faults, call, 3)["fields-added"] == (
        "an earlier response of the same endpoint is changed so"
    )


def test_the_first_response_of_an_endpoint_is_changed_as_a_whole():
    call = called(said("/users/1", {"id": 1}), said("/users/2", {"id": 2, "fax": None}))
    assert len(planned(field_faults, call, 1, fault=FIELDS_ADDED)) == 1
    assert planned(field_faults, call, 2, fault=FIELDS_ADDED) == []


def test_another_endpoint_has_fields_of_its_own():
    call = called(said("/users/1", {"id": 1}), said("/groups/1", {"id": 1}))
    assert list(bodies(planned(field_faults, call, 2, fault=FIELD_MISSING))) == ["id"]


def test_a_body_with_many_fields_says_how_many_are_left_out():
    call = called(said("/me", {f"f{number}": 1 for number in range(90)}))
    assert len(planned(field_faults, call, fault=FIELD_MISSING)) == 80
    why = "it has 10 more fields than the 80 that are broken"
    assert not_planned(field_faults, call)["field-missing"] == why


def test_a_write_is_not_made_of_half_a_response():
    call = called(said("/users", {"id": "u1"}, method="POST"), capability="create_account", response={})
    assert {each.owed.may_differ for each in planned(field_faults, call, fault=FIELD_MISSING)} == {False}


def test_somebody_without_a_last_login_has_no_activity():
    response = {
        "response": [
            {"account_id": "u1", "event_type": "last_login"},
            {"account_id": "u2", "event_type": "last_login"},
        ]
    }
    users = [said(f"/users/{id_}", {"id": id_, "last_login": "2024-01-01"}) for id_ in ("u1", "u2")]
    call = called(*users, capability="get_last_activity", response=response)
    keeps = {each.detail: each.owed.keeps for each in planned(field_faults, call, fault=FIELD_NULL)}
    assert keeps["last_login"] == {"u2 / last_login"}
