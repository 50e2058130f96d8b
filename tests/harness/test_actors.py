"""The rule **references** of activities: who did something, and to whom, is an account."""

from __future__ import annotations

import pytest
from rules_testing import listed, told, walk

from connector_contract.contract.rules.actors import (
    actor_breach,
    actor_lists,
    actor_remarks,
    unknown_actors,
)

RECORDS = "list_activity_records"
PEOPLE = listed(
    "list_accounts",
    {"integration_specific_id": "u1", "email": "Alice@example.com", "username": "alice"},
    {"integration_specific_id": "u2", "email": None, "resource_id": "user:u2"},
    {"integration_specific_id": "bob@example.com", "email": "Bob@example.com"},
)
ROBOTS = listed("list_non_human_accounts", {"id": "r1", "resource_id": "role:r1"}, key_fields=("id",))
LISTS = {"list_accounts": PEOPLE, "list_non_human_accounts": ROBOTS}


def done(*actors, target=None, name=RECORDS):
    targets = [
        {"entitlement": {"id": "admin", "type": "Role"}},
        *([{"account_id": target}] if target else []),
    ]
    records = [
        {"id": f"e{n}", "actor": {"account_id": id_}, "targets": targets} for n, id_ in enumerate(actors)
    ]
    return listed(name, *records, key_fields=("id",))


def part(of):
    return walk({**of.pages[0], "page": {"token": "2"}}, name=of.capability, key_fields=of.key_fields)


def test_the_lists_of_accounts():
    assert actor_lists(RECORDS) == actor_lists("list_applications_activity_records") == list(LISTS)
    assert actor_lists("list_expenses") == []


@pytest.mark.parametrize(
    "activities",
    [
        pytest.param(done("u1", "u2", "u1", "bob@example.com"), id="people"),
        pytest.param(done("r1"), id="a machine"),
        pytest.param(done("u1", target="u2"), id="what was done to somebody"),
        pytest.param(done(), id="nothing was done"),
        pytest.param(done("u1", name="list_applications_activity_records"), id="in an application"),
        pytest.param(listed("list_expenses", {"actor": {"account_id": "u9"}}), id="another list"),
    ],
)
def test_accounts_that_are_listed(activities):
    assert told(actor_breach(activities, LISTS)) == []
    assert list(actor_remarks(activities, LISTS)) == []
    assert unknown_actors(activities, LISTS) == 0


@pytest.mark.parametrize(
    ("activities", "line"),
    [
        (done("alice@example.com"), "'alice@example.com': the email of 'u1' in list_accounts"),
        (done("u1", target="alice"), "'alice': the username of 'u1' in list_accounts"),
        (done("user:u2"), "'user:u2': the resource_id of 'u2' in list_accounts"),
        (done("role:r1", "u9"), "'role:r1': the resource_id of 'r1' in list_non_human_accounts"),
    ],
)
def test_an_account_by_another_field_than_its_id(activities, line):
    title = "1 value of account_id is another field of an account"
    assert told(actor_breach(activities, LISTS)) == [(RECORDS, title, [line])]
    assert list(actor_remarks(activities, LISTS)) == []


def test_an_account_that_is_not_listed_may_be_gone():
    activities = done("u1", "u9", "system")
    assert told(actor_breach(activities, LISTS)) == []
    assert list(actor_remarks(activities, LISTS)) == [
        "list_activity_records has records of 2 accounts that list_accounts and list_non_human_accounts do "
        "not have, such as 'u9'. They may be gone by now; ActivityRecordActor.account_id says: "
        '"Account ID of the actor".'
    ]
    (remark,) = actor_remarks(done("u9"), {"list_accounts": PEOPLE})
    assert remark.startswith(
        "list_activity_records has records of 1 account, and of no other, that list_accounts does not have"
    )
    # In other capitals, it may be the same.
    assert told(actor_breach(done("BOB@example.com"), LISTS)) == []


def test_where_people_are_not_known_nobody_is_missed():
    activities = done("u9", "alice")
    for lists in ({}, {"list_non_human_accounts": ROBOTS}):
        assert list(actor_remarks(activities, lists)) == told(actor_breach(activities, lists)) == []
    sample = {**LISTS, "list_accounts": part(PEOPLE)}
    assert list(actor_remarks(activities, sample)) == told(actor_breach(activities, sample)) == []
    assert unknown_actors(activities, sample) == 2
