"""Pure: values to put in place of a field's."""

from __future__ import annotations

import pytest

from connector_contract.faults.wrong_values import another, is_enum, of_another_type, unknown_word


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("u1", {"unexpected": True}),
        ("", {"unexpected": True}),
        ([1], {"unexpected": True}),
        (7, "unexpected"),
        (0.5, "unexpected"),
        ({"a": 1}, "unexpected"),
        (True, ""),
        (False, "unexpected"),
    ],
)
def test_a_value_of_another_type(value, wrong):
    assert of_another_type(value) == wrong
    assert bool(of_another_type(value)) is not value


def test_null_has_no_type():
    with pytest.raises(ValueError, match="null has no type"):
        of_another_type(None)


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("2024-02-29T10:00:00Z", "2020-02-29T10:00:00Z"),
        ("ann@example.com", "xann@example.com"),
        ("user-19", "user-10"),
        ("00u1abc", "00u2abc"),
        ("https://example.com/u1", "https://example.com/u1x"),
        ("Ann", "Annx"),
        ("", "x"),
        (7, 8),
        (True, False),
        (None, None),
        ({"a": 1}, None),
        ([], None),
    ],
)
def test_another_value_has_the_same_form(value, other):
    assert another(value) == other


def test_another_value_of_an_enum_is_one_that_the_upstream_has():
    assert another("active", ["active", "inactive"]) == "inactive"
    assert another("active", ["active"]) == "activex"


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("department", ["Sales", "IT", "Sales", "IT"], True),
        ("department", ["Sales", "IT", "HR", "Law"], False),
        ("status", ["active"], True),
        ("userType", ["Member", "Guest"], True),
        ("status", [200, 404], False),
        ("status", [], False),
        ("state", ["https://example.com"], False),
        ("name", ["Ann Miller"], False),
        ("id", ["u1", "u1", "u1"], False),
    ],
)
def test_what_looks_like_an_enum(name, values, expected):
    assert is_enum(name, values) is expected


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (["active", "inactive"], "unexpected_value"),
        (["ACTIVE"], "UNEXPECTED_VALUE"),
        (["Member", "Guest"], "UnexpectedValue"),
    ],
)
def test_an_unknown_word_is_written_like_the_known_ones(values, word):
    assert unknown_word(values) == word
