"""The values in which two JSON documents differ, and all that a document says."""

from __future__ import annotations

import pytest

from connector_contract.storage.json_differences import ABSENT, differences, load_once, load_whole


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": {"b": 1}}, {"a": {}}, [("a.b", 1, ABSENT)]),
        ({}, {"a": None}, [("a", ABSENT, None)]),
        ([1, 2], [1, 3], [("[1]", 2, 3)]),
        ({"a": [1]}, {"a": [1, 2]}, [("a", [1], [1, 2])]),
    ],
)
def test_each_value_that_is_not_the_same(old, new, found):
    assert list(differences(old, new)) == found


def test_a_name_that_comes_again_is_not_lost():
    assert load_whole('{"a": 1, "a": {"b": 2, "b": 3}, "a": 4}') == {
        "a": 1,
        "a (no. 2)": {"b": 2, "b (no. 2)": 3},
        "a (no. 3)": 4,
    }
    assert load_whole(b'[{"a": 1}]') == [{"a": 1}]


def test_a_document_that_must_not_have_a_name_again():
    assert load_once('{"a": {"a": 1}}') == {"a": {"a": 1}}
    with pytest.raises(ValueError, match=r"^an object in it has the name 'b' twice$"):
        load_once('{"a": {"b": 1, "c": 2, "b": 3}}')
