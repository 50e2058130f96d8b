"""Reviews made by hand, for tests of the formats."""

from __future__ import annotations

from typing import Any

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
    Waiver,
    What,
)

HOSTILE = "<b>*x*</b> \x1b[31m`` | [a](https://example.com) @octocat #1 \u202eabc\r\n# title " + "long" * 2500
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def change(field: str = "username", old: Any = "a", new: Any = "b", count: int = 2, **more: Any) -> Change:
    """A field of some accounts that has another value."""
    request = Request("list_accounts", "in pages of 5", "tests/test_a.py::test_b")
    members = tuple(
        Difference(
            Kind.ACCOUNT, What.CHANGED, field, old, new, request, f"snapshots/test_a/{number % 40}.json",
            f"u{number}", f"person-{number}@example.com",
        )
        for number in range(count)
    )  # fmt: skip
    given = {
        "severity": Severity.MAJOR, "why": "Lumos is told another value.", "kind": Kind.ACCOUNT,
        "what": What.CHANGED, "field": field, "capabilities": ("list_accounts",), "old": old, "new": new,
        "count": count, "explained_by": None, "members": members,
    }  # fmt: skip
    return Change(**{**given, **more})


def review(*changes: Change, **more: Any) -> Review:
    """A review of a commit and of the working tree."""
    return Review(COMMIT, "the working tree", changes, **{"compared": 3, **more})


def whole(text: str = "x") -> Review:
    """A review that has one of each, with a text in all places."""
    request = Request(text, text, text)
    of_one = Difference(Kind.ACCOUNT, What.CHANGED, text, text, text, request, text, text, text)
    of_many = Change(
        Severity.CRITICAL, "Why.", Kind.ACCOUNT, What.REMOVED, text, (text,), text, text, 1, text, (of_one,),
        ((text, 1),),
    )  # fmt: skip
    return Review(
        text,
        text,
        [of_many, change(text, text, text, explained_by=text, capabilities=(text,))],
        [Asked(text, text, 2, (text,), (text,))],
        [Said(text, text, 3, (text,), (text,))],
        [Waiver(text, text, text)],
        [NotUnderstood(text, 4, (text,))],
        5,
    )
