"""**writes**: nobody is created with an entitlement that does not exist, as if it did."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.effects import caught_errors, names_id
from connector_contract.contract.rules.responses import (
    MISLEADING,
    Walk,
    code_of,
    error_of,
    error_text,
    shown,
)
from connector_contract.contract.rules.written import NOT_DONE, account_in, not_granted, payload_of
from connector_contract.safety.identifiers import accounts_named, names

CREATE = "create_account"

_ID = "integration_specific_id"
# What a number may be that a database has in 32 bits.
_DIGITS = 9


def unknown_entitlement(example: Json | None) -> tuple[str, dict[str, Any]] | None:
    """A request for an account with an entitlement that does not exist, and that entitlement's id.

    Args:
        example: The author's, for an account with entitlements that do.

    Returns:
        Both; ``None`` if the example has no entitlement.
    """
    entitlements = (example or {}).get("entitlements")
    if not isinstance(entitlements, list) or not entitlements:
        return None
    first = entitlements[0]
    if not isinstance(first, Mapping) or not first.get(_ID):
        return None
    id_ = unlike(str(first[_ID]))
    return id_, {**(example or {}), "entitlements": [{**first, _ID: id_}, *entitlements[1:]]}


def unlike(id_: str) -> str:
    """An id that nothing has, in the form of one that something has: an upstream can read both, or neither.

    Digits become nines, of a number at least six. What has no digit in it gets a word more.
    """
    nines = re.sub("[0-8]", "9", id_)
    if id_.isdigit() and len(id_) <= _DIGITS:
        return nines.rjust(6, "9") if nines.rjust(6, "9") != id_ else nines[:-1] + "8"
    if id_.isdigit():
        # It may be the largest that a field can have.
        half = len(id_) // 2
        return id_[:half] + nines[half:] if nines[half:] != id_[half:] else f"{id_[:-1]}8"
    return nines if nines != id_ else f"{id_}-unknown"


def unknown_entitlement_breach(
    id_: str, request: Json, response: Json, associations: Walk | None
) -> Iterator[Breach]:
    """What is wrong with the creation of an account with an entitlement that does not exist.

    A success may say in its execution summary which errors it has caught: the account is there by then. If
    they name that entitlement, they name each other one that the account was not given.

    Args:
        id_: The entitlement that does not exist.
        request: What was asked.
        response: What it answered.
        associations: Who has what after a success; ``None`` if nobody knows.

    Source: the schema ``CreateAccount.entitlements``: "List of _required_ entitlements that must be set when
    an account is created"; ``ExecutionSummary.caught_errors``.
    """
    asked = f"an account with the entitlement {id_!r}, which does not exist,"
    code = code_of(response)
    if code is not None:
        if code in MISLEADING:
            details = [error_text(error_of(response) or {})]
            yield Breach(
                CREATE, f"{asked} gave {code}", "Lumos tries again, or asks for credentials.", details
            )
        return
    account = str(payload_of(response).get("id"))
    keys = [] if associations is None else associations.keys
    if any(key[:2] == (account, id_) for key in keys):
        title = f"{asked} gave a success, and the account {account!r} has it when read back"
        yield Breach(CREATE, title, NOT_DONE)
    elif not (errors := caught_errors(response)):
        title = f"{asked} gave a success"
        consequence = (
            "Lumos believes that the account has what it needs. Return an error; or, if the account is there "
            "by then, name what failed in caught_errors of the execution summary."
        )
        yield Breach(CREATE, title, consequence, [f"the account {account!r} is created without it"])
    elif any(names_id(error, id_) for error in errors):
        yield from _others_breach(asked, account, request, errors, associations)


def _others_breach(
    asked: str, account: str, request: Json, errors: list[Json], associations: Walk | None
) -> Iterator[Breach]:
    """The other entitlements that the account lacks, and that no error names."""
    if associations is None or not associations.is_whole:
        return
    missing = [
        key
        for key in not_granted(account, request, associations)
        if not any(names_id(error, key[1]) for error in errors)
    ]
    if missing:
        title = f"{asked} lacks another one, too, of which no error is in caught_errors"
        consequence = (
            "Lumos believes that the account has it. Go on with the next entitlement after one that fails, "
            "or name each that was not given in caught_errors of the execution summary."
        )
        yield Breach(CREATE, title, consequence, [shown(key) for key in missing])


def already_there(request: Json, accounts: Walk) -> str | None:
    """The e-mail or user name of a request that an account has already, so that nothing can be seen of it."""
    if not accounts_named(request, accounts.records):
        return None
    return names(request)[0][1]


def left_behind(request: Json, response: Json, before: Walk, after: Walk) -> str | None:
    """The account that is there after an error, as a note; ``None`` if none is.

    Args:
        request: What was asked.
        response: What it answered.
        before: The accounts before it.
        after: The accounts after it.
    """
    if code_of(response) is None:
        return None
    new = [id_ for id_ in accounts_named(request, after.records) if account_in(before, id_) is None]
    if not new:
        return None
    return f"{CREATE}: it gave an error, and the account {new[0]!r} is there; Lumos does not know of it"
