"""What the summary takes from the reports of tests, whichever process and run they come from."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import execnet
import pytest

from connector_contract.reporting.outcome import Outcome
from connector_contract.reporting.run_report import ATTRIBUTE, Note, RunReport
from connector_contract.reporting.summary import Summary

OUTCOME = Outcome(
    "a.py::t",
    recorded=True,
    upstream="app:create",
    new=3,
    cassette_changed=True,
    capabilities={"list_accounts": 2},
    replaced_under=["cassettes/a/t.yaml"],
    requests={"list_accounts": [{"/users": 2}]},
)


@pytest.mark.parametrize(
    "report",
    [
        RunReport(),
        RunReport(note=Note("nothing to check", "pages", "one page")),
        RunReport(remarks=[Note("note", "pages", "two sentences")]),
        RunReport(cause="it is down"),
        RunReport(unrecorded=True),
        RunReport(Note("waived", "pages", "why"), "it is down", True, OUTCOME),
        RunReport(late=["it asks late"]),
        RunReport(verdict="regression", answers={"snapshots/a/t.json": "[]\n", "b.json": None}),
        RunReport(compares_nothing=True),
    ],
)
def test_a_report_crosses_to_another_process(report):
    # What pytest-xdist sends it with, which takes less than JSON.
    assert RunReport.from_json(execnet.loads(execnet.dumps(report.to_json()))) == report


class Terminal:
    """As much of pytest's as the summary writes to."""

    def __init__(self):
        self.lines = []
        self.config = SimpleNamespace(
            invocation_params=SimpleNamespace(args=("tests",)), rootpath=Path(), stash={}
        )

    def write_sep(self, sep, title):
        self.lines.append(title)

    def write_line(self, line):
        self.lines.append(line)


def reported(nodeid, when, report=None):
    attributes = {} if report is None else {ATTRIBUTE: report.to_json()}
    return SimpleNamespace(nodeid=nodeid, when=when, failed=False, **attributes)


def summary_of(*reports):
    summary, terminal = Summary(), Terminal()
    for report in reports:
        summary.pytest_runtest_logreport(report)
    summary.pytest_terminal_summary(terminal)
    list(summary.pytest_terminal_summary_end(terminal))
    return terminal.lines


def test_what_a_scenario_has_left_running_fails_the_run():
    config = SimpleNamespace(stash=pytest.Stash())
    summary, session = Summary(), SimpleNamespace(exitstatus=0, config=config)
    summary.pytest_runtest_logreport(reported("a", "teardown", RunReport(cause="it is down")))
    assert list(summary.pytest_sessionfinish(session)) == [None]
    assert session.exitstatus == 0
    late = [reported(name, "teardown", RunReport(late=["x asks\nwhere"])) for name in "bc"]
    assert summary_of(*late)[-5:] == [
        "a scenario that had passed has failed:",
        "x asks",
        "where",
        "verdicts: 1 request change",
        "not compared, because they ask for something else: 1 test",
    ]
    for found, becomes in ((0, 1), (2, 2)):
        summary.pytest_runtest_logreport(late[0])
        session.exitstatus = found
        assert list(summary.pytest_sessionfinish(session)) == [None]
        assert session.exitstatus == becomes


def test_what_tests_ask_for_that_is_not_recorded_is_told_once():
    def asking(*parts):
        return RunReport(verdict="request change", asks=[list(each) for each in parts])

    offset = ("GET /users", "query offset", "'5'", "'6'")
    reports = [reported(name, "call", asking(offset)) for name in "ab"]
    reports.append(reported("c", "call", asking(("GET /users", "query offset", "'2'", "'3'"))))
    reports += [
        reported(f"d{n}", "call", asking(("GET /teams", f"header x-{n}", "", "'1'"))) for n in range(6)
    ]
    assert summary_of(*reports)[-8:] == [
        "verdicts: 9 request changes",
        "not compared, because they ask for something else: 9 tests",
        "minor     asks GET /users: query offset: '5' → '6', and other values (3 requests)",
        *(f"minor     asks GET /teams: header x-{n}: nothing → '1' (1 request)" for n in range(4)),
        "and 2 more",
    ]


def replayed(nodeid, played=1):
    return RunReport(outcome=Outcome(nodeid, recorded=False, played=played, capabilities={"info": 1}))


def test_each_test_counts_once_however_many_reports_it_has():
    lines = summary_of(
        reported("a", "setup"),
        reported("a", "call", replayed("a")),
        reported("a", "teardown", replayed("a")),
        reported("b", "setup"),
        reported("b", "teardown", replayed("b", played=2)),
    )
    assert lines == [
        "connector contract",
        "2 scenarios replayed offline: 3 requests as recorded, 0 responses as in the snapshots, "
        "1 capability called",
    ]


def test_the_last_run_of_a_test_counts_and_not_an_earlier_one():
    lines = summary_of(
        reported("a", "setup"),
        reported("a", "teardown", replayed("a", played=5)),
        reported("a", "setup"),
        reported("a", "teardown", replayed("a")),
    )
    assert "1 scenario replayed offline: 1 request as recorded" in lines[1]


@pytest.mark.parametrize(
    "earlier",
    [
        replayed("a"),
        RunReport(note=Note("waived", "pages", "why")),
        RunReport(cause="it is down"),
    ],
)
def test_a_run_that_says_nothing_leaves_nothing_of_an_earlier_one(earlier):
    assert summary_of(reported("a", "setup"), reported("a", "call", earlier), reported("a", "setup")) == []


def test_what_several_tests_failed_for_is_counted():
    lines = summary_of(
        reported("a", "setup", RunReport(cause="It is down.")),
        reported("b", "setup", RunReport(cause="It is down.")),
        reported("c", "setup", RunReport(unrecorded=True)),
        reported("d", "setup", RunReport(unrecorded=True)),
    )
    assert lines == [
        "2 more tests failed for this reason:",
        "It is down.",
        "2 scenarios are not recorded. Record them:",
        "  pytest tests --record-mode=once",
    ]


def test_other_tests_say_nothing():
    assert summary_of(reported("a", "setup"), reported("a", "call"), reported("a", "teardown")) == []
