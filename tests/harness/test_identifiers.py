"""What a write names, and what of it nobody has declared."""

from __future__ import annotations

import pytest

from connector_contract.safety.identifiers import UNNAMED, created_id, identifiers, label, names, undeclared

ASSIGN = {
    "account_integration_specific_id": "u1",
    "entitlement_integration_specific_id": "e1",
    "entitlement_type": "role",
    "resource_integration_specific_id": "",
    "resource_type": "",
}
CREATE = {"email": "new@example.com", "username": "new", "entitlements": []}


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ({}, []),
        ({"account_id": "u1"}, [("account_id", "u1")]),
        ({"id": 7}, [("id", "7")]),
        ({"ids": ["a", "b"]}, [("ids", "a"), ("ids", "b")]),
        ({"user_ids": ("a",)}, [("user_ids", "a")]),
        ({"accountId": "u1", "groupIDs": ["g"]}, [("accountId", "u1"), ("groupIDs", "g")]),
        ({"to": [{"team": {"owner_id": "o"}}]}, [("to.team.owner_id", "o")]),
        ({"target_ids": {"first": "a"}}, [("target_ids.first", "a")]),
        ({"account_id": "", "team_id": None, "is_id": True}, []),
        ({"paid": "yes", "idea": "x", "identity": "me", "email": "a@example.com"}, []),
        ("u1", []),
    ],
)
def test_ids_are_found_by_the_names_of_their_fields(request_, found):
    assert identifiers(request_) == found


def test_what_the_model_marks_is_an_id_too():
    assert identifiers({"who": "u1", "x": "y"}, ["who"]) == [("who", "u1")]


@pytest.mark.parametrize(
    ("capability", "request_", "writable", "lacks"),
    [
        ("delete_account", {"account_id": "u1"}, {"u1"}, []),
        ("delete_account", {"account_id": "u1"}, set(), ["account_id: u1"]),
        ("delete_account", {"account_id": "u1"}, {"U1", "u"}, ["account_id: u1"]),
        ("assign_entitlement", ASSIGN, {"u1", "e1"}, []),
        ("assign_entitlement", ASSIGN, {"u1"}, ["entitlement_integration_specific_id: e1"]),
        ("purge", {"account_ids": ["u1", "u2", "u2"]}, {"u1"}, ["account_ids: u2"]),
        ("purge", {}, {"u1"}, [UNNAMED]),
        ("purge", {"name": "u1"}, {"u1"}, [UNNAMED]),
        ("create_account", CREATE, {"new@example.com"}, []),
        ("create_account", CREATE, {"new"}, []),
        ("create_account", CREATE, {"u1"}, ["email: new@example.com, or username: new"]),
        ("create_account", {"given_name": "Eve"}, {"u1"}, [UNNAMED]),
        (
            "create_account",
            {**CREATE, "entitlements": [{"integration_specific_id": "e1"}]},
            {"new"},
            ["entitlements.integration_specific_id: e1"],
        ),
        # To create something under a team, the team has to be declared, and that is enough.
        ("create_note", {"team_id": "t1"}, {"t1"}, []),
        ("create_note", {"team_id": "t1"}, set(), ["team_id: t1"]),
        ("create_note", {"text": "x"}, {"t1"}, [UNNAMED]),
    ],
)
def test_all_that_a_write_names_has_to_be_declared(capability, request_, writable, lacks):
    assert undeclared(capability, request_, writable) == lacks


def test_what_the_sdk_refuses_names_nothing_and_reaches_nobody():
    assert undeclared("delete_account", {}, set(), is_refused=True) == []
    assert undeclared("purge", {"account_id": "u1"}, set(), is_refused=True) == ["account_id: u1"]


def test_a_creation_is_named_by_what_it_creates():
    assert names(CREATE) == [("email", "new@example.com"), ("username", "new")]
    assert label("create_account", CREATE) == "create_account new@example.com"
    assert label("assign_entitlement", ASSIGN) == "assign_entitlement u1 / e1"
    assert label("purge", {}) == "purge"


@pytest.mark.parametrize(
    ("capability", "response", "id_"),
    [
        ("create_account", {"response": {"id": "u8", "created": True}}, "u8"),
        ("create_account", {"response": {"id": 8, "created": True}}, "8"),
        ("create_account", {"response": {"id": "u8", "created": False}}, None),
        ("create_account", {"is_error": True, "response": {"id": "u8"}}, None),
        ("create_account", {"response": {"status": "ACTIVE"}}, None),
        ("create_account", {"response": {"team_id": "t1"}}, None),
        ("create_account", {"response": {"account_id": "u8"}}, "u8"),
        ("create_account", {}, None),
        ("create_note", {"response": {"note_id": "n1", "team_id": "t1"}}, "n1"),
    ],
)
def test_the_id_of_what_was_created(capability, response, id_):
    assert created_id(capability, response) == id_
