"""**writes**: what is left of an account whose licence, resources or data are taken away.

These three may say in a success that they did not do it: ``success`` is false, with a ``reason``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Key, Walk, shown
from connector_contract.contract.rules.side_effects import access_breach, others_breach, statuses_breach
from connector_contract.contract.rules.written import (
    ACCOUNTS,
    ASSOCIATIONS,
    NOT_DONE,
    ObservedWrite,
    account_in,
    changed,
)
from connector_contract.reporting.messages import counted

_MODELS = {
    "downgrade_license": "DowngradedLicense",
    "release_resources": "ReleaseResourcesStatus",
    "transfer_data": "TransferDataStatus",
}
"""The schema of what each returns, whose ``success`` may be false."""

RESETS = frozenset(_MODELS)
"""The writes that this module is about."""

_LICENCE = re.compile("licen[cs]e", re.IGNORECASE)
_REMOVED = {"DELETED", "DEPROVISIONED"}
_GLOBAL = ""


def reason_not_done(capability: str, payload: Json) -> str | None:
    """The reason that a write gives for not doing it; empty if it gives none, ``None`` if it has done it."""
    if capability not in RESETS or payload.get("success") is not False:
        return None
    return str(payload.get("reason") or "").strip()


def types_of(entitlements: Sequence[Json], info: Json) -> dict[Key, list[Json]]:
    """What ``info`` declares of the types of each entitlement, by its id and its resource's."""
    declared = {each.get("type_id"): each for each in info.get("entitlement_types") or ()}
    found: dict[Key, list[Json]] = {}
    for each in entitlements:
        kind = declared.get(each.get("entitlement_type"))
        key = (str(each.get("integration_specific_id")), str(each.get("integration_specific_resource_id")))
        found.setdefault(key, []).append({} if kind is None else kind)
    return found


def reset_remarks(written: ObservedWrite) -> Iterator[str]:
    """Where the specification says two things of such a write, and what it did is right by one of them."""
    if reason := reason_not_done(written.capability, written.payload):
        yield (
            f"{written.capability} returned success: False, with the reason {reason!r}. "
            f'{_MODELS[written.capability]}.reason says: "if the status was not successful, this should '
            'contain details about the failure"; AssignedEntitlement.assigned says of another write: "This '
            "should only ever be true. If the assignment can't happen we expect an error.\""
        )
    if written.capability == "downgrade_license" and ASSOCIATIONS in written.after:
        new = _licences(written, written.after) - _licences(written, written.before)
        if new and written.payload.get("success") is not False:
            names = ", ".join(shown(key) for key in sorted(new))
            yield (
                f"downgrade_license gave another licence: {names}. Its first sentence says: "
                '"Downgrade a user\'s license to a lower tier"; its second: "this capability should "reset" '
                'a user account to exist without a license".'
            )


def downgraded(written: ObservedWrite) -> Iterator[Breach]:
    """The licences that the account had are gone; it may have another one, of a lower tier.

    Which entitlements are licences, only the name of their type says. Of a type with a ``min``, one stays.

    Source: the operation ``downgrade_license``: "this capability should "reset" a user account to exist
    without a license, and free-up the license for other user accounts."
    """
    before, after = _licences(written, written.before), _licences(written, written.after)
    kept = before & after
    if kept != before:
        kept = {key for key in kept if not _is_required(written, key)}
    if kept:
        title = f"{counted(len(kept), 'licence')} still read back that {written.account_id!r} had before"
        consequence = "Lumos believes that the licence is free for somebody else."
        yield Breach(written.capability, title, consequence, [shown(key) for key in sorted(kept)])
    yield from access_breach(written)


def released(written: ObservedWrite) -> Iterator[Breach]:
    """The account has no association with a resource; with the global one, it may have.

    Of a type with a ``min``, some may stay.

    Source: the operation ``release_resources``: "Removes all resources associated with a user account."
    """
    left = [key for key in _on_resources(written, written.after) if not _is_required(written, key)]
    if left:
        title = f"{counted(len(left), 'association')} of {written.account_id!r} still read back"
        consequence = "Lumos believes that the resources are free for somebody else."
        yield Breach(written.capability, title, consequence, [shown(key) for key in left])
    yield from access_breach(written)


