"""What becomes of a test that is a rule: pytest's part in a breach, a waiver, or nothing to check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.contract.collection import rule_name, waiver_of
from connector_contract.errors import ContractBreach, NothingToCheck, RuleWaits, UnneededWaiver
from connector_contract.run_state import NOTE, PASSED

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext
    from connector_contract.recording.scenario import Scenario


@contextmanager
def verdict(item: pytest.Function) -> Iterator[None]:
    """Report what a rule of the standard contract has found: a breach, a waived one, or nothing to check.

    A first recording is kept although the rule is broken, so that it can be fixed offline: what the
    connector asks and the upstream answers is one thing, whether that breaks a rule another. After it, a
    rule that fails, or waits for one that does, keeps its old files, as each scenario does.
    """
    waiver = waiver_of(item)
    try:
        with _rule_context_of(item).judged():
            yield
    except ContractBreach:
        item.stash[PASSED] = waiver is not None or _scenario_of(item).is_first
        if waiver is None:
            raise
        waive(item, waiver)
    except NothingToCheck as nothing:
        scenario = _scenario_of(item)
        records_again = scenario.plan.record and not scenario.is_first
        item.stash[PASSED] = not (records_again and isinstance(nothing, RuleWaits))
        skip(item, nothing)
    if waiver is not None:
        item.stash[PASSED] = True
        raise _unneeded(item, waiver, "the rule holds")


def waive(item: pytest.Function, reason: str) -> None:
    """Let a rule be broken, and have the report say why."""
    item.stash[NOTE] = ("waived", rule_name(item), reason)
    pytest.xfail(f"waived: {reason}")


def _scenario_of(item: pytest.Function) -> Scenario:
    scenario: Any = item.funcargs["contract_scenario"]
    return scenario  # type: ignore[no-any-return] # it is the fixture's


def _rule_context_of(item: pytest.Function) -> RuleContext:
    rule_context: Any = item.funcargs["rule_context"]
    return rule_context  # type: ignore[no-any-return] # it is the fixture's


def _unneeded(item: pytest.Function, waiver: str, why: str) -> UnneededWaiver:
    return UnneededWaiver(
        f"The waiver of {rule_name(item)} is not needed: {why}.",
        where=[("reason", waiver), ("scenario", item.nodeid)],
        remedy="Delete it from waivers in the contract's class.",
    )


def skip(item: pytest.Function, nothing: NothingToCheck) -> None:
    """Skip a rule that has nothing to check, and have the report say why.

    Raises:
        UnneededWaiver: It is waived, for nothing.
    """
    if (waiver := waiver_of(item)) is not None:
        raise _unneeded(item, waiver, f"there is nothing to check, as {nothing}")
    item.stash[NOTE] = ("nothing to check", rule_name(item), str(nothing))
    pytest.skip(f"nothing to check: {nothing}")
