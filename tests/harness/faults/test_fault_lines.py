"""Why a test of the sweep has failed, in words."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest
from fault_rows import CRASH, DELETED, EMPTY, GOOD, HOSTILE, NOTE, hostile, many, swept

from connector_contract.contract.declared_less import tolerated_of
from connector_contract.errors import FaultsNotSurvived, Verdict
from connector_contract.faults.fault import Outcome
from connector_contract.faults.fault_lines import (
    literal,
    not_survived,
    nothing_swept_lines,
    stopped_lines,
    unneeded_lines,
)
from connector_contract.faults.swept_call import key_of

TEST = "test_a.py::test_b::faults[list_accounts-1]"


def message(*rows):
    return str(not_survived(swept(*rows), TEST))


@pytest.mark.parametrize(
    ("paths", "is_said"),
    [
        (["/groups/g-a/members", "/groups/g-b/members"], True),
        (["/groups/g-a/members", "/groups/g-b/owners"], False),
        (["/groups/g-a/members"], False),
        (["/groups/g-a/members", "every request"], False),
    ],
)
def test_a_star_is_named_where_one_line_does_for_several(paths, is_said):
    rows = [replace(CRASH, endpoint=f"GET {path}" if path.startswith("/") else "") for path in paths]
    assert ("A * stands for one part of a path" in message(*rows)) is is_said


def test_one_finding():
    error = not_survived(swept(GOOD, EMPTY), TEST)
    assert isinstance(error, FaultsNotSurvived)
    assert error.verdict is Verdict.CONTRACT_BREACH
    assert (
        str(error)
        == """\
Contract breach: list_accounts does not survive 1 of 2 faults of its upstream.
  test: test_a.py::test_b::faults[list_accounts-1]
  1. an empty success, once:
     at:       GET /users, interaction 1: status-401
     told:     an empty success: 0 of 8 records
     expected: unauthorized, not retryable
     then:     Lumos takes access away from whoever is missing.
     fix:      Check the status of each response before you use its body.
Fix the connector; or, if it is meant to be so, tolerate the fault in the contract's class:
  tolerated_faults = {"status-401[list_accounts-GET /users]": "..."}"""
    )


def test_findings_are_grouped_by_what_is_wrong_the_worst_first():
    other = replace(EMPTY, fault="status-404", expected="not_found, not retryable")
    elsewhere = replace(other, place=2, endpoint="GET /teams")
    rows = [CRASH, NOTE, replace(CRASH, fault="empty-body"), elsewhere, EMPTY]
    assert (
        message(*rows)
        == """\
Contract breach: list_accounts does not survive 4 of 5 faults of its upstream.
  test: test_a.py::test_b::faults[list_accounts-1]
  1. an empty success, twice:
     at:       GET /users, interaction 1: status-401
               GET /teams, interaction 2: status-404
     told:     an empty success: 0 of 8 records
     expected: unauthorized, not retryable (status-401)
               not_found, not retryable (status-404)
     then:     Lumos takes access away from whoever is missing.
     fix:      Check the status of each response before you use its body.
  2. internal_error, twice:
     at:       GET /users, interaction 1: empty-body, truncated-json
     told:     internal_error (JSONDecodeError)
     expected: invalid_response, not retryable
     then:     Lumos treats the connector as broken, and tries again.
     fix:      Catch JSONDecodeError where the response is read, and raise InvalidResponseError.
