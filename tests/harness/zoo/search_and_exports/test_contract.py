from connector_contract import ConnectorContract

MEMBERSHIP = {
    "account_integration_specific_id": "u3",
    "entitlement_type": "membership",
    "entitlement_integration_specific_id": "member",
    "resource_type": "group",
    "resource_integration_specific_id": "r&d",
}


def membership(group):
    return {
        "entitlement_type": "membership",
        "integration_specific_id": "member",
        "integration_specific_resource_id": group,
    }


class TestSearchAndExports(ConnectorContract):
    upstream_ids = {
        "list_accounts": {"/users/search": "hits[].user"},
        "list_resources": 'groups.group[]."@id"',
        "list_entitlements": """groups.group[].['member', "@id"]""",
        "find_entitlement_associations": "[?user != '#rows'].[user, 'member', group]",
    }
    upstream_status = {"list_accounts": {"/badges/*": "[[user, state]]"}}
    read_requests = {"get_account": {"account_id": "u2"}}
    write_requests = {
        "assign_entitlement": MEMBERSHIP,
        "unassign_entitlement": {**MEMBERSHIP, "account_integration_specific_id": "u1"},
        "create_account": {
            "username": "flo",
            "email": "flo@example.com",
            "entitlements": [membership("sales"), membership("nights")],
        },
    }


async def test_all_at_once(lumos, snapshot):
    assert await lumos.walk("list_accounts", page_size=4) == snapshot(name="accounts")
    assert await lumos.walk("find_entitlement_associations", page_size=4) == snapshot(name="memberships")
