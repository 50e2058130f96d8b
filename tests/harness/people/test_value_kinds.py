"""One kind for a value, in whichever field it stands."""

from __future__ import annotations

import pytest

from connector_contract.people.value_kinds import ValueKinds


def kinds(**values):
    known = ValueKinds()
    for kind, value in values.items():
        known.learn(kind, value)
    return known


def test_the_kind_of_a_personal_field_holds_elsewhere():
    known = kinds(photo="https://cdn.norvel.io/a/7.jpg", number="00731", address="7 Brelk Lane")
    assert known.of("", "https://cdn.norvel.io/a/7.jpg") == "photo"
    assert known.of("", "00731") == "number"
    assert known.of("", "7 Brelk Lane") == "address"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "731"), ("address", "Brelk"), ("name", "Page"), ("login", "admin"), ("text", "Sales team")],
)
def test_what_may_be_something_else_is_personal_in_personal_fields_alone(kind, value):
    assert kinds(**{kind: value}).of("", value) == ""
    assert kinds(**{kind: value}).of(kind, value) == kind


def test_fields_that_disagree_have_one_kind_whichever_came_first():
    for order in (("login", "email"), ("email", "login")):
        known = ValueKinds()
        for kind in order:
            known.learn(kind, "a@norvel.io")
        assert [known.of(kind, "a@norvel.io") for kind in ("login", "email", "name")] == ["email"] * 3


def test_what_no_field_had_is_as_its_field_says():
    assert kinds().of("name", "Ottavine") == "name"
    assert kinds().of("", "Ottavine") == ""
