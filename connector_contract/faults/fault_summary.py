"""What the fault sweep says at the end of a run, gathered from pytest-xdist's workers, too."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from connector_contract.before_tests import reasons
from connector_contract.errors import CannotWrite
from connector_contract.faults.fault_json import as_json
from connector_contract.faults.fault_lines import (
    changed_call_lines,
    not_broken_lines,
    nothing_swept_lines,
    recorded_lines,
    stopped_lines,
    unneeded_lines,
)
from connector_contract.faults.fault_matrix import matrix_lines
from connector_contract.faults.fault_options import pages_of
from connector_contract.faults.fault_page import page
from connector_contract.faults.fault_progress import FaultProgress
from connector_contract.faults.stored_field_lines import changed_lines, fields_lines
from connector_contract.faults.stored_fields import checked_fields
from connector_contract.faults.swept_call import SweptCall, fields_seen, meant, not_broken, unneeded
from connector_contract.recording.record_modes import DISABLED, plan_for
from connector_contract.reporting.run_report import ATTRIBUTE, RunReport
from connector_contract.run_folder import as_before
from connector_contract.storage.files import write_whole

_STOPPED = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)


class FaultSummary:
    """Gathers what all tests of the sweep report, prints the matrix, and writes it.

    Args:
        config: Of the run.
        progress: Knows how far the sweep has come.
    """

    def __init__(self, config: pytest.Config, progress: FaultProgress) -> None:
        self._config = config
        self._progress = progress
        self._by_test: dict[str, SweptCall] = {}
        self._recorded: dict[str, Sequence[str]] = {}
        self._passed: set[str] = set()
        self._problems: list[str] = []
        self._fields: list[str] = []
        self._is_stopped = False

    @property
    def _runs_nothing(self) -> bool:
        """Whether the run only says what there is."""
        return any(self._config.getoption(each) for each in ("--collect-only", "--record-plan"))

    @property
    def _width(self) -> int:
        """How wide the terminal is."""
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        return 80 if reporter is None else int(reporter._tw.fullwidth)

    @property
    def _swept(self) -> list[SweptCall]:
        """What all tests have reported, whatever order they ran in."""
        return [self._by_test[nodeid] for nodeid in sorted(self._by_test)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what came with a report; a test that is run again leaves nothing of its earlier run."""
        if report.when == "setup":
            self._by_test.pop(report.nodeid, None)
        data = getattr(report, ATTRIBUTE, None)
        if data is None:
            return
        run = RunReport.from_json(data)
        if run.faults:
            self._by_test[report.nodeid] = SweptCall.from_json(run.faults)
        for each in (*run.shared, *([run.outcome] if run.outcome else ())):
            self._passed.add(each.cassette)
            if each.new:
                self._recorded[each.nodeid] = list(each.capabilities)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Fail a run that tolerates what nobody needs to, or whose matrix cannot be written."""
        yield
        if self._runs_nothing:
            return
        swept = self._swept
        self._is_stopped = session.exitstatus in _STOPPED or self._progress.not_reached > 0
        changed = [each for each in not_broken(swept) if self._is_changed(each)]
        needless = unneeded(swept)
        self._problems = [
            *changed_call_lines(changed),
            *unneeded_lines(needless, meant(needless, swept)),
            *self._check_fields(swept),
            *self._write(),
        ]
        if self._problems and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _is_changed(self, call: SweptCall) -> bool:
        """Whether a connector no longer does what it did, unless its scenario, which passes, can tell why."""
        return call.is_changed and call.cassette not in self._passed

    def _check_fields(self, swept: Sequence[SweptCall]) -> list[str]:
        """Compare the stored tables of fields, or write them; return what is wrong."""
        recorded = {name for names in self._recorded.values() for name in names}
        config, seen = self._config, fields_seen(swept, recorded)
        mode = config.getoption("--record-mode") or "none"
        checked = checked_fields(
            seen,
            plan_for(DISABLED if config.getoption("--disable-recording") else mode, True),
            update=config.getoption("--snapshot-update"),
            keep=as_before(config).keep,
        )
        self._fields = fields_lines(seen, checked, self._width)
        start = config.invocation_params.dir
        changed = changed_lines(
            checked.changed, lambda table: Path(os.path.relpath(table, start)).as_posix(), self._width
        )
        return [*changed, *(line for error in checked.errors for line in error.splitlines())]

    def _write(self) -> list[str]:
        """Write the matrix to the files that are asked for; return why one could not be."""
        forms = {"html": page, "json": as_json}
        problems: list[str] = []
        for form, path in pages_of(self._config).items():
            try:
                text = forms[form](self._swept, self._progress.not_reached)
                write_whole(path, [text.encode()], what="The fault matrix")
            except CannotWrite as error:
                problems += str(error).splitlines()
        return problems

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the matrix, and what is behind many failures."""
        # Of the contract, a run without the sweep imports nothing.
        from connector_contract.contract.collection import why_unknown

        if self._runs_nothing:
            return
        terminalreporter.write_sep("-", "contract faults")
        if self._by_test:
            in_colour = terminalreporter._tw.hasmarkup
            lines = matrix_lines(self._swept, self._width, in_colour=in_colour)
            lines += stopped_lines(self._progress.not_reached)
            lines += recorded_lines(len(self._recorded))
            left = [each for each in not_broken(self._swept) if not self._is_changed(each)]
            lines += not_broken_lines(left)
        else:
            said = _failures(terminalreporter)
            unknown = dict(zip(reasons(self._config), why_unknown(self._config), strict=True))
            unsaid = [why for error, why in unknown.items() if error.splitlines()[0] not in said]
            lines = nothing_swept_lines(
                is_stopped=self._is_stopped,
                has_failed=self._progress.calls > 0,
                records=self._config.getoption("--record-mode") == "once",
                unknown=unsaid,
                is_said=len(unsaid) < len(unknown),
            )
        for line in [*lines, *self._fields, *([""] if self._problems else []), *self._problems]:
            terminalreporter.write_line(line)


def _failures(reporter: pytest.TerminalReporter) -> str:
    """What the failures of the run say."""
    failed = (each for how in ("failed", "error") for each in reporter.stats.get(how, ()))
    return "\n".join(each.longreprtext for each in failed)
