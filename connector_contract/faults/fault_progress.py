"""Shows how far the sweep has come: on a terminal a line that is written over, with ``-v`` one a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from connector_contract.faults.sweep_bar import SweepProgress, is_sweep, sweeps
from connector_contract.faults.swept_call import SweptCall
from connector_contract.reporting.run_report import ATTRIBUTE, RunReport


class FaultProgress:
    """Says how far the sweep has come, from before its first call on.

    Args:
        config: Of the run.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._of = 0
        self._by_test: dict[str, SweptCall | None] = {}
        self._is_shown = False

    @property
    def calls(self) -> int:
        """How many calls the run is to break."""
        return self._of

    @property
    def not_reached(self) -> int:
        """How many calls the run has not come to, or not to the end of; 0 of a run that nobody stopped."""
        return self._of - len(self._by_test)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count the calls of the sweep."""
        self._of = max(self._of, sweeps(item.nodeid for item in session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Count those that the workers of pytest-xdist have, which all have the same."""
        self._of = max(self._of, sweeps(ids))

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Say that the sweep begins."""
        if is_sweep(nodeid) and not self._is_shown:
            self._show()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Say what is done with the test that has ended; one that is run again counts once."""
        if report.when != "teardown" or not is_sweep(report.nodeid):
            return
        data = getattr(report, ATTRIBUTE, None)
        faults = None if data is None else RunReport.from_json(data).faults
        self._by_test[report.nodeid] = SweptCall.from_json(faults) if faults else None
        self._show()

    def _show(self) -> None:
        progress = SweepProgress(0, self._of)
        for swept in self._by_test.values():
            progress = progress.after(swept)
        reporter: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and reporter.verbosity > 0:
            reporter.ensure_newline()
            reporter.write_line(progress.line)
        elif reporter is not None and reporter.verbosity == 0 and reporter.isatty:
            self._write_over(reporter._tw, progress)
        self._is_shown = True

    def _write_over(self, writer: Any, progress: SweepProgress) -> None:
        """Write over the line that the terminal is in, and leave pytest's own sign room at its beginning."""
        room = writer.fullwidth - 1
        start = "\r" if self._is_shown else "\n"
        end = "\n" if progress.calls == progress.of else "\r"
        # pytest counts what it has written in a line, and would break this one.
        writer._file.write(f"{start}{f' {progress.line}'[:room]:{room}}{end}")
        writer.flush()
