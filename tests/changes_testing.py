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


def request(number: int = 0, capability: str = "list_accounts", name: str = "test_a") -> Request:
    asked = f"in pages of {number}" if number else ""
    return Request(capability, asked, f"tests/test_acme.py::{name}")


def changed(number: int = 1, old: object = "A", new: object = "B", **more: object) -> Difference:
    """A changed field of an account."""
    before = {"id": f"u{number}", "email": f"u{number}@example.com", "department": old}
    values: dict[str, object] = {
        "kind": Kind.ACCOUNT,
        "what": What.CHANGED,
        "field": "department",
        "old": old,
        "new": new,
        "request": request(5),
        "file": "snapshots/tests/test_acme/test_a.json",
        "record": f"u{number}",
        "name": f"u{number}@example.com",
        "before": before,
        "after": {**before, "department": new},
    }
    return Difference(**{**values, **more})  # type: ignore[arg-type]


def gone(number: int = 1, **more: object) -> Difference:
    """An account that is gone."""
    before = changed(number).before
    values = {"what": What.REMOVED, "field": "", "old": None, "new": None, "before": before, "after": None}
    return changed(number, **{**values, **more})


def change_of(*members: Difference, severity: Severity = Severity.MAJOR, **more: object) -> Change:
    """A change of these; with their values, if they share them."""
    pairs = {(repr(each.old), repr(each.new)) for each in members}
    shared = members[0] if len(pairs) == 1 else None
    values: dict[str, object] = {
        "severity": severity,
        "why": "Lumos is told another value.",
        "kind": members[0].kind,
        "what": members[0].what,
        "field": members[0].field,
        "capabilities": tuple(dict.fromkeys(each.request.capability for each in members)),
        "old": shared.old if shared else None,
        "new": shared.new if shared else None,
        "count": len({each.record for each in members}),
        "explained_by": None,
        "members": members,
    }
    return Change(**{**values, **more})  # type: ignore[arg-type]


def many_changes(number: int, people: int = 1) -> Review:
    """A review with so many changes, each of so many records, and with something of everything else."""
    severities = list(Severity)
    capabilities = ["list_accounts", "list_entitlements", "find_entitlement_associations"]
    changes = [
        change_of(
            *[
                changed(
                    each * people + one,
                    "A",
                    f"B{one}",
                    request=request(5, capabilities[each % 3], f"test_{each}"),
                    file=f"snapshots/tests/test_acme/test_{each}.json",
                )
                for one in range(people)
            ],
            severity=severities[each * 4 // number],
        )
        for each in range(number)
    ]
    cassette = ("cassettes/tests/test_acme/test_0.yaml",)
    return Review(
        "1234567",
        "the working tree",
        changes,
        [Asked("header x-trace: none → 1", "GET /users", 3, ("tests/test_acme.py::test_0",), cassette)],
        [Said("name is now called full_name", "GET /users", 2, ("tests/test_acme.py::test_0",), cassette)],
        [Waiver("waivers[pages[list_accounts]]", "The tenant is small.", "snapshots/declarations.json")],
        [NotUnderstood("it is not valid JSON", 2, ("snapshots/a.json", "snapshots/b.json"))],
        number,
    )
