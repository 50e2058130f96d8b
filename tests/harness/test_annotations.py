"""Critical changes as annotations of GitHub."""

from __future__ import annotations

from connector_contract.review.annotations import annotation_lines
from connector_contract.review.change import Change, Difference, Kind, Request, Review, Severity, What

REQUEST = Request("list_accounts", "", "test_a.py::test_walk")
TITLE = "title=critical change of people's access"


def change(field="user_status", files=("snapshots/a.json",), severity=Severity.CRITICAL):
    members = tuple(
        Difference(Kind.ACCOUNT, What.CHANGED, field, "old", "new", REQUEST, file, "user-1") for file in files
    )
    return Change(
        severity,
        "Why.",
        Kind.ACCOUNT,
        What.CHANGED,
        field,
        ("list_accounts",),
        "old",
        "new",
        1,
        None,
        members,
    )


def lines(*changes):
    return annotation_lines(Review("base", "head", changes)).splitlines()


def test_a_critical_change_is_an_error_beside_its_first_file():
    assert lines(change()) == [
        f"::error file=snapshots/a.json,{TITLE}::user_status of 1 account: old → new: user-1. Why."
    ]
    (line,) = lines(change(files=("a", "b", "c")))
    assert line.endswith(" Why. (also in 2 more files)")


def test_what_is_not_critical_is_none():
    assert lines(*(change(severity=each) for each in Severity if each is not Severity.CRITICAL)) == []
    assert annotation_lines(Review("base", "head")) == ""


def test_there_are_ten_at_most_and_the_last_counts_the_rest():
    assert len(lines(*[change()] * 10)) == 10
    found = lines(*[change()] * 25)
    assert len(found) == 10
    assert found[-1] == f"::error {TITLE}::16 more critical changes: the job's summary has all of them."


def test_names_are_data():
    evil = "50%\n::stop-commands::x\r\x1b[31m\u202e"
    (line,) = lines(change(evil, ["snapshots/a,b:c%\n::warning::.json"]))
    assert line == (
        f"::error file=snapshots/a%2Cb%3Ac%25%0A%3A%3Awarning%3A%3A.json,{TITLE}::"
        "50%25\\n::stop-commands::x\\r\\x1b[31m\\u202e of 1 account: old → new: user-1. Why."
    )
    (line,) = lines(change("x" * 10_000))
    assert len(line) < 1_200
