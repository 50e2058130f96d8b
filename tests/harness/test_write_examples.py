"""The rule **writes**: whether the author's example of a write can show anything."""

from __future__ import annotations

import pytest
from rules_testing import ASSOCIATION, listed

from connector_contract.contract.rules.write_examples import pointless

ACCOUNTS = listed(
    "list_accounts",
    {"integration_specific_id": "on", "user_status": "ACTIVE", "email": "a@example.com", "username": "ann"},
    {"integration_specific_id": "off", "user_status": "SUSPENDED"},
    {"integration_specific_id": "plain", "user_status": None},
    {"integration_specific_id": "invited", "user_status": "PENDING"},
)
ASSOCIATIONS = listed(
    "find_entitlement_associations", dict(zip(ASSOCIATION, ("on", "admin", "p1"), strict=True))
)
LISTS = {"list_accounts": ACCOUNTS, "find_entitlement_associations": ASSOCIATIONS}


@pytest.mark.parametrize(
    ("capability", "request_", "why"),
    [
        ("activate_account", {"account_id": "off"}, None),
        ("activate_account", {"account_id": "plain"}, None),
        ("activate_account", {"account_id": "on"}, "the account 'on' is ACTIVE before"),
        # Some lists have it only once it is active.
        ("activate_account", {"account_id": "x"}, None),
        ("deactivate_account", {"account_id": "on"}, None),
        ("deactivate_account", {"account_id": "plain"}, None),
        ("deactivate_account", {"account_id": "invited"}, None),
        ("deactivate_account", {"account_id": "off"}, "the account 'off' is not ACTIVE before"),
        ("delete_account", {"account_id": "off"}, None),
        ("delete_account", {"account_id": "x"}, "the account 'x' is not in list_accounts before"),
        ("update_account", {"id": "on", "email": "b@example.com"}, None),
        ("update_account", {"id": "on", "email": "a@example.com", "username": "bob"}, None),
        ("update_account", {"id": "on", "department": "IT"}, None),
        (
            "update_account",
            {"id": "on", "email": "A@Example.com"},
            "the account 'on' is as it asks for before",
        ),
        ("update_account", {"id": "x", "email": "a"}, "the account 'x' is not in list_accounts before"),
        ("create_account", {"email": "a@example.com"}, None),
        ("lock_account", {"account_id": "x"}, None),
    ],
)
def test_an_example_of_a_write_to_an_account_changes_something(capability, request_, why):
    assert pointless(capability, request_, LISTS) == why


@pytest.mark.parametrize(
    ("capability", "entitlement", "why"),
    [
        ("assign_entitlement", "viewer", None),
        ("assign_entitlement", "admin", "on / admin / p1 is assigned before"),
        ("unassign_entitlement", "admin", None),
        ("unassign_entitlement", "viewer", "on / viewer / p1 is not assigned before"),
    ],
)
def test_an_example_of_an_assignment_changes_something(capability, entitlement, why):
    fields = ("account_integration_specific_id", "entitlement_integration_specific_id")
    request = {
        **dict(zip(fields, ("on", entitlement), strict=True)),
        "resource_integration_specific_id": "p1",
    }
    assert pointless(capability, request, LISTS) == why


def test_without_the_list_nobody_can_tell():
    assert pointless("activate_account", {"account_id": "on"}, {}) is None
