"""A review on a terminal."""

from __future__ import annotations

from changes_testing import HOSTILE, change, review, whole

from connector_contract.review.change import Asked, Kind, NotUnderstood, Severity, Waiver, What
from connector_contract.review.term_page import term_lines


def shown(found):
    return [line for text in term_lines(found) for line in text.plain.split("\n")]


def test_a_change_and_what_is_beside_it():
    found = review(
        change(old="Plato", new="Aristotle", count=4),
        requests=[Asked("asked more often", "GET /users", 7, ("a",), ("a.yaml", "b.yaml"))],
        waivers=[Waiver("waivers[complete]", "known", "a.json")],
        not_understood=[NotUnderstood("it is not valid JSON", 1, ("c.json",))],
    )
    assert shown(found) == [
        "major     username of 4 accounts: Plato → Aristotle",
        "          Lumos is told another value.",
        "          in list_accounts in pages of 5",
        "          - u0 (person-0@example.com): Plato → Aristotle",
        "          - u1 (person-1@example.com): Plato → Aristotle",
        "          - u2 (person-2@example.com): Plato → Aristotle",
        "          - and 1 more",
        "          4 files: snapshots/test_a/0.json, snapshots/test_a/1.json, snapshots/test_a/2.json "
        "and 1 more",
        "",
        "What the connector asks its upstream",
        "minor     GET /users: asked more often (7 requests)",
        "          2 files: a.yaml, b.yaml",
        "",
        "In force, so that less is demanded",
        "waivers[complete]: known",
        "",
        "Not compared",
        "1 file: it is not valid JSON",
        "          1 file: c.json",
        "",
        "1 change (1 major), 1 in what the connector asks, in 3 files that differ. "
        "1 file could not be compared. Compared: 0123456789ab and the working tree.",
    ]


def test_what_is_gone_may_be_in_another_list():
    gone = change(what=What.REMOVED, field="", kind=Kind.ACCOUNT, severity=Severity.CRITICAL, count=1)
    found = change(
        what=What.REMOVED, field="", severity=Severity.CRITICAL, count=1, still_in=(("list_accounts", 1),)
    )
    assert "          in no other response of list_accounts" in shown(review(gone))
    assert "          still in list_accounts (1 of 1)" in shown(review(found))


def test_nothing_has_changed():
    assert shown(review(compared=0)) == [
        "No changes: the stored files are the same. Compared: 0123456789ab and the working tree."
    ]


def test_of_many_lines_some_are_shown():
    asked = [Asked(f"header x-{each}", "", 1, ("a",), ("a.yaml",)) for each in range(50)]
    lines = shown(review(requests=asked))
    assert len(lines) < 50
    assert "and 30 more" in lines


def test_names_are_data():
    lines = shown(whole(HOSTILE))
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) < 2000
    # No markup of rich's, either.
    assert any("[red]x[/red]" in line for line in shown(whole("[red]x[/red]")))
