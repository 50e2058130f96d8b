"""What becomes of a test that is a rule: pytest's part in a breach, a waiver, or nothing to check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.contract.collection import own_waiver_of, rule_name, waiver_of
from connector_contract.errors import ContractBreach, NothingToCheck, NotWritable, RuleWaits, UnneededWaiver
from connector_contract.item_files import runnable
from connector_contract.recording.ending import Ending
from connector_contract.reporting.run_report import Note
from connector_contract.run_state import run_of

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext


@contextmanager
def verdict(item: pytest.Function) -> Iterator[None]:
    """Report what a rule of the standard contract has found: a breach, a waived one, or nothing to check."""
    waiver = waiver_of(item)
    run = run_of(item)
    try:
        with _rule_context_of(item).judged():
            yield
    except ContractBreach:
        run.ending = Ending.BROKE_A_RULE if waiver is None else Ending.WAIVED
        if waiver is None:
            raise
        waive(item, waiver)
    except NotWritable as nothing:
        # Its recording is not whole.
        skip(item, nothing)
    except NothingToCheck as nothing:
        run.ending = Ending.WAITS if isinstance(nothing, RuleWaits) else Ending.NOTHING_TO_CHECK
        skip(item, nothing)
    if waiver is not None and own_waiver_of(item) is not None:
        run.ending = Ending.NEEDLESSLY_WAIVED
        raise _unneeded(item, waiver, "the rule holds")


def waive(item: pytest.Function, reason: str) -> None:
    """Let a rule be broken, and have the report say why."""
    run_of(item).note = Note("waived", rule_name(item), reason)
    pytest.xfail(f"waived: {reason}")


def _rule_context_of(item: pytest.Function) -> RuleContext:
    rule_context: Any = item.funcargs["rule_context"]
    return rule_context  # type: ignore[no-any-return] # it is the fixture's


def _unneeded(item: pytest.Function, waiver: str, why: str) -> UnneededWaiver:
    return UnneededWaiver(
        f"The waiver of {rule_name(item)} is not needed: {why}.",
        where=[("reason", waiver), ("scenario", runnable(item))],
        remedy="Delete it from waivers in the contract's class.",
    )


def skip(item: pytest.Function, nothing: NothingToCheck) -> None:
    """Skip a rule that has nothing to check, and have the report say why.

    A waiver of a rule that must not write holds: what the rule would find is not known.

    Raises:
        UnneededWaiver: It is waived, for nothing.
    """
    if isinstance(nothing, NotWritable) and (reason := waiver_of(item)) is not None:
        waive(item, reason)
    if (waiver := own_waiver_of(item)) is not None:
        run_of(item).ending = Ending.NEEDLESSLY_WAIVED
        raise _unneeded(item, waiver, f"there is nothing to check, because {nothing}")
    run_of(item).note = Note("nothing to check", rule_name(item), str(nothing))
    pytest.skip(f"nothing to check: {nothing}")
