from __future__ import annotations

import jmespath
import pytest

from connector_contract.people.personal_fields import PersonalFields
from connector_contract.people.places import Placed, how_to_name, placed, what_is_left
from tests.people_testing import people

DOCUMENT = {
    "results": [{"id": 1, "a-b": [{"x": "one"}, {"x": None, "y": True}]}, {"more": [["two"]], "z": 2.5}],
    "by_user": {"ottavine": {"role": "admin"}},
}


def everything(document, **how):
    return list(placed(document, lambda key: key == "ottavine", **how))


def test_each_leaf_has_a_place_in_the_order_of_all_leaves():
    leaves = PersonalFields().leaves(DOCUMENT).found
    assert [each.value for each in everything(DOCUMENT)] == [leaf.value for leaf in leaves]
    assert [each.place for each in everything(DOCUMENT) if not each.is_key] == [
        "results[].id",
        'results[]."a-b"[].x',
        "results[].more[][]",
        "results[].z",
        "by_user.*.role",
    ]


@pytest.mark.parametrize("document", [DOCUMENT, [{"x": [1, {"y": "one"}]}, "two"]])
def test_an_exact_place_is_a_path_to_the_value(document):
    found = [each for each in everything(document, is_exact=True) if not each.is_key]
    assert found
    for each in found:
        value = jmespath.search(each.place, document)
        assert value == ([each.value] if "*" in each.place else each.value)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (None, "It is a word."),
        (Placed("", "x"), "It is a word."),
        (Placed("a[3].b", "x"), "It is a word, at a[3].b."),
        (Placed("", "x", is_key=True), "It is a word, in the name of a field."),
        (Placed("a", "x", is_key=True), "It is a word, in the name of a field of a."),
    ],
)
def test_what_is_left_is_said_with_its_place(found, sentence):
    assert what_is_left("a word", found) == sentence


@pytest.mark.parametrize(
    ("left", "example"),
    [
        ("an e-mail address of 5 characters", '{"email": "a[].b"}'),
        ("a telephone number", '{"phone": "a[].b"}'),
        ("a word of a name, of 5 letters", '{"name": "a[].b"}'),
    ],
)
def test_a_field_is_named_by_its_kind(left, example):
    assert f"personal_data={example}" in how_to_name(left, Placed("a[3].b", "x"))


def test_a_key_cannot_be_named():
    assert "personal_data" not in how_to_name("a word", Placed("a", "x", is_key=True))


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"a": [{"b": "x"}, {"b": "of Brelkoss"}]}', Placed("a[1].b", "of Brelkoss")),
        (b'{"a": {"Brelkoss": {"b": "Brelkoss"}}}', Placed("a", "Brelkoss", is_key=True)),
        (b"of Brelkoss", None),
        (b'{"a": "nobody"}', None),
    ],
)
def test_where_somebody_is_left(body, place):
    known = people({"givenName": "Ottavine", "familyName": "Brelkoss"})
    assert known.place_left(body) == place
