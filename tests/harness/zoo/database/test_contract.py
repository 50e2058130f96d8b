from connector_contract import ConnectorContract

ANY_LIST = {"choice": "any_list", "reason": "a token is where the next page starts"}


class TestDatabase(ConnectorContract):
    upstream_ids = {"list_accounts": "entries[].uid", "list_entitlements": "entries[].name"}
    upstream_status = {"list_accounts": "entries[].[uid, locked]"}
    declared_choices = {
        "page_token[list_accounts]": ANY_LIST,
        "page_token[list_entitlements]": ANY_LIST,
    }
    not_http = {
        "find_entitlement_associations": "memberships are read from the database",
        "assign_entitlement": "memberships are written to the database",
    }
