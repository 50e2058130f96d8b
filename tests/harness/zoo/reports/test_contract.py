from connector_contract import ConnectorContract

ANY_LIST = {"choice": "any_list", "reason": "a token is where the next page starts"}


class TestReports(ConnectorContract):
    upstream_ids = {"list_accounts": "items[].id", "list_entitlements": "items[].id"}
    upstream_status = {"list_accounts": "items[].[id, state]"}
    declared_choices = {
        "page_token[list_accounts]": ANY_LIST,
        "page_token[list_entitlements]": ANY_LIST,
    }
    read_requests = {"fulfill_arbitrary_endpoint": {"url": "reports/roles"}}
