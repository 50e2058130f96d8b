from fake_tenant import people

from connector_contract import ConnectorContract

# Of the first people of the tenant, whatever its size; their ids say nothing of them.
SOMEBODY = people(12)
ACTIVE, INACTIVE = (
    next(person for person in SOMEBODY if (person.status == "active") == active) for active in (True, False)
)
MEMBERSHIP = {
    "account_integration_specific_id": ACTIVE.id,
    "entitlement_type": "membership",
    "entitlement_integration_specific_id": "member",
    "resource_type": "group",
}


class TestScim(ConnectorContract):
    page_sizes = (7, 100)
    upstream_ids = {
        "list_accounts": "Resources[].id",
        "list_resources": "Resources[].id",
        "list_entitlements": "Resources[].['member', id]",
        "find_entitlement_associations": "Resources[].[members[].value, 'member', id]",
    }
    upstream_status = {"list_accounts": "Resources[].[id, active]"}
    read_requests = {"get_account": {"account_id": ACTIVE.id}}
    write_requests = {
        "create_account": {
            "given_name": "Newcomer",
            "family_name": "O'Example",
            "email": "newcomer@example.com",
            "username": "newcomer",
            "entitlements": [
                {
                    "entitlement_type": "membership",
                    "integration_specific_id": "member",
                    "integration_specific_resource_id": "g2",
                }
            ],
        },
        "activate_account": {"account_id": INACTIVE.id},
        "deactivate_account": {"account_id": ACTIVE.id},
        "delete_account": {"account_id": ACTIVE.id},
        "assign_entitlement": {**MEMBERSHIP, "resource_integration_specific_id": "g5"},
        "unassign_entitlement": {**MEMBERSHIP, "resource_integration_specific_id": "g1"},
    }
