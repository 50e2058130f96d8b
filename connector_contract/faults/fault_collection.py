"""Makes a test of each call that the fault sweep breaks, beside the scenarios that have recorded them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connector_contract.errors import CannotRead, ContractError
from connector_contract.faults.call_classes import swept_calls
from connector_contract.faults.chosen_tests import Argument, collected_for, is_of_sweep, no_such_test
from connector_contract.faults.fault_item import Broken, FaultItem, UnreadableItem
from connector_contract.faults.fault_options import sweeps_each_call
from connector_contract.faults.field_places import FieldsPlace, fields_place
from connector_contract.faults.known_ends import known_ends
from connector_contract.faults.known_nulls import known_nulls
from connector_contract.faults.sweep_bar import UNREADABLE
from connector_contract.item_files import projects_of, runnable
from connector_contract.recording.interactions import FORM, Cassette
from connector_contract.storage.files import ScenarioFiles, load_cassette
from connector_contract.variants import files_of, variant_of, variants_of

_DECLARES = "contract_declarations"
# pytest's own plugin that collects no more than the tests that have failed, of a file that has some.
_LAST_FAILED = "lfplugin-collwrapper"


@dataclass(frozen=True)
class _Recorded:
    """A scenario that is recorded.

    Attributes:
        test: A test that runs with the same connector: the scenario, or one that shares the recording.
        name: The scenario's, as a test in the same class or module would have it.
        files: Its files.
    """

    test: pytest.Function
    name: str
    files: ScenarioFiles

    @property
    def id(self) -> str:
        """Its id, in the form of pytest's node ids."""
        assert self.test.parent is not None  # noqa: S101 - a function lies in a module or a class
        return f"{self.test.parent.nodeid}::{self.name}"

    @property
    def records(self) -> str:
        """What records it, as pytest takes it: the scenario, or the class whose tests share it."""
        named = runnable(self.test)
        return named if self.test.name == self.name else named[: -len(f"::{self.test.name}")]


