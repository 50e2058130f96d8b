"""The end of a run with the fault sweep."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from fault_rows import GOOD

from connector_contract.faults.fault_progress import FaultProgress
from connector_contract.faults.fault_summary import FaultSummary
from connector_contract.faults.field_table import Came, Observation
from connector_contract.faults.swept_call import SweptCall
from connector_contract.reporting.run_report import ATTRIBUTE, RunReport


@pytest.fixture
def exit_status(tmp_path, pytestconfig):
    """The exit status of a run that was good until its end, in which one field was seen."""

    def finished(stored, **tolerated):
        table = tmp_path / "list_accounts.fields.json"
        if stored is not None:
            table.write_text(stored)
        seen = Observation("list_accounts", "GET /users", "email", "field-missing", Came.REFUSED)
        call = SweptCall(".", "list_accounts", 1, [GOOD], tolerated, [seen], str(table))
        summary = FaultSummary(pytestconfig, FaultProgress(pytestconfig))
        report = SimpleNamespace(when="call", nodeid="a")
        setattr(report, ATTRIBUTE, RunReport(faults=call.to_json()).to_json())
        summary.pytest_runtest_logreport(report)
        session = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
        steps = summary.pytest_sessionfinish(session)
        next(steps)
        next(steps, None)
        return session.exitstatus

    return finished


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


def test_what_is_tolerated_for_nothing_fails_the_run(exit_status):
    tolerated = {"status-401[list_accounts-GET /users]": "It answers so."}
    assert exit_status(None, **tolerated) == pytest.ExitCode.TESTS_FAILED
    assert exit_status(None, **{"status-401[get_account-GET /users]": "It does."}) == pytest.ExitCode.OK
