"""The lines at the end of a run, gathered from the reports of all tests."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

from connector_contract.reporting.outcome import Outcome
from connector_contract.reporting.run_report import ATTRIBUTE, Note, RunReport
from connector_contract.reporting.summary import Summary

PASSED = Outcome("t.py::a", recorded=False, played=1, snapshots=1, capabilities={"info": 1})


class Terminal:
    """As much of pytest's reporter as is asked."""

    def __init__(self, *arguments):
        self.config = SimpleNamespace(
            invocation_params=SimpleNamespace(args=arguments), rootpath=Path(), stash={}
        )
        self.lines = []

    def write_sep(self, sep, title):
        self.lines.append(f"{sep} {title}")

    def write_line(self, line):
        self.lines.append(line)


def report(nodeid, data=None, when="call", failed=False):
    """A report as it comes from a worker of pytest-xdist, where there is one."""
    made = SimpleNamespace(nodeid=nodeid, when=when, failed=failed)
    if data is not None:
        setattr(made, ATTRIBUTE, json.loads(json.dumps(data.to_json())))
    return made


def gathered(*reports):
    summary = Summary()
    for each in reports:
        summary.pytest_runtest_logreport(each)
    return summary


def printed(summary):
    terminal = Terminal()
    summary.pytest_terminal_summary(terminal)
    return terminal.lines


def printed_last(summary, *arguments):
    terminal = Terminal(*arguments)
    hook = summary.pytest_terminal_summary_end(terminal)
    next(hook)
    assert terminal.lines == [], "others print first"
    with pytest.raises(StopIteration):
        next(hook)
    return terminal.lines


@pytest.mark.parametrize(
    "data",
    [
        RunReport(),
        RunReport(cause="It is down.", unrecorded=True),
        RunReport(note=Note("waived", "info", "a gap"), outcome=PASSED),
    ],
)
def test_a_report_is_the_same_after_its_way_from_a_worker(data):
    assert RunReport.from_json(json.loads(json.dumps(data.to_json()))) == data


def test_a_run_without_scenarios_says_nothing():
    summary = gathered(report("t.py::a"), report("t.py::b", RunReport()))
    assert (printed(summary), printed_last(summary)) == ([], [])


def test_a_run_over_several_projects_says_its_lines_for_each():
    note = Note("waived", "info", "a gap")
    recorded = Outcome("t.py::b", recorded=True, requests={"info": [{"GET /": 1}]})
    summary = gathered(
        report("b/t.py::a", RunReport(outcome=PASSED, project="b")),
        report("a/t.py::a", RunReport(outcome=PASSED, project="a", note=note)),
        report("a/t.py::b", RunReport(outcome=PASSED, project="a")),
        report("b/t.py::b", RunReport(outcome=recorded, project="b")),
    )
    lines = printed(summary)
    assert [line.partition(" offline")[0] for line in lines if "replayed" in line or "waived" in line] == [
        "a: waived: info: a gap",
        "a: 2 scenarios replayed",
        "b: 1 scenario replayed",
    ]
    assert [line for line in lines if "recorded" in line and line.startswith("b: ")]


def test_what_was_not_checked_and_what_was_proved():
    summary = gathered(
        report("t.py::b", RunReport(note=Note("nothing to check", "status", "no path"))),
        report("t.py::a", RunReport(outcome=PASSED)),
        report("t.py::c", RunReport(note=Note("waived", "info", "a gap"))),
    )
    assert printed(summary) == [
        "- connector contract",
        "waived: info: a gap",
        "nothing to check: status: no path",
        "1 scenario replayed offline: 1 request as recorded, 1 response as in the snapshots, "
        "1 capability called",
    ]
    assert printed_last(summary) == []


def test_of_several_reports_of_a_test_the_last_counts():
    first = RunReport(note=Note("waived", "info", "a gap"))
    assert printed(gathered(report("t.py::a", first), report("t.py::a", RunReport()))) == []
    # One of pytest's own, such as that of the clean-up, says nothing and takes nothing back.
    assert len(printed(gathered(report("t.py::a", first), report("t.py::a")))) == 2


def test_what_is_behind_many_failures_is_printed_last():
    summary = gathered(
        report("t.py::a", RunReport(cause="It is down.")),
        report("t.py::b", RunReport(cause="It is down.")),
        report("t.py::c", RunReport(unrecorded=True)),
        report("t.py::d", RunReport(unrecorded=True)),
    )
    assert printed(summary) == []
    assert printed_last(summary, "tests/a b") == [
        "2 more tests failed for this reason:",
        "It is down.",
        "2 scenarios are not recorded. Record them:",
        "  pytest 'tests/a b' --record-mode=once",
    ]


def test_a_review_that_fails_hides_nothing(monkeypatch):
    def fail(_root, _answers):
        raise ValueError("no such place")

    # The package may still name the module of a run within another test, which is imported again.
    monkeypatch.setattr(import_module("connector_contract.review.run_review"), "told_now", fail)
    wrong = RunReport(verdict="regression", answers={"snapshots/t/a.json": "[]"})
    assert printed_last(gathered(report("t.py::a", wrong))) == [
        "verdicts: 1 regression",
        "- what Lumos would be told now",
        "The review failed, which is a mistake of the harness: ValueError: no such place",
    ]


def test_failures_are_counted_by_their_verdicts():
    verdicts = ["regression", "contract breach", "regression", "request change", "contract breach", None]
    reports = [
        report(f"t.py::t{number}", RunReport(verdict=verdict, compares_nothing=verdict is None))
        for number, verdict in enumerate(verdicts)
    ]
    assert printed_last(gathered(*reports)) == [
        "verdicts: 2 regressions, 1 request change, 2 contract breaches, nothing compared in 1 test",
        "not compared, because they ask for something else: 1 test",
    ]


def test_the_counts_add_up_to_all_tests_that_have_failed():
    wrong = RunReport(verdict="regression")
    summary = gathered(
        report("t.py::a", wrong, failed=True),
        # A test of the author's own, which fails, and so does a fixture after it.
        report("t.py::b", failed=True),
        report("t.py::b", RunReport(), "teardown", failed=True),
        report("t.py::c", RunReport(outcome=PASSED)),
        report("t.py::d", RunReport(compares_nothing=True), "setup", failed=True),
        report("t.py::e", when="setup", failed=True),
        # It is run again, and passes.
        report("t.py::f", failed=True),
        report("t.py::f", when="setup"),
        report("t.py::f"),
    )
    assert printed_last(summary) == ["verdicts: 1 regression, nothing compared in 1 test, 2 other failures"]


def test_a_run_that_fails_by_itself_alone_has_no_verdicts():
    assert printed_last(gathered(report("t.py::a", failed=True))) == []
