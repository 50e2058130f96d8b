"""What Lumos changes in MockApp, and what it reads back afterwards."""

from __future__ import annotations

import pytest


async def account(lumos, account_id):
    """An account as ``list_accounts`` shows it."""
    (page,) = await lumos.walk("list_accounts", page_size=100)
    (found,) = [found for found in page["response"] if found["integration_specific_id"] == account_id]
    return found


async def entitlements(lumos, account_id):
    """The ids of an account's entitlements, as ``find_entitlement_associations`` shows them."""
    (page,) = await lumos.walk("find_entitlement_associations", page_size=100)
    return [
        found["integration_specific_entitlement_id"]
        for found in page["response"]
        if found["account_id"] == account_id
    ]


def entitlement(kind, id_, resource_id):
    return {
        "entitlement_type": kind,
        "integration_specific_id": id_,
        "integration_specific_resource_id": resource_id,
    }


def assignment(account_id, kind, id_, resource_type, resource_id):
    return {
        "account_integration_specific_id": account_id,
        "entitlement_type": kind,
        "entitlement_integration_specific_id": id_,
        "resource_type": resource_type,
        "resource_integration_specific_id": resource_id,
    }


VIEWER = ("project_role", "project-3-viewer", "project", "project-3")
ADMIN = ("admin_role", "admin-full", "global", "acme")

NEW = {"email": "new.user@example.com", "display_name": "New User", "entitlements": []}


async def test_create(lumos, snapshot):
    created = await lumos.call("create_account", NEW)
    assert created == snapshot(name="created")
    assert await account(lumos, created["response"]["id"]) == snapshot(name="read back")


async def test_create_with_entitlements(lumos, snapshot):
    wanted = [
        entitlement("team_member", "team-1-member", "team-1"),
        entitlement("project_role", "project-1-viewer", "project-1"),
    ]
    created = await lumos.call("create_account", {**NEW, "entitlements": wanted})
    assert created == snapshot(name="created")
    assert await entitlements(lumos, created["response"]["id"]) == snapshot(name="read back")


async def test_create_with_an_entitlement_that_mockapp_refuses(lumos, snapshot):
    wanted = [
        entitlement("project_role", "project-9-viewer", "project-9"),
        entitlement("team_member", "team-1-member", "team-1"),
    ]
    created = await lumos.call("create_account", {**NEW, "entitlements": wanted})
    assert created == snapshot(name="created")
    assert await entitlements(lumos, created["response"]["id"]) == snapshot(name="read back")


async def test_create_what_is_there_already(lumos, snapshot):
    request = {"email": "Alice.Martin@example.com", "display_name": "Alice Martin", "entitlements": []}
    assert await lumos.call("create_account", request) == snapshot


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param({**NEW, "email": "alice.martin@example.com"}, id="email-of-another"),
        pytest.param({**NEW, "email": "no address"}, id="email-that-is-none"),
        pytest.param({**NEW, "display_name": " "}, id="empty-name"),
        pytest.param({"email": NEW["email"], "entitlements": []}, id="no-name"),
    ],
)
async def test_create_what_mockapp_refuses(lumos, snapshot, request_):
    assert await lumos.call("create_account", request_) == snapshot


@pytest.mark.parametrize(
    ("capability", "account_id"),
    [("activate_account", "user-4"), ("deactivate_account", "user-1"), ("delete_account", "user-2")],
)
async def test_change_of_status(lumos, snapshot, capability, account_id):
    assert await lumos.call(capability, {"account_id": account_id}) == snapshot(name="changed")
    assert await account(lumos, account_id) == snapshot(name="read back")
    assert await lumos.call(capability, {"account_id": account_id}) == snapshot(name="repeated")


async def test_deletion_takes_the_entitlements(lumos, snapshot):
    assert await entitlements(lumos, "user-2") == snapshot(name="before")
    await lumos.call("delete_account", {"account_id": "user-2"})
    assert await entitlements(lumos, "user-2") == []


@pytest.mark.parametrize("capability", ["activate_account", "deactivate_account"])
async def test_a_deleted_account_stays_deleted(lumos, snapshot, capability):
    assert await lumos.call(capability, {"account_id": "user-6"}) == snapshot


@pytest.mark.parametrize("capability", ["activate_account", "deactivate_account", "delete_account"])
async def test_an_unknown_account(lumos, snapshot, capability):
    assert await lumos.call(capability, {"account_id": "user/404?"}) == snapshot


async def test_assign(lumos, snapshot):
    request = assignment("user-8", *VIEWER)
    assert await lumos.call("assign_entitlement", request) == snapshot(name="assigned")
    assert await entitlements(lumos, "user-8") == snapshot(name="read back")
    assert await lumos.call("assign_entitlement", request) == snapshot(name="repeated")


async def test_unassign(lumos, snapshot):
    request = assignment("user-5", *VIEWER)
    assert await lumos.call("unassign_entitlement", request) == snapshot(name="unassigned")
    assert await entitlements(lumos, "user-5") == snapshot(name="read back")
    assert await lumos.call("unassign_entitlement", request) == snapshot(name="repeated")


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(assignment("user-12", *ADMIN), id="second-admin-role"),
        pytest.param(assignment("user-6", *VIEWER), id="deleted-account"),
        pytest.param(assignment("user-404", *VIEWER), id="unknown-account"),
        pytest.param(
            assignment("user-8", "project_role", "nothing", "project", "project-3"), id="unknown-entitlement"
        ),
        pytest.param(
            assignment("user-8", "team_member", "team-1-member", "team", "team-2"), id="other-resource"
        ),
        pytest.param(
            assignment("user-8", "team_member", "team-1-member", "project", "team-1"), id="wrong-type"
        ),
        pytest.param(assignment("user-8", "licence", "pro", "project", "project-3"), id="unknown-type"),
    ],
)
@pytest.mark.parametrize("capability", ["assign_entitlement", "unassign_entitlement"])
async def test_an_assignment_that_mockapp_refuses(lumos, snapshot, capability, request_):
    assert await lumos.call(capability, request_) == snapshot
