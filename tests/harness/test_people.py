"""The records of a change, old and new."""

from __future__ import annotations

from connector_contract.review.change import Change, Difference, Kind, Request, Severity, What
from connector_contract.review.people import people_lines

OLD = {"id": "user-1", "name": "Ana", "roles": ["a"], "gone": 1}
NEW = {"id": "user-1", "name": "ana", "roles": ["a"], "new": None}
REQUEST = Request("list_accounts", "in pages of 5", "test_a.py::test_walk")


def change(*members):
    first = members[0]
    return Change(
        Severity.MAJOR, "", first.kind, first.what, first.field, (), None, None, len(members), None, members
    )


def test_a_record_has_each_of_its_fields_old_and_new():
    one = Difference(
        Kind.ACCOUNT, What.CHANGED, "name", "Ana", "ana", REQUEST, "f", "user-1", "ana@example.com", OLD, NEW
    )
    assert list(people_lines(change(one))) == [
        "user-1 (ana@example.com)",
        "    id: user-1",
        "  - name: Ana",
        "  + name: ana",
        '    roles: ["a"]',
        "  - gone: 1",
        "  + new: null",
    ]


def test_each_record_is_there_once_and_all_are():
    gone = [
        Difference(
            Kind.ACCOUNT, What.REMOVED, "", OLD, None, REQUEST, file, f"user-{number}", before={"id": number}
        )
        for number in range(5_000)
        for file in ("a", "b")
    ]
    found = list(people_lines(change(*gone)))
    assert len(found) == 10_000
    assert found[-2:] == ["user-4999", "  - id: 4999"]


def test_what_is_no_record_has_its_values():
    one = Difference(Kind.ERROR, What.CHANGED, "message", "old", ["new"], REQUEST, "f")
    assert list(people_lines(change(one))) == [
        "list_accounts in pages of 5",
        "  - message: old",
        '  + message: ["new"]',
    ]


def test_of_a_long_value_there_is_enough():
    one = Difference(Kind.ERROR, What.ADDED, "", None, "x" * 9_999, Request("", "", ""), "f")
    file, value = people_lines(change(one))
    assert (file, len(value)) == ("f", 2_000 + len("  + ... (9999 characters)"))
