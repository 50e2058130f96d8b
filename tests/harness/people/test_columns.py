from __future__ import annotations

import pytest

from connector_contract.people.columns import rows_below_names, rows_by_columns
from tests.people_testing import left_of, unchanged


@pytest.mark.parametrize(
    "value",
    [
        {"columns": ["id", "full_name"], "rows": [[1, "Alice Martin"]]},
        {"columns": [{"name": "id"}, {"name": "first_name"}], "data": [[1, "Alice"], [2, None]]},
        {"columns": ["email", "name"], "rows": [["al@acme.com", "Alice Martin"]]},
        {"schema": {"fields": [{"name": "first_name"}]}, "rows": [{"f": [{"v": "Alice"}]}]},
        {"meta": {"cols": ["given_name", "x"]}, "result": {"rows": [["Alice", 1]]}},
        {"values": [["id", "First Name", "Surname"], ["1", "Alice", "Martin"]]},
        [["Name", "Email"], ["Alice Martin", "al@acme.com"]],
    ],
)
def test_rows_are_people_if_the_columns_say_so(value):
    assert left_of(value, "Alice", "Martin") == []


@pytest.mark.parametrize(
    "value",
    [
        {"columns": ["id", "name"], "rows": [[1, "Gold Plan"]]},
        {"columns": ["family", "size"], "rows": [["Arial", 12]]},
        {"columns": ["given_name"], "rows": [["Arial", 12]]},
        [["name", "size"], ["Arial", 12]],
    ],
)
def test_rows_of_things_stay(value):
    assert unchanged(value)


def test_which_rows_there_are():
    rows = [["a", 1], ["b", 2]]
    value = {"columns": ["email", "n"], "rows": rows}
    assert list(rows_by_columns(value)) == [(("email", "n"), rows[0]), (("email", "n"), rows[1])]
    assert list(rows_by_columns({"columns": ["email"], "rows": rows})) == []
    assert rows_below_names([["email", "n"], ["a"]]) == (("email", "n"), [["a"]])
    assert rows_below_names([["email", "a"], ["name", "b"]]) is None
    assert rows_below_names([["email", "a"], {"x": 1}]) is None
