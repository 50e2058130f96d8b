"""What the scenarios of a run have written on servers that keep their state, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector_contract.config import ConnectorUnderTest
    from connector_contract.contract.contract_config import ContractConfig
    from connector_contract.safety.undo import MadeCall
    from connector_contract.storage.files import ScenarioFiles


@dataclass(frozen=True)
class Pending:
    """The calls of a scenario that has written to a server that keeps its state.

    Attributes:
        connector: The connector under test.
        files: The files of the scenario.
        nodeid: The test.
        upstream_url: A running upstream, in place of the declared one.
        secret_names: Normalized names whose values are secret.
        calls: All its calls, in order.
        config: What the author configures in the contract's class; ``None`` outside of one.
        before: What earlier scenarios have read there.
    """

    connector: ConnectorUnderTest
    files: ScenarioFiles
    nodeid: str
    upstream_url: str | None
    secret_names: frozenset[str]
    calls: Sequence[MadeCall]
    config: ContractConfig | None
    before: Sequence[MadeCall] = ()


@dataclass
class Safety:
    """What the scenarios of one run have written, and may write.

    Attributes:
        record_writes: Whether undeclared writes are made, and listed.
        created: The ids, e-mails and user names of what the run has created.
        written: The undeclared writes that were made, in a line each.
        put_back: The calls that have undone a write, in a line each.
        left: What is not put back, and why, in a line each.
        pending: What is still to be put back.
        reads: What scenarios that only read have seen of accounts and access, by the upstream's address.
    """

    record_writes: bool = False
    created: set[str] = field(default_factory=set)
    written: dict[str, None] = field(default_factory=dict)
    put_back: dict[str, None] = field(default_factory=dict)
    left: dict[str, None] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    reads: dict[str, list[MadeCall]] = field(default_factory=dict)
