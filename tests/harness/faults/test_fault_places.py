"""Where faults are, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

from fault_rows import EMPTY

from connector_contract.faults.fault_places import apart, fault_names, place_of, some


def field(name, fault="field-missing", **others):
    return replace(EMPTY, fault=fault, detail=name, **others)


def test_a_place_is_a_request_or_all_of_them():
    assert place_of(EMPTY) == "GET /users, interaction 1"
    assert place_of(replace(EMPTY, endpoint="", place=None)) == "every request of the call"


def test_a_fault_is_named_once_with_all_that_it_breaks():
    rows = [field("a"), field("b"), field("a"), field("a", "field-null"), EMPTY]
    assert fault_names(rows, 8) == "field-missing (a, b), field-null (a), status-401"
    assert fault_names([field(each) for each in "abcdefg"], 8) == "field-missing (a, b, c, d and 3 more)"
    assert fault_names([replace(EMPTY, fault=each) for each in "abcd"], 2) == "a, b and 2 more"


def test_one_text_is_said_alone_and_several_with_what_they_are_about():
    assert apart([EMPTY, field("a")], lambda row: row.told) == [EMPTY.told]
    other = replace(EMPTY, fault="status-404", expected="not_found")
    assert apart([EMPTY, other], lambda row: row.expected) == [
        "unauthorized, not retryable (status-401)",
        "not_found (status-404)",
    ]
    assert apart([field("a", told="x"), field("b", told="y")], lambda row: row.told) == ["x (a)", "y (b)"]


def test_one_of_several_long_texts_is_cut():
    rows = [field(each, told=each * 500) for each in "ab"]
    assert apart(rows, lambda row: row.told) == [
        f"{'a' * 240}... (260 more letters) (a)",
        f"{'b' * 240}... (260 more letters) (b)",
    ]


def test_nobody_reads_that_there_is_one_more():
    assert some(["a", "b", "c"], 2) == "a, b, c"
    assert some(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert some([], 2) == ""
