"""The pytest plugin: fixtures, options and hooks that tie scenarios to pytest, and nothing else.

What a scenario is and does is in ``scenario``. That module and what it needs (connector-py, vcrpy,
uvicorn) is imported when the first scenario asks for it, so that other test runs do not pay for it.
"""

from __future__ import annotations

import gc
import inspect
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.config import ConnectorUnderTest, check_origin
from connector_contract.errors import (
    ContractBreach,
    ContractError,
    NothingToCheck,
    UnneededWaiver,
    UsageError,
)
from connector_contract.outcome import Outcome
from connector_contract.report import note_lines, summary_lines
from connector_contract.secrets.secret_names import secret_names
from connector_contract.tracebacks import own_line

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from connector_contract.lumos import Lumos
    from connector_contract.scenario import Scenario
    from connector_contract.standard.inquiry import Inquiry
    from connector_contract.stored.store import SnapshotListing

_PASSED = pytest.StashKey[bool]()
_OUTCOME = pytest.StashKey[Outcome]()
_BROKEN = pytest.StashKey[list[BaseException]]()
_NOTE = pytest.StashKey[tuple[str, str, str]]()

_EXAMPLE = """Define it in the conftest.py beside the scenarios:
  @pytest.fixture(scope="session")
  def connector_under_test() -> ConnectorUnderTest:
      return ConnectorUnderTest(integration=..., auth=..., settings=..., upstream=Upstream(origin="https://..."))"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the harness's own option beside pytest-recording's and syrupy's."""
    parser.getgroup("connector-contract").addoption(
        "--upstream-url",
        metavar="URL",
        default=None,
        help="Record from the server that runs at URL, in place of the declared upstream.",
    )
    parser.addini(
        "contract_secret_names",
        type="linelist",
        default=[],
        help="Names whose values are secret, as 'name: reason'; '-name: reason' takes one off the list.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Turn the SDK's metrics off, which it sends to a port of this machine, before anything imports it."""
    os.environ.setdefault("DD_DOGSTATSD_DISABLE", "true")


def pytest_configure(config: pytest.Config) -> None:
    """Check the options and put our fixtures behind those of all other plugins, to override syrupy's."""
    try:
        secret_names(config.getini("contract_secret_names"))
        if (url := config.getoption("--upstream-url")) is not None:
            check_origin(url, "--upstream-url")
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(_Fixtures(), "connector-contract-fixtures")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Summary(), "connector-contract-summary")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine that is a scenario, unless an async plugin has taken it."""
    takes = pyfuncitem.fixturenames
    if "lumos" not in takes or "anyio_backend" in takes or not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    import asyncio

    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have each rule of a standard contract be a test for each capability that it is about."""
    if hasattr(metafunc.function, "contract_rule"):
        from connector_contract.standard.collection import parametrize

        parametrize(metafunc)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Report what a rule has found, whichever plugin runs its coroutine."""
    if not _is_rule(item):
        return (yield)
    with _verdict(item):  # type: ignore[arg-type] # it has a function
        return (yield)


def _is_rule(item: pytest.Item) -> bool:
    return hasattr(getattr(item, "function", None), "contract_rule")


@contextmanager
def _verdict(item: pytest.Function) -> Iterator[None]:
    """Report what a rule of the standard contract has found: a breach, a waived one, or nothing to check.

    What was recorded is what the connector asks and the upstream answers; whether it breaks a rule is another
    question, and so it is kept in each case.
    """
    from connector_contract.standard.collection import rule_name, waiver_of

    waiver = waiver_of(item)
    try:
        with _inquiry_of(item).judged():
            yield
    except ContractBreach:
        item.stash[_PASSED] = True
        if waiver is None:
            raise
        item.stash[_NOTE] = ("waived", rule_name(item), waiver)
        pytest.xfail(f"waived: {waiver}")
    except NothingToCheck as nothing:
        item.stash[_PASSED] = True
        _skip(item, nothing)
    if waiver is not None:
        item.stash[_PASSED] = True
        raise _unneeded(item, waiver, "the rule holds")


def _inquiry_of(item: pytest.Function) -> Inquiry:
    inquiry: Any = item.funcargs["inquiry"]
    return inquiry  # type: ignore[no-any-return] # it is the fixture's


def _unneeded(item: pytest.Function, waiver: str, why: str) -> UnneededWaiver:
    from connector_contract.standard.collection import rule_name

    return UnneededWaiver(
        f"The waiver of {rule_name(item)} is not needed: {why}.",
        where=[("reason", waiver), ("scenario", item.nodeid)],
        remedy="Delete it from waivers in the contract's class.",
    )


def _skip(item: pytest.Function, nothing: NothingToCheck) -> None:
    from connector_contract.standard.collection import rule_name, waiver_of

    if (waiver := waiver_of(item)) is not None:
        raise _unneeded(item, waiver, f"there is nothing to check, as {nothing}")
    item.stash[_NOTE] = ("nothing to check", rule_name(item), str(nothing))
    pytest.skip(f"nothing to check: {nothing}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Show our errors without a traceback, and send what a scenario has proved along with its report."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, ContractError):
        report.longrepr = call.excinfo.getrepr(style="value", chain=False)
        # The line in pytest's short summary, which has no room for the name of the class.
        report.longrepr.reprcrash.message = call.excinfo.value.what
        # The SDK logs the error that it was given, with a traceback through all of httpx.
        report.sections = [(name, text) for name, text in report.sections if "log" not in name]
    scenario = getattr(item, "funcargs", {}).get("contract_scenario")
    if scenario is not None:
        report.sections = [(name, scenario.deck.redact(text)) for name, text in report.sections]
    if call.when == "call":
        item.stash[_PASSED] = report.passed or item.stash.get(_PASSED, False)
    if _NOTE in item.stash:
        report.contract_note = item.stash[_NOTE]
    if _OUTCOME in item.stash:
        report.contract_outcome = item.stash[_OUTCOME].to_json()
    return report


class _Fixtures:
    """The fixtures, as a plugin of their own: see ``pytest_configure``."""

    _listing: SnapshotListing | None = None

    @pytest.fixture
    def contract_scenario(self, request: pytest.FixtureRequest) -> Iterator[Scenario]:
        """The scenario that this test is, set up to be recorded or replayed."""
        with _imports():
            from connector_contract import policy, scenario
            from connector_contract.stored import store

            _refuse_vcr_marker(request)
            connector = _connector_under_test(request)
        config, nodeid = request.config, request.node.nodeid
        mode = request.getfixturevalue("record_mode")
        if config.getoption("--disable-recording"):
            mode = policy.DISABLED
        files = store.scenario_files(config.rootpath, nodeid)
        url = config.getoption("--upstream-url")
        names = secret_names(config.getini("contract_secret_names"))
        shown = _runnable(config, nodeid)
        self._listing = self._listing or store.SnapshotListing()
        with scenario.running(connector, files, shown, mode, url, self._listing, names) as running:
            yield running
            if request.node.stash.get(_PASSED, False):
                upstream = scenario.upstream_name(connector.upstream, url)
                request.node.stash[_OUTCOME] = running.finish(
                    upstream,
                    config.getoption("--snapshot-update"),
                    # A rule that has nothing to check ends before that.
                    ended=_NOTE not in request.node.stash,
                )

    @pytest.fixture
    def lumos(self, contract_scenario: Scenario) -> Lumos:
        """Lumos' part: calls the connector under test, recorded or replayed as ``--record-mode`` says."""
        return contract_scenario.lumos

    @pytest.fixture
    def snapshot(self, request: pytest.FixtureRequest, snapshot: SnapshotAssertion) -> SnapshotAssertion:
        """Syrupy's ``snapshot``; in a scenario, one that keeps Lumos responses under ``snapshots/``."""
        if "lumos" not in request.fixturenames:
            return snapshot
        running: Scenario = request.getfixturevalue("contract_scenario")
        assertion = snapshot.use_extension(running.snapshots)
        assertion.update_new_snapshots_only |= running.plan.write_snapshots
        return assertion

    @pytest.fixture
    def contract_applies(self, request: pytest.FixtureRequest) -> None:
        """Skip a rule that has nothing to check, before anything is recorded or replayed for it."""
        from connector_contract.standard.collection import check_facts, nothing_to_check

        with _imports():
            connector = _connector_under_test(request)
        try:
            check_facts(request.node, connector)
        except UsageError as error:
            raise _told_once(request, error) from None
        if (why := nothing_to_check(request.node, connector)) is not None:
            _skip(request.node, NothingToCheck(why))

    @pytest.fixture
    def inquiry(
        self,
        request: pytest.FixtureRequest,
        contract_applies: None,  # noqa: ARG002 - to be first: it may skip the test
        lumos: Lumos,  # noqa: ARG002 - it makes a test a scenario
        contract_scenario: Scenario,
    ) -> Inquiry:
        """What a rule of the standard contract asks the connector with."""
        from connector_contract.standard.collection import inquiry_of

        return inquiry_of(request.node, contract_scenario)


