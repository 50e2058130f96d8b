"""**writes**: what an execution summary claims is what is read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import GONE, Key, Walk, error_text, shown
from connector_contract.contract.rules.written import (
    ACCOUNTS,
    APPLICATION_ACCOUNTS,
    ASSOCIATIONS,
    NOT_DONE,
    ObservedWrite,
    application_account,
    association,
    changed,
)

_REMOVED = {"DELETED", "DEPROVISIONED"}
_ASSIGNMENTS = ("assign_entitlement", "assign_application_entitlement")
_UNASSIGNMENTS = ("unassign_entitlement", "unassign_application_entitlement")
_OF_APPLICATIONS = ("assign_application", "unassign_application")
_OF_ACCOUNTS = (
    "create_account", "update_account", "activate_account", "deactivate_account", "delete_account",
)  # fmt: skip


class _Seen(NamedTuple):
    """What a write is of, as messages name it, and whether it was there before, and is there after."""

    name: str
    before: bool
    after: bool


def effect_of(response: Json) -> str | None:
    """The effect that a response claims: created, updated, deleted or noop; ``None`` if it claims none."""
    effect = (response.get("execution_summary") or {}).get("effect") or {}
    return effect.get("kind")


def caught_errors(response: Json) -> list[Json]:
    """The errors that a success says it has caught."""
    return list((response.get("execution_summary") or {}).get("caught_errors") or ())


def effect_breach(written: ObservedWrite) -> Iterator[Breach]:
    """An effect that a write claims, and that is not what was read back.

    Source: ``ExecutionSummary.effect`` of connector-sdk-types: "The actual effect that occurred in the target
    system as a result of this operation"; ``NoopEffect``: "no operation was needed".
    """
    effect, seen = effect_of(written.response), _seen(written)
    title = None
    if effect == "noop":
        yield from _noop_breach(written)
    elif seen is None:
        return
    elif effect == "created" and (seen.before or not seen.after):
        title = f"{seen.name} {'was there before' if seen.before else 'is not there'}"
    elif effect == "deleted" and (seen.after or not seen.before):
        title = f"{seen.name} {'is still there' if seen.after else 'was not there before'}"
    elif effect == "updated" and written.capability in _OF_ACCOUNTS and seen.before != seen.after:
        title = f"{seen.name} {'is not there any more' if seen.before else 'was not there before'}"
    if title is not None:
        yield Breach(written.capability, f"its execution summary says {effect}, and {title}", NOT_DONE)


def _noop_breach(written: ObservedWrite) -> Iterator[Breach]:
    """Records that have changed, where nothing was."""
    keys = [
        f"{name}: {shown(key)}"
        for name, walk in written.before.items()
        for key in changed(walk, written.after[name])
    ]
    if keys:
        title = "its execution summary says noop, and what was read back has changed"
        yield Breach(written.capability, title, NOT_DONE, keys)


def caught_breach(written: ObservedWrite) -> Iterator[Breach]:
    """Entitlements that a creation says it could not give, and has given.

    Source: ``ExecutionSummary.caught_errors`` of connector-sdk-types: "warnings about partial failures". What
    names no entitlement of the request may be about anything else.
    """
    entitlements = written.request.get("entitlements")
    if written.capability != "create_account" or ASSOCIATIONS not in written.after or not entitlements:
        return
    granted = {key[1] for key in written.after[ASSOCIATIONS].keys if key[0] == str(written.account_id)}
    wanted = {str(each.get("integration_specific_id")) for each in entitlements}
    for error in caught_errors(written.response):
        named = {id_ for id_ in wanted if names_id(error, id_)}
        if named and named <= granted:
            title = f"its execution summary says it caught an error about {', '.join(sorted(named))}"
            title += ", which is read back"
            yield Breach(written.capability, title, NOT_DONE, [error_text(error)])


def fingerprint_breach(written: ObservedWrite) -> Iterator[Breach]:
    """A fingerprint of the request that is another one when the same request is made again.

    Source: ``ExecutionSummary.request_fingerprint`` of connector-sdk-types: "It should be stable for the same
    input parameters".
    """
    first, again = (_fingerprint(response) for response in (written.response, written.repeated))
    if first is not None and again is not None and first != again:
        title = "its execution summary has another request_fingerprint when the same request is repeated"
        consequence = "Lumos cannot see by it that the request was made already."
        yield Breach(written.capability, title, consequence, [f"{first}, and then {again}"])


def _fingerprint(response: Json) -> str | None:
    return (response.get("execution_summary") or {}).get("request_fingerprint")


def names_id(error: Json, id_: str) -> bool:
    """Whether the message of an error names an id, as a word of its own."""
    return re.search(rf"(?<![\w-]){re.escape(id_)}(?![\w-])", str(error.get("message", ""))) is not None


def _seen(written: ObservedWrite) -> _Seen | None:
    """Whether what a write is of was there, and is; ``None`` if nobody knows."""
    capability, key = written.capability, association(written.request)
    if capability in (*_ASSIGNMENTS, *_UNASSIGNMENTS):
        return _in_list(written, written.associations, key)
    if capability in _OF_APPLICATIONS:
        return _in_list(written, APPLICATION_ACCOUNTS, application_account(written.request))
    if capability in _OF_ACCOUNTS:
        return _in_list(written, ACCOUNTS, (str(written.account_id),))
    return None


def _in_list(written: ObservedWrite, name: str, key: Key) -> _Seen | None:
    if name not in written.before or not written.are_whole(name) or written.may_be_unlisted:
        return None
    # What is deleted may be kept as an inactive account.
    gone = GONE if written.capability == "delete_account" else _REMOVED
    before, after = _is_in(written.before[name], key, _REMOVED), _is_in(written.after[name], key, gone)
    return _Seen(shown(key), before, after)


def _is_in(walk: Walk, key: Key, gone: set[str]) -> bool:
    records = (each for each in walk.records if walk.key_of(each) == key)
    return any(each.get("user_status", each.get("status")) not in gone for each in records)
