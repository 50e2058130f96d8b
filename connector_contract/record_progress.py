"""How a recording from a real server goes on: a line for each scenario, and what is left of it at the end."""

from __future__ import annotations

from collections import defaultdict

import pytest

from connector_contract.record_plan import RecordPlan, mode_of
from connector_contract.recording.record_modes import DISABLED
from connector_contract.reporting.progress_lines import left_lines, progress_line
from connector_contract.reporting.run_report import ATTRIBUTE, RunReport
from connector_contract.rewriting import rewrite_list


class RecordProgress:
    """Says how far a recording from a real server has come.

    Args:
        config: Of the run.
        plan: What is to be recorded.
    """

    def __init__(self, config: pytest.Config, plan: RecordPlan) -> None:
        self._config = config
        self._plan = plan
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._failed: set[str] = set()
        self._ended: dict[str, RunReport] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print a line for a scenario that has ended."""
        if not self._is_real(report.nodeid):
            return
        if report.when == "setup":
            # A test that is run again leaves nothing of its earlier run.
            self._seconds[report.nodeid] = 0
            self._failed.discard(report.nodeid)
        self._seconds[report.nodeid] += report.duration
        if report.failed:
            self._failed.add(report.nodeid)
        if report.when == "teardown":
            data = getattr(report, ATTRIBUTE, None)
            self._ended[report.nodeid] = RunReport() if data is None else RunReport.from_json(data)
            self._print(report.nodeid)

    def _print(self, nodeid: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is None or not (reporter.verbosity > 0 or (reporter.isatty and reporter.verbosity == 0)):
            return
        report = self._ended[nodeid]
        outcomes = [*([report.outcome] if report.outcome is not None else []), *report.shared]
        line = progress_line(
            len(self._ended),
            len(self._real),
            nodeid,
            sum(outcome.new for outcome in outcomes if outcome.recorded),
            self._seconds[nodeid],
            is_recorded=nodeid in self._finished,
        )
        reporter.ensure_newline()
        reporter.write_line(line)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what is left of a recording that did not come to its end."""
        if self._config.getoption("--collect-only") or self._config.getoption("--record-plan"):
            return
        left = self._real - self._finished
        arguments = [str(each) for each in self._config.invocation_params.args]
        is_listed = rewrite_list(self._config).path is not None
        mode = mode_of(self._config)
        for line in left_lines(len(self._finished), len(left), arguments, mode, is_listed=is_listed):
            terminalreporter.write_line(line)

    @property
    def _real(self) -> set[str]:
        """Those that are recorded from a real server, as far as that is known by now."""
        return set(filter(self._is_real, self._plan.recordings))

    def _is_real(self, nodeid: str) -> bool:
        # --disable-recording records nothing.
        recording = None if mode_of(self._config) == DISABLED else self._plan.recordings.get(nodeid)
        return recording is not None and recording.target.is_real

    @property
    def _finished(self) -> set[str]:
        """Those that have ended well, or with the breach of a rule, which is recorded."""
        return {
            nodeid
            for nodeid, report in self._ended.items()
            if nodeid not in self._failed or report.outcome is not None
        }
