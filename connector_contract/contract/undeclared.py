"""Rules that would write to a real tenant, to what nobody has declared: they send nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from connector_contract.config import ConnectorUnderTest, Json
from connector_contract.contract.capabilities import own_capabilities
from connector_contract.contract.collection import config_of
from connector_contract.contract.contract_config import UNESCAPED_ID
from connector_contract.contract.rule import Target, writes
from connector_contract.contract.rules.failures import with_unknown_ids, without_field
from connector_contract.contract.rules.unknown_entitlement import unknown_entitlement
from connector_contract.contract.shared_names import write_names
from connector_contract.contract.verdict import skip
from connector_contract.errors import NotWritable
from connector_contract.recording.record_modes import plan_for
from connector_contract.safety.write_guard import WriteGuard
from connector_contract.variants import files_of

if TYPE_CHECKING:
    from connector_contract.safety.ledger import Safety

_UNKNOWN_ID, _INVALID = "test_unknown_id", "test_invalid_request"
_UNKNOWN_ENTITLEMENT = "test_unknown_entitlement"
_CHOOSING = ("test_existing_account", "test_max_assignments", "test_min_assignments", "test_not_assignable")
"""The rules that choose what they write by what the lists have."""
_OWN = (
    _UNKNOWN_ID, _INVALID, _UNKNOWN_ENTITLEMENT, *_CHOOSING, "test_missing_credentials", "test_opposites",
)  # fmt: skip
"""The rules that write in a cassette of their own; the others share those of the author's examples."""


def skip_undeclared(item: pytest.Function, connector: ConnectorUnderTest, mode: str, safety: Safety) -> None:
    """Skip a rule that would write what nobody has declared. What is recorded already is replayed.

    Without a recording it is skipped in a replay, too: to record it is what it must not.

    Args:
        item: The test of a rule.
        connector: The connector under test.
        mode: pytest-recording's record mode, or ``record_modes.DISABLED``.
        safety: What the scenarios of the run may write.
    """
    config = config_of(item, connector)
    params = item.callspec.params if hasattr(item, "callspec") else {}
    target = Target(str(params.get("capability", "")), own_capabilities(connector.integration), config)
    guard = WriteGuard(connector, item.config.getoption("--upstream-url"), safety, item.nodeid)
    guard.heed(config)
    why = _why_not(item, target, guard)
    if why is not None and _is_to_be_recorded(item, target, mode):
        skip(item, NotWritable(why))


def _why_not(item: pytest.Function, target: Target, guard: WriteGuard) -> str | None:
    if item.originalname in _CHOOSING:
        return guard.why_nothing()
    if target.name not in target.capabilities or not writes(target):
        return None
    reasons = (guard.why_not(target.name, request) for request in _requests(item.originalname, target))
    return next((why for why in reasons if why is not None), None)


def _requests(test: str, target: Target) -> Iterable[Json]:
    """What a rule asks of a capability that writes."""
    example = target.request or {}
    if test == _UNKNOWN_ID:
        ids = (target.config.unknown_id, UNESCAPED_ID)
        return [
            request
            for each in ids
            for request in with_unknown_ids(example, target.capability.ids, each).values()
        ]
    if test == _INVALID:
        return [without_field(example, field) for field in target.capability.required]
    if test == _UNKNOWN_ENTITLEMENT and (asked := unknown_entitlement(example)) is not None:
        return [asked[1]]
    return [example] if test in _OWN else target.config.examples(target.name) or [example]


def _is_to_be_recorded(item: pytest.Function, target: Target, mode: str) -> bool:
    own = files_of(item)
    is_own = item.originalname in _OWN
    each = [own] if is_own else map(own.shared, write_names(target.name, target.config))
    plans = [plan_for(mode, files.has_cassette) for files in each]
    return any(plan.record or not plan.load for plan in plans)
