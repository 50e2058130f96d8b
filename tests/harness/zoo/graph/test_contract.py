from connector_contract import ConnectorContract


class TestGraph(ConnectorContract):
    upstream_ids = {
        "list_accounts": "values[].id",
        "find_resource_graph": "values[].[id, kind]",
        "find_entitlement_graph": "values[].[id, node]",
        "find_entitlement_assignments": "values[].[who, right, node]",
        "list_non_human_accounts": "values[].id",
        "list_credentials": "values[].id",
        "get_non_human_account_last_activity": "values[].robot",
        "get_credential_last_activity": "values[].key",
    }
    upstream_status = {
        "list_non_human_accounts": "values[].[id, on]",
        "list_credentials": "values[].[id, state]",
    }
