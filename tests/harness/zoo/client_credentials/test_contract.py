from connector_contract import ConnectorContract


class TestClientCredentials(ConnectorContract):
    upstream_ids = {"list_accounts": {"/owners": "owners[].id"}}
    upstream_status = {"list_accounts": "owners[].[id, enrolled]"}
    read_requests = {"count_devices": {"account_id": "o1"}}
    write_requests = {"lock_device": {"device_id": "d1"}}
