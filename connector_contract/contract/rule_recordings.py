"""What a rule records: a cassette of its own, and which of those that rules share it asks for first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rule import Target, writes
from connector_contract.contract.rules.agreement import ASKED_FOR_SEVERAL
from connector_contract.contract.rules.attributes import SCHEMA
from connector_contract.contract.shared_names import (
    INFO,
    last_name,
    read_name,
    refusal_name,
    write_name,
    write_names,
)
from connector_contract.recording.phases import REFUSED_RULES, SHARED_RULES

if TYPE_CHECKING:
    from connector_contract.contract.capabilities import Capability

_OF_EVERY_SIZE = "pages"
_OF_SMALL_PAGES = ("page_length", "page_token")
_OF_LISTS = {
    "cardinality": ("list_accounts", "list_entitlements", "find_entitlement_associations"),
    "non_human_accounts": ("list_accounts", "list_non_human_accounts"),
}
"""The lists that rules read which are checked once."""
_OF_BOTH = ("agreement", "attributes", "filters")
"""They ask for more than the largest pages."""


def has_own_cassette(rule: str, capability: str) -> bool:
    """Whether a rule calls the connector itself, beside what it shares with others."""
    if rule == "agreement" and capability in ASKED_FOR_SEVERAL:
        return True
    if (rule, capability) == ("attributes", SCHEMA):
        return False
    return rule not in SHARED_RULES | {"writes", "bad_credentials"}


def shared_by(
    rule: str,
    capability: str,
    capabilities: Mapping[str, Capability],
    config: ContractConfig,
    credentials: Iterable[str],
) -> list[str]:
    """The shared recordings that a rule asks for, whatever the upstream answers; it may ask for more.

    Args:
        rule: Its name, without the test's ``test_``.
        capability: What it is checked for; empty if it is checked once.
        capabilities: The connector's.
        config: What the author configured.
        credentials: The kinds of credentials that the connector is given.
    """
    if rule in ("info", "app_info"):
        return [INFO]
    if rule in _OF_LISTS:
        info = [INFO] if rule == "cardinality" else []
        return [*info, *_lists(_OF_LISTS[rule], capabilities, config)]
    described = capabilities.get(capability)
    if described is None:
        return []
    refusals = [*map(refusal_name, credentials)] if rule in REFUSED_RULES else []
    if writes(Target(capability, capabilities, config)):
        if refusals:
            return [write_name(capability), *refusals]
        return [] if has_own_cassette(rule, capability) else write_names(capability, config)
    sizes: list[int | None] = [max(config.page_sizes)]
    if rule == _OF_EVERY_SIZE:
        sizes = [*sorted(set(config.page_sizes), reverse=True), None]
    elif rule in _OF_SMALL_PAGES:
        sizes = [min(config.page_sizes)]
    elif has_own_cassette(rule, capability) and rule not in _OF_BOTH and not refusals:
        return []
    names = [read_name(described, size) for size in dict.fromkeys(sizes)]
    return [*dict.fromkeys([*names, *_last(described, config)]), *refusals]


def _lists(
    names: Iterable[str], capabilities: Mapping[str, Capability], config: ContractConfig
) -> Iterator[str]:
    """The walks in the largest pages through those of some lists that the connector has."""
    for name in names:
        if (described := capabilities.get(name)) is not None:
            yield read_name(described, max(config.page_sizes))
            yield from _last(described, config)


def _last(described: Capability, config: ContractConfig) -> Iterator[str]:
    if config.sample is not None and config.sample.last and described.paginated:
        # It is there if the list is longer than the sample.
        yield last_name(described, max(config.page_sizes))
