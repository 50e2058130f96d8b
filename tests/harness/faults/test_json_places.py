"""Pure: values within a JSON value, by the paths of their fields."""

from __future__ import annotations

import pytest

from connector_contract.faults.json_places import is_by_id, reordered, values_in, with_value, without


def paths(data):
    return [each.path for each in values_in(data)]


def test_an_object_or_a_list_comes_before_what_is_in_it():
    data = {"items": [{"profile": {"email": "a@b"}}], "total": 1}
    assert paths(data) == ["items", "items[]", "items[].profile", "items[].profile.email", "total"]
    assert [each.place for each in values_in(data)][3] == ("items", 0, "profile", "email")


def test_the_records_of_a_list_have_the_same_paths():
    assert paths([{"id": 1}, {"id": 2}]) == ["[]", "[].id", "[]", "[].id"]


def test_a_name_that_jmespath_cannot_read_is_quoted():
    assert paths({"@odata.nextLink": 1, "a": {"b-c": 2}}) == ['"@odata.nextLink"', "a", 'a."b-c"']


def test_the_name_of_an_item_is_that_of_its_list():
    assert [each.name for each in values_in({"ids": [7]})] == ["ids", "ids"]
    assert [each.name for each in values_in([7])] == [""]


def test_objects_by_id_are_records():
    data = {"users": {"u1": {"id": 1, "x": 2}, "u2": {"id": 3}}}
    assert paths(data) == ["users", "users.*", "users.*.id", "users.*.x", "users.*", "users.*.id"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"manager": {"id": 1}, "owner": {"id": 2}},
        {"u1": {"id": 1}, "u2": {"name": 2}},
        {"u1": {"id": 1}, "u2": 3},
        [{"id": 1}],
    ],
)
def test_other_objects_are_no_records_by_id(data):
    assert not is_by_id(data)


def test_links_by_relation_are_no_records():
    assert paths({"_links": {"p1": {"href": 1}}}) == ["_links", "_links.p1", "_links.p1.href"]


def test_what_is_nested_beyond_all_sense_ends():
    data = []
    for _ in range(500):
        data = [data]
    assert len(paths(data)) == 51


def test_one_value_is_changed_and_the_first_one_stays():
    data = {"items": [{"id": 1}, {"id": 2}]}
    assert with_value(data, ("items", 1, "id"), 3) == {"items": [{"id": 1}, {"id": 3}]}
    assert with_value(data, ("items", 0, "new"), 3) == {"items": [{"id": 1, "new": 3}, {"id": 2}]}
    assert with_value(data, (), 3) == 3
    assert data == {"items": [{"id": 1}, {"id": 2}]}
    with pytest.raises(LookupError):
        with_value(data, ("items", 2, "id"), 3)


def test_one_value_is_taken_away_and_the_first_one_stays():
    data = {"items": [{"id": 1}, {"id": 2, "x": 3}]}
    assert without(data, ("items", 1, "x")) == {"items": [{"id": 1}, {"id": 2}]}
    assert without(data, ("items", 0)) == {"items": [{"id": 2, "x": 3}]}
    assert without(data, ("items",)) == {}
    assert data == {"items": [{"id": 1}, {"id": 2, "x": 3}]}


def test_names_are_reordered_and_lists_are_not():
    assert str(reordered({"a": 1, "b": [{"c": 2, "d": 3}, 4]})) == "{'b': [{'d': 3, 'c': 2}, 4], 'a': 1}"
