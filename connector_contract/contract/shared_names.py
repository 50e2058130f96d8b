"""What the recordings are called that the rules of a contract class share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rule import Target, writes

if TYPE_CHECKING:
    from connector_contract.contract.capabilities import Capability

INFO = "reads[info]"


def read_name(capability: Capability, size: int | None) -> str:
    """The recording of a walk in pages of a size, ``None`` for the default; what has no pages is called."""
    pages = f"-{'default' if size is None else size}" if capability.paginated else ""
    return f"reads[{capability.name}{pages}]"


def write_name(capability: str) -> str:
    """The recording of a write with the lists around it."""
    return f"writes[{capability}]"


def shared_names(capabilities: Mapping[str, Capability], config: ContractConfig) -> Iterator[str]:
    """All recordings that the rules of a class may share."""
    yield INFO
    for name, capability in capabilities.items():
        if writes(Target(name, capabilities, config)):
            yield write_name(name)
        else:
            yield from {read_name(capability, size) for size in (*config.page_sizes, None)}
