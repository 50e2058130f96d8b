"""Rows of a fault sweep, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from connector_contract.faults.fault import Group, Outcome, Row, Weight
from connector_contract.faults.field_faults import ANOTHER_VALUE, FIELD_MISSING
from connector_contract.faults.field_table import Came, Observation
from connector_contract.faults.swept_call import SweptCall, tolerating

GOOD = Row(
    "list_accounts",
    "status-401",
    Group.STATUS,
    "GET /users",
    1,
    Outcome.AS_EXPECTED,
    Weight.GOOD,
    "unauthorized, not retryable",
    "unauthorized, not retryable",
    scenario="test_a.py::test_b",
    evidence=("GET /users: answered with 401; 1 time asked for", "told: unauthorized: who are you?"),
)
SAME = replace(GOOD, fault="wrong-content-type", group=Group.BODY, outcome=Outcome.SAME_SUCCESS)
EMPTY = replace(
    GOOD,
    outcome=Outcome.EMPTY_SUCCESS,
    weight=Weight.ACCESS_LOST,
    told="an empty success: 0 of 8 records",
    consequence="Lumos takes access away from whoever is missing.",
    remedy="Check the status of each response before you use its body.",
)
CRASH = replace(
    GOOD,
    fault="truncated-json",
    group=Group.BODY,
    outcome=Outcome.INTERNAL_ERROR,
    weight=Weight.WRONG,
    expected="invalid_response, not retryable",
    told="internal_error (JSONDecodeError)",
    consequence="Lumos treats the connector as broken, and tries again.",
    remedy="Catch JSONDecodeError where the response is read, and raise InvalidResponseError.",
)
NOTE = replace(
    GOOD,
    fault="status-503-once",
    group=Group.SERVER_ERROR,
    outcome=Outcome.OFF_SCRIPT,
    weight=Weight.NOTE,
    told="service_error",
    consequence="Nobody knows how the upstream would answer that request.",
)
ABSENT = replace(
    GOOD,
    fault="page-empty",
    group=Group.PAGE,
    outcome=Outcome.NOT_APPLICABLE,
    expected="",
    told="the page has no successor",
    evidence=(),
)
TOLERATED = {"status-404[delete_account-DELETE /users/*]": "Who is gone is deleted."}
DELETED = replace(
    EMPTY,
    capability="delete_account",
    fault="status-404",
    endpoint="DELETE /users/*",
    outcome=Outcome.OTHER_SUCCESS,
    weight=Weight.WRITE_LOST,
    expected="not_found, not retryable",
    told="another success",
    consequence="Lumos believes that it was done.",
)
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": "\"><img src=x onerror='alert(1)'>",
    "template": "{{ 7 * 7 }}{% raw %}",
    "ANSI": "\x1b[31mred\x1b]8;;https://evil.example\x07",
    "turned": "abc\u202egpj.exe\u2066",
    "lines": "a\r\nb\u2028c",
    "half a character": "a\ud800b",
    "long": "x" * 10_000,
    "quotes": "a\"b'c\\",
    "brackets": "a]: b[c",
}
"""Texts that would do harm where they are shown as they are."""


def swept(*rows: Row, connector: str = ".", tolerated: dict[str, str] | None = None) -> SweptCall:
    """A call with rows, the capability being that of the first."""
    reasons = tolerated or {}
    name = rows[0].capability if rows else "list_accounts"
    return SweptCall(connector, name, 1, [*tolerating(rows, reasons)], reasons)


def sweep() -> list[SweptCall]:
    """A sweep that has some of everything."""
    return [swept(GOOD, SAME, CRASH, NOTE, ABSENT), swept(EMPTY), swept(DELETED, tolerated=TOLERATED)]


def hostile(text: str) -> Row:
    """A finding whose every text is hostile."""
    names = ("capability", "fault", "endpoint", "expected", "told", "consequence", "scenario")
    texts: dict[str, Any] = dict.fromkeys(names, text)
    return replace(EMPTY, **texts, detail=text, remedy=text, evidence=(text,))


def never_used(connector: str = ".", fields: Sequence[str] = ("changed", "created")) -> SweptCall:
    """A call that stops on fields that it never uses."""
    seen = [
        Observation("list_accounts", "GET /users", field, fault.name, came)
        for field in fields
        for fault, came in ((FIELD_MISSING, Came.REFUSED), (ANOTHER_VALUE, Came.SAME))
    ]
    return SweptCall(connector, "list_accounts", 1, [GOOD], observations=seen, table="/a.fields.json")


def many(number: int) -> Sequence[SweptCall]:
    """As many rows, with some of everything, of several calls."""
    kinds = (GOOD, SAME, CRASH, NOTE, ABSENT, EMPTY)
    rows = [
        replace(kinds[index % len(kinds)], place=index % 7, detail=f"users[0].field_{index}")
        for index in range(number)
    ]
    calls = [rows[start : start + 100] for start in range(0, number, 100)]
    return [swept(*(replace(row, capability=f"get_{n}") for row in each)) for n, each in enumerate(calls)]
