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
    ],
)
def test_what_reads_as_personal(name, value, what):
    found = Unreplaced()
    found.look_at(name, value)
    assert found.found() == ((what, name),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Senior Engineer"),
        ("name", "admins"),
        ("x", "+1 201 555 0123"),
        ("x", "a@example.com"),
        ("x", "+5"),
        ("x", "2024-01-01"),
    ],
)
def test_what_does_not(name, value):
    found = Unreplaced()
    found.look_at(name, value)
    assert found.found() == ()


def test_there_are_not_too_many():
    found = Unreplaced()
    for number in range(1_000):
        found.look_at(f"{number} name", "Alice Martin")
    assert len(found.found()) == 50
