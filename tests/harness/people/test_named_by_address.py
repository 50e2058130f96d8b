from __future__ import annotations

import pytest

from connector_contract.people.named_by_address import names_in
from connector_contract.people.person_records import Records
from tests.people_testing import left_of


def names(value):
    return {each.name for each in names_in(value, Records())}


@pytest.mark.parametrize(
    "local", ["alice.martin", "amartin", "martin.a", "alicem", "martinalice", "a_martin2", "alice.martin+x"]
)
@pytest.mark.parametrize("text", ["Alice Martin", "Martin, Alice", "Alice Martin (Contractor)"])
def test_a_text_of_which_an_address_beside_it_is_made(local, text):
    value = {"ref": f"{local}@acme.com", "caption": text}
    assert left_of(value, "Alice", "Martin", "alice", "martin") == []
    assert left_of([[f"{local}@acme.com", text]], "Alice", "Martin") == []


@pytest.mark.parametrize(
    "value",
    [
        {"a": {"ref": "alice.martin@acme.com"}, "b": [{"c": "seen by Alice Martin, twice"}]},
        {"ref": "amartin@acme.com", "info": {"caption": "Alice Martin"}},
        {"ref": "alice.martin@acme.com", "caption": "Alice"},
        {"who": ["amartin@acme.com", "Alice Martin"]},
        {"manager": "CN=Martin\\, Alice,OU=Staff,OU=Berlin,DC=acme,DC=com"},
    ],
)
def test_further_places(value):
    assert left_of(value, "Alice", "Martin") == []


def test_names_of_any_spelling():
    assert names(["jmueller@acme.com", "Jürgen Müller"]) == {"Jürgen Müller"}
    assert names({"a": "anna.van.der.berg@acme.com", "b": "Anna van der Berg"}) == {"Anna van der Berg"}
    assert names({"a": "will.page@acme.com", "b": "Will Page"}) == {"Will Page"}
    assert names({"a": "alice.martin@acme.com", "b": "alice martin"}) == {"alice martin"}


@pytest.mark.parametrize(
    "value",
    [
        {"ref": "support@acme.com", "caption": "Support Team"},
        {"ref": "support.team@acme.com", "caption": "Support Team"},
        {"ref": "sales@acme.com", "caption": "Sales"},
        {"ref": "gold.plan@acme.com", "caption": "Gold Plan"},
        {"ref": "customer.success@acme.com", "caption": "Customer Success"},
        {"ref": "acme.robotics@acme.com", "caption": "Acme Robotics"},
        {"ref": "sanfrancisco@acme.com", "city": "San Francisco"},
        {"ref": "redhat@acme.com", "vendor": "Red Hat", "group": {"x": "Red Hat"}},
        {"kind": "admin#directory#group", "email": "red.hat@acme.com", "name": "Red Hat"},
        {"ref": "u-17@acme.com", "caption": "U Seventeen"},
        {"ref": "bob.lee@acme.com", "caption": "Alice Martin"},
        {"x": {"ref": "amartin@acme.com"}, "y": [{"ref": "b@acme.com", "caption": "Alice Martin"}]},
        {"dn": "CN=Red Hats,OU=Groups,DC=acme,DC=com"},
        {"ref": "alice@acme.com", "caption": "Alice"},
    ],
)
def test_what_else_an_address_is_made_of(value):
    assert names(value) == set()


@pytest.mark.parametrize(
    "street", ["12 Martin Lane\nMartin Falls", "7b, St. Martin Road", "1 Martin Ave Apt 5"]
)
def test_a_street_is_nobody(street):
    assert names({"ref": "lmartin@acme.com", "more": {"formatted": street}}) == set()
    assert names({"ref": "lmartin@acme.com", "more": {"formatted": "12 tickets: Lane Martin"}}) == {
        "Lane Martin"
    }
