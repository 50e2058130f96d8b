from __future__ import annotations

import pytest

from connector_contract.people.person_records import Records

SCIM = "urn:ietf:params:scim:schemas:core:2.0:"


def is_person(record, context=None):
    records = Records()
    return records.is_person(record, records.shape(record), context)


@pytest.mark.parametrize(
    "record",
    [
        {"givenName": "A", "name": "x"},
        {"login": "a", "name": "x"},
        {"real_name": "A", "name": "x"},
        {"schemas": [SCIM + "User"], "displayName": "A"},
        {"@odata.type": "#microsoft.graph.user", "displayName": "A"},
        {"type": "User", "name": "x"},
        {"kind": "admin#directory#user"},
        {"$ref": "https://h/scim/Users/1", "display": "A"},
        {"meta": {"resourceType": "User"}, "displayName": "A"},
        {"id": 1, "name": {"givenName": "A"}},
        {"id": 1, "profile": {"real_name": "A"}, "name": "a"},
        {"id": 1, "email": "a@acme.com", "name": "A"},
        {"attributes": {"type": "User", "url": "/x"}, "Name": "A"},
        {"type": "users", "attributes": {"name": "A"}},
    ],
)
def test_people(record):
    assert is_person(record) is True


@pytest.mark.parametrize(
    "record",
    [
        {"schemas": [SCIM + "Group"], "displayName": "A", "members": []},
        {"@odata.type": "#microsoft.graph.group", "displayName": "A", "mail": "a@acme.com"},
        {"login": "acme", "type": "Organization"},
        {"login": "b", "type": "Bot"},
        {"real_name": "B", "is_bot": True},
        {"type": "OKTA_GROUP", "profile": {}},
        {"kind": "admin#directory#group", "email": "a@acme.com", "name": "A"},
        {"mail": "a@acme.com", "displayName": "A", "securityEnabled": True},
        {"$ref": "https://h/scim/Groups/1", "display": "A"},
        {"email": "a@acme.com", "name": "A", "directMembersCount": "3"},
        {"attributes": {"type": "Profile", "url": "/x"}, "Name": "A", "Email": "a@acme.com"},
    ],
)
@pytest.mark.parametrize("context", [None, True])
def test_what_is_no_person(record, context):
    if context and not {"members", "securityEnabled", "directMembersCount"} & set(record):
        assert is_person(record, context) is False
    elif context is None:
        assert is_person(record) is False


@pytest.mark.parametrize(
    "record",
    [
        {"memberType": "group", "name": "eu-west"},
        {"type": "atlassian-group-role-actor", "name": "jira-developers", "avatarUrl": "https://h/a.png"},
        {"kind": "customRole", "name": "Alice"},
        {"principal_type": "service_principal", "displayName": "Alice"},
        {"id": "supervisor", "type": "employee", "name": "Supervisor"},
        {"type": "user", "name": "Account Manager"},
        {"type": "contact", "name": "Emergency Contact", "label": "Emergency"},
        {"type": "person", "name": "Assigned To"},
        {"type": "person", "name": "Requested for"},
    ],
)
@pytest.mark.parametrize("context", [None, True])
def test_groups_by_a_word_of_their_type_and_definitions(record, context):
    assert is_person(record, context) is False


@pytest.mark.parametrize(
    "record",
    [
        {"memberType": "user", "name": "Alice"},
        {"type": "atlassian-user-role-actor", "name": "Alice"},
        {"type": "team_member", "name": "Alice Martin"},
        {"type": "Field Service", "name": "Alice Martin"},
        {"type": "customer_service", "name": "Alice Martin"},
        {"plan_type": "team", "name": "Alice Martin"},
        {"type": "app.login", "name": "Alice Martin", "email": "alice@acme.com"},
        {"kind": "group_member_added", "name": "Alice Martin"},
        {"type": "user", "name": "Eric Holder"},
        {"type": "user", "name": "Grace Owner"},
        {"type": "user", "name": "Account Manager", "email": "am@acme.com"},
        {"memberType": "group", "givenName": "Alice"},
        {"type": "user", "name": None},
    ],
)
def test_people_whose_type_or_name_has_such_a_word(record):
    assert is_person(record, True) is True


def test_what_says_nothing_is_what_it_is_in():
    assert is_person({"id": 1, "name": "A"}) is None
    assert is_person({"id": 1, "name": "A"}, True) is True
    assert is_person({"id": 1, "name": "A"}, False) is False


def test_types_that_mean_something_else_say_nothing():
    assert is_person({"type": "work", "name": "A"}) is None
    assert is_person({"phone": "1", "name": "Acme Inc"}) is None
    assert is_person({"type": {"id": "x"}, "name": "A"}) is None
