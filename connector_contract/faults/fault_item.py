"""The test that breaks one recorded call in every way that applies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest

from connector_contract.contract.declared_less import NO_LOGIN
from connector_contract.errors import ContractError
from connector_contract.faults.call_classes import Swept
from connector_contract.faults.fault_tolerance import declared
from connector_contract.faults.field_places import fields_place
from connector_contract.faults.known_ends import Ends
from connector_contract.faults.known_nulls import Nulls
from connector_contract.faults.swept_call import SweptCall, tolerating
from connector_contract.item_files import project_name, runnable
from connector_contract.run_state import run_of
from connector_contract.storage.files import ScenarioFiles, load_cassette

if TYPE_CHECKING:
    from connector_contract.recording.scenario import Scenario


@dataclass(frozen=True)
class Broken:
    """What a test of the sweep is about.

    Attributes:
        files: The files of the scenario that has recorded the call.
        call: The call.
        tests: How many tests sweep a call of the same capability.
        contracts: A test of each contract class that the connector has.
        table: The file that the table of the capability's fields is kept in; ``None`` if not all recordings
            of the capability are collected.
        nulls: The fields that are null in some recording of the connector.
        ends: What the last pages of its recordings have.
    """

    files: ScenarioFiles
    call: Swept
    tests: int
    contracts: Sequence[pytest.Function]
    table: Path | None = None
    nulls: Nulls = frozenset()
    ends: Ends = field(default_factory=dict)


class FaultItem(pytest.Function):
    """A test that pytest has not found in a module.

    Attributes:
        broken: What it is about.
    """

    broken: Broken

    @classmethod
    def of(cls, test: pytest.Function, name: str, broken: Broken) -> FaultItem:
        """The test of a call.

        Args:
            test: One that runs with the same connector.
            name: The name that the new one has beside it.
            broken: What it is about.
        """
        item = cls._beside(test, name, sweep)
        item.broken = broken
        return item

    @classmethod
    def _beside(cls, test: pytest.Function, name: str, run: Callable[..., None]) -> Self:
        parent: Any = test.parent
        # A class may have it as a method only; this is a function.
        info = test.session._fixturemanager.getfixtureinfo(node=test, func=run, cls=None)
        item: Self = cls.from_parent(parent, name=name, callobj=run, fixtureinfo=info, originalname=name)
        if (made := getattr(item, "_id", None)) is not None:
            # pytest compares it with what it has kept of failures, where "::" begins another part.
            item._id = made.parse(item.nodeid)
        if (callspec := getattr(test, "callspec", None)) is not None:
            # Given at once, it would be a part of the name.
            item.callspec = callspec
            item.own_markers += callspec.marks
        return item

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where pytest says that the test is: in the module of the scenario."""
        return self.path, None, self.name


class UnreadableItem(FaultItem):
    """A test of a recording that cannot be read, so that nobody knows which calls it has.

    Attributes:
        error: Why it cannot be read.
    """

    error: ContractError

    @classmethod
    def of_error(cls, test: pytest.Function, name: str, error: ContractError) -> UnreadableItem:
        """The test of a recording; the arguments are those of ``FaultItem.of``, and the error."""
        item = cls._beside(test, name, unreadable)
        item.error = error
        return item


def unreadable(request: pytest.FixtureRequest) -> None:
    """Fail because a recording cannot be read: its calls are not broken.

    Raises:
        ContractError: Always.
    """
    item: UnreadableItem = request.node
    raise item.error


def sweep(request: pytest.FixtureRequest, contract_faults: Scenario) -> None:
    """Break a recorded call in every way that applies.

    Args:
        request: Of the test.
        contract_faults: The scenario that has recorded the call, set up to be replayed.

    Raises:
        FaultsNotSurvived: Lumos would be told what is wrong.
    """
    from connector_contract.faults.fault_lines import not_survived
    from connector_contract.faults.sweep import sweep as swept

    item: FaultItem = request.node
    broken = item.broken
    place = fields_place(item)
    known = declared(broken.contracts, contract_faults.connector, place.folder)
    cassette = load_cassette(broken.files, item.nodeid)
    of_call = broken.call.number, broken.call.scenario, broken.nulls, broken.ends
    is_403 = known.choices.get(f"server_error[{broken.call.capability}]") == NO_LOGIN
    found = asyncio.run(swept(contract_faults, cassette, *of_call, no_login_is_403=is_403))
    # A project may have several, each in a folder of its own.
    connector = f"{project_name(item)} {place.folder.relative_to(place.root).as_posix()}"
    rows = [*tolerating(found.rows, known.tolerated)]
    # What was not broken says nothing of any field.
    table = "" if broken.table is None or found.why_not else str(broken.table)
    observations = list(dict.fromkeys(found.observations))
    # Only who sees the class, and all that it is about, can say that something is tolerated for nothing.
    checked = known.tolerated if broken.contracts and table else {}
    call = SweptCall(
        connector,
        broken.call.capability,
        broken.tests,
        rows,
        checked,
        observations,
        table,
        scenario=broken.call.scenario,
        cassette=str(broken.files.cassette),
        why_not=found.why_not,
        is_changed=found.is_changed,
    )
    run_of(item).faults = call.to_json()
    contract_faults.check()
    if found.why_not:
        pytest.skip(f"not swept: {found.why_not}")
    if call.findings:
        raise not_survived(call, runnable(item))
