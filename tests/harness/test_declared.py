"""Declarations, and tables of raw values."""

from __future__ import annotations

import pytest

from connector_contract.review.change import Kind, Request, What
from connector_contract.review.declared import (
    declaration_changes,
    fields_of,
    is_declarations,
    table_changes,
    table_of,
    use_changes,
    waivers_of,
)
from tests.review_testing import as_json

PATH = "snapshots/tests/test_a/TestA.declarations.json"
TABLE = Request("list_accounts", "", "tests/test_a.py::TestA.test_status[list_accounts]")


def declared(old, new):
    sides = (None if each is None else as_json(each) for each in (old, new))
    return [
        (each.what, each.field, each.old, each.new) for each in declaration_changes(*sides, PATH, "TestA")
    ]


def table(old, new):
    sides = (None if each is None else as_json(each) for each in (old, new))
    return [(each.what, each.field, each.old, each.new) for each in table_changes(*sides, PATH, TABLE)]


def test_which_files_have_declarations():
    assert is_declarations(PATH)
    assert not is_declarations("snapshots/tests/test_a/declarations.json")


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("TestA.test_status[list_accounts]", "list_accounts"),
        ("TestA.test_kinds[list_non_human_accounts]", "list_non_human_accounts"),
        ("TestA.test_status[list_accounts][more]", None),
        ("test_status[list_accounts]", None),
        ("TestA.test_records[list_accounts]", None),
    ],
)
def test_which_files_have_the_table_of_a_capability(name, capability):
    assert table_of(name) == capability


def test_what_is_declared_now_no_longer_or_otherwise():
    old = {"waivers": {"info": "a gap", "pages[list_accounts]": "small"}}
    new = {"waivers": {"info": "another", "status": "new"}}
    assert declared(old, new) == [
        (What.CHANGED, "waivers[info]", "a gap", "another"),
        (What.REMOVED, "waivers[pages[list_accounts]]", "small", None),
        (What.ADDED, "waivers[status]", None, "new"),
    ]
    assert declared(old, old) == []


def test_files_that_come_or_go():
    assert declared(None, {"page_sizes": [1]}) == [(What.ADDED, "page_sizes", None, [1])]
    assert declared({"page_sizes": [1]}, None) == [(What.REMOVED, "page_sizes", [1], None)]


def test_a_sample_is_one_declaration():
    assert declared({"sample": {"pages": 3, "last": True}}, {"sample": {"pages": 5, "last": True}}) == [
        (What.CHANGED, "sample", {"pages": 3, "last": True}, {"pages": 5, "last": True})
    ]


def test_a_choice_is_one_declaration_with_its_reason():
    keeps, leaves = (
        {"declared_choices": {"writes[a]": {"choice": choice, "reason": "It does."}}}
        for choice in ("keeps_access", "not_listed")
    )
    name = "declared_choices[writes[a]]"
    assert declared(keeps, leaves) == [(What.CHANGED, name, "keeps_access: It does.", "not_listed: It does.")]
    assert [(each.name, each.reason) for each in waivers_of(as_json(keeps), PATH)] == [
        (name, "keeps_access: It does.")
    ]


@pytest.mark.parametrize(("old", "new"), [(1, True), (0, False), (1, "1")])
def test_values_that_python_takes_for_equal_are_not(old, new):
    assert [what for what, *_ in declared({"a": old}, {"a": new})] == [What.CHANGED]
    assert [what for what, *_ in table({"on": [old]}, {"on": [new]})] == [What.CHANGED]


def test_what_is_about_a_declaration():
    (one,) = declaration_changes(None, as_json({"waivers": {"info": "a gap"}}), PATH, "TestA")
    assert (one.kind, one.record, one.file, one.request.scenario) == (
        Kind.DECLARATION, "waivers[info]", PATH, "TestA",
    )  # fmt: skip


def test_the_waivers_are_what_lowers_the_demands():
    data = as_json({
        "waivers": {"info": "a gap"},
        "sample": {"pages": 3},
        "page_sizes": [1],
        "tolerated_faults": {"not_found": {"delete_account": "harmless"}},
    })  # fmt: skip
    assert [(each.name, each.reason, each.file) for each in waivers_of(data, PATH)] == [
        ("waivers[info]", "a gap", PATH),
        ("sample", '{"pages": 3}', PATH),
        ("tolerated_faults[not_found][delete_account]", "harmless", PATH),
    ]


def test_a_table_whose_values_lead_elsewhere():
    old, new = {"on": ["ACTIVE"], "off": ["INACTIVE"]}, {"on": ["ACTIVE", "UNKNOWN"], "left": ["INACTIVE"]}
    assert table(old, new) == [
        (What.CHANGED, "on", "ACTIVE", "ACTIVE, UNKNOWN"),
        (What.REMOVED, "off", "INACTIVE", None),
        (What.ADDED, "left", None, "INACTIVE"),
    ]
    (one, *_) = table_changes(as_json(old), as_json(new), PATH, TABLE)
    assert (one.kind, one.request, one.record) == (Kind.STATUS, TABLE, "on")


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"[]", "no JSON object"), (b"{", "Expecting"), (b'{"a": 1, "a": 2}', "the name 'a' twice"),
     (b"\xff", "utf-8")],
)  # fmt: skip
def test_what_is_no_object_is_not_valid(data, why):
    for find in (
        lambda: list(declaration_changes(data, None, PATH, "")),
        lambda: list(table_changes(None, data, PATH, TABLE)),
        lambda: list(waivers_of(data, PATH)),
    ):
        with pytest.raises(ValueError, match=why):
            find()


@pytest.mark.parametrize(
    ("path", "capability"),
    [
        ("snapshots/tests/list_accounts.fields.json", "list_accounts"),
        ("snapshots/list_accounts.fields.json", "list_accounts"),
        ("snapshots/tests/test_a/test_fields.json", None),
        (PATH, None),
    ],
)
def test_which_files_have_the_table_of_a_capabilitys_fields(path, capability):
    assert fields_of(path) == capability


def test_fields_that_the_connector_uses_otherwise():
    old = {"GET /users": {"email": "required", "name": "read", "id": "required", "age": "unread"}}
    new = {"GET /users": {"email": "read", "name": "read", "id": "required, never used"}}
    new["GET /teams"] = {"id": "read"}
    path = "snapshots/tests/list_accounts.fields.json"
    found = list(use_changes(as_json(old), as_json(new), path, "list_accounts"))
    assert [(each.what, each.field, each.old, each.new) for each in found] == [
        (What.CHANGED, "GET /users: email", "required", "read"),
        (What.ADDED, "GET /teams: id", None, "read"),
        (What.REMOVED, "GET /users: age", "unread", None),
        (What.CHANGED, "GET /users: id", "required", "required, never used"),
    ]
    assert {(each.kind, each.request.capability, each.file) for each in found} == {
        (Kind.FIELD, "list_accounts", path)
    }
