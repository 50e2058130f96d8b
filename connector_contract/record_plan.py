"""Which scenarios of a run record, in which order, and what ``--record-plan`` prints of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from inspect import getmodule
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.before_tests import fixture_of
from connector_contract.config import ConnectorUnderTest
from connector_contract.connector_fixture import reported_once
from connector_contract.contract.rule_mark import rule_of_item
from connector_contract.errors import LongWait, SeveralProcesses, UsageError
from connector_contract.recording.phases import (
    Phase,
    in_order,
    phase_of_calls,
    phase_of_rule,
    phase_of_words,
    words_of,
)
from connector_contract.recording.record_modes import DISABLED, plan_for
from connector_contract.reporting.plan_lines import Planned, Target, plan_lines
from connector_contract.rewriting import rewrite_list
from connector_contract.run_state import run_of
from connector_contract.variants import connector_of, files_of

if TYPE_CHECKING:
    from connector_contract.contract.capabilities import Capability
    from connector_contract.storage.files import ScenarioFiles

_OPTION = "--record-plan"
_INFO = "info"
_UNKNOWN = Target("a server that is not known before a test runs", is_real=True)


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


@dataclass(frozen=True)
class Recording:
    """A scenario that records.

    Attributes:
        nodeid: The test.
        phase: When it comes, where a real server is recorded.
        target: What it records from.
        planned: The recordings that it makes, or is the first to need.
    """

    nodeid: str
    phase: Phase
    target: Target
    planned: tuple[Planned, ...]


class _Fate(Enum):
    """What becomes of a scenario that records nothing."""

    REPLAYED = "replayed"
    NEITHER = "neither"


_REPLAYED, _NEITHER = _Fate.REPLAYED, _Fate.NEITHER


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
        found = {place: _needs(item, mode, makes=makes) for place, item in scenarios.items()}
        recordings = {place: each for place, each in found.items() if isinstance(each, Recording)}
        for fixture in dict.fromkeys(fixtures.values()):
            of_one = {place: each for place, each in recordings.items() if fixtures[place] == fixture}
            phases = {place: each.phase for place, each in of_one.items() if each.target.is_real}
            items[:] = in_order(items, phases)
        by_nodeid = {each.nodeid: each for each in recordings.values()}
        self.recordings = {item.nodeid: by_nodeid[item.nodeid] for item in items if item.nodeid in by_nodeid}
        self._replayed = sum(each is _REPLAYED for each in found.values())
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
        if recording is not None and recording.target is _UNKNOWN and run.scenario is not None:
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


def _needs(item: pytest.Function, mode: str, *, makes: bool) -> Recording | _Fate:
    """What a scenario records; or that it is replayed, or does neither: it fails, or has nothing to check."""
    try:
        files = files_of(item)
    except UsageError:
        # The test says it.
        return _NEITHER
    list_ = rewrite_list(item.config)

    def records(cassette: Path) -> bool:
        return plan_for(list_.mode(mode, cassette), cassette.exists()).record

    if rule_of_item(item) is None:
        # Whoever replays needs no connector before the test runs.
        if not records(files.cassette):
            return _REPLAYED
        connector = connector_of(item, make=makes)
        found: _Found | None = _of_test(item, files, _Capabilities(connector))
    else:
        connector = connector_of(item)
        found = None if connector is None else _of_rule(item, files, connector)
    if found is None:
        return _NEITHER
    phase, needed = found
    planned = tuple(made for cassette, made in needed if records(cassette))
    return Recording(item.nodeid, phase, _target(item.config, connector), planned) if planned else _REPLAYED


def _target(config: pytest.Config, connector: ConnectorUnderTest | None) -> Target:
    url = config.getoption("--upstream-url")
    if connector is None:
        return _UNKNOWN if url is None else Target(url, is_real=True)
    from connector_contract.recording.running import upstream_name

    upstream = connector.upstream
    is_real = url is not None or upstream.app is None
    return Target(upstream_name(upstream, url), is_real, upstream.requests_per_minute if is_real else None)


class _Capabilities:
    """What is known of the capabilities that a test may call."""

    def __init__(self, connector: ConnectorUnderTest | None) -> None:
        from connector_contract.contract.capabilities import own_capabilities, standard_names, writes_by_name

        self.own: Mapping[str, Capability] = {}
        self.names: Collection[str] = [*standard_names(), _INFO]
        self._writes: Callable[[str], bool] = lambda name: name != _INFO and writes_by_name(name)
        if connector is not None:
            self._writes = self._is_unknown
            # The SDK adds some itself, and answers info without a registered one.
            self.names = [*getattr(connector.integration, "capabilities", ()), _INFO]
            try:
                self.own = own_capabilities(connector.integration)
            except UsageError:
                # The contract says it. Until then nobody knows what writes.
                self.names = ()

    def _is_unknown(self, name: str) -> bool:
        return name not in self.names

    def writes(self, name: str) -> bool:
        """Whether a capability writes; what the SDK itself adds does not."""
        return self.own[name].writes if name in self.own else self._writes(name)


_Found = tuple[Phase, list[tuple[Path, Planned]]]
"""When a test comes, and the recordings that it needs, by their cassettes."""


def _of_test(item: pytest.Function, files: ScenarioFiles, capabilities: _Capabilities) -> _Found:
    from connector_contract.storage.files import load_head

    calls = head.calls if (head := load_head(files)) is not None else ()
    phase = phase_of_calls(calls, capabilities.writes)
    called = list(dict.fromkeys(call.capability for call in calls))
    if phase is None:
        words = set(_words(item))
        phase = phase_of_words(words, capabilities.names, capabilities.writes)
        called = [name for name in capabilities.names if name in words]
    return phase, [(files.cassette, _planned(files, files.name, phase, called, capabilities.writes))]


def _words(item: pytest.Function) -> Iterator[str]:
    """The strings in a test, in what it calls of its own module, and among its parameters."""
    module = getmodule(item.function)
    functions, seen = [item.function], set()
    while functions:
        function = functions.pop()
        if (code := getattr(function, "__code__", None)) is None or code in seen:
            continue
        seen.add(code)
        yield from words_of(code)
        for name in code.co_names:
            known = getattr(module, name, None)
            if callable(known) and getattr(known, "__module__", None) == getattr(module, "__name__", ""):
                functions.append(known)
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    yield from (value for value in parameters if isinstance(value, str))


def _of_rule(item: pytest.Function, files: ScenarioFiles, connector: ConnectorUnderTest) -> _Found | None:
    from connector_contract.contract.capabilities import own_capabilities
    from connector_contract.contract.collection import check_config, config_of, nothing_to_check
    from connector_contract.contract.credential_variants import credential_kinds
    from connector_contract.contract.rule import Target as About
    from connector_contract.contract.rule import writes
    from connector_contract.contract.rule_recordings import has_own_cassette, shared_by
    from connector_contract.contract.shared_names import refusal_name

    try:
        check_config(item, connector)
        config, capabilities = config_of(item, connector), own_capabilities(connector.integration)
        if nothing_to_check(item, connector) is not None:
            return None
    except UsageError:
        # The test says it, and records nothing.
        return None
    rule = item.originalname.removeprefix("test_")
    callspec = getattr(item, "callspec", None)
    capability = str(callspec.params.get("capability", "")) if callspec is not None else ""

    def changes(name: str) -> bool:
        return name in capabilities and writes(About(name, capabilities, config))

    phase = phase_of_rule(rule, changes(capability) if capability else None)
    called = [capability] if capability else []
    found: list[tuple[Path, Planned]] = []
    kinds = credential_kinds(connector)
    refusals = set(map(refusal_name, kinds))
    for name in shared_by(rule, capability, capabilities, config, kinds):
        own = files.shared(name)
        its_phase = Phase.WRITES if changes(capability) else Phase.SHARED_READS
        of = called or [_INFO]
        if name in refusals:
            its_phase, of = Phase.REFUSALS, []
        found.append((own.cassette, _planned(own, own.name, its_phase, of, changes, is_shared=True)))
    if has_own_cassette(rule, capability):
        found.append((files.cassette, _planned(files, files.name, phase, called, changes)))
    return phase, found


def _planned(
    files: ScenarioFiles,
    name: str,
    phase: Phase,
    called: Collection[str],
    writes: Callable[[str], bool],
    *,
    is_shared: bool = False,
) -> Planned:
    from connector_contract.storage.files import load_head

    head = load_head(files)
    calls = head.calls if head is not None else ()
    names = tuple(dict.fromkeys([*(call.capability for call in calls)] or called))
    size = files.cassette.stat().st_size if files.cassette.exists() else None
    length = None if head is None else head.length
    writing = frozenset(filter(writes, names))
    module = files.shown(files.root / f"{files.module}.py")
    title = f"{name} ({files.variant})" if files.variant else name
    return Planned(module, title, phase, names, writing, length, size, is_shared)
