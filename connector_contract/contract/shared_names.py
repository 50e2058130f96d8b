"""What the recordings are called that the rules of a contract class share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


def last_name(capability: Capability, size: int | None) -> str:
    """The recording of the last page, where a sample leaves pages out before it."""
    return f"{read_name(capability, size).removesuffix(']')}-last]"


def write_name(capability: str, number: int = 1) -> str:
    """The recording of a write with the lists around it.

    Args:
        capability: The write.
        number: Which of the author's examples of it, from 1.
    """
    return f"writes[{capability}{f'-{number}' if number > 1 else ''}]"


def write_names(capability: str, config: ContractConfig) -> list[str]:
    """The recordings of a write, one for each of the author's examples."""
    return [
        write_name(capability, number) for number in range(1, max(1, len(config.examples(capability))) + 1)
    ]


def read_capability(name: str) -> str:
    """The capability that a recording of a walk or of a call is of, by its name."""
    return name.partition("[")[2].removesuffix("]").partition("-")[0]


def refusal_name(kind: str, capability: str | None = None) -> str:
    """The recording of a call with wrong credentials of a kind.

    Args:
        kind: The kind.
        capability: What is called, if the upstream has taken them from another before.
    """
    return f"refusal[{kind}]" if capability is None else f"refusal[{kind}-{capability}]"


def shared_names(
    capabilities: Mapping[str, Capability], config: ContractConfig, credentials: Iterable[str]
) -> Iterator[str]:
    """All recordings that the rules of a class may share.

    Args:
        capabilities: The connector's.
        config: What the author configured.
        credentials: The kinds of credentials that the connector is given.
    """
    yield INFO
    kinds = list(credentials)
    yield from map(refusal_name, kinds)
    for name, capability in capabilities.items():
        if writes(Target(name, capabilities, config)):
            yield from write_names(name, config)
        else:
            yield from (refusal_name(kind, name) for kind in kinds)
            sizes = (*config.page_sizes, None)
            yield from {read_name(capability, size) for size in sizes}
            if config.sample is not None and config.sample.last and capability.paginated:
                yield from (last_name(capability, size) for size in sizes)
