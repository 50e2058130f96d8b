from connector_contract import ConnectorContract


class TestLinkHeader(ConnectorContract):
    upstream_ids = {"list_accounts": {"/tenant-1/api/users": "[].id"}}
    upstream_status = {"list_accounts": "[].[id, status]"}
    read_requests = {"get_account": {"account_id": "u/3"}}
