"""**declarations**: what an author declares to demand less is what a review has accepted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.listed_statuses import raw_texts

NAMES = (
    "waivers", "tolerated_faults", "declared_choices", "excluded_ids", "empty_attributes", "not_http",
)  # fmt: skip
"""The attributes of a contract class that lower what is demanded, each with a reason.

``listed_statuses`` has none: the SDK's specification itself says that not all accounts are listed.
"""


def declared(config: ContractConfig) -> dict[str, Any]:
    """What a contract class declares; empty if it declares nothing."""
    listed = {name: raw_texts(statuses) for name, statuses in config.listed_statuses.items()}
    found: dict[str, Any] = _plain(
        {**{name: getattr(config, name) for name in NAMES}, "listed_statuses": listed}
    )
    return {**found, "sample": asdict(config.sample)} if config.sample else found


def declaration_lines(declarations: Mapping[str, Any]) -> list[str]:
    """Each declaration in a line."""
    return [f"- {name}: {value}" for name, value in _flat(declarations)]


def declaration_changes(stored: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Each declaration that is not as it was, in a line."""
    before, after = dict(_flat(stored)), dict(_flat(now))
    return [
        f"- {name}: {before.get(name, 'not declared')} in the snapshot, {after.get(name, 'not declared')} now"
        for name in sorted({**before, **after})
        if before.get(name) != after.get(name)
    ]


def _plain(value: Any) -> Any:
    """A value as JSON has it, without what is empty."""
    if not isinstance(value, Mapping):
        return value
    plain = {str(name): _plain(item) for name, item in value.items()}
    return {name: item for name, item in plain.items() if item != {}}


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{name}[{key!r}]" if name else key)
    else:
        yield name, json.dumps(value, ensure_ascii=False)