class _Summary:
    """Gathers the outcomes of all scenarios, pytest-xdist's workers' too, and prints the summary."""

    def __init__(self) -> None:
        self._outcomes: dict[str, Outcome] = {}
        self._notes: dict[str, tuple[str, str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what came with a report."""
        data = getattr(report, "contract_outcome", None)
        if data is not None:
            self._outcomes[report.nodeid] = Outcome(**data)
        note = getattr(report, "contract_note", None)
        if note is not None:
            self._notes[report.nodeid] = tuple(note)

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


@contextmanager
def _imports() -> Iterator[None]:
    """Have the first scenario import what it needs without looking for garbage in it again and again."""
    if "connector_contract.scenario" in sys.modules or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    # Now, and not in the middle of a long walk: almost all that there is to look through are these modules.
    gc.collect()


def _runnable(config: pytest.Config, nodeid: str) -> str:
    """A node id as pytest takes it in the folder that it was started in."""
    path, colons, test = nodeid.partition("::")
    shown = os.path.relpath(config.rootpath / path, config.invocation_params.dir)
    return Path(shown).as_posix() + colons + test


def _refuse_vcr_marker(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("vcr") is not None:
        raise UsageError(
            "A scenario has a cassette of its own, and this test is marked with pytest.mark.vcr, too.",
            where=[("scenario", request.node.nodeid)],
            remedy="Remove the marker; the fixture lumos does all of it.",
        )


def _connector_under_test(request: pytest.FixtureRequest) -> ConnectorUnderTest:
    """The author's fixture; whatever goes wrong in it is told once, and then referred to."""
    told = request.config.stash.setdefault(_BROKEN, [])
    try:
        connector = request.getfixturevalue("connector_under_test")
        if not isinstance(connector, ConnectorUnderTest):
            raise UsageError(f"The fixture connector_under_test returned {connector!r}.", remedy=_EXAMPLE)
    except pytest.FixtureLookupError as error:
        if error.argname != "connector_under_test":
            raise
        raise UsageError("The fixture connector_under_test is missing.", remedy=_EXAMPLE) from None
    except (Exception, SystemExit) as error:
        # What a fixture of the session raised, pytest raises again for each test that takes it.
        if any(error is earlier for earlier in told):
            raise UsageError(
                f"There is no connector to test: {getattr(error, 'what', error)}",
                remedy="The first scenario that failed says where, and what to do.",
            ) from None
        told.append(error)
        if isinstance(error, ContractError):
            raise
        raise _broken_fixture(error, request.config.rootpath) from error
    return connector


def _told_once(request: pytest.FixtureRequest, error: UsageError) -> UsageError:
    """A mistake of the author's, as it is; and for each further test that it concerns, in a line."""
    told = request.config.stash.setdefault(_BROKEN, [])
    if any(str(error) == str(earlier) for earlier in told):
        return UsageError(error.what, remedy="The first rule that failed says where, and what to do.")
    told.append(error)
    return error


def _broken_fixture(error: BaseException, root: Path) -> UsageError:
    return UsageError(
        f"The fixture connector_under_test raised {type(error).__name__}: {error}",
        where=[("raised in", own_line(error, root))],
        remedy="Mend what it imports or does; no scenario can run before that.",
    )
