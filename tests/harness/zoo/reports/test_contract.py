from connector_contract import ConnectorContract


class TestReports(ConnectorContract):
    upstream_ids = {"list_accounts": "items[].id", "list_entitlements": "items[].id"}
    upstream_status = {"list_accounts": "items[].[id, state]"}
    read_requests = {"fulfill_arbitrary_endpoint": {"url": "reports/roles"}}
