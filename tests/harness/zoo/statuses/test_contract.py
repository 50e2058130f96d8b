from connector_contract import ConnectorContract

LICENCE = {
    "entitlement_type": "licence",
    "resource_type": "",
    "resource_integration_specific_id": "",
}


class TestStatuses(ConnectorContract):
    upstream_ids = {
        "list_accounts": "values[].id",
        "list_non_human_accounts": "values[].id",
        "list_entitlements": "values[].id",
        "find_entitlement_associations": "values[].[user, entitlement]",
    }
    upstream_status = {"list_accounts": "values[].[id, state]"}
    listed_statuses = ["active", "suspended"]
    upstream_kind = {"list_accounts": "values[].[id, kind]"}
    write_requests = {
        "create_account": {
            "username": "grace",
            "entitlements": [{"entitlement_type": "role", "integration_specific_id": "member"}],
        },
        "activate_account": {"account_id": "u2"},
        "deactivate_account": {"account_id": "u1"},
        "delete_account": {"account_id": "u5"},
        "assign_entitlement": {
            **LICENCE,
            "account_integration_specific_id": "u5",
            "entitlement_integration_specific_id": "basic",
        },
        "unassign_entitlement": {
            **LICENCE,
            "account_integration_specific_id": "u1",
            "entitlement_integration_specific_id": "full",
        },
    }
