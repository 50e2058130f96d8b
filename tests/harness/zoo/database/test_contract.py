from connector_contract import ConnectorContract


class TestDatabase(ConnectorContract):
    upstream_ids = {"list_accounts": "entries[].uid", "list_entitlements": "entries[].name"}
    upstream_status = {"list_accounts": "entries[].[uid, locked]"}
    not_http = {
        "find_entitlement_associations": "memberships are read from the database",
        "assign_entitlement": "memberships are written to the database",
    }
