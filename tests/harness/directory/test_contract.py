from connector_contract import ConnectorContract

ROLE = {
    "entitlement_type": "project_role",
    "resource_type": "project",
    "resource_integration_specific_id": "p2",
}


class TestDirectoryContract(ConnectorContract):
    upstream_ids = {
        "list_accounts": "items[].id",
        "list_updated_accounts": "items[].id",
        "list_resources": "items[].id",
        "list_entitlements": "items[].[id, project_id]",
        "find_entitlement_associations": "items[].[user_id, entitlement_id, project_id]",
        "get_last_activity": "[@][?last_login].id",
        "get_account_entitlement_associations": "items[].[path_after('users'), entitlement_id, project_id]",
    }
    upstream_status = {
        "list_accounts": "items[].[id, status]",
        "list_updated_accounts": "items[].[id, status]",
    }
    read_requests = {
        "get_account": {"account_id": "u1"},
        "get_account_entitlement_associations": {"account_id": "u1"},
        "get_last_activity": {"account_ids": ["u1", "u4"]},
    }
    write_requests = {
        "create_account": {
            "email": "new@example.com",
            "username": "new",
            "entitlements": [
                {
                    "entitlement_type": "project_role",
                    "integration_specific_id": "p1-admin",
                    "integration_specific_resource_id": "p1",
                },
                {"entitlement_type": "licence", "integration_specific_id": "basic"},
            ],
        },
        "update_account": {"id": "u5", "email": "other@example.com"},
        "activate_account": {"account_id": "u3"},
        "deactivate_account": {"account_id": "u1"},
        "delete_account": {"account_id": "u2"},
        "assign_entitlement": {
            **ROLE,
            "account_integration_specific_id": "u4",
            "entitlement_integration_specific_id": "p2-admin",
        },
        "unassign_entitlement": {
            **ROLE,
            "account_integration_specific_id": "u1",
            "entitlement_integration_specific_id": "p2-admin",
        },
    }
