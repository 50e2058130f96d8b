"""What is decided about changes, and what that means for their files."""

from __future__ import annotations

from pathlib import Path

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
from connector_contract.review.compare import compare
from connector_contract.review.decisions import Decision, Decisions, items_of, not_staged_yet

ACME = Path(__file__).parent / "acme"


def change(field, *files, severity=Severity.CRITICAL, kind=Kind.ACCOUNT, what=What.CHANGED):
    request = Request("list_accounts", "", "test_a.py::test_walk")
    members = [Difference(kind, what, field, "old", "new", request, file, "user-1") for file in files]
    return Change(
        severity, "Because.", kind, what, field, ("list_accounts",), "old", "new", 1, None, tuple(members)
    )


@pytest.fixture
def decisions():
    """Three changes, two of which share a file."""
    review = Review(
        "base", "head", [change("status", "a", "b"), change("name", "b", "c"), change("label", "d")]
    )
    return Decisions(items_of(review, "abcd"))


def titles(items):
    return [item.field for item in items]


def test_the_worst_comes_first_and_what_could_not_be_compared_before_it():
    review = Review(
        "base",
        "head",
        [change("user_status", "a"), change("username", "b", severity=Severity.MAJOR)],
        [Asked("the header x is sent", "GET /users", 2, ("s",), ("c",))],
        [Said("the field name: changed", "GET /users", 1, ("s",), ("c",))],
        not_understood=[NotUnderstood("it is not valid JSON", 1, ("d",))],
    )
    found = items_of(review, ["a", "b", "c", "d", "e"])
    assert [str(item) for item in found] == [
        "not compared 1 file could not be compared: it is not valid JSON",
        "critical  user_status of 1 account: old → new",
        "major     username of 1 account: old → new",
        "minor     2 requests: GET /users the header x is sent",
        "info      1 response: GET /users the field name: changed",
        "info      1 file without a change that has a line of its own",
    ]
    assert [item.kind for item in found] == [
        "not_understood", "account", "account", "request", "upstream", "form",
    ]  # fmt: skip
    assert found[-1].files == ("e",)


def test_without_a_change_there_is_nothing_to_decide():
    assert items_of(Review("base", "head"), []) == []


def test_a_file_is_staged_when_all_of_its_changes_are_accepted(decisions):
    first, second, _ = decisions.items
    decisions.decide(Decision.ACCEPT, [first])
    assert decisions.staged == ["a"]
    assert {file: titles(items) for file, items in decisions.not_staged.items()} == {"b": ["name"]}
    decisions.decide(Decision.ACCEPT, [second])
    assert decisions.staged == ["a", "b", "c"]
    assert decisions.not_staged == {}
    assert titles(decisions.undecided) == ["label"]


def test_what_is_skipped_is_not_staged(decisions):
    first, second, _ = decisions.items
    decisions.decide(Decision.SKIP, [second])
    decisions.decide(Decision.ACCEPT, [first])
    assert decisions.staged == ["a"]
    assert decisions.skipped == [second]


def test_who_puts_a_file_back_hears_what_else_is_in_it(decisions):
    first, second, third = decisions.items
    assert decisions.beside([first]) == {second: ["b"]}
    assert decisions.beside([first, second]) == {}
    assert decisions.beside([third]) == {}


def test_what_is_put_back_in_part_and_what_waits_for_others(decisions):
    whole, part = change("status", "a", "b"), change("name", "b", "c")
    decisions = Decisions(items_of(Review("base", "head", [whole, part]), "abc"))
    first, second = decisions.items
    assert decisions.waiting_for([first]) == []
    decisions.decide(Decision.PUT_BACK, [first])
    assert decisions.in_part == {second: 1}


def test_nothing_is_staged_if_each_file_has_another_change():
    both, one = change("status", "a", "b"), change("name", "a", "b")
    decisions = Decisions(items_of(Review("base", "head", [both, one]), "ab"))
    first, second = decisions.items
    assert decisions.waiting_for([first]) == [second]
    assert decisions.waiting_for([first, second]) == []


def test_a_change_all_of_whose_files_are_put_back_is_put_back():
    whole, part = change("status", "a", "b"), change("name", "b")
    decisions = Decisions(items_of(Review("base", "head", [whole, part]), "ab"))
    first, second = decisions.items
    decisions.decide(Decision.ACCEPT, [second])
    decisions.decide(Decision.PUT_BACK, [first])
    assert (decisions.put_back, decisions.accepted, decisions.undecided) == ([first, second], [], [])
    assert (decisions.restored, decisions.staged) == ({"a", "b"}, [])


def test_a_change_that_is_put_back_in_part_is_still_to_be_decided(decisions):
    first, second, third = decisions.items
    decisions.decide(Decision.PUT_BACK, [first])
    assert decisions.undecided == [second, third]
    decisions.decide(Decision.ACCEPT, [second])
    assert decisions.staged == ["c"]


def test_the_last_decision_counts(decisions):
    first, *_ = decisions.items
    decisions.decide(Decision.SKIP, [first])
    decisions.decide(Decision.ACCEPT, [first])
    assert (decisions.skipped, decisions.accepted) == ([], [first])


def test_what_is_staged_is_not_asked_about_again(decisions):
    assert titles(not_staged_yet(decisions.items, {"b"})) == ["status", "name"]
    assert list(not_staged_yet(decisions.items, set())) == []


@pytest.mark.parametrize("swapped", [False, True], ids=["gone", "new"])
def test_a_scenario_has_its_snapshots_with_it(swapped):
    files = {
        path.relative_to(ACME).as_posix(): path.read_bytes()
        for kind in ("cassettes", "snapshots")
        for path in (ACME / kind).rglob("*.*")
    }
    gone = {name for name in files if "test_create" in name}
    rest = {name: data for name, data in files.items() if name not in gone}
    sides = (rest, files) if swapped else (files, rest)
    (item,) = items_of(compare(*sides, gone, "base", "head"), gone)
    assert set(item.files) == gone
    assert len(gone) == 3
    assert item.title == ("1 scenario is new" if swapped else "1 scenario is gone")


def test_names_are_data():
    evil = "\x1b[31m\u202e\n[bold]" + "x" * 10_000
    (item,) = items_of(Review("base", "head", [change(evil, "a")]), "a")
    assert str(item).startswith("critical  \\x1b[31m\\u202e\\n[bold]xxx")
    assert len(str(item)) < 400
