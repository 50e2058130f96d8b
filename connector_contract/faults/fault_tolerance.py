"""What the author of a connector declares that the fault sweep heeds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from connector_contract.config import ConnectorUnderTest
from connector_contract.contract.collection import check_config, config_of, why_unknown
from connector_contract.storage.reading import stored_text
from connector_contract.storage.stored_names import DECLARATIONS


class Declared(NamedTuple):
    """What an author declares.

    Attributes:
        tolerated: The ``tolerated_faults``, each with its reason.
        choices: The choices of ``declared_choices``, by rule and capability, as the author writes them.
    """

    tolerated: Mapping[str, str]
    choices: Mapping[str, str]


def declared(contracts: Sequence[pytest.Function], connector: ConnectorUnderTest, folder: Path) -> Declared:
    """What the contract classes of a connector declare.

    Where none is collected, such as for one module alone, what was accepted of them counts.

    Args:
        contracts: A test of each contract class of the connector that is collected.
        connector: The connector under test.
        folder: The one of its snapshots.

    Raises:
        UsageError: What a class declares is wrong.
    """
    found = Declared({}, {})
    for test in contracts:
        if why_unknown(test.config):
            # Some recordings are not known then, and the tests that say why may be left out.
            check_config(test, connector)
        config = config_of(test, connector)
        found = _and(found, config.tolerated_faults, config.declared_choices)
    if not contracts:
        for stored in _accepted(folder):
            found = _and(
                found, *(_mapping(stored, name) for name in ("tolerated_faults", "declared_choices"))
            )
    return found


def _and(found: Declared, tolerated: Mapping[str, Any], choices: Mapping[str, Any]) -> Declared:
    reasons = {key: why for key, why in tolerated.items() if isinstance(why, str)}
    chosen = {key: str(each.get("choice")) for key, each in choices.items() if isinstance(each, Mapping)}
    return Declared({**found.tolerated, **reasons}, {**found.choices, **chosen})


def _accepted(folder: Path) -> Iterator[Mapping[str, Any]]:
    for path in sorted(folder.rglob(f"*{DECLARATIONS}")):
        try:
            stored = json.loads(stored_text(path) or "{}")
        except (ValueError, RecursionError):
            # Of a file that was edited by hand, the test of the declarations says what is wrong with it.
            continue
        if isinstance(stored, Mapping):
            yield stored


def _mapping(stored: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = stored.get(name)
    return value if isinstance(value, Mapping) else {}
