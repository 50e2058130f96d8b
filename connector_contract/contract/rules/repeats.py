"""**writes**: a repeat of a write does no harm, and claims no more than it does."""

from __future__ import annotations

from collections.abc import Iterator

from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.effects import effect_of
from connector_contract.contract.rules.resets import reason_not_done
from connector_contract.contract.rules.responses import MISLEADING, code_of, error_of, error_text, shown
from connector_contract.contract.rules.written import NOT_DONE, ObservedWrite, changed, payload_of
from connector_contract.faults.request_roles import only_reads
from connector_contract.recording.interactions import Interaction

_TWICE = "Lumos repeats a write whose response it did not get."
FLAGS = ("created", "activated", "deactivated", "deleted", "assigned", "unassigned", "success")
"""The fields in which a write says that it was done."""
_SAID = (*FLAGS, "id", "status")


def repeat_breach(written: ObservedWrite) -> Iterator[Breach]:
    """What is wrong with a repeat: it changes a list, or its response, or Lumos cannot read its error.

    Source: ``ExecutionSummary.is_idempotent`` of connector-sdk-types: "without causing unintended side
    effects".
    """
    if code_of(written.repeated) in MISLEADING:
        title = f"a repeat gave {error_text(error_of(written.repeated) or {})}"
        consequence = f"{_TWICE} On this code it repeats the write for ever, or asks for credentials."
        yield Breach(written.capability, title, consequence)
    for name, after in written.after.items():
        keys = changed(after, written.finally_[name])
        if keys:
            yield Breach(written.capability, f"a repeat changed {name}", _TWICE, [shown(key) for key in keys])
    again = payload_of(written.repeated)
    # A success that says something else is about something else: another account that is there, say.
    other = [
        f"{name}: {written.payload.get(name)!r} the first time, {again[name]!r} when repeated"
        for name in _SAID
        if name in again and again[name] != written.payload.get(name)
    ]
    if reason_not_done(written.capability, again):
        # As good as an error that says so.
        return
    if other:
        title = "a repeat gave another response, as a success"
        consequence = f"{_TWICE} It takes the second response for the first."
        yield Breach(written.capability, title, consequence, other)


def repeated_effect_breach(written: ObservedWrite) -> Iterator[Breach]:
    """An effect that a repeat claims, although it has only read from the upstream, or was refused.

    Some upstreams are changed by a GET: where the first call has made no other request, nobody knows.

    Source: ``ExecutionSummary.effect`` of connector-sdk-types: "The actual effect that occurred in the target
    system as a result of this operation"; ``NoopEffect``: "no operation was needed".
    """
    effect = effect_of(written.repeated)
    if effect in (None, "noop") or not written.asked_again or not any(map(_may_change, written.asked)):
        return
    if not any(map(_may_change, written.asked_again)):
        title = f"the execution summary of a repeat says {effect}, and the repeat has changed nothing"
        consequence = f"{NOT_DONE} Where nothing had to be done, the effect is noop."
        asked = [f"{each.request}: {each.response.status}" for each in written.asked_again]
        yield Breach(written.capability, title, consequence, asked)


def _may_change(interaction: Interaction) -> bool:
    """Whether a request may have changed something: it does not only read, and is not refused."""
    return not 400 <= interaction.response.status < 500 and not only_reads(interaction.request)
