"""A contract that has no recording of a rule yet, such as after an upgrade: one test reports it for all."""

from __future__ import annotations

import pytest

from connector_contract.config import ConnectorUnderTest
from connector_contract.contract.collection import nothing_to_check, rule_name
from connector_contract.contract.verdict import skip
from connector_contract.errors import RuleWaits
from connector_contract.item_files import runnable
from connector_contract.reporting.changes import no_records
from connector_contract.variants import files_of, variant_of

_TEST = "test_records"


def refuse_unrecorded(item: pytest.Function, connector: ConnectorUnderTest, mode: str) -> None:
    """Fail the first test of the rule ``records`` in a contract that has none recorded, and skip the others.

    Args:
        item: The test of a rule.
        connector: The connector under test.
        mode: pytest-recording's record mode.

    Raises:
        UsageError: It is the first, and nothing is recorded for any.
    """
    if item.originalname != _TEST or mode != "none" or item.config.getoption("--disable-recording"):
        return
    files = files_of(item)
    folder, prefix = files.snapshot(0).parent, files.name.partition("[")[0] + "["
    if folder.is_dir() and any(path.name.startswith(prefix) for path in folder.iterdir()):
        return
    first = next(each for each in _of_same_rule(item) if nothing_to_check(each, connector) is None)
    if first is item:
        raise no_records(runnable(item))
    skip(item, RuleWaits(f"no capability has a snapshot yet; {rule_name(first)} reports it"))


def _of_same_rule(item: pytest.Function) -> list[pytest.Function]:
    """All tests of the same rule in this run, whichever worker of pytest-xdist runs them."""
    functions = [each for each in item.session.items if isinstance(each, pytest.Function)]
    same = [each for each in functions if (each.cls, each.originalname) == (item.cls, item.originalname)]
    return [each for each in same if variant_of(each) is variant_of(item)]
