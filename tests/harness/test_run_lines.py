"""A review in some 30 lines."""

from __future__ import annotations

import pytest

from connector_contract.review.change import (
    Asked,
    Change,
    Difference,
    Kind,
    NotUnderstood,
    Request,
    Review,
    Said,
    Severity,
    What,
)
from connector_contract.review.run_lines import run_lines

REST = "connector-contract review"


def change(number=0, records=1, severity=Severity.MAJOR, name="ada", old="a", new="b"):
    request = Request("list_accounts", "in pages of 5", "t.py::t")
    members = tuple(
        Difference(
            Kind.ACCOUNT,
            What.CHANGED,
            f"f{number}",
            old,
            new,
            request,
            "snapshots/t/t.json",
            f"u{each}",
            name,
        )
        for each in range(records)
    )
    about = (Kind.ACCOUNT, What.CHANGED, f"f{number}", ("list_accounts",))
    return Change(severity, "Why.", *about, old, new, records, None, members)


def said(**parts):
    return run_lines(Review("base", "head", compared=3, **parts), REST)


def test_a_change_has_why_where_and_some_of_its_people():
    assert said(changes=[change(records=5)]) == [
        "major     f0 of 5 accounts: a → b",
        "          Why.",
        "          in list_accounts in pages of 5",
        "          - u0 (ada): a → b",
        "          - u1 (ada): a → b",
        "          - u2 (ada): a → b",
        "            and 2 more",
        "1 change (1 major), in 3 files that differ.",
    ]


def test_what_is_asked_and_said_otherwise_has_a_line_each():
    lines = said(
        requests=[Asked("header x-a: none → '1'", "GET /users", 4, ("t.py::t",), ("a.yaml",))],
        upstream=[Said("the field name: removed", "GET /users", 2, ("t.py::t",), ("a.yaml",))],
    )
    assert lines[:2] == [
        "minor     asks GET /users: header x-a: none → '1' (4 requests)",
        "info      upstream GET /users: the field name: removed (2 responses)",
    ]


@pytest.mark.parametrize("number", [1, 3, 4, 5, 9, 27, 28, 29, 30, 1000])
def test_many_changes_are_some_30_lines_with_a_count_of_the_rest(number):
    lines = said(changes=[change(each, records=9) for each in range(number)])
    assert len(lines) <= 30
    titles = [line for line in lines if line.startswith("major")]
    (left_out,) = [line for line in lines if line.startswith("and ")] or ["and 0 more: "]
    count, _more, rest = left_out.removeprefix("and ").partition(" more: ")
    assert int(count) + len(titles) == number
    assert rest in (REST, "")
    assert "Why." in lines[1]


def test_a_change_of_many_lines_is_cut_before_others_are_left_out():
    lines = said(changes=[change(each, records=9) for each in range(20)])
    assert sum(line.startswith("major") for line in lines) == 20
    assert not any(line.startswith("and ") for line in lines)


def test_what_could_not_be_compared_is_said_however_many_changes_there_are():
    trouble = [NotUnderstood(f"it is broken ({number})", 2, ("a", "b")) for number in range(5)]
    lines = said(changes=[change(each) for each in range(99)], not_understood=trouble)
    assert lines[-5:-1] == [
        "not compared: it is broken (0) (2 files)",
        "not compared: it is broken (1) (2 files)",
        "not compared: it is broken (2) (2 files)",
        "and 2 more",
    ]
    assert lines[-1].endswith("10 files could not be compared.")


@pytest.mark.parametrize(
    "name",
    ["\x1b[31mred\x1b[0m", "a\nb\r\tc", "\N{RIGHT-TO-LEFT OVERRIDE}evil", "x" * 10_000, "\udcff", "<b>`|*"],
    ids=["ansi", "lines", "rtl", "long", "no UTF-8", "markup"],
)
def test_names_are_data(name):
    lines = said(changes=[change(name=name, old=name, new=f"{name}b")])
    for line in lines:
        assert line.isprintable()
        assert len(line) < 400
    assert len(lines) == 5
