"""What Lumos is told when MockApp does not answer as it should: never that there is nothing."""

from __future__ import annotations

import pytest

ASSIGNMENT = {
    "account_integration_specific_id": "user-8",
    "entitlement_type": "project_role",
    "entitlement_integration_specific_id": "project-3-viewer",
    "resource_type": "project",
    "resource_integration_specific_id": "project-3",
}
READS = {
    "validate_credentials": {},
    "list_accounts": {},
    "list_resources": {},
    "list_entitlements": {},
    "find_entitlement_associations": {},
    "get_last_activity": {"account_ids": ["user-1"]},
}
WRITES = {
    "create_account": {"email": "new.user@example.com", "display_name": "New User", "entitlements": []},
    "activate_account": {"account_id": "user-4"},
    "deactivate_account": {"account_id": "user-1"},
    "delete_account": {"account_id": "user-2"},
    "assign_entitlement": ASSIGNMENT,
    "unassign_entitlement": {
        **ASSIGNMENT,
        "account_integration_specific_id": "user-5",
    },
}


@pytest.mark.parametrize("capability", [*READS, *WRITES])
@pytest.mark.parametrize("token", ["wrong", "rate-limited", "unavailable"])
async def test_mockapp_refuses(lumos, snapshot, capability, token):
    response = await lumos.call(
        capability, {**READS, **WRITES}[capability], auth={"token": {"token": f"{token}-token"}}
    )
    assert response["is_error"]
    assert response == snapshot


@pytest.mark.parametrize("capability", WRITES)
async def test_a_token_that_may_only_read(lumos, snapshot, capability):
    response = await lumos.call(capability, WRITES[capability], auth={"token": {"token": "read-only-token"}})
    assert response["is_error"]
    assert response == snapshot


@pytest.mark.parametrize("auth", [{}, {"token": {"token": ""}}], ids=["none", "empty"])
async def test_no_token(lumos, snapshot, auth):
    response = await lumos.call("list_accounts", auth=auth)
    assert response["is_error"]
    assert response == snapshot


@pytest.mark.parametrize("settings", [{}, {"api_url": "localhost:8000"}], ids=["none", "wrong"])
async def test_settings_that_are_not_valid(lumos, snapshot, settings):
    response = await lumos.call("list_accounts", settings=settings)
    assert response["is_error"]
    assert response == snapshot
