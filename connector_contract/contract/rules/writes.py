"""**writes**: after a write, reading back shows it; a repeat does no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.declared_less import KEEPS_ACCESS, NOT_LISTED, may_declare
from connector_contract.contract.rules.application_writes import (
    application_access,
    application_assigned,
    application_unassigned,
    other_application_accounts,
)
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.effects import (
    caught_breach,
    caught_errors,
    effect_breach,
    fingerprint_breach,
)
from connector_contract.contract.rules.repeats import FLAGS, repeat_breach, repeated_effect_breach
from connector_contract.contract.rules.resets import (
    RESETS,
    access_but_for_both,
    downgraded,
    reason_not_done,
    released,
    still_there,
    unseen_reset,
)
from connector_contract.contract.rules.responses import (
    GONE,
    NAMES,
    error_text,
    shown,
)
from connector_contract.contract.rules.side_effects import (
    access_breach,
    others_breach,
    own_breach,
    statuses_breach,
)
from connector_contract.contract.rules.written import (
    ACCOUNTS,
    APPLICATION_ACCOUNTS,
    ASSOCIATIONS,
    NOT_DONE,
    ObservedWrite,
    application_account,
    as_asked,
    association,
    changed,
    not_granted,
)
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.reporting.messages import counted

_NOT_GIVEN = (
    "So nothing shows that an account can be created with them. If the upstream is right to refuse them, "
    "give others in write_requests['create_account']."
)
_KEPT = ("INACTIVE", "SUSPENDED")
"""The statuses of an account that an application keeps for good when it deletes it."""


def written_breach(written: ObservedWrite) -> Iterator[Breach]:
    """What is wrong with a write, by what was read back.

    Source: the response models of connector-sdk-types: "The current status of the account after the
    activation attempt", "This should only ever be true. If the assignment can't happen we expect an error."
    """
    yield from _flag_breach(written)
    written = written.settled
    is_done = reason_not_done(written.capability, written.payload) is None
    for name, check in _checks(written.capability).items() if is_done else ():
        if name in written.before:
            yield from check(written)
    yield from effect_breach(written)
    yield from caught_breach(written)
    yield from fingerprint_breach(written)
    yield from repeated_effect_breach(written)
    yield from repeat_breach(written)


def late_remarks(written: ObservedWrite) -> Iterator[str]:
    """That the list does not show the account at once, as a note."""
    if written.is_late:
        yield f"{written.capability}: {ACCOUNTS} shows the account {written.account_id!r} only a while later"


def read_back_by(capability: str, request: Json, capabilities: Sequence[str]) -> list[str]:
    """The lists that show what a write has done, of those that the connector has."""
    owes = STANDARD.get(capability)
    shows = [ACCOUNTS] if owes is None else list(owes.read_back)
    if capability == "create_account" and not request.get("entitlements"):
        shows.remove(ASSOCIATIONS)
    return [name for name in shows if name in capabilities]


def unseen(written: ObservedWrite) -> str | None:
    """Why nothing that was read back shows the write; ``None`` if something does."""
    name = written.capability
    if outside := _outside(written):
        return f"{outside} is outside of the sample of the contract's class"
    if name not in _CHECKS:
        return f"nobody knows where {name} is to be seen; what is checked is that a repeat does no harm"
    if (shows := next(iter(_checks(name)))) not in written.before:
        return f"the connector has no {shows} in which to read {name} back"
    if name in RESETS:
        return unseen_reset(written)
    if name == "create_account" and written.account(written.settled.after) is None:
        return f"{ACCOUNTS} does not have the new account {written.account_id!r} yet"
    if name == "update_account" and not changed(written.before[ACCOUNTS], written.after[ACCOUNTS]):
        return f"nothing that {name} asks for is in {ACCOUNTS}"
    return None


def _outside(written: ObservedWrite) -> str | None:
    """What was written, if the sample does not have it, so that nothing shows the write."""
    shows = next(iter(_checks(written.capability)), None)
    if shows is None or shows not in written.before or written.are_whole(shows):
        return None
    comes = written.capability == "create_account" or written.capability.startswith("assign_")
    lists = written.after if comes else written.before
    if shows == ACCOUNTS:
        return None if written.account(lists) else f"the account {written.account_id!r}"
    if written.capability in RESETS:
        is_there = any(key[0] == str(written.account_id) for key in lists[shows].keys)
        return None if is_there else f"the access of the account {written.account_id!r}"
    key = (application_account if shows == APPLICATION_ACCOUNTS else association)(written.request)
    return None if key in lists[shows].keys else shown(key)


def _flag_breach(written: ObservedWrite) -> Iterator[Breach]:
    if reason_not_done(written.capability, written.payload):
        return
    for flag in FLAGS:
        if flag in written.payload and written.payload[flag] is not True:
            title = f"it returned a success with {flag}: {written.payload[flag]}"
            title += ", and no reason" if written.capability in RESETS else ""
            consequence = "For Lumos, a success means done. What was not done has to be an error."
            yield Breach(written.capability, title, consequence)


def _created(written: ObservedWrite) -> Iterator[Breach]:
    id_ = written.account_id
    account = written.account(written.after)
    if account is None and (written.may_be_unlisted or not written.are_whole(ACCOUNTS)):
        return
    if account is None:
        title = f"the account {id_!r} that it says it created is not in {ACCOUNTS}"
        new = set(written.after[ACCOUNTS].keys) - set(written.before[ACCOUNTS].keys)
        declare = may_declare("writes", written.capability, NOT_LISTED)
        yield Breach(written.capability, title, f"{NOT_DONE} {declare}", [shown(key) for key in sorted(new)])
        return
    if written.account(written.before) is not None:
        yield Breach(written.capability, f"the account {id_!r} was there before", NOT_DONE)
    yield from _status_breach(written, account)
    yield from _as_asked(written, account)
    yield from others_breach(written, ACCOUNTS, {(str(id_),)})


def _granted(written: ObservedWrite) -> Iterator[Breach]:
    """The entitlements that an account is created with."""
    after, errors = written.after[ASSOCIATIONS], caught_errors(written.response)
    missing = not_granted(written.account_id, written.request, after)
    if missing and written.are_whole(ASSOCIATIONS):
        title = "it was asked for entitlements that are not read back"
        consequence = _NOT_GIVEN if errors else NOT_DONE
        details = [*map(shown, missing), *(f"caught: {error_text(each)}" for each in errors)]
        yield Breach(written.capability, title, consequence, details)
    granted = {key for key in after.keys if key[0] == written.account_id}
    yield from others_breach(written, ASSOCIATIONS, granted)


def _updated(written: ObservedWrite) -> Iterator[Breach]:
    if written.payload.get("id") != written.account_id:
        title = f"it returned the id {written.payload.get('id')!r} for another account"
        yield Breach(written.capability, title, NOT_DONE)
    yield from _changed_to(written, lambda _: True, "there")
    account = written.account(written.after)
    if account is not None or written.are_whole(ACCOUNTS):
        yield from _as_asked(written, account or {})


def _activated(written: ObservedWrite) -> Iterator[Breach]:
    yield from _changed_to(written, lambda status: status == "ACTIVE" or _is_said(written, status), "ACTIVE")


def _deactivated(written: ObservedWrite) -> Iterator[Breach]:
    if written.account(written.after) is None and written.may_be_unlisted:
        yield from others_breach(written, ACCOUNTS, {(str(written.account_id),)})
        return
    # Of an account that was not active yet, it is another one than before.
    was = (written.account(written.before) or {}).get("user_status")
    wrong = {"ACTIVE", was} - {None}
    yield from _changed_to(written, lambda status: status not in wrong, "another status")


def _is_said(written: ObservedWrite, status: object) -> bool:
    """Whether the write itself says that this is the status now, such as PENDING, and it is not as before."""
    was = (written.account(written.before) or {}).get("user_status")
    return status == written.payload.get("status") and (status == "PENDING" or status not in (was, None))


def _deleted(written: ObservedWrite) -> Iterator[Breach]:
    if written.account(written.after) is None:
        yield from others_breach(written, ACCOUNTS, {(str(written.account_id),)})
    else:
        expected = "one of " + ", ".join(sorted(GONE))
        yield from _changed_to(written, lambda status: _is_gone(written, status), expected)


def _is_gone(written: ObservedWrite, status: object) -> bool:
    return status in GONE or (status != "ACTIVE" and _is_said(written, status))


def _left_without_access(written: ObservedWrite) -> Iterator[Breach]:
    """The access of an account that is deleted."""
    own = [key for key in written.after[ASSOCIATIONS].keys if key[0] == str(written.account_id)]
    if own and not (written.choice == KEEPS_ACCESS and _is_kept(written)):
        title = f"the deleted account {written.account_id!r} still has {counted(len(own), 'association')}"
        declare = may_declare("writes", written.capability, KEEPS_ACCESS) if _is_kept(written) else ""
        yield Breach(written.capability, title, f"{NOT_DONE} {declare}".rstrip(), [shown(key) for key in own])
    yield from access_breach(written)


def _is_kept(written: ObservedWrite) -> bool:
    """Whether the application keeps an account that it deletes, as an inactive one."""
    account = written.account(written.after) if ACCOUNTS in written.after else None
    return (written.payload.get("status") if account is None else account.get("user_status")) in _KEPT


def _changed_to(written: ObservedWrite, is_right: Callable[[Any], bool], expected: str) -> Iterator[Breach]:
    id_ = written.account_id
    account = written.account(written.after)
    if account is None and not written.are_whole(ACCOUNTS):
        return
    if account is None:
        declares = written.capability == "deactivate_account"
        declare = may_declare("writes", written.capability, NOT_LISTED) if declares else ""
        title = f"{id_!r} is not in {ACCOUNTS} afterwards"
        yield Breach(written.capability, title, f"{NOT_DONE} {declare}".rstrip())
        return
    if account.get("user_status") is None and written.payload.get("status") is not None:
        yield Breach(written.capability, f"{id_!r} is read back without a status", NOT_DONE)
    elif not is_right(account.get("user_status")):
        title = f"{id_!r} is {account.get('user_status')} when read back, not {expected}"
        yield Breach(written.capability, title, NOT_DONE)
    yield from _status_breach(written, account)
    yield from others_breach(written, ACCOUNTS, {(str(id_),)})
    yield from own_breach(written)


def _status_breach(written: ObservedWrite, account: Json) -> Iterator[Breach]:
    said, read = written.payload.get("status"), account.get("user_status")
    if said is not None and read is not None and said != read:
        title = f"it returned the status {said}, and {read} is read back"
        yield Breach(written.capability, title, NOT_DONE)


def _as_asked(written: ObservedWrite, account: Json) -> Iterator[Breach]:
    # Not every application has each of them: one does that has it of some account.
    kept = {name for name in NAMES for each in written.before[ACCOUNTS].records if each.get(name)}
    other = [
        f"{name}: asked for {written.request[name]!r}, read back {account.get(name)!r}"
        for name in NAMES
        if not as_asked(written.request, account, name, is_kept=name in kept)
    ]
    if other:
        yield Breach(written.capability, "the account differs from what was asked for", NOT_DONE, other)


def _assigned(written: ObservedWrite) -> Iterator[Breach]:
    name, key = written.associations, association(written.request)
    times = written.after[name].keys.count(key)
    if times > 1 or (times == 0 and written.are_whole(name)):
        title = f"{counted(times, 'association')} read back for {shown(key)}"
        new = set(written.after[name].keys) - set(written.before[name].keys)
        yield Breach(written.capability, title, NOT_DONE, [shown(key) for key in sorted(new)])
    # The same account's, on the same resource, and in the same application if there is one.
    replaced = {each for each in written.before[name].keys if (each[0], each[2:]) == (key[0], key[2:])}
    yield from others_breach(written, name, {key, *(replaced if written.replaces else ())})


def _unassigned(written: ObservedWrite) -> Iterator[Breach]:
    name, key = written.associations, association(written.request)
    if key in written.after[name].keys:
        title = f"{shown(key)} is still read back"
        yield Breach(written.capability, title, "Lumos believes that the access is gone.")
    yield from others_breach(written, name, {key})


_Check = Callable[[ObservedWrite], Iterator[Breach]]
_CHECKS: dict[str, tuple[_Check, ...]] = {
    "create_account": (_created, _granted),
    "update_account": (_updated, access_breach),
    "activate_account": (_activated, access_breach),
    "deactivate_account": (_deactivated, access_breach),
    "delete_account": (_deleted, _left_without_access),
    "assign_entitlement": (_assigned, statuses_breach),
    "unassign_entitlement": (_unassigned, statuses_breach),
    "downgrade_license": (downgraded, still_there),
    "release_resources": (released, still_there),
    "transfer_data": (still_there, access_but_for_both),
    "assign_application": (application_assigned, application_access),
    "unassign_application": (application_unassigned, application_access),
    "assign_application_entitlement": (_assigned, other_application_accounts),
    "unassign_application_entitlement": (_unassigned, other_application_accounts),
}
"""For each write, what has to be so in each list that shows it; the first is where it is done."""


def _checks(capability: str) -> dict[str, _Check]:
    """For each list that shows a write, what has to be so in it."""
    if capability not in _CHECKS:
        return {}
    return dict(zip(STANDARD[capability].read_back, _CHECKS[capability], strict=True))
