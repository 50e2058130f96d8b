"""A sweep for programs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fault_rows import ABSENT, EMPTY, GOOD, HOSTILE, hostile, many, never_used, sweep, swept

from connector_contract.faults.fault import Weight
from connector_contract.faults.fault_cells import Shown
from connector_contract.faults.fault_json import as_json

DOCS = Path(__file__).parents[3] / "docs" / "faults-json.md"


def page(calls):
    return json.loads(as_json(calls), parse_constant=pytest.fail)


def test_the_numbers_are_those_of_the_rows():
    found = page(sweep())
    rows = found.pop("rows")
    assert found.pop("never_used") == []
    assert found == {
        "calls": 3,
        "not_reached": 0,
        "not_broken": [],
        "faults": 6,
        "findings": 2,
        "tolerated": 1,
        "notes": 1,
        "not_applicable": 1,
    }
    assert len(rows) == 7


def test_a_row_has_all_that_is_known():
    (row,) = page([swept(EMPTY, connector="okta v2")])["rows"]
    assert row == {
        "connector": "okta v2",
        "capability": "list_accounts",
        "fault": "status-401",
        "group": "a status",
        "endpoint": "GET /users",
        "interaction": 1,
        "detail": "",
        "outcome": "an empty success",
        "shown": "finding",
        "weight": "access_lost",
        "expected": "unauthorized, not retryable",
        "told": "an empty success: 0 of 8 records",
        "consequence": "Lumos takes access away from whoever is missing.",
        "remedy": "Check the status of each response before you use its body.",
        "tolerated": None,
        "key": "status-401[list_accounts-GET /users]",
        "scenario": "test_a.py::test_b",
        "evidence": list(EMPTY.evidence),
    }


def test_what_does_not_apply_says_why_and_has_no_key():
    (row,) = page([swept(ABSENT)])["rows"]
    assert (row["outcome"], row["told"], row["key"]) == ("does not apply", "the page has no successor", None)


def test_the_same_sweep_gives_the_same_bytes_in_any_order():
    calls = [*many(1_000), *sweep()]
    turned = [replace(call, rows=call.rows[::-1]) for call in reversed(calls)]
    assert as_json(turned) == as_json(calls)


def test_rows_that_differ_in_their_evidence_alone_have_an_order():
    rows = [replace(GOOD, evidence=(each,)) for each in "ab"]
    assert as_json([swept(*rows)]) == as_json([swept(*rows[::-1])])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_is_ascii_and_read_as_it_was(text):
    written = as_json([swept(hostile(text))])
    assert written.isascii()
    (row,) = json.loads(written)["rows"]
    assert row["told"] == text.encode("utf-8", "backslashreplace").decode("utf-8")


def test_fields_that_are_demanded_and_never_used_are_named():
    assert page([never_used(connector="okta v2")])["never_used"] == [
        {
            "connector": "okta v2",
            "capability": "list_accounts",
            "endpoint": "GET /users",
            "use": "required",
            "fields": ["changed", "created"],
        }
    ]


def test_a_run_that_was_stopped_says_so():
    assert json.loads(as_json(sweep(), 2))["not_reached"] == 2


def test_a_call_that_could_not_be_broken_does_not_count():
    assert page([*sweep(), swept()])["calls"] == 3


def test_an_empty_sweep_has_no_rows():
    assert page([])["rows"] == []


def test_the_documentation_has_each_key_and_each_value():
    named = set(re.findall(r"`([\w ]+)`", DOCS.read_text("utf-8")))
    found = page(sweep())
    (never,) = page([never_used()])["never_used"]
    assert set(found) | set(found["rows"][0]) | set(never) <= named
    assert {each.meaning for each in Shown} | {each.name.lower() for each in Weight} <= named
