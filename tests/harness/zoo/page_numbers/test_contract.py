from connector_contract import ConnectorContract


class TestPageNumbers(ConnectorContract):
    upstream_ids = {"list_accounts": "users[].login"}
    upstream_status = {"list_accounts": "users[].[login, state]"}
    read_requests = {"get_last_activity": {"account_ids": ["alice", "bob", "carol"]}}
