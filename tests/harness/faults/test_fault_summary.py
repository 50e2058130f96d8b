"""The end of a run with the fault sweep."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from fault_rows import GOOD

from connector_contract.faults.fault_progress import FaultProgress
from connector_contract.faults.fault_summary import FaultSummary
from connector_contract.faults.field_table import Came, Observation
from connector_contract.faults.swept_call import SweptCall
from connector_contract.reporting.outcome import Outcome
from connector_contract.reporting.run_report import ATTRIBUTE, RunReport


@pytest.fixture
def exit_status(tmp_path, pytestconfig):
    """The exit status of a run that was good until its end, in which one field was seen."""

    def status(stored, **tolerated):
        table = tmp_path / "list_accounts.fields.json"
        if stored is not None:
            table.write_text(stored)
        seen = Observation("list_accounts", "GET /users", "email", "field-missing", Came.REFUSED)
        call = SweptCall(".", "list_accounts", 1, [GOOD], tolerated, [seen], str(table))
        summary = FaultSummary(pytestconfig, FaultProgress(pytestconfig))
        report = SimpleNamespace(when="call", nodeid="a")
        setattr(report, ATTRIBUTE, RunReport(faults=call.to_json()).to_json())
        summary.pytest_runtest_logreport(report)
        return finished(summary)

    return status


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (None, pytest.ExitCode.OK),
        ('{"GET /users": {"email": "required"}}', pytest.ExitCode.OK),
        ('{"GET /users": {"email": "read"}}', pytest.ExitCode.TESTS_FAILED),
        ("{", pytest.ExitCode.TESTS_FAILED),
    ],
)
def test_a_table_that_differs_fails_the_run(exit_status, stored, expected):
    assert exit_status(stored) == expected


@pytest.mark.parametrize(
    ("is_changed", "passed", "expected"),
    [
        (True, (), pytest.ExitCode.TESTS_FAILED),
        (True, ("/other.yaml",), pytest.ExitCode.TESTS_FAILED),
        # A test may do to the connector what only it knows.
        (True, ("/walk.yaml",), pytest.ExitCode.OK),
        (False, (), pytest.ExitCode.OK),
    ],
)
def test_a_call_that_answers_otherwise_fails_the_run_if_its_scenario_has_not_passed(
    pytestconfig, is_changed, passed, expected
):
    call = SweptCall(
        ".", "list_accounts", 1, cassette="/walk.yaml", why_not="it is other", is_changed=is_changed
    )
    summary = FaultSummary(pytestconfig, FaultProgress(pytestconfig))
    for report in (RunReport(faults=call.to_json()), *map(replayed, passed)):
        told = SimpleNamespace(when="call", nodeid=str(report.outcome))
        setattr(told, ATTRIBUTE, report.to_json())
        summary.pytest_runtest_logreport(told)
    assert finished(summary) == expected


def replayed(cassette):
    return RunReport(outcome=Outcome("a", recorded=False, cassette=cassette))


def finished(summary):
    session = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    steps = summary.pytest_sessionfinish(session)
    next(steps)
    next(steps, None)
    return session.exitstatus


def test_what_is_tolerated_for_nothing_fails_the_run(exit_status):
    tolerated = {"status-401[list_accounts-GET /users]": "It answers so."}
    assert exit_status(None, **tolerated) == pytest.ExitCode.TESTS_FAILED
    assert exit_status(None, **{"status-401[get_account-GET /users]": "It does."}) == pytest.ExitCode.OK
