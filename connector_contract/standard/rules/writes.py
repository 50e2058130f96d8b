"""**writes**: after a write, reading back shows it; a repeat does no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector_contract.report import counted
from connector_contract.standard.facts import Json
from connector_contract.standard.rules.answers import (
    GONE,
    NAMES,
    Breach,
    Key,
    Walk,
    code_of,
    error_of,
    lasting,
    same_text,
    shown,
    told,
)

NOT_DONE = "Lumos would show, and report to auditors, what is not so."
_TWICE = "Lumos repeats a write whose answer it did not get."

ACCOUNTS, ASSOCIATIONS = "list_accounts", "find_entitlement_associations"
_FLAGS = ("created", "activated", "deactivated", "deleted", "assigned", "unassigned", "success")
_SAID = (*_FLAGS, "id", "status")


@dataclass(frozen=True)
class Written:
    """A write, and what was read before it, after it, and after a repeat.

    Attributes:
        capability: The write.
        request: What was asked.
        answer: What it answered.
        repeated: What it answered when asked again.
        before: Each list that shows it, by its name.
        after: The same after the write.
        finally_: The same after the repeat.
    """

    capability: str
    request: Json
    answer: Json
    repeated: Json
    before: Mapping[str, Walk]
    after: Mapping[str, Walk]
    finally_: Mapping[str, Walk]

    @property
    def payload(self) -> Json:
        """The ``response`` of the answer; empty if it is an error."""
        return _payload(self.answer)

    @property
    def account_id(self) -> object:
        """The account that was written: the one that was asked for, or that was created."""
        return self.payload.get("id") if self.capability == "create_account" else _asked_for(self.request)

    def account(self, lists: Mapping[str, Walk]) -> Json | None:
        """The account as it was read back; ``None`` if it is not there."""
        return _account(lists[ACCOUNTS], self.account_id)


def written_breach(written: Written) -> Iterator[Breach]:
    """What is wrong with a write, by what was read back.

    Source: the response models of connector-sdk-types: "The current status of the account after the
    activation attempt", "This should only ever be true. If the assignment can't happen we expect an error."
    """
    yield from _flag_breach(written)
    for name, check in _CHECKS.get(written.capability, {}).items():
        if name in written.before:
            yield from check(written)
    yield from _repeat_breach(written)


def read_back_by(capability: str, request: Json, capabilities: Sequence[str]) -> list[str]:
    """The lists that show what a write has done, of those that the connector has."""
    shows = list(_CHECKS.get(capability, (ACCOUNTS,)))
    if capability == "create_account" and not request.get("entitlements"):
        shows.remove(ASSOCIATIONS)
    return [name for name in shows if name in capabilities]


def unseen(written: Written) -> str | None:
    """Why nothing that was read back shows the write; ``None`` if something does."""
    name = written.capability
    if name not in _CHECKS:
        return f"nobody knows where {name} is to be seen; what is checked is that a repeat does no harm"
    if name == "update_account" and not changed(written.before[ACCOUNTS], written.after[ACCOUNTS]):
        return f"nothing that {name} asks for is in {ACCOUNTS}"
    return None


def pointless(capability: str, request: Json, before: Mapping[str, Walk]) -> str | None:
    """Why an example shows nothing, if what it asks for is so before; ``None`` if it does show something."""
    name, check = _BEFORE.get(capability, ("", None))
    return None if check is None or name not in before else check(request, before[name])


def _payload(answer: Json) -> Json:
    payload = answer.get("response")
    return payload if isinstance(payload, Mapping) else {}


def _repeat_breach(written: Written) -> Iterator[Breach]:
    if code_of(written.repeated) == "internal_error":
        what = f"{written.capability}: a repeat gave internal_error: {told(error_of(written.repeated) or {})}"
        yield Breach(what, f"{_TWICE} It would repeat this for ever.")
    for name, after in written.after.items():
        keys = changed(after, written.finally_[name])
        if keys:
            what = f"{written.capability}: a repeat changed {name}"
            yield Breach(what, _TWICE, [shown(key) for key in keys])
    again = _payload(written.repeated)
    # A success that says something else is about something else: another account that is there, say.
    other = [
        f"{name}: {written.payload.get(name)!r} the first time, {again[name]!r} when repeated"
        for name in _SAID
        if name in again and again[name] != written.payload.get(name)
    ]
    if other:
        what = f"{written.capability}: a repeat gave another answer, as a success"
        yield Breach(what, f"{_TWICE} It would take the second answer for the first.", other)


def _flag_breach(written: Written) -> Iterator[Breach]:
    for flag in _FLAGS:
        if flag in written.payload and written.payload[flag] is not True:
            what = f"{written.capability}: it answered a success with {flag}: {written.payload[flag]}"
            yield Breach(what, "Lumos takes a success for done. What was not done is an error.")


def _created(written: Written) -> Iterator[Breach]:
    id_ = written.account_id
    account = written.account(written.after)
    if account is None:
        what = f"{written.capability}: the account {id_!r} that it says it created is not in {ACCOUNTS}"
        new = set(written.after[ACCOUNTS].keys) - set(written.before[ACCOUNTS].keys)
        yield Breach(what, NOT_DONE, [shown(key) for key in sorted(new)])
        return
    if written.account(written.before) is not None:
        yield Breach(f"{written.capability}: the account {id_!r} was there before", NOT_DONE)
    yield from _status_breach(written, account)
    yield from _as_asked(written, account)
    yield from _others(written, ACCOUNTS, {(str(id_),)})


def _granted(written: Written) -> Iterator[Breach]:
    """The entitlements that an account is created with."""
    granted = [key for key in written.after[ASSOCIATIONS].keys if key[0] == written.account_id]
    wanted = [
        (str(written.account_id), str(each.get(id_)), *([str(each[resource])] if each.get(resource) else []))
        for id_, resource in [("integration_specific_id", "integration_specific_resource_id")]
        for each in written.request["entitlements"]
    ]
    # Which resource an entitlement is of need not be said.
    missing = [key for key in wanted if not any(each[: len(key)] == key for each in granted)]
    if missing:
        what = f"{written.capability}: it was asked for entitlements that are not read back"
        yield Breach(what, NOT_DONE, [shown(key) for key in missing])
    yield from _others(written, ASSOCIATIONS, set(granted))


def _updated(written: Written) -> Iterator[Breach]:
    if written.payload.get("id") != written.account_id:
        what = f"{written.capability}: it answered the id {written.payload.get('id')!r} for another account"
        yield Breach(what, NOT_DONE)
    yield from _changed_to(written, lambda _: True, "there")
    yield from _as_asked(written, written.account(written.after) or {})


def _activated(written: Written) -> Iterator[Breach]:
    yield from _changed_to(written, lambda status: status == "ACTIVE", "ACTIVE")


def _deactivated(written: Written) -> Iterator[Breach]:
    yield from _changed_to(written, lambda status: status != "ACTIVE", "another status")


def _deleted(written: Written) -> Iterator[Breach]:
    if written.account(written.after) is None:
        yield from _others(written, ACCOUNTS, {(str(written.account_id),)})
    else:
        yield from _changed_to(written, GONE.__contains__, "one of " + ", ".join(sorted(GONE)))


def _changed_to(written: Written, is_right: Callable[[Any], bool], expected: str) -> Iterator[Breach]:
    id_ = written.account_id
    account = written.account(written.after)
    if account is None:
        yield Breach(f"{written.capability}: {id_!r} is not in {ACCOUNTS} afterwards", NOT_DONE)
        return
    if account.get("user_status") is None and written.payload.get("status") is not None:
        yield Breach(f"{written.capability}: {id_!r} is read back without a status", NOT_DONE)
    elif not is_right(account.get("user_status")):
        what = f"{written.capability}: {id_!r} is read back as {account.get('user_status')}, not {expected}"
        yield Breach(what, NOT_DONE)
    yield from _status_breach(written, account)
    yield from _others(written, ACCOUNTS, {(str(id_),)})


def _status_breach(written: Written, account: Json) -> Iterator[Breach]:
    said, read = written.payload.get("status"), account.get("user_status")
    if said is not None and read is not None and said != read:
        what = f"{written.capability}: it answered the status {said}, and {read} is read back"
        yield Breach(what, NOT_DONE)


def _as_asked(written: Written, account: Json) -> Iterator[Breach]:
    other = [
        f"{name}: asked for {written.request[name]!r}, read back {account[name]!r}"
        for name in NAMES
        if not _is_as_asked(written.request, account, name)
    ]
    if other:
        yield Breach(f"{written.capability}: the account is not as it was asked for", NOT_DONE, other)


def _is_as_asked(request: Json, account: Json, name: str) -> bool:
    # Not every application has each of them, and many do not keep capitals.
    asked, read = request.get(name), account.get(name)
    return not asked or not read or same_text(asked, read)


def _assigned(written: Written) -> Iterator[Breach]:
    key = association(written.request)
    times = written.after[ASSOCIATIONS].keys.count(key)
    if times != 1:
        what = f"{written.capability}: {counted(times, 'association')} read back for {shown(key)}"
        new = set(written.after[ASSOCIATIONS].keys) - set(written.before[ASSOCIATIONS].keys)
        yield Breach(what, NOT_DONE, [shown(key) for key in sorted(new)])
    yield from _others(written, ASSOCIATIONS, {key})


def _unassigned(written: Written) -> Iterator[Breach]:
    key = association(written.request)
    if key in written.after[ASSOCIATIONS].keys:
        what = f"{written.capability}: {shown(key)} is still read back"
        yield Breach(what, "Lumos would believe that the access is gone.")
    yield from _others(written, ASSOCIATIONS, {key})


def _others(written: Written, name: str, meant: set[Key]) -> Iterator[Breach]:
    """What has changed that nobody asked to be changed."""
    other = [key for key in changed(written.before[name], written.after[name]) if key not in meant]
    if other:
        what = f"{written.capability}: it changed {counted(len(other), 'other record')} of {name}"
        yield Breach(what, "Access that nobody asked to change was changed.", [shown(key) for key in other])


def changed(before: Walk, after: Walk) -> list[Key]:
    """The keys of records that are new, gone or different, or there more or less often."""
    one, other = _by_key(before), _by_key(after)
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _by_key(walk: Walk) -> dict[Key, list[Json]]:
    records: dict[Key, list[Json]] = {}
    for record in walk.records:
        records.setdefault(walk.key_of(record), []).append(lasting(record))
    return records


_CHECKS: dict[str, dict[str, Callable[[Written], Iterator[Breach]]]] = {
    "create_account": {ACCOUNTS: _created, ASSOCIATIONS: _granted},
    "update_account": {ACCOUNTS: _updated},
    "activate_account": {ACCOUNTS: _activated},
    "deactivate_account": {ACCOUNTS: _deactivated},
    "delete_account": {ACCOUNTS: _deleted},
    "assign_entitlement": {ASSOCIATIONS: _assigned},
    "unassign_entitlement": {ASSOCIATIONS: _unassigned},
}
"""For each write, what has to be so in each list that shows it."""


_Check = Callable[[Json, Walk], str | None]


def _account_that(shows_nothing: Callable[[Json, Json], str | None]) -> _Check:
    def check(request: Json, accounts: Walk) -> str | None:
        id_ = _asked_for(request)
        account = _account(accounts, id_)
        why = f"not in {ACCOUNTS}" if account is None else shows_nothing(request, account)
        return why and f"the account {id_!r} is {why} before"

    return check


def _active(_: Json, account: Json) -> str | None:
    return "ACTIVE" if account.get("user_status") == "ACTIVE" else None


def _not_active(_: Json, account: Json) -> str | None:
    return None if account.get("user_status") in ("ACTIVE", None) else "not ACTIVE"


def _as_it_asks(request: Json, account: Json) -> str | None:
    asked = [name for name in NAMES if request.get(name)]
    return "as it asks for" if asked and all(_is_as_asked(request, account, name) for name in asked) else None


def _assigned_before(request: Json, associations: Walk) -> str | None:
    key = association(request)
    return f"{shown(key)} is assigned before" if key in associations.keys else None


def _not_assigned_before(request: Json, associations: Walk) -> str | None:
    key = association(request)
    return None if key in associations.keys else f"{shown(key)} is not assigned before"


_BEFORE: dict[str, tuple[str, _Check]] = {
    "update_account": (ACCOUNTS, _account_that(_as_it_asks)),
    "activate_account": (ACCOUNTS, _account_that(_active)),
    "deactivate_account": (ACCOUNTS, _account_that(_not_active)),
    "delete_account": (ACCOUNTS, _account_that(lambda *_: None)),
    "assign_entitlement": (ASSOCIATIONS, _assigned_before),
    "unassign_entitlement": (ASSOCIATIONS, _not_assigned_before),
}
"""For each write, the list that tells whether its example shows anything, and what it must not be like."""


def _asked_for(request: Json) -> object:
    """The id of the account that a request is about."""
    return request.get("account_id", request.get("id"))


def _account(accounts: Walk, id_: object) -> Json | None:
    return next((each for each in accounts.records if each.get("integration_specific_id") == id_), None)


def association(request: Json) -> Key:
    """The key of the association that an assignment makes."""
    fields = ("account_integration_specific_id", "entitlement_integration_specific_id")
    return (
        *(str(request.get(field)) for field in fields),
        str(request.get("resource_integration_specific_id")),
    )
