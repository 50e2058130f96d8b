"""The standard contract, for MockApp's connector."""

from __future__ import annotations

from connector_contract import ConnectorContract

ASSIGNMENT = {
    "entitlement_type": "project_role",
    "entitlement_integration_specific_id": "project-3-viewer",
    "resource_type": "project",
    "resource_integration_specific_id": "project-3",
}


class TestMockappContract(ConnectorContract):
    page_sizes = (1, 5, 100)
    upstream_ids = {
        "list_accounts": "items[].id",
        "list_resources": "items[].id",
        "list_entitlements": "items[].id",
        "find_entitlement_associations": "items[].[user_id, entitlement_id, resource_id]",
        "get_last_activity": "[@][?last_login].id",
    }
    upstream_status = {"list_accounts": "items[].[id, status]"}
    read_requests = {"get_last_activity": {"account_ids": ["user-1", "user-7"]}}
    write_requests = {
        "create_account": {
            "email": "new.user@example.com",
            "display_name": "New User",
            "entitlements": [
                {
                    "entitlement_type": "project_role",
                    "integration_specific_id": "project-3-viewer",
                    "integration_specific_resource_id": "project-3",
                },
                # Lumos may leave out the id of the global resource.
                {"entitlement_type": "admin_role", "integration_specific_id": "admin-billing"},
            ],
        },
        "activate_account": {"account_id": "user-4"},
        "deactivate_account": {"account_id": "user-1"},
        "delete_account": {"account_id": "user-2"},
        "assign_entitlement": {"account_integration_specific_id": "user-8", **ASSIGNMENT},
        "unassign_entitlement": {"account_integration_specific_id": "user-5", **ASSIGNMENT},
    }
    tolerated_faults = {
        "status-409[create_account-POST /api/users]": (
            "MockApp answers so where the e-mail is taken. The connector then looks for the user, and takes"
            " an active one of the same e-mail and name for the one asked for."
        ),
    }
