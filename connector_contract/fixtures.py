"""The fixtures that scenarios, and the rules of a contract, are made of."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector_contract.connector_fixture import connector_under_test, reported_once
from connector_contract.errors import FormerPlace, MissingExample, NothingToCheck, UsageError
from connector_contract.item_files import refuse_former_place, runnable
from connector_contract.reporting.outcome import replaced_under_failure
from connector_contract.reporting.run_report import Note
from connector_contract.rewriting import rewrite_list
from connector_contract.run_folder import as_before
from connector_contract.run_state import COLLECTED, EXIT_HANDLERS, RUN_PEOPLE, late_of, run_of
from connector_contract.safe_output import run_secrets
from connector_contract.safety.writes_plugin import putting_back, safety_of
from connector_contract.secrets.secret_names import secret_names
from connector_contract.variants import files_of

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from connector_contract.contract.declarations_file import Declarations
    from connector_contract.contract.rule_context import RuleContext
    from connector_contract.contract.shared_recordings import SharedRecordings
    from connector_contract.faults.fault_item import FaultItem
    from connector_contract.recording.lumos import Lumos
    from connector_contract.recording.scenario import Scenario, Session
    from connector_contract.storage.files import ScenarioFiles


class Fixtures:
    """The fixtures, as a plugin of their own, behind those of all other plugins.

    Args:
        once: The folder in which all workers of pytest-xdist see what one of them has recorded; ``None`` in a
            process that is none.
    """

    def __init__(self, once: Path | None) -> None:
        self._once = once
        self._session: Session | None = None
        self._recordings: dict[tuple[type, int | str], SharedRecordings] = {}

    @pytest.fixture
    def contract_scenario(self, request: pytest.FixtureRequest) -> Iterator[Scenario]:
        """The scenario that this test is, set up to be recorded or replayed."""
        with _imports():
            from connector_contract.recording.running import running, upstream_name

            _refuse_vcr_marker(request)
            connector = connector_under_test(request)
        config, files = request.config, _files(request)
        url = config.getoption("--upstream-url")
        session = self._run_session(request)
        mode = session.rewrite.mode(_mode(request), files.cassette)
        run = run_of(request.node)
        with (
            putting_back(config),
            running(
                connector,
                files,
                runnable(request.node),
                mode,
                url,
                session,
                _secret_names(config),
                on_demand="rule_context" in request.fixturenames,
            ) as scenario,
        ):
            run.scenario, run.upstream = scenario, upstream_name(connector.upstream, url)
            yield scenario
            if run.concluded:
                # What fixtures of the test do while they are torn down counts, too.
                run.concluded = False
                scenario.check()
                run.concluded = True

    def _run_session(self, request: pytest.FixtureRequest) -> Session:
        """What the scenarios of this run share."""
        from connector_contract.recording.run_people import RunPeople
        from connector_contract.recording.scenario import Session
        from connector_contract.said_in_tests import said_in_tests

        config = request.config
        collected = config.stash[COLLECTED]
        self._session = self._session or Session(
            late=late_of(config),
            is_worker=self._once is not None,
            rewrite=rewrite_list(config),
            safety=safety_of(config),
            as_before=as_before(config),
            known=run_secrets(config),
            people=RunPeople(said=partial(said_in_tests, collected)),
        )
        config.stash[EXIT_HANDLERS] = self._session.exit_handlers
        config.stash[RUN_PEOPLE] = self._session.people
        self._session.known.show_by(self._session.people.shown)
        return self._session

    @pytest.fixture
    def contract_faults(self, request: pytest.FixtureRequest) -> Iterator[Scenario]:
        """The scenario that has recorded the call that a test of the fault sweep breaks, to be replayed."""
        with _imports():
            from connector_contract.recording.running import running

            connector = connector_under_test(request)
        node: FaultItem = request.node
        nodeid, session = runnable(node), self._run_session(request)
        names = _secret_names(request.config)
        with running(connector, node.broken.files, nodeid, "none", None, session, names) as scenario:
            yield scenario

    def _shared(self, request: pytest.FixtureRequest, scenario: Scenario) -> SharedRecordings:
        """The recordings that the rules of a contract class share."""
        from connector_contract.contract.shared_recordings import OnceInRun, SharedRecordings

        # With variants, pytest may make the same connector several times.
        key = request.cls, scenario.connector.variant or id(scenario.connector)
        if key not in self._recordings:
            assert self._session is not None  # noqa: S101 - the scenario has been set up with it
            files = files_of(request.node)
            self._recordings[key] = SharedRecordings(
                scenario.connector,
                files,
                _mode(request),
                request.config.getoption("--upstream-url"),
                self._session,
                scenario.secret_names,
                update_snapshots=request.config.getoption("--snapshot-update"),
                once=OnceInRun(self._once),
                traces=request.config.getoption("--contract-trace"),
            )
        self._recordings[key].connector = scenario.connector
        return self._recordings[key]

    @pytest.fixture
    def lumos(self, contract_scenario: Scenario) -> Lumos:
        """Lumos' part: calls the connector under test, recorded or replayed as ``--record-mode`` says."""
        return contract_scenario.lumos

    @pytest.fixture
    def snapshot(self, request: pytest.FixtureRequest, snapshot: SnapshotAssertion) -> SnapshotAssertion:
        """Syrupy's ``snapshot``; in a scenario, one that keeps Lumos responses under ``snapshots/``."""
        if "lumos" not in request.fixturenames:
            return snapshot
        scenario: Scenario = request.getfixturevalue("contract_scenario")
        return scenario.snapshot(snapshot)

    @pytest.fixture
    def contract_applies(self, request: pytest.FixtureRequest) -> None:
        """Skip a rule that has nothing to check, before anything is recorded or replayed for it."""
        from connector_contract.contract.collection import (
            check_config,
            is_tried,
            nothing_to_check,
            waiver_of,
        )
        from connector_contract.contract.undeclared import skip_undeclared
        from connector_contract.contract.unrecorded import refuse_unrecorded
        from connector_contract.contract.verdict import skip, waive

        with _imports():
            connector = connector_under_test(request)
        try:
            check_config(request.node, connector)
        except UsageError as error:
            if isinstance(error, MissingExample) and (waiver := waiver_of(request.node)) is not None:
                waive(request.node, waiver)
            raise reported_once(request, error) from None
        why = nothing_to_check(request.node, connector)
        if why is not None and not is_tried(request.node, connector):
            skip(request.node, NothingToCheck(why))
        _files(request)
        refuse_unrecorded(request.node, connector, request.getfixturevalue("record_mode"))
        skip_undeclared(request.node, connector, _mode(request), safety_of(request.config))

    @pytest.fixture
    def contract_declarations(
        self,
        request: pytest.FixtureRequest,
        contract_applies: None,  # noqa: ARG002 - to be first: it checks what is declared
    ) -> Declarations:
        """What a contract class declares, and the snapshot of it that was reviewed."""
        from connector_contract.contract.collection import config_of
        from connector_contract.contract.declarations_file import Declarations
        from connector_contract.contract.rules.declarations import declared
        from connector_contract.recording.record_modes import plan_for

        declarations = Declarations(
            declared(config_of(request.node, connector_under_test(request))),
            files_of(request.node),
            runnable(request.node),
            plan_for(_mode(request), True),
            update=request.config.getoption("--snapshot-update"),
            keep=as_before(request.config).keep,
        )
        run_of(request.node).declarations = declarations
        return declarations

    @pytest.fixture
    def rule_context(
        self,
        request: pytest.FixtureRequest,
        contract_applies: None,  # noqa: ARG002 - to be first: it may skip the test
        lumos: Lumos,  # noqa: ARG002 - it makes a test a scenario
        contract_scenario: Scenario,
    ) -> Iterator[RuleContext]:
        """Calls the connector for a rule of the standard contract."""
        from connector_contract.contract.collection import rule_context_of, rule_name

        recordings = self._shared(request, contract_scenario)
        context = rule_context_of(request.node, contract_scenario, recordings)
        yield context
        run = run_of(request.node)
        if context.outside and run.note is None:
            run.note = Note("outside the sample", rule_name(request.node), context.outside)
        run.remarks = [Note("note", rule_name(request.node), each) for each in context.remarks]
        run.shared = recordings.taken()
        if run.ending is None and contract_scenario.replaced_before:
            run.shared.append(
                replaced_under_failure(runnable(request.node), contract_scenario.replaced_before)
            )


