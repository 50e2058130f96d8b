"""**writes**: opposites undo each other, and leave the access as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from connector_contract.config import Json
from connector_contract.contract.declared_less import LOSES_ACCESS, may_declare
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Key, Walk, code_of, error_of, error_text, shown
from connector_contract.contract.rules.written import (
    ACCOUNTS,
    APPLICATION_ACCOUNTS,
    APPLICATION_ASSOCIATIONS,
    ASSOCIATIONS,
    account_in,
    asked_for,
    payload_of,
)
from connector_contract.reporting.messages import counted
from connector_contract.safety.undo import OPPOSITES

_ACCESS = (ASSOCIATIONS, APPLICATION_ACCOUNTS, APPLICATION_ASSOCIATIONS)
_REMOVED = ("DELETED", "DEPROVISIONED")
_ONE_WAY = "Lumos takes access away for a time, and gives it back; it believes that all is as it was."
_MAY_LOSE = ("activate_account", "deactivate_account")
"""The writes of whose accounts an application may take the access away."""


def opposite_request(request: Json, fields: Collection[str] | None) -> Json:
    """The request that takes back what a request asks for.

    Args:
        request: It.
        fields: The fields that the request of the opposite may have; ``None`` for any.
    """
    return {name: value for name, value in request.items() if fields is None or name in fields}


def still_invited(capability: str, response: Json, undone: Json) -> str | None:
    """Why the opposite may give an error: the account is not active yet; ``None`` if nothing says so.

    Args:
        capability: The first write.
        response: What it answered.
        undone: What its opposite answered.
    """
    if capability != "activate_account" or payload_of(response).get("status") != "PENDING":
        return None
    if code_of(undone) is None:
        return None
    return f"the account is PENDING, and {OPPOSITES[capability]} gives {error_text(error_of(undone) or {})}"


def undone_breach(
    capability: str,
    request: Json,
    undone: Json,
    before: Mapping[str, Walk],
    after: Mapping[str, Walk],
    choice: str | None = None,
) -> Iterator[Breach]:
    """What is not as it was after a write and its opposite.

    Args:
        capability: The first write.
        request: What it asked.
        undone: What its opposite answered.
        before: The lists that show it, before both.
        after: The same after both.
        choice: What the author declares, where right connectors differ.

    Source: the operations ``activate_account``: "Reactivating a previously deactivated account", and
    ``deactivate_account``: "The account remains in the system but is made inactive"; ``assign_entitlement``
    and ``unassign_entitlement``, which are about the same association.
    """
    opposite = OPPOSITES[capability]
    if code_of(undone) is not None:
        title = f"after {capability}, it gave an error: {error_text(error_of(undone) or {})}"
        yield Breach(opposite, title, f"What {capability} has done cannot be taken back.")
        return
    if ACCOUNTS in before and ACCOUNTS in after:
        yield from _status_breach(capability, request, undone, before[ACCOUNTS], after[ACCOUNTS])
    may_lose = choice == LOSES_ACCESS and capability in _MAY_LOSE
    for name in _ACCESS:
        if name in before and name in after:
            # Who is removed from an application loses what they may do in it.
            goes_along = capability == "unassign_application" and name == APPLICATION_ASSOCIATIONS
            yield from _access_breach(capability, before[name], after[name], may_lose=may_lose or goes_along)


def _status_breach(
    capability: str, request: Json, undone: Json, before: Walk, after: Walk
) -> Iterator[Breach]:
    """Accounts that are not as active as they were."""
    opposite, id_ = OPPOSITES[capability], asked_for(request)
    is_of_account = capability in ("activate_account", "deactivate_account")
    was, now = _statuses(before), _statuses(after)
    both_whole = before.is_whole and after.is_whole
    keys = was.keys() | now.keys() if both_whole else was.keys() & now.keys()
    other = [
        f"{shown(key)}: {was.get(key, 'not listed')} before, {now.get(key, 'not listed')} after"
        for key in sorted(keys)
        if was.get(key) != now.get(key) and not (is_of_account and key == (str(id_),))
    ]
    if is_of_account and not _is_back(capability, undone, account_in(before, id_), account_in(after, id_)):
        one = (str(id_),)
        if both_whole or one in keys:
            line = f"{was.get(one, 'not listed')} before, {now.get(one, 'not listed')} after"
            other.insert(0, f"{id_}: {line}")
    if other:
        title = f"after {capability}, it leaves other accounts active, or listed, than before"
        yield Breach(opposite, title, _ONE_WAY, other)


def _is_back(capability: str, undone: Json, before: Json | None, after: Json | None) -> bool:
    """Whether an account is as it was: active where it was active, and else whatever is not active.

    What the opposite itself says the status is, such as PENDING, is right.
    """
    if before is None or after is None:
        return before is after
    was, now = before.get("user_status"), after.get("user_status")
    if capability == "activate_account":
        return now is None or now != "ACTIVE"
    return now in (was, payload_of(undone).get("status"))


def _statuses(accounts: Walk) -> dict[Key, object]:
    return {accounts.key_of(each): each.get("user_status") for each in accounts.records}


def _access_breach(capability: str, before: Walk, after: Walk, *, may_lose: bool) -> Iterator[Breach]:
    """Access that somebody had and has no more, or that somebody has got."""
    opposite = OPPOSITES[capability]
    was, now = _held(before), _held(after)
    if not before.is_whole or not after.is_whole:
        return
    lost, got = sorted((was - now).elements()), sorted((now - was).elements())
    if lost and not may_lose:
        title = (
            f"after {capability}, it does not give back {counted(len(lost), 'record')} of {after.capability}"
        )
        declare = may_declare("opposites", capability, LOSES_ACCESS) if capability in _MAY_LOSE else ""
        yield Breach(opposite, title, f"{_ONE_WAY} {declare}".rstrip(), [shown(key) for key in lost])
    if got:
        title = f"after {capability}, it leaves {counted(len(got), 'record')} more in {after.capability}"
        yield Breach(opposite, title, _ONE_WAY, [shown(key) for key in got])


def _held(walk: Walk) -> Counter[Key]:
    """What is in a list of access, how many times; what an application says is removed is none."""
    return Counter(walk.key_of(each) for each in walk.records if each.get("status") not in _REMOVED)
