"""Contract tests for Lumos connectors: record once against a live server, replay offline.

pytest loads this package for each test run, so what only scenarios need is imported when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from connector_contract.config import ConnectorUnderTest, Upstream
from connector_contract.contract.by_variant import by_variant
from connector_contract.contract.sample import Sample
from connector_contract.errors import ContractError
from connector_contract.fill_in import fill_in

if TYPE_CHECKING:
    from connector_contract.contract.connector_contract import ConnectorContract
    from connector_contract.recording.lumos import Lumos

__all__ = [
    "ConnectorContract",
    "ConnectorUnderTest",
    "ContractError",
    "Lumos",
    "Sample",
    "Upstream",
    "by_variant",
    "fill_in",
]

_ON_DEMAND = {
    "ConnectorContract": "connector_contract.contract.connector_contract",
    "Lumos": "connector_contract.recording.lumos",
}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ON_DEMAND[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_ON_DEMAND})
