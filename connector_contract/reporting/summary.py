"""The lines at the end of a run, gathered from the reports of all tests, pytest-xdist's workers' too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import pytest

from connector_contract.reporting.messages import cause_lines, note_lines, summary_lines
from connector_contract.reporting.outcome import Outcome


class Summary:
    """Gathers the outcomes of all scenarios, pytest-xdist's workers' too, and prints the summary."""

    def __init__(self) -> None:
        self._outcomes: dict[str, Outcome] = {}
        self._notes: dict[str, tuple[str, str, str]] = {}
        self._causes: Counter[str] = Counter()
        self._unrecorded = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what came with a report."""
        data = getattr(report, "contract_outcome", None)
        if data is not None:
            self._outcomes[report.nodeid] = Outcome(**data)
        note = getattr(report, "contract_note", None)
        if note is not None:
            self._notes[report.nodeid] = tuple(note)
        if (cause := getattr(report, "contract_cause", None)) is not None:
            self._causes[cause] += 1
        self._unrecorded += getattr(report, "contract_unrecorded", False)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print what was recorded, or proved."""
        lines = [
            *note_lines([self._notes[nodeid] for nodeid in sorted(self._notes)]),
            *summary_lines([self._outcomes[nodeid] for nodeid in sorted(self._outcomes)]),
        ]
        if lines:
            terminalreporter.write_sep("-", "connector contract")
        for line in lines:
            terminalreporter.write_line(line)

    @pytest.hookimpl(wrapper=True, tryfirst=True, specname="pytest_terminal_summary")
    def pytest_terminal_summary_end(self, terminalreporter: pytest.TerminalReporter) -> Generator[None]:
        """Print last of all, under the failures, what is behind many of them."""
        yield
        arguments = terminalreporter.config.invocation_params.args
        for line in cause_lines(self._causes, self._unrecorded, [str(each) for each in arguments]):
            terminalreporter.write_line(line)
