"""A change in words."""

from __future__ import annotations

import pytest

from connector_contract.review.change import Change, Difference, Kind, Request, Severity, What
from connector_contract.review.lines import details, example_line, examples, shown_pair, shown_value, title

REQUEST = Request("list_accounts", "in pages of 5", "tests/test_a.py::test_a")


def change(kind, what=What.CHANGED, field="", old=None, new=None, count=1, **more):
    members = tuple(
        Difference(kind, what, field, old, new, REQUEST, "a.json", f"u{number}", f"Person {number}")
        for number in range(count)
    )
    capabilities = ("list_accounts",)
    more = {"explained_by": None, **more}
    return Change(
        Severity.MAJOR, "Why.", kind, what, field, capabilities, old, new, count, members=members, **more
    )


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (change(Kind.ACCOUNT, What.REMOVED), "1 account is gone"),
        (change(Kind.ENTITLEMENT, What.ADDED, count=2), "2 entitlements are new"),
        (change(Kind.ACTIVITY, What.ADDED, count=2), "2 activities are new"),
        (change(Kind.OTHER, What.REMOVED, count=2), "2 records are gone"),
        (change(Kind.ACCOUNT, field="a", old="x", new=None), "a of 1 account: x → nothing"),
        (change(Kind.ACCOUNT, field="a", old="", new=[1]), 'a of 1 account: "" → [1]'),
        (
            change(Kind.ACCOUNT, field="a", explained_by="now empty, in 1 of 1"),
            "a of 1 account: now empty, in 1 of 1",
        ),
        (change(Kind.ACCOUNT, field="a"), "a of 1 account: different values"),
        (change(Kind.STATUS, field="on", old="A", new="B"), "the table of list_accounts: on: A → B"),
        (
            change(Kind.FIELD, field="GET /users: email", old="required", new="read"),
            "list_accounts no longer stops if GET /users lacks email: it was required, and is read now",
        ),
        (
            change(Kind.FIELD, What.ADDED, "GET /users: email", new="read"),
            "email of GET /users is new in the calls of list_accounts: it is read",
        ),
        (change(Kind.FIELD, What.REMOVED, "the table"), "1 table of fields is gone, of list_accounts"),
        (change(Kind.PAGE), "the records of list_accounts come in other pages"),
        (
            change(Kind.REQUEST, field="requests in a call", old="a", new="b"),
            "requests in a call of list_accounts: a → b",
        ),
        (change(Kind.ERROR, field="the outcome", old="a", new="b"), "list_accounts: a → b"),
        (
            change(Kind.ERROR, field="message", old="a", new="b", count=2),
            "message of 2 errors of list_accounts: a → b",
        ),
        (change(Kind.OTHER, What.REMOVED, "scenario", count=2), "2 scenarios are gone"),
        (change(Kind.OTHER, What.CHANGED, "scenario"), "1 scenario has another name"),
        (change(Kind.DECLARATION, What.ADDED, "waivers[a]", new="Why"), "waivers[a] is declared: Why"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_line_of_a_change(one, line):
    assert title(one) == line


def test_where_a_change_shows():
    assert details(change(Kind.ACCOUNT, field="a")) == ["in list_accounts in pages of 5"]
    gone = change(Kind.ACCOUNT, What.REMOVED, count=2, still_in=(("list_accounts", 1),))
    assert details(gone) == [
        "gone from list_accounts in pages of 5 (2)",
        "still in list_accounts (1 of 2)",
    ]


def test_some_of_many_records():
    many = change(Kind.ACCOUNT, field="a", old="x", new="y", count=9)
    assert [example_line(each) for each in examples(many)] == [
        f"u{number} (Person {number}): x → y" for number in range(3)
    ]
    assert example_line(change(Kind.ACCOUNT, What.REMOVED).members[0]) == "u0 (Person 0)"


def test_a_long_value_is_shortened():
    assert shown_value("x" * 10_000) == "x" * 60 + "..."


def test_the_same_as_text_is_not_shown_as_equal():
    assert shown_pair(True, "true") == "true → the same, now as text"
    assert shown_pair("1", 1) == "1 → the same, no longer as text"
    assert shown_pair(True, 1) == "true → 1"
