from fake_tenant import people

from connector_contract import ConnectorContract

# Of the first people of the tenant, whatever its size; their ids are their e-mails.
SOMEBODY = people(12)
ACTIVE, INACTIVE = (
    next(person for person in SOMEBODY if (person.status == "active") == active) for active in (True, False)
)
ROLE = {
    "account_integration_specific_id": ACTIVE.email,
    "entitlement_type": "role",
    "resource_type": "",
    "resource_integration_specific_id": "",
}


class TestGraphLike(ConnectorContract):
    page_sizes = (7, 100)
    upstream_ids = {
        "list_accounts": "value[].userPrincipalName",
        "list_entitlements": "value[].id",
        "find_entitlement_associations": {
            "*/members": "value[].[userPrincipalName, path_after('directoryRoles')]"
        },
    }
    upstream_status = {"list_accounts": "value[].[userPrincipalName, accountEnabled]"}
    read_requests = {"get_account": {"account_id": ACTIVE.email}}
    write_requests = {
        "create_account": {
            "given_name": "Newcomer",
            "family_name": "O'Example",
            "email": "newcomer@example.com",
            "entitlements": [{"entitlement_type": "role", "integration_specific_id": "role-2"}],
        },
        "activate_account": {"account_id": INACTIVE.email},
        "deactivate_account": {"account_id": ACTIVE.email},
        "delete_account": {"account_id": ACTIVE.email},
        "assign_entitlement": {**ROLE, "entitlement_integration_specific_id": "role-5"},
        "unassign_entitlement": {**ROLE, "entitlement_integration_specific_id": "role-1"},
    }
