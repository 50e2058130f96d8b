from connector_contract import ConnectorContract


class TestIncrements(ConnectorContract):
    upstream_ids = {
        "list_accounts": "items[].id",
        "list_updated_accounts": "items[].id",
        "list_activity_records": "items[].id",
        "list_expenses": "items[].id",
    }
    upstream_status = {
        "list_accounts": "items[].[id, active]",
        "list_updated_accounts": "items[].[id, active]",
    }
    read_requests = {
        "list_updated_accounts": {"since": "2024-03-02T00:00:00+00:00"},
        "list_activity_records": {"since_date": "2024-04-01T00:00:00Z", "actors": []},
        "list_expenses": {"filters": {}},
    }
    write_requests = {"update_account": {"id": "u3", "email": "carol.smith@example.com"}}
