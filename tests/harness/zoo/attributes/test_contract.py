from connector_contract import ConnectorContract


class TestAttributes(ConnectorContract):
    upstream_ids = {
        "list_custom_attributes_schema": "items[].[name]",
        "list_accounts": "items[].id",
        "list_entitlements": "items[].id",
        "list_credentials": "items[].id",
        "find_resource_graph": "items[].id",
    }
    upstream_status = {"list_accounts": "items[].[id, active]"}
    empty_attributes = {"list_accounts": {"locker": "nobody on this ship has a locker"}}
    read_requests = {"get_account": {"account_id": "u1"}}
