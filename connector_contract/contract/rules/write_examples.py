"""**writes**: whether the author's example of a write can show anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connector_contract.config import Json
from connector_contract.contract.rules.application_writes import assigned_before, unassigned_before
from connector_contract.contract.rules.resets import not_listed_before
from connector_contract.contract.rules.responses import NAMES, Walk, shown
from connector_contract.contract.rules.written import (
    ACCOUNTS,
    APPLICATION_ASSOCIATIONS,
    ASSOCIATIONS,
    account_in,
    as_asked,
    asked_for,
    association,
)
from connector_contract.contract.standard_capabilities import STANDARD

_Check = Callable[[Json, Mapping[str, Walk]], str | None]


def pointless(capability: str, request: Json, before: Mapping[str, Walk]) -> str | None:
    """Why an example shows nothing, if what it asks for is so before; ``None`` if it does show something."""
    check = _BEFORE.get(capability)
    if check is None or STANDARD[capability].read_back[0] not in before:
        return None
    return check(request, before)


def _account_that(
    shows_nothing: Callable[[Json, Json], str | None], *, may_be_unlisted: bool = False
) -> _Check:
    def check(request: Json, before: Mapping[str, Walk]) -> str | None:
        accounts, id_ = before[ACCOUNTS], asked_for(request)
        account = account_in(accounts, id_)
        if account is None and (may_be_unlisted or not accounts.is_whole):
            return None
        why = f"not in {ACCOUNTS}" if account is None else shows_nothing(request, account)
        return why and f"the account {id_!r} is {why} before"

    return check


def _active(_: Json, account: Json) -> str | None:
    return "ACTIVE" if account.get("user_status") == "ACTIVE" else None


def _not_active(_: Json, account: Json) -> str | None:
    # An account that was invited can be deactivated, too.
    return None if account.get("user_status") in ("ACTIVE", "PENDING", None) else "not ACTIVE"


def _as_it_asks(request: Json, account: Json) -> str | None:
    asked = [name for name in NAMES if request.get(name)]
    return "as it asks for" if asked and all(as_asked(request, account, name) for name in asked) else None


def _assigned_before(request: Json, before: Mapping[str, Walk]) -> str | None:
    key = association(request)
    return f"{shown(key)} is assigned before" if key in _associations(before).keys else None


def _not_assigned_before(request: Json, before: Mapping[str, Walk]) -> str | None:
    key, associations = association(request), _associations(before)
    if key in associations.keys or not associations.is_whole:
        return None
    return f"{shown(key)} is not assigned before"


def _associations(before: Mapping[str, Walk]) -> Walk:
    return next(before[name] for name in (ASSOCIATIONS, APPLICATION_ASSOCIATIONS) if name in before)


_BEFORE: dict[str, _Check] = {
    "update_account": _account_that(_as_it_asks),
    # Some lists have an account only once it is active.
    "activate_account": _account_that(_active, may_be_unlisted=True),
    "deactivate_account": _account_that(_not_active),
    "delete_account": _account_that(lambda *_: None),
    "assign_entitlement": _assigned_before,
    "unassign_entitlement": _not_assigned_before,
    "downgrade_license": not_listed_before,
    "release_resources": not_listed_before,
    "transfer_data": not_listed_before,
    "assign_application": assigned_before,
    "unassign_application": unassigned_before,
    "assign_application_entitlement": _assigned_before,
    "unassign_application_entitlement": _not_assigned_before,
}
"""For each write, what must not be so before; it is looked up where the write is read back first."""
