from connector_contract import ConnectorContract

MEMBERSHIP = {
    "account_integration_specific_id": "u3",
    "entitlement_type": "membership",
    "entitlement_integration_specific_id": "member",
    "resource_type": "group",
    "resource_integration_specific_id": "g3",
}


class TestGroupsAndMembers(ConnectorContract):
    upstream_ids = {
        "list_accounts": "values[].id",
        "list_resources": "values[].id",
        "list_entitlements": "values[].['member', id]",
        "find_entitlement_associations": {
            "/groups/*/members": "values[].[user, 'member', path_after('groups')]"
        },
    }
    write_requests = {
        "assign_entitlement": MEMBERSHIP,
        "unassign_entitlement": {**MEMBERSHIP, "account_integration_specific_id": "u2"},
    }
