from __future__ import annotations

import pytest

from connector_contract.people.people_report import Unreplaced


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("fullName", "Alice Martin", "a name"),
        ("created_by", "Alice B. Martin", "a name"),
        ("x", "+49 30 1234567", "a telephone number"),
        ("x", "kept@acme.com", "an e-mail address"),
        ("Phone_of_next_of_kin", "415 630 4471", "a telephone number"),
        ("siteAddress", "1847 Larkspur Terrace, Sausalito 94965", "an address"),
    ],
)
def test_what_reads_as_personal(name, value, what):
    found = Unreplaced()
    found.look_at(name, value)
    assert found.has_unplaced
    found.place("users[].x")
    assert not found.has_unplaced
    assert found.found() == ((what, "users[].x"),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Senior Engineer"),
        ("name", "admins"),
        ("x", "+1 201 555 0123"),
        ("x", "a@example.com"),
        ("x", "+5"),
        ("x", "2024-01-01"),
        ("phone_type", "work"),
        ("phone_model", "Model 4"),
        ("phone_os_version", "17.4.1"),
        ("mac_address", "00 1a 2b and so on"),
        ("address_type", "home 1st"),
        ("address", "Headquarters"),
        ("cells", "1234567"),
    ],
)
def test_what_does_not(name, value):
    found = Unreplaced()
    found.look_at(name, value)
    assert not found.has_unplaced
    assert found.found() == ()


def test_what_a_connector_says_of_itself_names_nobody():
    found = Unreplaced()
    found.look_at("display_name", "Create Account")
    found.place("response.capability_schema.create_account.display_name")
    assert (found.has_unplaced, found.found()) == (False, ())


def test_there_are_not_too_many():
    found = Unreplaced()
    for number in range(1_000):
        found.look_at("name", "Alice Martin")
        if found.has_unplaced:
            found.place(f"groups[].x{number}")
    assert len(found.found()) == 50
