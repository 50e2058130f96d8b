"""The line that says how far a sweep has come, as the terminal shows it."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from fault_rows import EMPTY, GOOD, swept

from connector_contract.faults.fault_progress import FaultProgress
from connector_contract.reporting.run_report import ATTRIBUTE, RunReport

IDS = [f"test_a.py::test_b::faults[list_accounts-{number}]" for number in (1, 2)]


class Terminal:
    """What pytest prints with, as far as the line needs it."""

    def __init__(self, *, verbosity=0, isatty=True):
        self.verbosity, self.isatty = verbosity, isatty
        self.file = io.StringIO()
        self._tw = SimpleNamespace(fullwidth=80, _file=self.file, flush=lambda: None)

    def ensure_newline(self):
        self.file.write("\n")

    def write_line(self, line):
        self.file.write(f"{line}\n")

    @property
    def screen(self):
        """The lines as a reader sees them, those that are written over left out."""
        return [line.rstrip("\r").rpartition("\r")[2].rstrip() for line in self.file.getvalue().split("\n")]


def run(terminal, *, reruns=1, workers=False):
    """Two calls are swept, after a scenario."""
    config = SimpleNamespace(pluginmanager=SimpleNamespace(get_plugin=lambda name: terminal))
    progress = FaultProgress(config)
    ids = ["test_a.py::test_b", *IDS]
    if workers:
        progress.pytest_collection_finish(SimpleNamespace(items=[]))
        progress.pytest_xdist_node_collection_finished(ids)
        progress.pytest_xdist_node_collection_finished(ids)
    else:
        progress.pytest_collection_finish(
            SimpleNamespace(items=[SimpleNamespace(nodeid=each) for each in ids])
        )
    shown = []
    for nodeid in ids:
        for _ in range(reruns):
            progress.pytest_runtest_logstart(nodeid)
            shown.append(terminal.screen if terminal else [])
            for when in ("setup", "call", "teardown"):
                progress.pytest_runtest_logreport(report(nodeid, when))
            shown.append(terminal.screen if terminal else [])
    return shown


def report(nodeid, when):
    found = SimpleNamespace(nodeid=nodeid, when=when)
    if nodeid == IDS[0]:
        setattr(found, ATTRIBUTE, RunReport(faults=swept(GOOD, EMPTY).to_json()).to_json())
    return found


@pytest.mark.parametrize("workers", [False, True])
def test_on_a_terminal_a_line_is_written_over_from_before_the_first_call(workers):
    before, scenario, start, first, _, last = run(Terminal(), workers=workers)
    assert before == scenario == [""]
    assert start == ["", " faults [....................] 0 of 2 calls, 0 replayed, 0 findings"]
    assert first == ["", " faults [##########..........] 1 of 2 calls, 2 replayed, 1 finding"]
    assert last == ["", " faults [####################] 2 of 2 calls, 2 replayed, 1 finding", ""]


def test_a_line_leaves_room_for_what_pytest_writes():
    terminal = Terminal()
    run(terminal)
    parts = [part for line in terminal.file.getvalue().split("\n") for part in line.split("\r") if part]
    assert {len(part) for part in parts} == {79}
    assert {part[0] for part in parts} == {" "}


def test_a_call_that_is_run_again_counts_once():
    assert "2 of 2 calls, 2 replayed, 1 finding" in run(Terminal(), reruns=2)[-1][-2]


def test_verbose_runs_have_a_line_for_each_call():
    terminal = Terminal(verbosity=1, isatty=False)
    run(terminal)
    assert [line[:6] for line in terminal.screen if line] == ["faults"] * 3


@pytest.mark.parametrize("terminal", [Terminal(isatty=False), Terminal(verbosity=-1), None])
def test_where_nobody_looks_nothing_is_said(terminal):
    assert run(terminal)[-1] == ([""] if terminal else [])
