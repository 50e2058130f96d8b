"""The rules **min_assignments** and **not_assignable**: what nobody can lose, and what nobody can get."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_testing import ASSOCIATION, failure, listed, told

from connector_contract.contract.rules.minimum import (
    assignment_of_unassignable,
    below_min_breach,
    still_held,
    unassignable_breach,
    unassignment_below_min,
)

ACCOUNTS, ENTITLEMENTS = "list_accounts", "list_entitlements"
ASSOCIATIONS = "find_entitlement_associations"


def kind(type_id="role", **given):
    return {"type_id": type_id, "resource_type_id": "project", **given}


def account(id_, status="ACTIVE"):
    return {"integration_specific_id": id_, "user_status": status}


def entitlement(id_, type_id="role", *, is_assignable=True):
    return {
        "integration_specific_id": id_,
        "integration_specific_resource_id": "p1",
        "entitlement_type": type_id,
        "is_assignable": is_assignable,
    }


BOTH = [account("u2"), account("u1")]


def lists(*held, accounts=BOTH, entitlements=None):
    entitlements = [entitlement("admin"), entitlement("viewer")] if entitlements is None else entitlements
    grants = [dict(zip(ASSOCIATION, (*each.split("/"), "p1"), strict=True)) for each in held]
    found = {ENTITLEMENTS: listed(ENTITLEMENTS, *entitlements), ASSOCIATIONS: listed(ASSOCIATIONS, *grants)}
    return found if accounts is None else {ACCOUNTS: listed(ACCOUNTS, *accounts), **found}


def request(account_id="u1", entitlement_id="admin"):
    return {
        "account_integration_specific_id": account_id,
        "entitlement_integration_specific_id": entitlement_id,
        "entitlement_type": "role",
        "resource_integration_specific_id": "p1",
        "resource_type": "project",
    }


INFO = {"entitlement_types": [kind(min=1, max=1)]}
FIXED = [entitlement("admin", is_assignable=False), entitlement("viewer")]


@pytest.mark.parametrize(
    ("given", "before", "expected"),
    [
        pytest.param({"min": 1}, lists("u2/admin", "u1/admin"), request(), id="the first that has the last"),
        pytest.param({"min": 1}, lists("u1/admin", accounts=None), request(), id="without accounts"),
        pytest.param(
            {"min": 2},
            lists("u1/viewer", "u1/admin", entitlements=FIXED),
            request(entitlement_id="viewer"),
            id="one that can be assigned, of the last two",
        ),
        pytest.param({"min": 1}, lists("u1/admin", entitlements=FIXED), request(), id="else any"),
        pytest.param({"min": 1}, lists("u1/admin", "u1/viewer"), None, id="there is another one"),
        pytest.param({"min": 0}, lists("u1/admin"), None, id="none is as good"),
        pytest.param(
            {"min": 1, "requirements": {"unassign_entitlement": {"min": 0}}},
            lists("u1/admin"),
            None,
            id="it may be taken away",
        ),
        pytest.param(
            {"min": 1}, lists("u1/admin", accounts=[account("u1", "SUSPENDED")]), None, id="not active"
        ),
        pytest.param({"min": 1}, lists("u1/admin", "u1/other"), None, id="what else it has is unknown"),
        pytest.param({"min": 1}, lists(), None, id="nobody has one"),
    ],
)
def test_the_last_of_a_type(given, before, expected):
    assert unassignment_below_min({"entitlement_types": [kind(**given)]}, before) == expected


def test_of_a_sample_nobody_knows_which_is_the_last():
    whole = lists("u1/admin")
    for name in (ENTITLEMENTS, ASSOCIATIONS):
        assert unassignment_below_min(INFO, {**whole, name: replace(whole[name], gap=1)}) is None
    assert unassignment_below_min({}, whole) is None


def test_how_many_an_account_has_afterwards():
    before, after = lists("u1/admin"), {ASSOCIATIONS: lists("u1/viewer")[ASSOCIATIONS]}
    assert still_held(INFO, request(), before, after) == (1, 1)
    assert still_held(INFO, request(), before, {ASSOCIATIONS: lists()[ASSOCIATIONS]}) == (0, 1)
    assert still_held(INFO, request(), before, {ASSOCIATIONS: replace(lists()[ASSOCIATIONS], gap=1)}) == (
        None,
        1,
    )
    for status, has in (("ACTIVE", 0), ("SUSPENDED", None)):
        both = lists(accounts=[account("u1", status)])
        assert still_held(INFO, request(), before, both) == (has, 1)


SUCCESS = {"response": {"unassigned": True}}


@pytest.mark.parametrize(
    ("response", "after", "has", "titles"),
    [
        pytest.param(failure("bad_request"), ["u1/admin"], 1, [], id="refused"),
        pytest.param(failure("conflict"), ["u1/admin"], 1, [], id="another error"),
        pytest.param(SUCCESS, ["u1/viewer"], 1, [], id="replaced"),
        pytest.param(SUCCESS, [], None, [], id="not active any more"),
        pytest.param(
            SUCCESS,
            [],
            0,
            ["unassigning the last role gave a success: u1 has 0, and the min is 1"],
            id="it is taken away",
        ),
        pytest.param(
            SUCCESS,
            ["u1/admin"],
            1,
            ["unassigning the last role gave a success, and u1 / admin / p1 is still read back"],
            id="nothing was done",
        ),
        pytest.param(
            failure("internal_error"),
            [],
            0,
            [
                "unassigning the last role gave internal_error",
                "unassigning the last role gave an error, and changed the associations",
            ],
            id="a crash, and it is taken away",
        ),
    ],
)
def test_the_last_of_a_type_stays_or_is_replaced(response, after, has, titles):
    before, left = lists("u1/admin")[ASSOCIATIONS], lists(*after)[ASSOCIATIONS]
    breaches = told(below_min_breach(request(), response, before, left, has, 1))
    assert [title for _, title, _ in breaches] == titles
    assert {capability for capability, *_ in breaches} <= {"unassign_entitlement"}


def test_one_of_the_last_two():
    before, after = lists("u1/admin", "u1/viewer")[ASSOCIATIONS], lists("u1/viewer")[ASSOCIATIONS]
    ((_, title, _),) = told(below_min_breach(request(), SUCCESS, before, after, 1, 2))
    assert title == "unassigning one of the last 2 role gave a success: u1 has 1, and the min is 2"


@pytest.mark.parametrize(
    ("given", "before", "expected"),
    [
        pytest.param({}, lists(entitlements=FIXED), request(), id="to the first account"),
        pytest.param({}, lists("u1/admin", entitlements=FIXED), request("u2"), id="to one without it"),
        pytest.param(
            {"max": 1}, lists("u1/viewer", entitlements=FIXED), request("u2"), id="to one that may have more"
        ),
        pytest.param({}, lists("u2/viewer", accounts=None, entitlements=FIXED), request("u2"), id="no list"),
        pytest.param({}, lists(), None, id="all can be assigned"),
        pytest.param(
            {}, lists(entitlements=[entitlement("admin", is_assignable=None)]), None, id="nobody says"
        ),
        pytest.param({}, lists("u1/admin", "u2/admin", entitlements=FIXED), None, id="everybody has it"),
        pytest.param(
            {}, lists(accounts=[account("u1", "PENDING")], entitlements=FIXED), None, id="nobody is active"
        ),
        pytest.param(
            {},
            lists(entitlements=[entitlement("admin", "odd", is_assignable=False)]),
            None,
            id="of no declared type",
        ),
    ],
)
def test_what_cannot_be_assigned(given, before, expected):
    assert assignment_of_unassignable({"entitlement_types": [kind(**given)]}, before) == expected
    part = {**before, ASSOCIATIONS: replace(before[ASSOCIATIONS], gap=1)}
    assert assignment_of_unassignable({"entitlement_types": [kind(**given)]}, part) is None


@pytest.mark.parametrize(
    ("response", "after", "titles"),
    [
        pytest.param(failure("bad_request"), [], [], id="refused"),
        pytest.param(failure("permission_denied"), [], [], id="another error"),
        pytest.param(SUCCESS, ["u1/admin"], ["gave a success: u1 got it"], id="assigned"),
        pytest.param(SUCCESS, [], ["gave a success, and changed nothing"], id="nothing was done"),
        pytest.param(
            failure("rate_limit"),
            ["u1/admin"],
            ["gave rate_limit", "gave an error, and changed the associations"],
            id="an error, and assigned",
        ),
    ],
)
def test_what_cannot_be_assigned_is_an_error(response, after, titles):
    before, left = lists()[ASSOCIATIONS], lists(*after)[ASSOCIATIONS]
    breaches = told(unassignable_breach(request(), response, before, left))
    says = "assigning admin, which is not assignable,"
    assert [title for _, title, _ in breaches] == [f"{says} {title}" for title in titles]
