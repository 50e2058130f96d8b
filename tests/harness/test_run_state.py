"""What is known of a test belongs to one run of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from connector_contract.recording.ending import Ending
from connector_contract.reporting.outcome import Outcome
from connector_contract.reporting.run_report import Note, RunReport
from connector_contract.run_state import VERDICT, TestRun, begin_run, run_of


@pytest.fixture
def item():
    return SimpleNamespace(stash=pytest.Stash(), user_properties=[("kept", 1), (VERDICT, "regression")])


def test_a_run_is_the_same_until_the_next_begins(item):
    first = run_of(item)
    assert run_of(item) is first
    begin_run(item)
    assert run_of(item) is not first
    assert item.user_properties == [("kept", 1)]


def test_nothing_of_a_run_is_left_to_the_next(item):
    first = run_of(item)
    first.ending, first.has_failed_part, first.concluded = Ending.PASSED, True, True
    first.verdict, first.note, first.cause = ValueError(), Note("waived", "pages", "why"), "it is down"
    first.outcome, first.unrecorded = Outcome("a", recorded=True), True
    begin_run(item)
    assert run_of(item) == TestRun()


def test_a_run_that_has_nothing_to_say_says_nothing():
    assert TestRun(ending=Ending.PASSED, has_failed_part=True, concluded=True).report is None


@pytest.mark.parametrize(
    "run",
    [
        TestRun(note=Note("waived", "pages", "why")),
        TestRun(cause="it is down"),
        TestRun(unrecorded=True),
        TestRun(outcome=Outcome("a.py::t", recorded=False)),
    ],
)
def test_what_it_has_to_say_goes_along(run):
    assert run.report == RunReport(run.note, run.cause, run.unrecorded, run.outcome)


def test_an_ending_says_what_there_was_time_for():
    assert [each for each in Ending if not each.asked_all] == [Ending.BROKE_A_RULE]
    assert [each for each in Ending if each.compared_all] == [Ending.PASSED]
    assert [each for each in Ending if each.is_under_failure] == [
        Ending.BROKE_A_RULE,
        Ending.WAITS,
        Ending.NEEDLESSLY_WAIVED,
    ]