def _secret_names(config: pytest.Config) -> frozenset[str]:
    return secret_names(config.getini("contract_secret_names"), config.getini("contract_allowed_secrets"))


def _mode(request: pytest.FixtureRequest) -> str:
    """What becomes of recordings: pytest-recording's record mode, unless recording is disabled."""
    from connector_contract.recording.record_modes import DISABLED

    mode: str = request.getfixturevalue("record_mode")
    return DISABLED if request.config.getoption("--disable-recording") else mode


@contextmanager
def _imports() -> Iterator[None]:
    """Have the first scenario import what it needs without looking for garbage in it again and again."""
    if "connector_contract.recording.running" in sys.modules or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    # Now, and not in the middle of a long walk: almost all that there is to look through are these modules.
    gc.collect()


def _files(request: pytest.FixtureRequest) -> ScenarioFiles:
    """The files of the scenario that a test is, unless they lie in a former place."""
    files = files_of(request.node)
    try:
        refuse_former_place(request.node, files, _mode(request))
    except FormerPlace as error:
        raise reported_once(request, error) from None
    return files


def _refuse_vcr_marker(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("vcr") is not None:
        raise UsageError(
            "A scenario has a cassette of its own, and this test also has the marker pytest.mark.vcr.",
            where=[("scenario", runnable(request.node))],
            remedy="Remove the marker. The fixture lumos records and replays.",
        )
