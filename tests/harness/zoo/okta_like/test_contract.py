from fake_tenant import people

from connector_contract import ConnectorContract

# Of the first people of the tenant, whatever its size; their ids say nothing of them.
SOMEBODY = people(12)
ACTIVE = next(person for person in SOMEBODY if person.status == "active")
INACTIVE = next(person for person in SOMEBODY if person.status == "inactive")
MEMBERSHIP = {
    "account_integration_specific_id": ACTIVE.id,
    "entitlement_type": "group",
    "resource_type": "",
    "resource_integration_specific_id": "",
}


class TestOktaLike(ConnectorContract):
    page_sizes = (7, 100)
    upstream_ids = {
        "list_accounts": "[].id",
        "list_entitlements": "[].id",
        "find_entitlement_associations": {"*/groups/*/users": "[].[id, path_after('groups')]"},
    }
    upstream_status = {"list_accounts": "[].[id, status]"}
    read_requests = {"get_account": {"account_id": ACTIVE.id}}
    write_requests = {
        "create_account": {
            "given_name": "Newcomer",
            "family_name": "O'Example",
            "email": "newcomer@example.com",
            "entitlements": [{"entitlement_type": "group", "integration_specific_id": "g2"}],
        },
        "activate_account": {"account_id": INACTIVE.id},
        "deactivate_account": {"account_id": ACTIVE.id},
        "delete_account": {"account_id": ACTIVE.id},
        "assign_entitlement": {**MEMBERSHIP, "entitlement_integration_specific_id": "g5"},
        "unassign_entitlement": {**MEMBERSHIP, "entitlement_integration_specific_id": "g1"},
    }
