from connector_contract import ConnectorContract


class TestGraphql(ConnectorContract):
    upstream_ids = {"list_accounts": "data.users.nodes[].id"}
    # Who is suspended has a date; that it is there is the status.
    upstream_status = {"list_accounts": "data.users.nodes[].[id, suspendedAt != `null`]"}
