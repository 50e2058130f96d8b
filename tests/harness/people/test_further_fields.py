from __future__ import annotations

from connector_contract.people.further_fields import FurtherFields


def test_leaves_are_numbered_with_the_keys():
    value = {"a": ["x", None, True, 1.5, {"b": "y", "c": 2}]}
    assert FurtherFields({"name": "a[4].b", "number": "a[4].c"}).kinds(value) == {4: "name", 6: "number"}
    assert FurtherFields({"name": ["a[0]", "z"]}).kinds(value) == {1: "name"}


def test_none_are_none():
    assert not FurtherFields({})
    assert FurtherFields({"name": "a"})
    assert FurtherFields({}).kinds({"a": 1}) == {}


def test_a_path_that_leads_nowhere_is_told():
    further = FurtherFields({"name": ["rows[][1]", "rows[*][1]"], "phone": "tel"})
    assert further.unfound == (("name", "rows[][1]"), ("name", "rows[*][1]"), ("phone", "tel"))
    further.kinds({"rows": [[1, "Alice Martin"]]})
    assert further.unfound == (("name", "rows[][1]"), ("phone", "tel"))
    further.kinds({"tel": "1"})
    assert further.unfound == (("name", "rows[][1]"),)
