"""**writes**: who may use an application, after it was assigned to an account or taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import GONE, Key, Walk, shown
from connector_contract.contract.rules.side_effects import others_breach
from connector_contract.contract.rules.written import (
    APPLICATION_ACCOUNTS,
    APPLICATION_ASSOCIATIONS,
    NOT_DONE,
    ObservedWrite,
    application_account,
)
from connector_contract.reporting.messages import counted

REMOVED = {"DELETED", "DEPROVISIONED"}
"""The statuses of an account that an application keeps after it was removed."""

_BELIEVES = "Lumos believes that the access is gone."


def application_accounts_in(walk: Walk, key: Key) -> list[Json]:
    """The records of the account in the application that a key names."""
    return [each for each in walk.records if walk.key_of(each) == key]


def application_assigned(written: ObservedWrite) -> Iterator[Breach]:
    """The account is in the application, once, and nobody else's place in it has changed.

    Source: ``AssignedApplication.assigned``: "Indicates if an account is assigned to an application via the
    integration. This does not reflect if the account has actually been created in the application."
    """
    key = application_account(written.request)
    found = application_accounts_in(written.after[APPLICATION_ACCOUNTS], key)
    if len(found) > 1 or (not found and written.are_whole(APPLICATION_ACCOUNTS)):
        title = f"{counted(len(found), 'application account')} read back for {shown(key)}"
        new = set(written.after[APPLICATION_ACCOUNTS].keys) - set(written.before[APPLICATION_ACCOUNTS].keys)
        yield Breach(written.capability, title, NOT_DONE, [shown(each) for each in sorted(new)])
    for each in found:
        if written.payload.get("provisioned") is True and each.get("status") in REMOVED:
            title = f"it returned provisioned: True, and {shown(key)} is {each['status']} when read back"
            yield Breach(written.capability, title, NOT_DONE)
    yield from others_breach(written, APPLICATION_ACCOUNTS, {key})


def application_unassigned(written: ObservedWrite) -> Iterator[Breach]:
    """The account is not in the application, or no longer active there, with the returned status.

    Source: ``UnassignedApplication.status``: "Indicates the account status after the unassignemnt operation."
    """
    key, said = application_account(written.request), written.payload.get("status")
    for each in application_accounts_in(written.after[APPLICATION_ACCOUNTS], key):
        status = each.get("status")
        if status not in GONE:
            yield Breach(written.capability, f"{shown(key)} is still read back, as {status}", _BELIEVES)
        elif said != status:
            title = f"it returned the status {said}, and {status} is read back"
            yield Breach(written.capability, title, NOT_DONE)
    yield from others_breach(written, APPLICATION_ACCOUNTS, {key})


def application_access(written: ObservedWrite) -> Iterator[Breach]:
    """What accounts may do in applications, where an application was assigned or taken away.

    Source: ``UnassignedApplication.deprovisioned``: "Indicates if the account in the application was
    removed." The access of an account that is removed goes with it; of one that is not, it may stay.
    """
    before, after = written.before[APPLICATION_ASSOCIATIONS], written.after[APPLICATION_ASSOCIATIONS]
    own = {key for key in (*before.keys, *after.keys) if _is_of(key, written.request)}
    left = [key for key in after.keys if key in own] if written.payload.get("deprovisioned") is True else []
    if left:
        title = f"it returned deprovisioned: True, and {counted(len(left), 'association')} of it is read back"
        yield Breach(written.capability, title, _BELIEVES, [shown(key) for key in left])
    yield from others_breach(written, APPLICATION_ASSOCIATIONS, own)


def other_application_accounts(written: ObservedWrite) -> Iterator[Breach]:
    """Who is in which application, where access within one was written: that may bring its own account."""
    yield from others_breach(written, APPLICATION_ACCOUNTS, {application_account(written.request)})


def _is_of(key: Key, request: Json) -> bool:
    return (key[0], key[-1]) == application_account(request)


def assigned_before(request: Json, before: Mapping[str, Walk]) -> str | None:
    """Why an assignment of an application shows nothing: it is so already."""
    key = application_account(request)
    found = application_accounts_in(before[APPLICATION_ACCOUNTS], key)
    return (
        f"{shown(key)} is assigned before" if any(each.get("status") not in GONE for each in found) else None
    )


def unassigned_before(request: Json, before: Mapping[str, Walk]) -> str | None:
    """Why the removal of an application shows nothing: it is not assigned."""
    key = application_account(request)
    accounts = before[APPLICATION_ACCOUNTS]
    found = application_accounts_in(accounts, key)
    if any(each.get("status") not in REMOVED for each in found) or not accounts.is_whole:
        return None
    return f"{shown(key)} is not assigned before"
