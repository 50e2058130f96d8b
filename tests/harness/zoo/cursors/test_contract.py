from connector_contract import ConnectorContract


class TestCursors(ConnectorContract):
    upstream_ids = {
        "list_accounts": "users[].id",
        "list_entitlements": "roles[].id",
    }
    upstream_status = {"list_accounts": "users[].[id, active]"}
