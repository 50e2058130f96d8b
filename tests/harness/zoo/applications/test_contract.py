from connector_contract import ConnectorContract

ANN_IN_CRM = {"application_instance_id": "a1", "account_id": "u1"}
EDITOR = {
    "application_instance_id": "a1",
    "account_integration_specific_id": "u1",
    "entitlement_type": "membership",
    "entitlement_integration_specific_id": "editor",
    "resource_type": "group",
    "resource_integration_specific_id": "r1",
}


class TestApplications(ConnectorContract):
    upstream_ids = {
        "list_accounts": "values[].id",
        "list_resources": "values[].id",
        "list_entitlements": "values[].[id, group]",
        "find_entitlement_associations": "values[].[user, right, group]",
        "list_applications": "values[].id",
        "list_applications_accounts": "values[].[user, app]",
        "list_applications_resources": "values[].[id, app]",
        "list_applications_entitlements": "values[].[id, group, app]",
        "list_applications_entitlement_associations": "values[].[user, right, group, app]",
        "list_applications_activity_records": "values[].id",
    }
    upstream_status = {
        "list_accounts": "values[].[id, on]",
        "list_applications": "values[].[id, on]",
        "list_applications_accounts": "values[].[[user, app], state]",
    }
    read_requests = {
        "get_application": {"application_instance_id": "a1"},
        "get_application_account": ANN_IN_CRM,
        "list_applications_activity_records": {"since_date": "2024-01-01T00:00:00Z", "actors": []},
    }
    write_requests = {
        "assign_application": {**ANN_IN_CRM, "account_id": "u3"},
        "unassign_application": ANN_IN_CRM,
        "assign_application_entitlement": {**EDITOR, "account_integration_specific_id": "u2"},
        "unassign_application_entitlement": EDITOR,
        "downgrade_license": {"account_id": "u2"},
        "release_resources": {"account_id": "u2"},
        "transfer_data": {"source_account_id": "u2", "target_account_id": "u1"},
    }
