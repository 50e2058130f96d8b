"""Which scenarios of a run record, in which order, and what ``--record-plan`` prints of them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from connector_contract.before_tests import fixture_of, reasons
from connector_contract.connector_fixture import reported_once
from connector_contract.errors import LongWait, SeveralProcesses, UsageError
from connector_contract.record_needs import UNKNOWN, Fate, Recording, needs
from connector_contract.recording.phases import in_order
from connector_contract.recording.record_modes import DISABLED
from connector_contract.reporting.plan_lines import Planned, Target, plan_lines
from connector_contract.run_state import run_of

_OPTION = "--record-plan"


def add_plan_option(parser: pytest.Parser) -> None:
    """Add the option that prints a plan."""
    parser.getgroup("connector-contract").addoption(
        _OPTION,
        action="store_true",
        help="Print what --record-mode would record (without one: what is missing), and send nothing.",
    )


def plan_in_one_process(config: pytest.Config) -> None:
    """Have a plan be made here, whatever pytest-xdist was asked for: no test runs."""
    if config.getoption(_OPTION):
        for name, value in (("numprocesses", 0), ("tx", []), ("dist", "no")):
            if hasattr(config.option, name):
                setattr(config.option, name, value)


def check_plan_options(config: pytest.Config) -> None:
    """Refuse what cannot be planned, and a recording from a real server in several processes.

    Raises:
        UsageError: The options do not fit each other.
    """
    if config.getoption(_OPTION) and config.getoption("--disable-recording"):
        raise UsageError(
            "--record-plan has nothing to plan: --disable-recording writes nothing.",
            remedy="Leave one of them out.",
        )
    is_real = config.getoption("--upstream-url") is not None
    if is_real and mode_of(config) in ("rewrite", "all") and _has_workers(config):
        raise UsageError(
            "A recording from a real server runs in one process, and -n asks for several.",
            where=[("--upstream-url", config.getoption("--upstream-url"))],
            remedy="Nothing was sent. Record in one process:\n  pytest -n 0 ...",
        )


def _has_workers(config: pytest.Config) -> bool:
    """Whether pytest-xdist is to run the tests in other processes."""
    option = config.option
    return getattr(option, "dist", "no") != "no" and bool(getattr(option, "tx", None))


def mode_of(config: pytest.Config) -> str:
    """The record mode of a run, as its options say."""
    mode: str = config.getoption("--record-mode") or "none"
    return DISABLED if config.getoption("--disable-recording") else mode


class RecordPlan:
    """Brings the scenarios that record from a real server into order, and prints the plan.

    Attributes:
        recordings: The scenarios that record, by their node ids, in the order in which they run.
    """

    def __init__(self) -> None:
        self.recordings: dict[str, Recording] = {}
        self._replayed = 0

    # Around all other plugins, those too that shuffle the tests.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None, Any, Any]:
        """Have shared reads come first, then reads, writes, and refused credentials."""
        written = {item: place for place, item in enumerate(items)}
        result = yield
        mode = self._mode(config)
        if mode == "none":
            return result
        scenarios = {
            place: item
            for place, item in enumerate(items)
            if isinstance(item, pytest.Function) and "lumos" in item.fixturenames
        }
        fixtures = {place: fixture_of(item).key for place, item in scenarios.items()}
        # Of many connectors, each is imported when its first scenario runs; a plan alone needs them now.
        makes = config.getoption(_OPTION) or len(set(fixtures.values())) == 1
        found = {place: needs(item, mode, makes=makes) for place, item in scenarios.items()}
        recordings = {place: each for place, each in found.items() if isinstance(each, Recording)}
        for fixture in dict.fromkeys(fixtures.values()):
            of_one = {place: each for place, each in recordings.items() if fixtures[place] == fixture}
            # Within a phase as they were written, so that writes see each other's changes in no other order.
            phases = {
                place: (each.phase, written.get(items[place], place))
                for place, each in of_one.items()
                if each.target.is_real
            }
            items[:] = in_order(items, phases)
        by_nodeid = {each.nodeid: each for each in recordings.values()}
        self.recordings = {item.nodeid: by_nodeid[item.nodeid] for item in items if item.nodeid in by_nodeid}
        self._replayed = sum(each is Fate.REPLAYED for each in found.values())
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Print the plan in place of a run, if it is asked for."""
        config = session.config
        is_broken = session.testsfailed and not config.option.continue_on_collection_errors
        if not config.getoption(_OPTION) or is_broken:
            # pytest itself ends a run that could not be collected.
            return None
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        targets: dict[Target, dict[Planned, None]] = {}
        for each in self.recordings.values():
            targets.setdefault(each.target, {}).update(dict.fromkeys(each.planned))
        planned = [(target, list(members)) for target, members in targets.items()]
        lines = plan_lines(self._mode(config), planned, self._replayed)
        if reporter is not None:
            reporter.write_line("\n".join(["", *lines]))
        if unknown := list(reasons(config)):
            why = "\n".join(unknown)
            raise pytest.UsageError(f"A contract has to be put right before it can be planned:\n{why}")
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Report once, not for each scenario, why no scenario can be recorded now."""
        with _reported_once(item):
            result = yield
            self._learn_target(item)
            return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """The same for what is only known when a rule makes its first call."""
        with _reported_once(item):
            return (yield)

    def _learn_target(self, item: pytest.Item) -> None:
        recording, run = self.recordings.get(item.nodeid), run_of(item)
        if recording is not None and recording.target is UNKNOWN and run.scenario is not None:
            target = Target(run.upstream, is_real=not run.scenario.serves_application)
            self.recordings[item.nodeid] = replace(recording, target=target)

    def _mode(self, config: pytest.Config) -> str:
        """The record mode, and for a plan that names none the one that records what is missing."""
        mode = mode_of(config)
        return "once" if mode == "none" and config.getoption(_OPTION) else mode


class _reported_once:  # noqa: N801 - it is used as a function
    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, (SeveralProcesses, LongWait)):
            raise reported_once(self._item, error) from None
