from connector_contract import ConnectorContract


class TestSynchronous(ConnectorContract):
    upstream_ids = {
        "list_accounts": "staff[].id",
        "find_entitlement_associations": "staff[].[id, role]",
    }
