from connector_contract import ConnectorContract

ANY_LIST = {"choice": "any_list", "reason": "a token is how many of all records were read"}
IN_QUERY = {"choice": "only_way", "reason": "the server takes its key in the query alone"}


class TestSynchronous(ConnectorContract):
    upstream_ids = {
        "list_accounts": "staff[].id",
        "find_entitlement_associations": "staff[].[id, role]",
    }
    declared_choices = {
        "page_token[list_accounts]": ANY_LIST,
        "page_token[list_entitlements]": ANY_LIST,
        "page_token[find_entitlement_associations]": ANY_LIST,
        "secret_in_url[validate_credentials]": IN_QUERY,
        "secret_in_url[list_accounts]": IN_QUERY,
        "secret_in_url[find_entitlement_associations]": IN_QUERY,
    }
