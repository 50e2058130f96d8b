"""The rule **writes**: no account gets more entitlements of a type than its ``max``."""

from __future__ import annotations

import pytest
from rules_testing import ASSOCIATION, failure, listed, told

from connector_contract.contract.rules.maximum import (
    assignment_beyond_max,
    beyond_max_breach,
    is_exclusive,
)


def kind(type_id="role", **limits):
    return {"type_id": type_id, "resource_type_id": "project", **limits}


def entitlement(id_, resource="p1", type_id="role", **fields):
    names = ("integration_specific_id", "integration_specific_resource_id", "entitlement_type")
    return dict(zip(names, (id_, resource, type_id), strict=True)) | fields


def grant(*key):
    return dict(zip(ASSOCIATION, key, strict=True))


ROLES = [entitlement("admin"), entitlement("viewer")]
HELD = [grant("u2", "admin", "p1"), grant("u1", "admin", "p1")]
BEYOND = {
    "account_integration_specific_id": "u1",
    "entitlement_integration_specific_id": "viewer",
    "entitlement_type": "role",
    "resource_integration_specific_id": "p1",
    "resource_type": "project",
}


@pytest.mark.parametrize(
    ("types", "entitlements", "held", "expected"),
    [
        pytest.param([kind(max=1)], ROLES, HELD, BEYOND, id="the first account that holds all it may"),
        pytest.param(
            [kind("seat", max=1), kind(max=1)], ROLES, HELD, BEYOND, id="the first type that is held"
        ),
        pytest.param([kind(max=1, min=0)], ROLES, HELD, BEYOND, id="none is as good as one"),
        pytest.param([kind(max=2)], ROLES, HELD, None, id="one more is allowed"),
        pytest.param(
            [kind(max=1)],
            [*ROLES, entitlement("admin", type_id="seat")],
            HELD,
            None,
            id="a seat that shares its id with a role",
        ),
        pytest.param([kind(max=None)], ROLES, HELD, None, id="no max"),
        pytest.param([kind(max=0)], ROLES, HELD, None, id="no max, as zero"),
        pytest.param([kind(max=1, min=1)], ROLES, HELD, None, id="always replaced"),
        pytest.param([kind(max=1)], ROLES[:1], HELD, None, id="there is no other"),
        pytest.param([kind(max=1)], ROLES, [], None, id="nobody has one"),
        pytest.param([kind(max=1)], ROLES, [grant("u1", "admin", "p2")], None, id="of another resource"),
        pytest.param(
            [kind(max=1)],
            [ROLES[0], entitlement("viewer", is_assignable=False)],
            HELD,
            None,
            id="the other cannot be assigned",
        ),
        pytest.param(
            [kind(max=1)],
            [ROLES[0], entitlement("seat", type_id="seat")],
            HELD,
            None,
            id="the other is of another type",
        ),
        pytest.param([], ROLES, HELD, None, id="no types"),
        pytest.param(None, ROLES, HELD, None, id="no types at all"),
    ],
)
def test_an_assignment_beyond_the_max_of_its_type(types, entitlements, held, expected):
    assert assignment_beyond_max({"entitlement_types": types}, entitlements, held) == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [({"max": 1, "min": 1}, True), ({"max": 1}, False), ({"max": 2, "min": 1}, False), ({"min": 1}, False)],
)
def test_a_type_of_which_an_account_always_has_one(limits, expected):
    assert is_exclusive(kind(**limits)) == expected


SUCCESS = {"response": {"assigned": True}}


@pytest.mark.parametrize(
    ("response", "after", "expected"),
    [
        pytest.param(failure("bad_request"), HELD, [], id="right"),
        pytest.param(failure("not_found"), HELD, [], id="another error"),
        pytest.param(
            SUCCESS,
            [*HELD, grant("u1", "viewer", "p1")],
            [("one role more than its max gave a success: u1 got viewer", [])],
            id="a success",
        ),
        pytest.param(
            failure("internal_error"),
            HELD,
            [("one role more than its max gave internal_error", ["internal_error: No."])],
            id="a crash",
        ),
        pytest.param(
            failure("bad_request"),
            HELD[:1],
            [("it gave an error, and changed the associations", ["u1 / admin / p1"])],
            id="an error that took the other away",
        ),
        pytest.param(
            failure("rate_limit"),
            [],
            [
                ("one role more than its max gave rate_limit", ["rate_limit: No."]),
                (
                    "it gave an error, and changed the associations",
                    ["u1 / admin / p1", "u2 / admin / p1"],
                ),
            ],
            id="both",
        ),
    ],
)
def test_one_more_than_the_max_is_an_error_and_changes_nothing(response, after, expected):
    lists = (listed("find_entitlement_associations", *records) for records in (HELD, after))
    breaches = told(beyond_max_breach(BEYOND, response, *lists))
    assert breaches == [("assign_entitlement", *each) for each in expected]


def test_associations_may_come_in_another_order():
    before, after = (listed("find_entitlement_associations", *records) for records in (HELD, HELD[::-1]))
    assert told(beyond_max_breach(BEYOND, failure("bad_request"), before, after)) == []
