"""What a connector does otherwise with the fields of its upstream, in words."""

from __future__ import annotations

from itertools import product

import pytest

from connector_contract.faults.field_changes import FieldChange, field_changes
from connector_contract.faults.field_use import cell_of

CELLS = [None, "required", "required, never used", "checked", "checked, never used", "read", "unread"]


def change(old, new):
    return FieldChange.at("GET /users: items[].email", old, new)


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (
            "required",
            "read",
            "list_accounts no longer stops if GET /users lacks items[].email: "
            "it was required, and is read now",
        ),
        (
            "unread",
            "required, never used",
            "list_accounts stops if GET /users lacks items[].email: "
            "it was unread, and is required, never used now",
        ),
        (
            "checked",
            "required",
            "list_accounts stops if GET /users lacks items[].email: it was checked, and is required now",
        ),
        (
            "read",
            "checked",
            "list_accounts stops if items[].email of GET /users is null or of another type: "
            "it was read, and is checked now",
        ),
        (
            "checked",
            "unread",
            "list_accounts no longer stops if items[].email of GET /users is null or of another type: "
            "it was checked, and is unread now",
        ),
        (
            "read",
            "unread",
            "list_accounts no longer uses items[].email of GET /users: it was read, and is unread now",
        ),
        (
            "required, never used",
            "required",
            "list_accounts uses items[].email of GET /users: "
            "it was required, never used, and is required now",
        ),
        (None, "read", "items[].email of GET /users is new in the calls of list_accounts: it is read"),
        (
            "required",
            None,
            "items[].email of GET /users is in no call of list_accounts any more: it was required",
        ),
    ],
)
def test_each_change_is_a_sentence(old, new, text):
    assert change(old, new).text("list_accounts") == text


@pytest.mark.parametrize(("old", "new"), [*product(CELLS, CELLS)])
def test_no_two_changes_are_called_the_same(old, new):
    if old == new:
        return
    others = [pair for pair in product(CELLS, CELLS) if pair[0] != pair[1] and pair != (old, new)]
    text = change(old, new).text("a")
    assert text not in {change(*pair).text("a") for pair in others}


@pytest.mark.parametrize(
    ("old", "new", "moves"),
    [
        ("required", "checked", True),
        ("required", "unread", True),
        ("read", "checked", True),
        (None, "required", True),
        ("checked", None, True),
        ("required", "required, never used", False),
        ("read", "unread", False),
        (None, "unread", False),
        ("read", None, False),
    ],
)
def test_whether_it_stops_elsewhere(old, new, moves):
    assert change(old, new).moves_refusals is moves


@pytest.mark.parametrize(
    ("old", "new", "unread"),
    [(None, "unread", True), ("unread", None, True), ("read", "unread", False), (None, "read", False)],
)
def test_whether_nobody_reads_it(old, new, unread):
    assert change(old, new).is_unread is unread


def test_what_stops_the_connector_comes_first_and_equal_cells_are_no_change():
    old = {"GET /a": {"x": "read", "y": "read", "z": "read"}, "GET /b": {"x": "required"}}
    new = {"GET /a": {"x": "unread", "y": "read", "z": "required"}, "GET /c": {"x": "unread"}}
    tables = [
        {asked: {name: cell_of(cell) for name, cell in of.items()} for asked, of in side.items()}
        for side in (old, new)
    ]
    assert [each.place for each in field_changes(*tables)] == [
        "GET /a: z",
        "GET /b: x",
        "GET /a: x",
        "GET /c: x",
    ]


def test_a_field_with_a_colon_in_its_name_keeps_it():
    one = FieldChange.at("GET /users: a: b", "read", None)
    assert (one.endpoint, one.name, one.place) == ("GET /users", "a: b", "GET /users: a: b")
