"""**writes**: no active account loses what its types require, and nobody gets what cannot be assigned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.cardinality import ENTITLEMENTS, access, active_accounts, limits
from connector_contract.contract.rules.responses import (
    MISLEADING,
    Key,
    Walk,
    code_of,
    error_of,
    error_text,
    shown,
)
from connector_contract.contract.rules.written import ACCOUNTS, ASSOCIATIONS, NOT_DONE, association, changed

ASSIGN, UNASSIGN = "assign_entitlement", "unassign_entitlement"

_MISLED = "Lumos tries again, or asks for credentials."


def unassignment_below_min(info: Json, lists: Mapping[str, Walk]) -> Json | None:
    """A request to take away one of a type of which an active account has no more than the ``min``.

    Args:
        info: The ``response`` of ``info``.
        lists: The lists of entitlements and of associations, and of accounts if the connector has one.

    Returns:
        The request; ``None`` if nobody has just as many of a type as its minimum.

    Source: ``EntitlementType.min``: "If 0: this can be removed from an active account."
    """
    entitlements, associations = lists[ENTITLEMENTS], lists[ASSOCIATIONS]
    if not entitlements.is_whole or not associations.is_whole:
        return None
    who = access(entitlements.records, associations.records)
    for kind in info.get("entitlement_types") or ():
        least = limits(kind, UNASSIGN)[0]
        for account in _accounts(lists) if least else ():
            own = who.of(account, kind["type_id"])
            if len(own) == least and account not in who.unsure:
                # One that cannot be assigned may be refused for that.
                fixed = {_key(each) for each in _unassignable(entitlements.records)}
                return _request(account, min(own - fixed or own), kind)
    return None


def still_held(
    info: Json, request: Json, before: Mapping[str, Walk], after: Mapping[str, Walk]
) -> tuple[int | None, int]:
    """How many of a type an account has after an unassignment, and how many it must have.

    Args:
        info: The ``response`` of ``info``.
        request: What was asked.
        before: The lists before it.
        after: The associations after it, and the accounts if anybody has looked.

    Returns:
        Both numbers; the first is ``None`` if the account is not active any more, or nobody knows.
    """
    account, name = request["account_integration_specific_id"], request["entitlement_type"]
    kind = next(each for each in info["entitlement_types"] if each["type_id"] == name)
    who = access(before[ENTITLEMENTS].records, after[ASSOCIATIONS].records)
    is_active = ACCOUNTS not in after or account in active_accounts(after[ACCOUNTS].records)
    is_known = after[ASSOCIATIONS].is_whole and account not in who.unsure
    has = len(who.of(account, name)) if is_active and is_known else None
    return has, limits(kind, UNASSIGN)[0]


def below_min_breach(
    request: Json, response: Json, before: Walk, after: Walk, has: int | None, least: int
) -> Iterator[Breach]:
    """What is wrong with an unassignment of what an account must have.

    Args:
        request: What was asked.
        response: What it answered.
        before: The associations before it.
        after: The associations after it.
        has: How many of the type the account has afterwards; ``None`` if it is not active any more.
        least: How many it must have.

    Source: the operation ``unassign_entitlement``: "Depends on the constraints (e.g. min, max) of this
    entitlement type."
    """
    account, name = request["account_integration_specific_id"], request["entitlement_type"]
    asked = f"unassigning the last {name}" if least == 1 else f"unassigning one of the last {least} {name}"
    if code_of(response) is not None:
        yield from _error_breach(UNASSIGN, asked, response, before, after)
    elif association(request) in after.keys:
        title = f"{asked} gave a success, and {shown(association(request))} is still read back"
        yield Breach(UNASSIGN, title, "Lumos believes that the access is gone.")
    elif has is not None and has < least:
        title = f"{asked} gave a success: {account} has {has}, and the min is {least}"
        yield Breach(UNASSIGN, title, "Lumos relies on the min that info declares.")


def assignment_of_unassignable(info: Json, lists: Mapping[str, Walk]) -> Json | None:
    """A request to assign what cannot be assigned to an active account that has not got it.

    Args:
        info: The ``response`` of ``info``.
        lists: As for ``unassignment_below_min``.

    Returns:
        The request; ``None`` if all can be assigned, or everybody has it.

    Source: ``FoundEntitlementData.is_assignable``: "Indicates whether this entitlement can be assigned to
    users."
    """
    entitlements, associations = lists[ENTITLEMENTS], lists[ASSOCIATIONS]
    if not associations.is_whole:
        return None
    who = access(entitlements.records, associations.records)
    kinds = {kind.get("type_id"): kind for kind in info.get("entitlement_types") or ()}
    for each in sorted(_unassignable(entitlements.records), key=_key):
        kind = kinds.get(each.get("entitlement_type"))
        for account in _accounts(lists) if kind else ():
            own = who.of(account, str(each["entitlement_type"]))
            most = limits(kind or {}, ASSIGN)[1]
            # Beyond its max, it may be refused for that.
            if account not in who.unsure and _key(each) not in own and (most is None or len(own) < most):
                return _request(account, _key(each), kind or {})
    return None


def unassignable_breach(request: Json, response: Json, before: Walk, after: Walk) -> Iterator[Breach]:
    """What is wrong with an assignment of what cannot be assigned.

    Source: ``AssignedEntitlement.assigned``: "This should only ever be true. If the assignment can't happen
    we expect an error."
    """
    asked = f"assigning {request['entitlement_integration_specific_id']}, which is not assignable,"
    if code_of(response) is not None:
        yield from _error_breach(ASSIGN, asked, response, before, after)
    elif association(request) in after.keys:
        title = f"{asked} gave a success: {request['account_integration_specific_id']} got it"
        yield Breach(ASSIGN, title, "Lumos offers nobody what is_assignable says cannot be assigned.")
    else:
        yield Breach(ASSIGN, f"{asked} gave a success, and changed nothing", NOT_DONE)


def _error_breach(capability: str, asked: str, response: Json, before: Walk, after: Walk) -> Iterator[Breach]:
    if (code := code_of(response)) in MISLEADING:
        yield Breach(capability, f"{asked} gave {code}", _MISLED, [error_text(error_of(response) or {})])
    if keys := changed(before, after):
        title = f"{asked} gave an error, and changed the associations"
        yield Breach(capability, title, NOT_DONE, [shown(key) for key in keys])


def _accounts(lists: Mapping[str, Walk]) -> list[str]:
    """The accounts to choose from: the active ones; without a list of accounts, those that have something."""
    if ACCOUNTS in lists:
        return sorted(active_accounts(lists[ACCOUNTS].records))
    return sorted({str(each.get("account_id")) for each in lists[ASSOCIATIONS].records})


def _unassignable(entitlements: Sequence[Json]) -> list[Json]:
    return [each for each in entitlements if each.get("is_assignable") is False]


def _key(entitlement: Json) -> Key:
    fields = ("integration_specific_id", "integration_specific_resource_id")
    return tuple(str(entitlement.get(name)) for name in fields)


def _request(account: str, entitlement: Key, kind: Json) -> Json:
    return {
        "account_integration_specific_id": account,
        "entitlement_integration_specific_id": entitlement[0],
        "entitlement_type": kind["type_id"],
        "resource_integration_specific_id": entitlement[1],
        "resource_type": kind["resource_type_id"],
    }
