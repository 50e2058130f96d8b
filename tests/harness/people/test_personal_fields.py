from __future__ import annotations

import pytest

from connector_contract.people.documents import json_document
from connector_contract.people.leaves import KEY
from connector_contract.people.personal_fields import PersonalFields


def personal(value, **further):
    """Name and kind of each personal leaf."""
    leaves = PersonalFields(further).leaves(value).found
    return [(leaf.name, leaf.kind) for leaf in leaves if leaf.kind and leaf.kind != KEY]


SCIM_USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "id": "1",
    "externalId": "x1",
    "userName": "alice",
    "name": {"formatted": "Alice Martin", "givenName": "Alice", "honorificPrefix": "Dr."},
    "displayName": "Alice",
    "nickName": "Ally",
    "title": "Engineer",
    "emails": [{"value": "a@acme.com", "type": "work", "display": "a"}],
    "phoneNumbers": [{"value": "tel:+1-201-321-7654"}],
    "ims": [{"value": "alice", "type": "aim"}],
    "photos": [{"value": "https://acme.com/a.png"}],
    "addresses": [{"type": "work", "streetAddress": "1 Rose Street", "locality": "Oslo", "country": "NO"}],
    "groups": [{"value": "g", "display": "Admins"}],
    "roles": [{"value": "admin", "display": "Admin"}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "employeeNumber": "7",
        "department": "Sales",
        "manager": {"value": "2", "displayName": "Bob"},
    },
    "meta": {"resourceType": "User", "location": "https://acme.com/Users/1"},
}


def test_a_user_of_scim():
    assert personal(SCIM_USER) == [
        ("userName", "login"),
        ("formatted", "name"),
        ("givenName", "given_name"),
        ("displayName", "name"),
        ("nickName", "login"),
        ("value", "email"),
        ("display", "email"),
        ("value", "phone"),
        ("value", "email"),
        ("value", "photo"),
        ("streetAddress", "address"),
        ("locality", "address"),
        ("employeeNumber", "number"),
        ("displayName", "name"),
    ]


def test_all_of_one_record_have_one_owner():
    leaves = PersonalFields().leaves([SCIM_USER, SCIM_USER]).found
    owners = {leaf.owner for leaf in leaves if leaf.kind in ("given_name", "email", "number")}
    assert len(owners) == 2
    manager = [leaf.owner for leaf in leaves if (leaf.name, leaf.value) == ("displayName", "Bob")]
    assert not owners & set(manager)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"displayName": "Admins", "members": [{"value": "1", "display": "Alice"}]}, [("display", "name")]),
        ({"members": [{"value": "1", "display": "Nested", "type": "Group"}]}, []),
        ({"groups": [{"id": 1, "name": "Admins"}]}, []),
        ({"users": [{"id": 1, "name": "Alice", "team": {"name": "A"}}]}, [("name", "name")]),
        ({"owner": "Alice Martin", "manager": "2"}, [("owner", "name")]),
        ({"owner": {"id": 1, "name": "Alice"}}, [("name", "name")]),
        ({"items": [{"id": 1, "name": "Alice"}]}, []),
        ({"login": "a", "type": "Organization", "email": "a@acme.com"}, []),
        (
            {"email": "a@acme.com", "name": "A", "custom": {"name": "x"}},
            [("email", "email"), ("name", "name"), ("name", "name")],
        ),
        ({"@odata.context": "x#users", "value": [{"displayName": "A"}]}, [("displayName", "name")]),
        ({"@odata.context": "x#groups", "value": [{"displayName": "A", "mail": "a@b.c"}]}, []),
        ({"profile": {"firstName": "A", "city": "Oslo"}}, [("firstName", "given_name"), ("city", "address")]),
        ({"members": {"nodes": [{"name": "A"}], "edges": [{"node": {"name": "B"}}]}}, [("name", "name")] * 2),
        (
            {"type": "users", "attributes": {"email": "a@b.c"}, "name": "A"},
            [("email", "email"), ("name", "name")],
        ),
        (
            {"login": "a", "Profile": {"Name": "B", "attributes": {"type": "Profile"}}},
            [("login", "login")],
        ),
        ({"avatarUrls": {"48x48": "https://x/y"}}, [("48x48", "photo")]),
        ({"client": {"ipAddress": "8.8.8.8", "city": "Oslo"}}, [("ipAddress", "ip")]),
        ({"profile": {"name": "Everyone", "description": "x"}}, []),
        (
            {"users": [{"name": "A", "avatar_url": "https://x", "city": "https://x"}]},
            [("name", "name"), ("avatar_url", "photo")],
        ),
    ],
)
def test_names_are_judged_by_their_record(value, found):
    assert personal(value) == found


def test_further_fields_are_found_by_their_place():
    value = {"items": [{"alias": "teller", "kind": "teller", "age": 3}, {"alias": "7", "age": 4}]}
    assert personal(value, login="items[].alias") == [("alias", "login"), ("alias", "login")]
    assert personal(
        value, login=["items[?age > `3`].alias", "items[?kind && contains(kind, 'tell')].kind"]
    ) == [
        ("kind", "login"),
        ("alias", "login"),
    ]
    assert personal(value, number="items[].age") == [("age", "number"), ("age", "number")]
    assert personal([], login="items[].alias") == []
    assert personal({"items": 3}, login="sum(items)") == []


def test_a_further_path_may_name_a_whole_object():
    assert personal({"x": {"a": "b", "c": ["d"]}}, name="x") == [("a", "name"), ("c", "name")]


def test_names_that_come_twice_are_both_judged():
    document = json_document(b'{"user": {"name": "A"}, "user": {"name": "B"}}')
    assert personal(document.value) == [("name", "name"), ("name", "name")]


def test_what_is_nested_too_deeply_is_refused():
    value = {}
    for _ in range(300):
        value = {"a": value}
    with pytest.raises(RecursionError):
        PersonalFields().leaves(value)


def test_first_and_last_of_a_person_are_names():
    names = {"first": "Alice", "last": "Martin"}
    found = [("first", "given_name"), ("last", "family_name")]
    assert personal({"employee": {"legal": names}}) == found
    assert personal({"users": [{"name": names, "email": "a@acme.com"}]}) == [*found, ("email", "email")]
    assert personal({"patient": {"userName": "a", "name": [{"given": ["Alice"], "family": "Martin"}]}}) == [
        ("userName", "login"),
        ("given", "given_name"),
        ("family", "family_name"),
    ]


def test_first_and_last_of_a_list_are_none():
    pages = {"first": "page-1", "last": "page-9"}
    assert personal({"paging": pages, "users": []}) == []
    assert personal({"users": [{"_links": pages, "login": "a"}]}) == [("login", "login")]
    assert personal({"members": {"first": "/m?page=1", "last": "https://acme.com/m"}}) == []


def test_somebody_with_a_role_in_one_text_is_no_name():
    assert personal({"owner": "Alice Martin"}) == [("owner", "name")]
    assert personal({"owner": "Alice Martin=admin"}) == []
