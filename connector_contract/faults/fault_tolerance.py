"""What the author of a connector tolerates in the fault sweep."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from connector_contract.config import ConnectorUnderTest
from connector_contract.contract.collection import check_config, config_of, why_unknown
from connector_contract.storage.reading import stored_text
from connector_contract.storage.stored_names import DECLARATIONS


def tolerated(
    contracts: Sequence[pytest.Function], connector: ConnectorUnderTest, folder: Path
) -> dict[str, str]:
    """The ``tolerated_faults`` of a connector, each with its reason.

    Where no contract class is collected, such as for one module alone, what was accepted of it counts.

    Args:
        contracts: A test of each contract class of the connector that is collected.
        connector: The connector under test.
        folder: The one of its snapshots.

    Raises:
        UsageError: What a class declares is wrong.
    """
    found: dict[str, str] = {}
    for test in contracts:
        if why_unknown(test.config):
            # Some recordings are not known then, and the tests that say why may be left out.
            check_config(test, connector)
        found.update(config_of(test, connector).tolerated_faults)
    return found if contracts else dict(_accepted(folder))


def _accepted(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob(f"*{DECLARATIONS}")):
        try:
            declared = json.loads(stored_text(path) or "{}")
        except (ValueError, RecursionError):
            declared = None
        # Of a file that was edited by hand, the test of the declarations says what is wrong with it.
        reasons = declared.get("tolerated_faults") if isinstance(declared, Mapping) else None
        if isinstance(reasons, Mapping):
            yield from ((key, why) for key, why in reasons.items() if isinstance(why, str))