class FaultCollection:
    """Adds the tests of the sweep to what pytest has collected.

    Args:
        chosen: The arguments that name tests, if one of them names a test of the sweep; empty otherwise.
    """

    def __init__(self, chosen: Sequence[Argument] = ()) -> None:
        self._chosen = chosen

    @classmethod
    def of(cls, config: pytest.Config) -> FaultCollection:
        """The same for a run, which from then on collects what tests of the sweep are made of."""
        if not any(map(is_of_sweep, config.args)):
            return cls()
        chosen = [Argument.of(each, config.invocation_params.dir) for each in config.args]
        config.args = collected_for(config.args)
        return cls(chosen)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """Have --lf collect all files: a test of the sweep may have failed where no scenario has."""
        plugins = session.config.pluginmanager
        if plugins.has_plugin(_LAST_FAILED):
            plugins.unregister(name=_LAST_FAILED)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Add a test for each call that is to be broken, before any test is left out."""
        self._add(config, items)
        if self._chosen:
            self._choose(config, items)

    def _choose(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out the tests that no argument names.

        Raises:
            pytest.UsageError: An argument names a test of the sweep that there is not.
        """
        named = {item: (item.path, item.nodeid.partition("::")[2]) for item in items}
        for each in self._chosen:
            if is_of_sweep(each.names) and not any(each.covers(*name) for name in named.values()):
                raise pytest.UsageError(
                    no_such_test(each, [name for path, name in named.values() if path == each.path])
                )
        left = [item for item in items if any(each.covers(*named[item]) for each in self._chosen)]
        if out := [item for item in items if item not in set(left)]:
            config.hook.pytest_deselected(items=out)
        items[:] = left

    def _add(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        connectors = [_Connector.of(tests) for tests in _by_connector(items).values()]
        known = {each.files.cassette for one in connectors for each in one.scenarios.values()}
        found = len(items)
        for one in connectors:
            items += one.fault_items(known, each=sweeps_each_call(config))
        reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            # pytest counts what it has found in modules, and says how many are selected of that.
            reporter._numcollected += len(items) - found


def _by_connector(items: Iterable[pytest.Item]) -> dict[Hashable, list[pytest.Function]]:
    """The tests of each connector that have recordings, or say what is demanded of them."""
    found: dict[Hashable, list[pytest.Function]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and not {"lumos", _DECLARES}.isdisjoint(item.fixturenames):
            found.setdefault(_connector(item), []).append(item)
    return found


def _connector(item: pytest.Function) -> Hashable:
    root = projects_of(item.config).root_of(item.path.parent)
    variant = variant_of(item)
    return root, variants_of(item).fixture.key, variant and variant.id


def _recorded(item: pytest.Function) -> Iterator[_Recorded]:
    """The scenario that a test is, and those that it stands for."""
    if "lumos" in item.fixturenames:
        yield _Recorded(item, item.name, files_of(item))
    if _DECLARES in item.fixturenames:
        from connector_contract.contract.collection import shared_recordings

        files = files_of(item)
        suffix = f"[{files.variant}]" if files.variant else ""
        for name in shared_recordings(item):
            yield _Recorded(item, name + suffix, files.shared(name))


@dataclass(frozen=True)
class _Connector:
    """A connector that has recordings.

    Attributes:
        scenarios: They, by their ids.
        contracts: A test of each contract class that it has.
        place: Where its tables of fields lie.
    """

    scenarios: Mapping[str, _Recorded]
    contracts: Sequence[pytest.Function]
    place: FieldsPlace

    @classmethod
    def of(cls, tests: Sequence[pytest.Function]) -> _Connector:
        """That of some tests."""
        scenarios = {recorded.id: recorded for test in tests for recorded in _recorded(test)}
        contracts = [test for test in tests if _DECLARES in test.fixturenames]
        return cls(scenarios, contracts, fields_place(tests[0]))

    def fault_items(self, known: Collection[Path], *, each: bool) -> Iterator[FaultItem]:
        """A test for each of its calls that is to be broken.

        Args:
            known: The cassettes of all tests that are collected.
            each: Whether to take all calls, and not one of those that are equal.
        """
        cassettes: dict[str, Cassette] = {}
        is_all = True
        for name, one in self.scenarios.items():
            try:
                if (cassette := _cassette(one)) is not None:
                    cassettes[name] = cassette
            except ContractError as error:
                is_all = False
                yield UnreadableItem.of_error(one.test, f"{one.name}::faults[{UNREADABLE}]", error)
        calls = list(swept_calls(cassettes, each=each))
        tests = Counter(call.capability for call in calls)
        nulls = known_nulls(each for cassette in cassettes.values() for each in cassette.interactions)
        ends = known_ends(cassettes.values())
        # All calls may say more of a field than those that are told apart, and what cannot be read does, too.
        tables = self._tables(tests, known) if is_all and not each else {}
        for call in calls:
            recorded, table = self.scenarios[call.scenario], tables.get(call.capability)
            broken = Broken(recorded.files, call, tests[call.capability], self.contracts, table, nulls, ends)
            yield FaultItem.of(recorded.test, f"{recorded.name}::faults[{call.name}]", broken)

    def _tables(self, capabilities: Iterable[str], known: Collection[Path]) -> dict[str, Path]:
        """The files of the tables that this run may know all of, by capability."""
        try:
            elsewhere = self.place.called_elsewhere(known)
        except CannotRead:
            # The scenario that cannot be read says why.
            return {}
        return {name: self.place.table(name) for name in capabilities if name not in elsewhere}


def _cassette(recorded: _Recorded) -> Cassette | None:
    """What a scenario has recorded; ``None`` if nothing of use.

    Raises:
        ContractError: It cannot be read.
    """
    if not recorded.files.has_cassette:
        return None
    cassette = load_cassette(recorded.files, recorded.records)
    return cassette if cassette.form == FORM else None
