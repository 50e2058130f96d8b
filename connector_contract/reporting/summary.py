"""The lines at the end of a run, gathered from the reports of all tests, pytest-xdist's workers' too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connector_contract.errors import LateRequest, UsageError, Verdict
from connector_contract.recording.calendar_spans import wrong_times
from connector_contract.reporting.messages import (
    cause_lines,
    late_lines,
    note_lines,
    project_lines,
    summary_lines,
    table_lines,
    verdict_lines,
)
from connector_contract.reporting.outcome import Outcome
from connector_contract.reporting.people_counts import PeopleCounts
from connector_contract.reporting.people_lines import people_lines
from connector_contract.reporting.run_report import ATTRIBUTE, Note, RunReport
from connector_contract.reporting.variant_differences import variant_lines
from connector_contract.run_folder import written
from connector_contract.run_state import people_counts, take_late

LATE_OUTPUT = "connector_contract_late"
"""Where a worker of pytest-xdist puts verdicts on what its scenarios have left running, when it ends."""

PEOPLE_OUTPUT = "connector_contract_people"
"""Where it puts what has become of the people that its recordings make up."""

LEARNED_OUTPUT = "connector_contract_learned"
"""Where it puts what it knows of people: it goes from memory to memory, and never to the disk."""


class Summary:
    """Gathers what all tests report, pytest-xdist's workers' too, and prints the summary."""

    def __init__(self) -> None:
        self._reports: dict[str, RunReport] = {}
        self._failed: set[str] = set()
        self._late_at_end: list[str] = []
        self._unused_times: list[UsageError] = []
        self._people: list[PeopleCounts] = []
        self._learned: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what came with a report; a test that is run again leaves nothing of its earlier run."""
        if report.when == "setup":
            self._reports.pop(report.nodeid, None)
            self._failed.discard(report.nodeid)
        if report.failed:
            self._failed.add(report.nodeid)
        data = getattr(report, ATTRIBUTE, None)
        if data is not None:
            self._reports[report.nodeid] = RunReport.from_json(data)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print what was recorded, or proved."""
        projects: dict[str, list[RunReport]] = {}
        for nodeid in sorted(self._reports):
            report = self._reports[nodeid]
            projects.setdefault(report.project, []).append(report)
        lines = [*_lines(projects), *(line for each in self._people for line in people_lines(each))]
        if lines:
            terminalreporter.write_sep("-", "connector contract")
        for line in lines:
            terminalreporter.write_line(line)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what has come after the last report of a worker of pytest-xdist."""
        # A worker that was killed has none.
        output = getattr(node, "workeroutput", {})
        self._late_at_end += output.get(LATE_OUTPUT, [])
        self._people += _counts(output.get(PEOPLE_OUTPUT, []))
        self._learned += output.get(LEARNED_OUTPUT, [])

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Fail a run in which a scenario has left something running, though it had passed by then."""
        yield
        if self._learned:
            from connector_contract.recording.run_people import finish_together

            finish_together(self._learned)
            self._learned.clear()
        self._late_at_end += take_late(session.config)
        self._people += _counts(people_counts(session.config))
        if session.exitstatus == pytest.ExitCode.OK:
            self._unused_times = _unused_times(list(self._reports.values()))
            if self._unused_times or self._late():
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _late(self) -> list[str]:
        return [*(each for report in self._reports.values() for each in report.late), *self._late_at_end]

    @pytest.hookimpl(wrapper=True, tryfirst=True, specname="pytest_terminal_summary")
    def pytest_terminal_summary_end(self, terminalreporter: pytest.TerminalReporter) -> Generator[None]:
        """Print last of all, under the failures, what is behind many of them."""
        yield
        for line in late_lines(self._late()):
            terminalreporter.write_line(line)
        for error in self._unused_times:
            terminalreporter.write_line(str(error))
        reports = self._reports.values()
        causes = Counter(report.cause for report in reports if report.cause is not None)
        unrecorded = sum(report.unrecorded for report in reports)
        arguments = terminalreporter.config.invocation_params.args
        for line in cause_lines(causes, unrecorded, [str(each) for each in arguments]):
            terminalreporter.write_line(line)
        uncompared = sum(report.compares_nothing for report in reports)
        for line in verdict_lines(self._verdicts(), uncompared, self._others()):
            terminalreporter.write_line(line)
        self._print_asks(terminalreporter)
        self._print_reviews(terminalreporter)

    def _verdicts(self) -> Counter[Verdict]:
        """How many failures there are of each verdict."""
        verdicts = (report.verdict for report in self._reports.values())
        found = Counter(Verdict(each) for each in verdicts if each is not None)
        late = LateRequest.verdict
        return found + Counter({late: len(set(self._late()))} if late else {})

    def _others(self) -> int:
        """How many tests have failed by themselves: their own assertions, or what they use."""
        judged = {
            nodeid
            for nodeid, report in self._reports.items()
            if report.verdict is not None or report.compares_nothing
        }
        return len(self._failed - judged)

    def _print_asks(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print what the tests ask for that is not recorded."""
        asks = {nodeid: report.asks for nodeid, report in self._reports.items() if report.asks}
        if asks:
            # Most runs have no use for it.
            from connector_contract.review.run_lines import asking_lines

            for line in asking_lines(asks):
                terminalreporter.write_line(line)

    def _print_reviews(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print what Lumos would be told now, and what it is told by the files that were written."""
        root = terminalreporter.config.rootpath
        answers = {path: text for report in self._reports.values() for path, text in report.answers.items()}
        before = written(terminalreporter.config)
        if not (answers or before):
            return
        # Most runs have no use for it.
        from connector_contract.review.run_review import told_from_now_on, told_now

        for title, lines in (
            ("what was accepted or recorded", _reviewed(partial(told_from_now_on, root, before))),
            ("what Lumos would be told now", _reviewed(partial(told_now, root, answers))),
        ):
            if lines:
                terminalreporter.write_sep("-", title)
            for line in lines:
                terminalreporter.write_line(line)


def _counts(data: Iterable[dict[str, Any]]) -> list[PeopleCounts]:
    found = (PeopleCounts(**each) for each in data)
    return [replace(each, unreplaced=_pairs(each.unreplaced), unfound=_pairs(each.unfound)) for each in found]


def _pairs(data: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in data)


def _unused_times(reports: Sequence[RunReport]) -> list[UsageError]:
    """The errors of calendar spans that are declared for no request, if all scenarios have run."""
    found: list[UsageError] = []
    projects: dict[str, list[Outcome]] = {}
    for report in reports:
        own = [*report.shared, *([report.outcome] if report.outcome else [])]
        for outcome in (each for each in own if each.root):
            projects.setdefault(outcome.root, []).append(outcome)
    for root, outcomes in projects.items():
        used: dict[tuple[str, str], bool] = {}
        for place, span, is_used in (each for outcome in outcomes for each in outcome.times):
            used[place, span] = used.get((place, span), False) or is_used
        if all(used.values()):
            continue
        run = {Path(outcome.cassette) for outcome in outcomes}
        if run.issuperset(Path(root, "cassettes").rglob("*.yaml")):
            problem = "no request has a time there"
            found += [wrong_times(*pair, problem) for pair, is_used in used.items() if not is_used]
    return found


def _reviewed(review: Callable[[], list[str]]) -> list[str]:
    """The lines of a review; of one that fails, why: it must not hide what the run has found."""
    try:
        return review()
    except Exception as error:  # noqa: BLE001 - a failure of the harness, which the end of the run says
        return [f"The review failed, which is a mistake of the harness: {type(error).__name__}: {error}"]


def _lines(projects: Mapping[str, Sequence[RunReport]]) -> list[str]:
    """The lines of a run: those of each project by its name, if there are several."""
    notes = {name: _notes(reports) for name, reports in projects.items()}
    outcomes = {name: _outcomes(reports) for name, reports in projects.items()}
    if len(projects) == 1:
        (only,) = projects
        return [*note_lines(notes[only]), *summary_lines(outcomes[only]), *variant_lines(outcomes[only])]
    table = table_lines([each for several in outcomes.values() for each in several])
    by_project = [
        project_lines(name, notes[name], outcomes[name], variant_lines(outcomes[name]))
        for name in sorted(projects)
    ]
    return [*table, *(line for lines in by_project for line in lines)]


def _notes(reports: Sequence[RunReport]) -> list[Note]:
    own = [report.note for report in reports if report.note is not None]
    return [*own, *(remark for report in reports for remark in report.remarks)]


def _outcomes(reports: Sequence[RunReport]) -> list[Outcome]:
    # pytest-xdist's workers each play a shared recording, and one of them may have recorded it.
    shared = {each.nodeid: each for report in reports for each in report.shared}
    shared |= {each.nodeid: each for report in reports for each in report.shared if each.recorded}
    own = [report.outcome for report in reports if report.outcome is not None]
    return [*own, *shared.values()]
