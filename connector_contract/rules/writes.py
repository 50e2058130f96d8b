"""**writes**: after a write, reading back shows it; a repeat does no harm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector_contract.rules.answers import (
    Breach,
    Json,
    Key,
    Walk,
    code_of,
    error_of,
    key_of,
    shown,
    told,
)

_NOT_DONE = "Lumos would show, and report to auditors, what is not so."
_TWICE = "Lumos repeats a write whose answer it did not get."

GONE = {"DELETED", "DEPROVISIONED", "INACTIVE", "SUSPENDED"}
"""The statuses (``AccountStatus``) that a deleted account may have in an application that keeps it."""


@dataclass(frozen=True)
class Written:
    """A write, and what was read before it, after it, and after a repeat.

    Attributes:
        capability: The write.
        request: What was asked.
        answer: What it answered.
        repeated: What it answered when asked again.
        before: The list that shows it, by itself.
        after: The same after the write.
        finally_: The same after the repeat.
    """

    capability: str
    request: Json
    answer: Json
    repeated: Json
    before: Walk
    after: Walk
    finally_: Walk


def written_breach(written: Written) -> Iterator[Breach]:
    """What is wrong with a write, by what was read back.

    Source: the response models of connector-sdk-types: "The current status of the account after the
    activation attempt", "This should only ever be true. If the assignment can't happen we expect an error."
    """
    for walk in (written.before, written.after, written.finally_):
        if walk.error is not None:
            what = f"{written.capability}: it cannot be read back: {walk.capability} gave {told(walk.error)}"
            yield Breach(what, _NOT_DONE)
            return
    check = _CHECKS.get(written.capability)
    if check is not None:
        yield from check(written)
    yield from _repeat_breach(written)


def read_back_by(capability: str, capabilities: Sequence[str]) -> str | None:
    """The list that shows what a write has done; ``None`` if the connector has none."""
    shows = "find_entitlement_associations" if "entitlement" in capability else "list_accounts"
    return shows if shows in capabilities else None


def pointless(written: Written) -> str | None:
    """Why an example shows nothing, if what it asks for was so before; ``None`` if it does show something."""
    check = _BEFORE.get(written.capability)
    return None if check is None else check(written)


def _repeat_breach(written: Written) -> Iterator[Breach]:
    if code_of(written.repeated) == "internal_error":
        what = f"{written.capability}: a repeat gave internal_error: {told(error_of(written.repeated) or {})}"
        yield Breach(what, f"{_TWICE} It would repeat this for ever.")
    if written.finally_.keys != written.after.keys:
        changed = sorted(set(written.finally_.keys) ^ set(written.after.keys)) or [("the order",)]
        what = f"{written.capability}: a repeat changed {written.after.capability}"
        yield Breach(what, _TWICE, [shown(key) for key in changed])
    elif written.finally_.records != written.after.records:
        changed = _changed(written.after, written.finally_)
        yield Breach(
            f"{written.capability}: a repeat changed records", _TWICE, [shown(key) for key in changed]
        )


def _flag_breach(written: Written, flag: str) -> Iterator[Breach]:
    if _payload(written).get(flag) is not True:
        what = f"{written.capability}: it answered a success with {flag}: {_payload(written).get(flag)}"
        yield Breach(what, "Lumos takes a success for done. What was not done is an error.")


def _created(written: Written) -> Iterator[Breach]:
    yield from _flag_breach(written, "created")
    id_ = _payload(written).get("id")
    account = _account(written.after, id_)
    if account is None:
        what = f"{written.capability}: the account {id_!r} that it says it created is not in list_accounts"
        yield Breach(what, _NOT_DONE, [shown(key) for key in _new(written)])
        return
    if (id_,) in written.before.keys:
        yield Breach(f"{written.capability}: the account {id_!r} was there before", _NOT_DONE)
    yield from _status_breach(written, account)
    asked = {name: written.request.get(name) for name in ("email", "username", "given_name", "family_name")}
    other = [
        f"{name}: asked for {value!r}, read back {account.get(name)!r}"
        for name, value in asked.items()
        if value and account.get(name) and str(account[name]).casefold() != str(value).casefold()
    ]
    if other:
        yield Breach(f"{written.capability}: the account is not the one that was asked for", _NOT_DONE, other)


def _activated(written: Written) -> Iterator[Breach]:
    yield from _flag_breach(written, "activated")
    yield from _with_status(written, lambda status: status == "ACTIVE", "ACTIVE")


def _deactivated(written: Written) -> Iterator[Breach]:
    yield from _flag_breach(written, "deactivated")
    yield from _with_status(written, lambda status: status != "ACTIVE", "anything but ACTIVE")


def _deleted(written: Written) -> Iterator[Breach]:
    yield from _flag_breach(written, "deleted")
    account = _account(written.after, written.request.get("account_id"))
    if account is not None:
        yield from _with_status(written, GONE.__contains__, "one of " + ", ".join(sorted(GONE)))


def _with_status(written: Written, is_right: Any, expected: str) -> Iterator[Breach]:
    id_ = written.request.get("account_id")
    account = _account(written.after, id_)
    if account is None:
        yield Breach(f"{written.capability}: {id_!r} is not in list_accounts afterwards", _NOT_DONE)
        return
    if not is_right(account.get("user_status")):
        what = f"{written.capability}: {id_!r} is read back as {account.get('user_status')}, not {expected}"
        yield Breach(what, _NOT_DONE)
    yield from _status_breach(written, account)


def _status_breach(written: Written, account: Json) -> Iterator[Breach]:
    said, read = _payload(written).get("status"), account.get("user_status")
    if said != read:
        what = f"{written.capability}: it answered the status {said}, and {read} is read back"
        yield Breach(what, _NOT_DONE)


def _assigned(written: Written) -> Iterator[Breach]:
    yield from _flag_breach(written, "assigned")
    key = association(written.request)
    times = written.after.keys.count(key)
    if times != 1:
        what = f"{written.capability}: {times} associations are read back for {shown(key)}"
        yield Breach(what, _NOT_DONE, [shown(key) for key in _new(written)])
    yield from _others(written, {key})


def _unassigned(written: Written) -> Iterator[Breach]:
    yield from _flag_breach(written, "unassigned")
    if association(written.request) in written.after.keys:
        what = f"{written.capability}: {shown(association(written.request))} is still read back"
        yield Breach(what, "Lumos would believe that the access is gone.")
    yield from _others(written, {association(written.request)})


def _others(written: Written, meant: set[Key]) -> Iterator[Breach]:
    other = sorted((set(written.before.keys) ^ set(written.after.keys)) - meant)
    if other:
        what = f"{written.capability}: it changed {len(other)} other associations"
        yield Breach(what, "Access that nobody asked to change was changed.", [shown(key) for key in other])


_CHECKS = {
    "create_account": _created,
    "activate_account": _activated,
    "deactivate_account": _deactivated,
    "delete_account": _deleted,
    "assign_entitlement": _assigned,
    "unassign_entitlement": _unassigned,
}


def _not_there(written: Written) -> str | None:
    id_ = written.request.get("account_id")
    return f"there is no account {id_!r}" if _account(written.before, id_) is None else None


def _has_status(*statuses: str) -> Any:
    def check(written: Written) -> str | None:
        id_ = written.request.get("account_id")
        account = _account(written.before, id_)
        if account is None:
            return f"there is no account {id_!r}"
        status = account.get("user_status")
        return f"the account {id_!r} is {status} before" if status in statuses else None

    return check


def _not_active(written: Written) -> str | None:
    id_ = written.request.get("account_id")
    account = _account(written.before, id_)
    if account is None:
        return f"there is no account {id_!r}"
    return None if account.get("user_status") == "ACTIVE" else f"the account {id_!r} is not ACTIVE before"


def _has_it(written: Written) -> str | None:
    key = association(written.request)
    return f"{shown(key)} is assigned before" if key in written.before.keys else None


def _has_it_not(written: Written) -> str | None:
    key = association(written.request)
    return None if key in written.before.keys else f"{shown(key)} is not assigned before"


_BEFORE = {
    "activate_account": _has_status("ACTIVE"),
    "deactivate_account": _not_active,
    "delete_account": _not_there,
    "assign_entitlement": _has_it,
    "unassign_entitlement": _has_it_not,
}


def association(request: Json) -> Key:
    """The key of the association that an assignment makes."""
    fields = ("account_integration_specific_id", "entitlement_integration_specific_id")
    return (
        *(str(request.get(field)) for field in fields),
        str(request.get("resource_integration_specific_id")),
    )


def assignment_beyond_max(
    info: Json, entitlements: Sequence[Json], associations: Sequence[Json]
) -> Json | None:
    """A request for one entitlement more than an account may have; ``None`` if no maximum is reached.

    Source: ``EntitlementType.max`` of connector-sdk-types: "How many of this type of entitlement can be
    assigned?"
    """
    for kind in info.get("entitlement_types") or ():
        of_kind = {
            (each["integration_specific_id"], each["integration_specific_resource_id"])
            for each in entitlements
            if each["entitlement_type"] == kind["type_id"] and each.get("is_assignable") is not False
        }
        held: dict[str, set[tuple[str, str]]] = {}
        for each in associations:
            what = (each["integration_specific_entitlement_id"], each["integration_specific_resource_id"])
            if what in of_kind:
                held.setdefault(each["account_id"], set()).add(what)
        for account, own in sorted(held.items()):
            if kind.get("max") and len(own) >= kind["max"] and of_kind - own:
                id_, resource = min(of_kind - own)
                return {
                    "account_integration_specific_id": account,
                    "entitlement_integration_specific_id": id_,
                    "entitlement_type": kind["type_id"],
                    "resource_integration_specific_id": resource,
                    "resource_type": kind["resource_type_id"],
                }
    return None


def beyond_max_breach(request: Json, answer: Json, before: Walk, after: Walk) -> Iterator[Breach]:
    """What is wrong with an assignment beyond the maximum of its type."""
    code = code_of(answer)
    name = (
        f"{request['account_integration_specific_id']} got {request['entitlement_integration_specific_id']}"
    )
    if code is None:
        what = (
            f"assign_entitlement: one {request['entitlement_type']} more than its max gave a success: {name}"
        )
        yield Breach(what, "Lumos relies on the max that info declares.")
    elif code == "internal_error":
        what = f"assign_entitlement: one {request['entitlement_type']} more than its max gave internal_error"
        yield Breach(what, "Lumos would try again.", [told(error_of(answer) or {})])
    if before.keys != after.keys and code is not None:
        changed = sorted(set(before.keys) ^ set(after.keys))
        what = "assign_entitlement: it gave an error, and changed the associations"
        yield Breach(what, _NOT_DONE, [shown(key) for key in changed])


def _payload(written: Written) -> Mapping[str, Any]:
    payload = written.answer.get("response")
    return payload if isinstance(payload, Mapping) else {}


def _account(walk: Walk, id_: object) -> Json | None:
    return next((each for each in walk.records if each.get("integration_specific_id") == id_), None)


def _new(written: Written) -> list[Key]:
    return sorted(set(written.after.keys) - set(written.before.keys))


def _changed(one: Walk, other: Walk) -> list[Key]:
    pairs = zip(one.records, other.records, strict=True)
    return [key_of(one.capability, a) for a, b in pairs if a != b]
