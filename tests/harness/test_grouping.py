"""One change is one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector_contract.review.change import Difference, Kind, NewId, Request, Severity, What
from connector_contract.review.grouping import grouped

REQUEST = Request("list_accounts", "in pages of 5", "tests/test_a.py::test_a")


def changed(record, old, new, field="department", kind=Kind.ACCOUNT):
    return Difference(kind, What.CHANGED, field, old, new, REQUEST, "a.json", record, before={}, after={})


def lines(*found):
    return [(each.field, each.old, each.new, each.count, each.explained_by) for each in grouped(found, {})]


def test_one_pair_of_values_is_one_line():
    assert lines(changed("u1", "A", "B"), changed("u2", "A", "B")) == [("department", "A", "B", 2, None)]


def test_a_few_pairs_of_values_are_a_line_each():
    found = [changed(f"u{n}", "A", "B") for n in range(4)] + [changed(f"v{n}", "C", "D") for n in range(3)]
    assert lines(*found) == [("department", "A", "B", 4, None), ("department", "C", "D", 3, None)]


def test_many_pairs_are_one_line_with_what_explains_them():
    found = [changed(f"u{n}", f"name {n}", f"NAME {n}") for n in range(9)]
    assert lines(*found) == [("department", None, None, 9, "now upper case, in 9 of 9")]


def test_what_explains_some_of_them_leaves_the_others():
    found = [changed(f"u{n}", f"name {n}", f"NAME {n}") for n in range(9)]
    found.append(changed("u9", "Ann", "Zoe"))
    assert lines(*found) == [
        ("department", None, None, 9, "now upper case, in 9 of 10"),
        ("department", "Ann", "Zoe", 1, None),
    ]


def test_many_pairs_that_nothing_explains_are_one_line():
    found = [changed(f"u{n}", f"old {n}", f"x{n}y") for n in range(9)]
    assert lines(*found) == [("department", None, None, 9, None)]


def test_each_change_of_a_status_has_its_line():
    found = [changed(f"u{n}", old, "INACTIVE", "user_status") for n, old in enumerate(["ACTIVE", "DELETED"])]
    assert lines(*found) == [
        ("user_status", "ACTIVE", "INACTIVE", 1, None),
        ("user_status", "DELETED", "INACTIVE", 1, None),
    ]


def test_a_record_counts_once_in_several_answers():
    assert lines(*[changed("u1", "A", "B")] * 3) == [("department", "A", "B", 1, None)]


def test_the_worst_comes_first():
    found = [
        changed("u1", 1, 2, "page", Kind.PAGE),
        changed("u1", "A", "B"),
        changed("u1", "ACTIVE", "INACTIVE", "user_status"),
    ]
    severities = [each.severity for each in grouped(found, {})]
    assert severities == [Severity.CRITICAL, Severity.MAJOR, Severity.MINOR]


def test_where_what_is_gone_still_is():
    gone = [
        Difference(Kind.ACCOUNT, What.REMOVED, "", {}, None, REQUEST, "a.json", record)
        for record in ("u1", "u2")
    ]
    (change,) = grouped(
        gone,
        {
            (Kind.ACCOUNT, ("", "u1")): ["one", "other", "one"],
            (Kind.ACCOUNT, ("", "u2")): ["one"],
        },
    )
    assert change.still_in == (("one", 2), ("other", 1))


def message(file, old, new, record=""):
    made = changed(record, old, new, "message", Kind.ERROR)
    return replace(made, file=file)


def test_a_part_that_is_put_into_messages_has_replaced_no_empty_one():
    assert lines(message("a", "It is gone.", "Acme: It is gone."), message("b", "No.", "Acme: No.")) == [
        ("message", None, None, 2, "now with 'Acme: ' in it, in 2 of 2")
    ]
    assert lines(message("a", "a, sorry", "a"), message("b", "b, sorry", "b")) == [
        ("message", None, None, 2, "now without ', sorry', in 2 of 2")
    ]
    assert lines(message("a", "No, a.", "Yes, a."), message("b", "No, b.", "Yes, b.")) == [
        ("message", "No", "Yes", 2, None)
    ]


def test_an_empty_message_that_has_a_text_now_is_not_one_with_that_text_in_it():
    assert lines(message("a", "", "x"), message("b", "", "x")) == [("message", "", "x", 2, None)]
    assert lines(message("a", "", "x"), message("b", "(a)", "(a)x")) == [
        ("message", "", "x", 1, None),
        ("message", "(a)", "(a)x", 1, None),
    ]


@pytest.mark.parametrize("record", ["", "u1"])
def test_errors_are_counted_by_the_answers_that_have_them(record):
    """Also those of writes, which are all about one account."""
    found = [message(file, "", file * 2, record) for file in "abc"]
    assert lines(*found) == [("message", None, None, 3, "empty before, in 3 of 3")]


def test_an_answer_with_several_values_is_one_in_both_numbers():
    found = [replace(changed("", f"x{n}", f"X{n}", f"a[{n}]", Kind.OTHER), file="a.json") for n in range(5)]
    assert lines(*found) == [("a[]", None, None, 1, "now upper case, in 1 of 1")]


def test_an_id_is_one_line_with_what_follows_it():
    new_ids = [
        replace(changed(f"u{n}", f"u{n}", f"x{n}z", "integration_specific_id"), is_key=True) for n in (1, 2)
    ]
    follower = replace(
        changed("u1 / e1", "u1", "x1z", "account_id", Kind.ASSOCIATION),
        file="b.json",
        follows=NewId("", Kind.ACCOUNT, "'u1'", "'x1z'"),
    )
    (change,) = grouped([*new_ids, follower], {})
    assert (change.count, change.followers, change.files) == (2, (follower,), ["a.json", "b.json"])
    assert change.followed_by == {(Kind.ASSOCIATION, "account_id"): 1}


def test_what_follows_nothing_that_is_shown_is_a_change_by_itself():
    follower = replace(
        changed("u1 / e1", "u1", "x1", "account_id", Kind.ASSOCIATION),
        follows=NewId("", Kind.ACCOUNT, "'u1'", "'x1'"),
    )
    assert lines(follower) == [("account_id", "u1", "x1", 1, None)]
