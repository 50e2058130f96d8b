"""The stored form of what a connector does with the fields of its upstream."""

from __future__ import annotations

import json

import pytest

from connector_contract.faults.field_use import FieldUse, Use, cell_of, fields_text, from_json, to_json

FIELDS = {
    "GET /users": {"name": FieldUse(Use.UNREAD), "email": FieldUse(Use.REQUIRED, never_used=True)},
    "GET /teams": {"id": FieldUse(Use.READ)},
}
TEXT = """\
{
  "GET /teams": {
    "id": "read"
  },
  "GET /users": {
    "email": "required, never used",
    "name": "unread"
  }
}
"""


def test_the_stored_text_is_sorted_and_has_a_line_a_field():
    assert fields_text(FIELDS) == TEXT


def test_without_a_field_there_is_no_text():
    assert fields_text({}) == ""
    assert fields_text({"GET /users": {}}) == ""


def test_what_is_stored_is_read_back():
    assert from_json(json.loads(TEXT)) == FIELDS
    assert from_json(to_json(FIELDS)) == FIELDS


@pytest.mark.parametrize("use", list(Use))
@pytest.mark.parametrize("never_used", [False, True])
def test_each_cell_is_read_back(use, never_used):
    cell = FieldUse(use, never_used)
    if never_used and use in (Use.READ, Use.UNREAD):
        with pytest.raises(ValueError, match="what refuses nothing"):
            cell_of(str(cell))
    else:
        assert cell_of(str(cell)) == cell


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([], "is an object"),
        ({"GET /users": []}, "in the place of an object"),
        ({"GET /users": {"email": "wanted"}}, "'wanted', which is nothing done with a field"),
        ({"GET /users": {"email": {"a": "read"}}}, "which is nothing done with a field"),
        ({"GET /users": {"email": None}}, "which is nothing done with a field"),
    ],
)
def test_what_is_no_table_is_refused(data, why):
    with pytest.raises(ValueError, match=why):
        from_json(data)
