"""**writes**: creating an account that is there already, under another name, changes nothing silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.declared_less import ADOPTED, may_declare
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.effects import caught_errors, effect_of
from connector_contract.contract.rules.responses import (
    MISLEADING,
    Walk,
    code_of,
    error_of,
    error_text,
    lasting,
    shown,
)
from connector_contract.contract.rules.written import ACCOUNTS, ASSOCIATIONS, NOT_DONE, account_in, payload_of
from connector_contract.safety.identifiers import accounts_named, names

CREATE = "create_account"

_ID = "integration_specific_id"
_MISLED = "Lumos tries again, or asks for credentials."


def existing_account(example: Json | None, accounts: Walk) -> Json | None:
    """A request for an account with the e-mail, or the user name, of one that is listed.

    Args:
        example: The author's. All else in it stays as it is, such as the display name.
        accounts: The accounts that there are.

    Returns:
        The request; ``None`` if no account has what the example names one by.
    """
    for each in accounts.records:
        own = {name: each.get(name.replace("user_name", "username")) for name, _ in names(example or {})}
        known: dict[str, Any] = {name: value for name, value in own.items() if value}
        request = {**(example or {}), **known}
        if known and each.get(_ID) and accounts_named(known, accounts.records) == [str(each[_ID])]:
            return request
    return None


def existing_breach(
    request: Json,
    response: Json,
    before: Mapping[str, Walk],
    after: Mapping[str, Walk],
    choice: str | None = None,
) -> Iterator[Breach]:
    """What is wrong with the creation of an account whose e-mail or user name another one has.

    An application may have two of the same; then the first is as it was.

    Args:
        request: What was asked.
        response: What it answered.
        before: The accounts before it, and the associations if there is such a list.
        after: The same after it.
        choice: What the author declares, where right connectors differ.

    Source: the operation ``create_account``: "This operation creates a new user account"; the schema
    ``ExecutionSummary.effect``: "The actual effect that occurred in the target system".
    """
    id_ = next(iter(accounts_named(request, before[ACCOUNTS].records)), None)
    asked = f"a creation with the {names(request)[0][0]} of the account {id_!r}, under another name,"
    code, changes = code_of(response), list(_changes(str(id_), before, after))
    if code in MISLEADING:
        shown_error = [error_text(error_of(response) or {})]
        yield Breach(CREATE, f"{asked} gave {code}", _MISLED, shown_error)
    if changes and effect_of(response) != "updated":
        what = "a success" if code is None else "an error"
        yield Breach(CREATE, f"{asked} gave {what}, and changed that account", NOT_DONE, changes)
    elif code is None and payload_of(response).get("id") == id_ and not _is_told(response, choice):
        title = f"{asked} gave a success, with the id of that account"
        consequence = (
            "Lumos believes that there is a new account, with what it asked for. Return an error; or say in "
            "the execution summary that the effect was noop, or which error was caught. "
            + may_declare("existing_account", CREATE, ADOPTED)
        )
        yield Breach(CREATE, title, consequence)


def _is_told(response: Json, choice: str | None) -> bool:
    """Whether a success says that nothing was created, or the author declares that it need not."""
    said = payload_of(response).get("created") is False or bool(caught_errors(response))
    return said or effect_of(response) in ("noop", "updated") or choice == ADOPTED


def _changes(id_: str, before: Mapping[str, Walk], after: Mapping[str, Walk]) -> Iterator[str]:
    """What is no more as it was of an account, and of its access."""
    was, now = (account_in(lists[ACCOUNTS], id_) for lists in (before, after))
    if was is not None and (now is not None or after[ACCOUNTS].is_whole):
        one, other = lasting(was), lasting(now or {})
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                yield f"{name}: {one.get(name)!r} before, {other.get(name)!r} after"
    if ASSOCIATIONS in before and before[ASSOCIATIONS].is_whole and after[ASSOCIATIONS].is_whole:
        held, holds = (
            {key for key in lists[ASSOCIATIONS].keys if key[0] == id_} for lists in (before, after)
        )
        yield from (f"lost: {shown(key)}" for key in sorted(held - holds))
        yield from (f"got: {shown(key)}" for key in sorted(holds - held))