Fix the connector; or, if it is meant to be so, tolerate the fault in the contract's class:
  tolerated_faults = {
      "status-401[list_accounts-GET /users]": "...",
      "status-404[list_accounts-GET /teams]": "...",
      "empty-body[list_accounts-GET /users]": "...",
      "truncated-json[list_accounts-GET /users]": "...",
  }"""
    )


def test_what_an_earlier_paragraph_says_is_not_said_again():
    partial = replace(EMPTY, outcome=Outcome.PARTIAL_SUCCESS, fault="status-404")
    lines = message(EMPTY, partial).splitlines()
    assert sum(EMPTY.consequence in line for line in lines) == 1
    assert [line.strip() for line in lines if "fix:" in line] == [
        f"fix:      {EMPTY.remedy}",
        "fix:      as in 1",
    ]


def test_parts_of_a_response_stand_beside_their_fault():
    rows = [replace(EMPTY, fault="field-missing", detail=f"users[0].{name}") for name in ("id", "email")]
    assert "interaction 1: field-missing (users[0].email, users[0].id)" in message(*rows)


def test_a_fault_of_all_requests_is_no_place():
    rows = replace(EMPTY, fault="status-404-everywhere", endpoint="", place=None)
    assert "at:       every request of the call: status-404-everywhere" in message(rows)
    assert '"status-404-everywhere[list_accounts-every request]": "..."' in message(rows)


def test_a_remedy_of_several_lines_keeps_what_is_to_be_pasted():
    lines = message(replace(EMPTY, remedy="Say so:\n  a = {1: 2}")).splitlines()
    start = lines.index("     fix:      Say so:")
    assert lines[start + 1] == "                 a = {1: 2}"


def test_where_no_consequence_is_known_the_weight_says_it():
    assert "then:     Lumos takes away access that people still have." in message(
        replace(EMPTY, consequence="")
    )


def test_many_findings_are_bounded():
    rows = [row for call in many(5_000) for row in call.rows]
    text = message(*(replace(row, capability="list_accounts") for row in rows))
    assert len(text.splitlines()) <= 45
    assert max(map(len, text.splitlines())) < 200


def test_many_kinds_of_findings_are_bounded_and_counted():
    rows = [replace(CRASH, consequence=f"Then {n}.", remedy=f"Do {n}.", told=f"{n}") for n in range(30)]
    lines = message(*rows).splitlines()
    assert len(lines) <= 45
    shown = [line for line in lines if line.startswith("  ") and line[2:].partition(".")[0].isdigit()]
    (more,) = [line for line in lines if "other ways" in line]
    assert more.strip() == f"and {30 - len(shown)} more, in {30 - len(shown)} other ways"
    assert "  --contract-faults-html=FILE shows all of it." in lines


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_in_a_name_moves_a_cursor(text):
    shown = message(hostile(text))
    assert all(letter.isprintable() for letter in shown if letter != "\n")
    assert len(shown.splitlines()) <= 45


@pytest.mark.parametrize("row", [EMPTY, DELETED, replace(EMPTY, endpoint="", place=None)])
def test_what_is_to_be_pasted_is_python_and_names_the_fault(row):
    line = message(row).splitlines()[-1]
    ((key, _),) = ast.literal_eval(line.partition("=")[2].strip()).items()
    assert key == key_of(row)
    assert tolerated_of(key).fault == row.fault


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_literal_is_the_text(text):
    assert ast.literal_eval(literal(text)) == text
    assert literal(text).isprintable()


def test_what_is_no_longer_needed_is_named_with_its_reason():
    assert unneeded_lines({}) == []
    assert unneeded_lines({"b[c-GET /]": "why", "a[c-GET /]": "so\n"}) == [
        "2 faults are tolerated for nothing. The connector survives, or makes no such request:",
        '  "a[c-GET /]": so\\n',
        '  "b[c-GET /]": why',
        "Delete them from tolerated_faults in the contract's class.",
    ]
    assert unneeded_lines({"a": "b"}) == [
        "1 fault is tolerated for nothing. The connector survives, or makes no such request:",
        '  "a": b',
        "Delete it from tolerated_faults in the contract's class.",
    ]
    assert unneeded_lines({"a[b-GET /user]": "c"}, {"a[b-GET /user]": "a[b-GET /users]"})[1:] == [
        '  "a[b-GET /user]": c',
        '    Did you mean "a[b-GET /users]"?',
        "Correct it, or delete it from tolerated_faults in the contract's class.",
    ]
    many_lines = unneeded_lines({f"a{n}": "" for n in range(50)})
    assert len(many_lines) == 23
    assert many_lines[-2] == "  and 30 more"


@pytest.mark.parametrize(
    ("known", "lines"),
    [
        (
            {},
            [
                "No call was broken: no test of this run had a recording to replay of a call",
                "that makes a request and succeeds.",
                "Record first, then sweep:",
                "  pytest --record-mode=once",
                "  pytest --contract-faults",
            ],
        ),
        (
            {"records": True},
            [
                "No call was broken: no test of this run had a recording to replay of a call",
                "that makes a request and succeeds.",
                "Sweep again:",
                "  pytest --contract-faults",
            ],
        ),
        (
            {"has_failed": True},
            ["No call was broken: each test of the sweep says above why it could not break its call."],
        ),
        (
            {"unknown": ["the checks of the contract are not known: It is wrong.\nMend it."]},
            [
                "No call was broken:",
                "the checks of the contract are not known: It is wrong.",
                "Mend it.",
            ],
        ),
        (
            {"unknown": [], "is_said": True},
            ["No call was broken: a test says above why the checks of the contract are not known."],
        ),
        (
            {"is_stopped": True, "has_failed": True},
            ["No call was broken: the run was stopped before the first."],
        ),
    ],
    ids=["nothing recorded", "recorded just now", "failed before", "unknown", "said above", "stopped"],
)
def test_a_sweep_that_broke_nothing_says_why(known, lines):
    facts = {"is_stopped": False, "has_failed": False, "records": False}
    assert nothing_swept_lines(**facts | known) == lines


def test_a_sweep_that_was_stopped_says_what_is_left():
    assert stopped_lines(0) == []
    assert stopped_lines(1) == [
        "",
        "The run was stopped: 1 further call was not broken, or not in every way.",
    ]
    assert stopped_lines(1_234)[1].startswith("The run was stopped: 1,234 further calls were")


def test_a_remedy_is_not_cut():
    remedy = " ".join(["fix it"] * 100)
    told = str(not_survived(swept(replace(CRASH, remedy=remedy)), "test_x.py::test_x"))
    assert f"fix: {remedy} Fix the connector" in " ".join(told.split())
