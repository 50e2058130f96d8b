from __future__ import annotations

import pytest

from connector_contract.people.field_steps import reads_as_name
from tests.people_testing import left_of, unchanged


@pytest.mark.parametrize(
    "value",
    [
        {"product": {"name": "Gold", "family": "gold-plan"}},
        {"id": "p", "family": "Gold Plan", "support_email": "help@example.com"},
        {"users": [{"id": 1, "family": "gold-plan"}]},
        {"email": "support@example.com", "details": {"family": "gold-plan", "sn": "a1"}},
        {"font": {"family": "Arial"}, "given": "Yes", "middle": "x"},
        {"sn": "CXKTABC", "model": "MacBook"},
        {"device": {"phone": "Galaxy S24 Ultra"}, "mobile": "Pixel 9", "cell": "A17"},
        {"counts": {"mobile": 3, "desktop": 5, "phone": 120}},
        {"notifications": {"email": "weekly", "mobile": "off", "mail": "enabled"}},
        {"nickname": "prod-db", "host": "h"},
        {"full_name": "acme/site", "fullName": "GoldPlan"},
        {"full_name": "Gold Plan"},
    ],
)
def test_ambiguous_names_of_fields_say_nothing_of_things(value):
    assert unchanged(value)


@pytest.mark.parametrize(
    "value",
    [
        {"patient": {"name": [{"given": ["Alice"], "family": "Martin"}]}},
        {"name": {"family": "Martin"}, "email": "x@acme.com"},
        {"userName": "al", "family": "Martin"},
        {"users": [{"name": {"first": "alice", "last": "Martin"}}]},
        {"cn": "Alice Martin", "sn": "Martin"},
        {"full_name": "Alice Martin", "department": "Sales"},
        {"users": [{"nickname": "Alice"}]},
    ],
)
def test_they_are_names_of_people(value):
    assert left_of(value, "Alice", "alice", "Martin") == []


@pytest.mark.parametrize(
    "value",
    ["Alice Martin", "MARTIN, Alice", "Dr. Will O'Martin", "Åsa van der Berg", "李 明", "Al Li (Sale)"],
)
def test_the_form_of_a_name(value):
    assert reads_as_name(value)


@pytest.mark.parametrize(
    "value", ["Alice", "Gold Plan", "Web Server", "alice martin", "Room 12", "a b", "", "Alice Martin, x@y.z"]
)
def test_what_has_not_the_form_of_a_name(value):
    assert not reads_as_name(value)