def still_there(written: ObservedWrite) -> Iterator[Breach]:
    """The accounts that the write is about are there as before, and nobody else is another.

    Source: ``downgrade_license``: "to exist without a license"; ``transfer_data``: "Transfer data from one
    account to another"; no word of these says that an account goes.
    """
    own = _accounts(written.request)
    for id_ in own:
        before, after = (account_in(lists[ACCOUNTS], id_) for lists in (written.before, written.after))
        if before is None or (after is None and not written.are_whole(ACCOUNTS)):
            continue
        if after is None:
            yield Breach(written.capability, f"{id_!r} is not in {ACCOUNTS} afterwards", NOT_DONE)
        elif _is_worse(written, id_, before.get("user_status"), after.get("user_status")):
            title = f"{id_!r} is {after['user_status']} when read back, and was {before.get('user_status')}"
            yield Breach(written.capability, title, NOT_DONE)
    yield from statuses_breach(written, {(id_,) for id_ in own})


def _is_worse(written: ObservedWrite, id_: str, before: object, after: object) -> bool:
    """Whether an account has a status that such a write gives no reason for."""
    if after in _REMOVED and before not in _REMOVED:
        return True
    # Whoever has handed over may be suspended with it; whoever gets it, or has a licence less, works on.
    works_on = written.capability == "downgrade_license" or id_ == _target(written.request)
    return works_on and before == "ACTIVE" and after not in ("ACTIVE", None)


def access_but_for_both(written: ObservedWrite) -> Iterator[Breach]:
    """What accounts may do, but for the two of a transfer: what is shared moves from one to the other."""
    before, after = (lists[ASSOCIATIONS].keys for lists in (written.before, written.after))
    target = _target(written.request)
    gives = {key for key in (*before, *after) if key[0] == str(written.request.get("source_account_id"))}
    gets = {key for key in after if key[0] == target and key not in before}
    yield from others_breach(written, ASSOCIATIONS, gives | gets)


def unseen_reset(written: ObservedWrite) -> str | None:
    """Why nothing that was read back shows such a write; ``None`` if something does."""
    name, id_ = written.capability, written.account_id
    if (reason := reason_not_done(name, written.payload)) is not None:
        return f"{name} says that it did not do it: {reason}"
    if name == "transfer_data":
        return "what transfer_data transfers is in no list; what is checked is that nobody loses an account"
    if name == "release_resources" and not _on_resources(written, written.before):
        return f"the account {id_!r} has no association with a resource before"
    if name == "downgrade_license" and not _licences(written, written.before) and not _has_changed(written):
        return (
            f"{ASSOCIATIONS} shows no licence of the account {id_!r} before: none of a type that is called so"
        )
    return None


def not_listed_before(request: Json, before: Mapping[str, Walk]) -> str | None:
    """Why an example of such a write shows nothing: its account is not there."""
    accounts = before.get(ACCOUNTS)
    missing = [
        id_ for id_ in _accounts(request) if accounts is not None and account_in(accounts, id_) is None
    ]
    if not missing or accounts is None or not accounts.is_whole:
        return None
    return f"the account {missing[0]!r} is not in {ACCOUNTS} before"


def _accounts(request: Json) -> list[str]:
    names = ("account_id", "source_account_id", "target_account_id")
    return [str(request[name]) for name in names if name in request]


def _target(request: Json) -> str:
    return str(request.get("target_account_id"))


def _own(written: ObservedWrite, lists: Mapping[str, Walk]) -> list[Key]:
    return [key for key in lists[ASSOCIATIONS].keys if key[0] == str(written.account_id)]


def _licences(written: ObservedWrite, lists: Mapping[str, Walk]) -> set[Key]:
    return {key for key in _own(written, lists) if _all(written, key, _is_licence)}


def _on_resources(written: ObservedWrite, lists: Mapping[str, Walk]) -> list[Key]:
    return [key for key in _own(written, lists) if key[2] != _GLOBAL]


def _is_required(written: ObservedWrite, key: Key) -> bool:
    return _all(written, key, lambda kind: (kind.get("min") or 0) >= 1)


def _all(written: ObservedWrite, key: Key, has: Callable[[Json], bool]) -> bool:
    """Whether something holds of the type of an association's entitlement, whichever of several it is."""
    kinds = written.types.get(key[1:], ())
    return bool(kinds) and all(map(has, kinds))


def _is_licence(kind: Json) -> bool:
    return any(_LICENCE.search(str(kind.get(name) or "")) for name in ("type_id", "type_label"))


def _has_changed(written: ObservedWrite) -> bool:
    names: Collection[str] = written.before.keys() & written.after.keys()
    return any(
        key[0] == str(written.account_id)
        for name in names
        for key in changed(written.before[name], written.after[name])
    )
