from __future__ import annotations

import pytest

from connector_contract.people.attribute_pairs import is_placeholder, pairs_among, value_of
from tests.people_testing import left_of, unchanged

NAMES = ("Alice", "Martin")


@pytest.mark.parametrize(
    "value",
    [
        {"name": "fullName", "value": "Alice Martin"},
        {"x": {"key": "given_name", "value": "Alice"}},
        {"type": "displayName", "values": ["Alice Martin"]},
        {"field": {"label": "Full Name"}, "value": "Alice Martin"},
        {"id": 7, "key": "custom_7", "label": "Last name", "content": "Martin"},
        {
            "Attributes": [
                {"Name": "given_name", "Value": "Alice"},
                {"Name": "family_name", "Value": "Martin"},
            ]
        },
        {
            "Attributes": [
                {"Name": "email", "Value": "al@acme.com"},
                {"Name": "name", "Value": "Alice Martin"},
            ]
        },
        {"Users": [{"Username": "u", "Attributes": [{"Name": "name", "Value": "Alice Martin"}]}]},
        {"claims": [{"type": "http://x.org/ws/2005/05/identity/claims/givenname", "value": "Alice"}]},
        {
            "claims": [
                {"type": "urn:oid:2.5.4.4", "value": "Martin"},
                {"type": "urn:oid:2.5.4.3", "value": "A"},
            ]
        },
        {"attributes": [["email", "al@acme.com"], ["givenName", "Alice"], ["name", "Alice Martin"]]},
        {"items": [{"key": "fullName", "value": {"stringValue": "Alice Martin"}}]},
        {"answers": {"1": {"question": "First name", "answer": "Alice"}}},
        {"firstName": {"value": "Alice"}, "lastName": {"value": "Martin", "type": "string"}},
    ],
)
def test_what_another_field_calls_a_name_is_one(value):
    assert left_of(value, *NAMES) == []


@pytest.mark.parametrize(
    "value",
    [
        {"Tags": [{"Key": "Name", "Value": "Web Server"}, {"Key": "Owner", "Value": "platform team"}]},
        {
            "attributes": [
                {"name": "firstName", "values": ["user.firstName"]},
                {"name": "email", "value": "x.mail"},
            ]
        },
        {"fields": [{"name": "firstName", "type": "string", "value": "First name"}]},
        {"errors": [{"field": "lastName", "text": "is required"}]},
        {"settings": [{"name": "email", "value": "weekly"}, {"name": "phone", "value": "off"}]},
        {
            "attributes": [
                {"name": "displayName", "value": "Gold Plan"},
                {"name": "family", "value": "gold-plan"},
            ]
        },
        {"sort": ["lastName", "asc"], "required": ["givenName", "surname"]},
    ],
)
def test_what_describes_a_field_or_a_thing_stays(value):
    assert unchanged(value)


def test_what_an_attribute_is_called_stays():
    value = {
        "users": [{"attributes": [{"Name": "given_name", "Value": "Alice"}, {"Name": "shirt", "Value": "L"}]}]
    }
    names = [{"Name": "given_name", "Value": "Alice"}, {"Name": "shirt", "Value": "L"}]
    assert left_of(value, "given_name", "shirt", '"L"') == ["given_name", "shirt", '"L"']
    assert [pair.name for _, pair in pairs_among(names, is_certain=False)] == ["given_name", "shirt"]


def test_values_of_both_forms():
    items = [["email", "a@acme.com"], ["x", 1]]
    assert [value_of(*each) for each in pairs_among(items, is_certain=False)] == ["a@acme.com", 1]
    assert list(pairs_among([{"name": "Alice", "value": "u1"}], is_certain=False)) == []
    assert list(pairs_among([["email", "x"], ["a"]], is_certain=False)) == []


def test_a_person_with_a_value_is_no_attribute():
    assert left_of({"owners": [{"name": "Alice Martin", "value": "u1"}]}, *NAMES) == []


@pytest.mark.parametrize(
    "value", ["$name", "{{name}}", "user.firstName", "is required", "string", "Last name"]
)
def test_what_says_where_a_value_comes_from(value):
    assert is_placeholder(value)


@pytest.mark.parametrize("value", ["Alice", "alice", "alice.martin@acme.mail", "J. Martin"])
def test_what_is_a_value(value):
    assert not is_placeholder(value)
