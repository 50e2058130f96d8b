"""**writes**: whether the author's example of a write can show anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connector_contract.config import Json
from connector_contract.contract.rules.responses import NAMES, Walk, shown
from connector_contract.contract.rules.written import (
    ACCOUNTS,
    ASSOCIATIONS,
    account_in,
    as_asked,
    asked_for,
    association,
)

_Check = Callable[[Json, Walk], str | None]


def pointless(capability: str, request: Json, before: Mapping[str, Walk]) -> str | None:
    """Why an example shows nothing, if what it asks for is so before; ``None`` if it does show something."""
    name, check = _BEFORE.get(capability, ("", None))
    return None if check is None or name not in before else check(request, before[name])


def _account_that(shows_nothing: Callable[[Json, Json], str | None]) -> _Check:
    def check(request: Json, accounts: Walk) -> str | None:
        id_ = asked_for(request)
        account = account_in(accounts, id_)
        if account is None and not accounts.is_whole:
            return None
        why = f"not in {ACCOUNTS}" if account is None else shows_nothing(request, account)
        return why and f"the account {id_!r} is {why} before"

    return check


def _active(_: Json, account: Json) -> str | None:
    return "ACTIVE" if account.get("user_status") == "ACTIVE" else None


def _not_active(_: Json, account: Json) -> str | None:
    return None if account.get("user_status") in ("ACTIVE", None) else "not ACTIVE"


def _as_it_asks(request: Json, account: Json) -> str | None:
    asked = [name for name in NAMES if request.get(name)]
    return "as it asks for" if asked and all(as_asked(request, account, name) for name in asked) else None


def _assigned_before(request: Json, associations: Walk) -> str | None:
    key = association(request)
    return f"{shown(key)} is assigned before" if key in associations.keys else None


def _not_assigned_before(request: Json, associations: Walk) -> str | None:
    key = association(request)
    if key in associations.keys or not associations.is_whole:
        return None
    return f"{shown(key)} is not assigned before"


_BEFORE: dict[str, tuple[str, _Check]] = {
    "update_account": (ACCOUNTS, _account_that(_as_it_asks)),
    "activate_account": (ACCOUNTS, _account_that(_active)),
    "deactivate_account": (ACCOUNTS, _account_that(_not_active)),
    "delete_account": (ACCOUNTS, _account_that(lambda *_: None)),
    "assign_entitlement": (ASSOCIATIONS, _assigned_before),
    "unassign_entitlement": (ASSOCIATIONS, _not_assigned_before),
}
"""For each write, the list that shows whether its example changes anything, and what must not be so."""
