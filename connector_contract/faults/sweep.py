"""Replays one recorded call with each fault that applies to it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from connector_contract.config import Json
from connector_contract.contract.rules.failures import secret_breach
from connector_contract.contract.rules.reports import leak_breach, reports_failure
from connector_contract.errors import BrokenConnector, ContractError, EndlessRequests
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.catalogue import planned
from connector_contract.faults.fault import Row, Trial
from connector_contract.faults.field_table import Observation, observed
from connector_contract.faults.judged import judged, not_applicable
from connector_contract.faults.known_ends import Ends, known_ends
from connector_contract.faults.known_nulls import Nulls
from connector_contract.faults.seen import Seen, Stopped
from connector_contract.recording.call import Call, outcome_of
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.replay import Replays
from connector_contract.recording.replayed import Replayed
from connector_contract.recording.scenario import Scenario
from connector_contract.recording.sdk_errors import error_map, is_of_sdk
from connector_contract.secrets.shown_placeholders import bracketed


@dataclass
class Sweep:
    """What came of all faults of one call.

    Attributes:
        rows: What came of each fault.
        observations: What they say of the fields of the upstream.
        why_not: Why the call cannot be replayed alone, in a clause; empty if it can.
        is_changed: Whether that is because the connector does something else than recorded.
    """

    rows: list[Row] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    why_not: str = ""
    is_changed: bool = False


async def sweep(
    scenario: Scenario,
    cassette: Cassette,
    number: int,
    nodeid: str,
    nulls: Nulls = frozenset(),
    ends: Ends | None = None,
    *,
    no_login_is_403: bool = False,
) -> Sweep:
    """Replay a call with each fault that applies to it.

    Args:
        scenario: The one that has recorded it, set up to be replayed.
        cassette: What it has recorded.
        number: Which of the cassette's calls it is, from 1.
        nodeid: The scenario's id, for the rows.
        nulls: The fields that are null in some recording of the connector.
        ends: What the last pages of its recordings have; ``None`` for those of this cassette.
        no_login_is_403: Whether the author declares that the upstream refuses wrong credentials with 403.
    """
    replays, call = scenario.replays_of(cassette), cassette.calls[number - 1]
    if (why := replays.not_replayable(call)) is not None:
        return Sweep(why_not=why, is_changed=not replays.has(call))
    earlier, after = cassette.calls[: number - 1], cassette.calls[:0]
    replayed = await replays.replay(call)
    if earlier and (_differs(call, replayed) or _unasked(call, replayed)):
        # It may go on with what these have left in the process, such as a token, or a page that may be old.
        later = await replays.replay(call, after=earlier)
        if _differs(call, replayed) or not (_differs(call, later) or _unasked(call, later)):
            replayed, after = later, earlier
    if why := _differs(call, replayed):
        return Sweep(why_not=why, is_changed=True)
    unasked = _unasked(call, replayed)
    if unasked and scenario.connector.reset is not None:
        asked = cassette.interactions[unasked[0] - 1].request
        return Sweep(why_not=f"replayed alone, it gives what was recorded, and never asks for {asked}")
    interactions = {each: cassette.interactions[each - 1] for each in call.interactions}
    broken = BrokenCall(
        call,
        interactions,
        replayed.response or {},
        recorded=cassette.interactions,
        errors=error_map(),
        now=datetime.now(UTC),
        nulls=nulls,
        ends=known_ends([cassette]) if ends is None else ends,
        is_sdks=is_of_sdk(scenario.connector.integration, call.capability),
        no_login_is_403=no_login_is_403,
    )
    with _without_logs():
        return await _swept(_Trials(scenario, replays, broken, after), nodeid)


def _differs(call: Call, replayed: Replayed) -> str:
    """What a replay with nothing broken has otherwise than recorded, in a clause; empty if nothing."""
    if replayed.failure is not None:
        return f"replayed alone, {replayed.failure.what}"
    if replayed.off_script:
        return f"replayed alone, it asks otherwise: {replayed.off_script[0].what}"
    came = outcome_of(replayed.response or {})
    return "" if came == call.outcome else f"replayed alone, it gives {came}, and {call.outcome} was recorded"


def _unasked(call: Call, replayed: Replayed) -> list[int]:
    """The numbers of what a call has asked for when it was recorded, and does not in a replay."""
    return [number for number in call.interactions if not replayed.asked[number]]


@contextmanager
def _without_logs() -> Iterator[None]:
    """Have nobody log: the SDK logs each error, with a traceback through all of httpx."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


async def _swept(trials: _Trials, nodeid: str) -> Sweep:
    found, call = Sweep(), trials.call
    # Rows have many lines in common.
    redact = cache(trials.scenario.traffic.redact)
    for each in planned(call):
        if not isinstance(each, Trial):
            found.rows.append(not_applicable(each, call, nodeid))
            continue
        seen = await trials.seen(each)
        found.rows.append(_redacted(judged(each, call, seen, nodeid), redact))
        if seen.fired and (
            observation := observed(call, each, seen.response, is_off_script=bool(seen.off_script))
        ):
            found.observations.append(observation)
    return found


def _redacted(row: Row, redact: Callable[[str], str]) -> Row:
    return replace(row, told=redact(row.told), evidence=tuple(map(redact, row.evidence)))


@dataclass
class _Trials:
    """Replays the trials of one call.

    Attributes:
        scenario: The one that has recorded it.
        replays: Replays its calls.
        call: The call, and what it gives if nothing is broken.
        after: The calls to replay before it, for what they leave in the process.
    """

    scenario: Scenario
    replays: Replays
    call: BrokenCall
    after: Sequence[Call]

    async def seen(self, trial: Trial) -> Seen:
        """What comes of a trial."""
        replayed = await self.replays.replay(
            self.call.call,
            trial.changes,
            after=self.after,
            otherwise=trial.otherwise,
            in_turn=trial.in_turn,
            rate_limit=trial.rate_limit,
        )
        return Seen(
            response=replayed.response,
            stopped=None if replayed.failure is None else _stopped(replayed.failure),
            why="" if replayed.failure is None else replayed.failure.what,
            fired=replayed.fired,
            asked=replayed.asked,
            off_script=tuple(replayed.not_recorded),
            elsewhere=tuple(replayed.sent_elsewhere),
            # What it may quote then is the harness, which shows requests.
            secrets=() if replayed.off_script else self._secrets(replayed.response or {}),
        )

    def _secrets(self, response: Json) -> tuple[str, ...]:
        name = self.call.call.capability

        def without_secrets(text: str) -> str:
            return self.scenario.traffic.without_secrets(bracketed(text, self.call.recorded))

        found = [*secret_breach(name, response, without_secrets)]
        if reports_failure(name):
            found += leak_breach(name, response, without_secrets)
        return tuple(record for breach in found for record in (breach.title, *breach.records))


def _stopped(failure: ContractError) -> Stopped:
    if isinstance(failure, EndlessRequests):
        return Stopped.TOO_MANY
    return Stopped.RAISED if isinstance(failure, BrokenConnector) else Stopped.ENDLESS
