"""Put back what recordings have changed on a server that keeps its state, live and unrecorded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from connector_contract.errors import ContractError
from connector_contract.recording.record_modes import DISABLED
from connector_contract.recording.running import running
from connector_contract.recording.scenario import Scenario, Session
from connector_contract.safety.identifiers import label
from connector_contract.safety.ledger import Pending, Safety
from connector_contract.safety.undo import Undo, undo
from connector_contract.safety.write_guard import named

_INTERRUPTED = "the run was interrupted"


def put_back(safety: Safety) -> None:
    """Put back what the scenarios of a run have written since this was last called.

    What cannot be put back is added to ``safety.left``, with the reason: it fails no test.
    """
    try:
        while safety.pending:
            _put_back(safety.pending.pop(0), safety)
    finally:
        for pending in safety.pending:
            writes = (label(each.capability, each.request) for each in pending.calls if each.writes)
            safety.left.update(dict.fromkeys(f"{each}: {_INTERRUPTED}" for each in writes))
        safety.pending.clear()


def _put_back(pending: Pending, safety: Safety) -> None:
    config = pending.config
    plan = undo(
        pending.calls,
        set(pending.connector.integration.capabilities),
        {} if config is None else config.restore,
        {} if config is None else {name: config.request(name) or {} for name in config.write_requests},
        pending.before,
    )
    safety.left.update(dict.fromkeys(f"{line}, in {pending.nodeid}" for line in plan.left))
    # What the run itself has written may be written back; what is written now is nothing to put back again.
    own = Safety(safety.record_writes, safety.created | named(pending.calls) | set(plan.found))
    waiting, why = list(plan.calls), _INTERRUPTED
    if not waiting:
        return
    try:
        with _live(pending, own) as scenario:
            asyncio.run(_call_all(scenario, waiting, safety))
    except ContractError as error:
        why = error.what
    finally:
        safety.left.update(dict.fromkeys(f"{each}: {why}" for each in waiting))
        safety.written.update(own.written)


def _live(pending: Pending, safety: Safety) -> AbstractContextManager[Scenario]:
    return running(
        pending.connector,
        pending.files,
        pending.nodeid,
        DISABLED,
        pending.upstream_url,
        Session(safety=safety),
        pending.secret_names,
    )


async def _call_all(scenario: Scenario, waiting: list[Undo], safety: Safety) -> None:
    """Make calls one after another, and take each off the list once it is known what came of it."""
    while waiting:
        each = waiting[0]
        why = await _why_not(scenario, each)
        line = f"{each}" if why is None else f"{each}: {scenario.traffic.redact(why)}"
        (safety.put_back if why is None else safety.left)[line] = None
        waiting.pop(0)


async def _why_not(scenario: Scenario, each: Undo) -> str | None:
    given: dict[str, Any] = dict(each.given)
    try:
        response = await scenario.lumos.call(each.capability, each.request, **given)
    except ContractError as error:
        return " ".join([error.what, *_lines(error.details)])
    except Exception as error:  # noqa: BLE001 - whatever the connector raises, the end of the run says it
        return f"{type(error).__name__}: {error}"
    failure = response.get("error") or {}
    return f"{failure.get('error_code')}: {failure.get('message')}" if response.get("is_error") else None


def _lines(details: Sequence[str]) -> list[str]:
    return [f"({'; '.join(details)})"] if details else []
