"""The rules **agreement** and **errors** for one application, or one account in it."""

from __future__ import annotations

import pytest
from rules_testing import listed, page, told, walk

from connector_contract.contract.rules.agreement import agreement_breach, samples
from connector_contract.contract.rules.applications import assignment_lists, not_assigned

ASKED = {"application_instance_id": "a1"}


def application(id_="a1", status="ACTIVE", **fields):
    return {
        "id": id_,
        "name": "crm",
        "status": status,
        "assignment_modes": ["ACCOUNT", "ENTITLEMENT"],
    } | fields


def member(user="u1", app="a1", status="ACTIVE"):
    return {"account_id": user, "application_instance_id": app, "status": status}


APPLICATIONS = listed("list_applications", application(), application("a2", "INACTIVE"))
MEMBERS = listed("list_applications_accounts", member(), member("u2", "a2", "PENDING"))


def said(name, record, request, full):
    one = walk({"response": record}, name=name, key_fields=full.key_fields)
    return [(title, records) for _, title, records in told(agreement_breach(one, request, full))]


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(application(), id="the same"),
        pytest.param(application(assignment_modes=["ENTITLEMENT", "ACCOUNT"]), id="in another order"),
        pytest.param(application(display_name="CRM"), id="with more than the list has"),
    ],
)
def test_an_application_is_as_it_is_listed(record):
    assert said("get_application", record, ASKED, APPLICATIONS) == []


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            application(status="INACTIVE", name="CRM"),
            [
                (
                    "it disagrees with list_applications",
                    ["a1: status 'INACTIVE', listed as 'ACTIVE'", "a1: name 'CRM', listed as 'crm'"],
                )
            ],
        ),
        (
            application("a2", "INACTIVE"),
            [("it returns 1 application that it was not asked for", ["a2"])],
        ),
    ],
)
def test_another_application_is_a_breach(record, expected):
    assert said("get_application", record, ASKED, APPLICATIONS) == expected


def test_an_application_that_is_not_listed_is_a_breach():
    request = {"application_instance_id": "a9"}
    assert said("get_application", application("a9"), request, APPLICATIONS) == [
        ("it returns a9, which list_applications does not have", [])
    ]
    sample = walk(
        {**page(application()), "page": {"token": "2"}}, name="list_applications", key_fields=("id",)
    )
    assert said("get_application", application("a9"), request, sample) == []


def test_an_account_in_an_application_is_as_it_is_listed():
    request = {**ASKED, "account_id": "u1"}
    assert said("get_application_account", member(), request, MEMBERS) == []
    assert said("get_application_account", member(status="PENDING"), request, MEMBERS) == [
        ("it disagrees with list_applications_accounts", ["u1 / a1: status 'PENDING', listed as 'ACTIVE'"])
    ]
    assert said("get_application_account", member(app="a2"), request, MEMBERS) == [
        ("it returns u1 / a2, and was asked for the application a1", [])
    ]


def test_some_others_are_asked_for():
    assert samples("get_application", {}, APPLICATIONS) == [
        {"application_instance_id": "a1"},
        {"application_instance_id": "a2"},
    ]
    assert samples("get_application_account", {}, MEMBERS) == [
        {"account_id": "u1", "application_instance_id": "a1"},
        {"account_id": "u2", "application_instance_id": "a2"},
    ]
    assert samples("get_last_activity", {}, MEMBERS) == samples("get_application", {}, None) == []


def test_an_account_that_is_not_assigned_is_found_where_there_is_one():
    gone = {"integration_specific_id": "u0", "user_status": "DELETED"}
    accounts = listed("list_accounts", gone, *({"integration_specific_id": id_} for id_ in ("u1", "u2")))
    one = listed("list_applications", application())
    assert not_assigned(MEMBERS, APPLICATIONS, accounts) == {
        "account_id": "u2",
        "application_instance_id": "a1",
    }
    everybody = listed("list_applications_accounts", member(), member("u2"))
    assert not_assigned(everybody, one, accounts) is None
    sample = walk({**page(member()), "page": {"token": "2"}}, name="list_applications_accounts")
    assert not_assigned(sample, APPLICATIONS, accounts) is None
    assert assignment_lists("get_application") == ()
