"""**increments**: what a cursor of ``list_updated_accounts`` leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import MISLEADING, Walk, code_of, error_of, error_text, shown
from connector_contract.fill_in import is_filled_in
from connector_contract.reporting.messages import counted

UPDATES = "list_updated_accounts"
UNKNOWN_CURSOR = "no-such-cursor"
_WRITES = ("update_account", "deactivate_account", "activate_account", "create_account")


def observed_write(capabilities: Sequence[str], requests: Mapping[str, Any]) -> str | None:
    """The write whose effect ``list_updated_accounts`` is asked for; ``None`` if there is none.

    One is enough: a connector that misses one kind of change is right. "Different connectors may define
    'updates' differently based on their capabilities".

    Args:
        capabilities: The connector's.
        requests: The author's examples of writes.
    """
    if UPDATES not in capabilities:
        return None
    known = (name for name in _WRITES if name in capabilities and name in requests)
    return next((name for name in known if is_filled_in(requests[name])), None)


def cursor_of(walk: Walk) -> str | None:
    """The last cursor that a walk was given; ``None`` if it was given none."""
    cursors = (_payload(page).get("cursor") for page in reversed(walk.pages))
    return next((str(each) for each in cursors if each), None)


def with_cursor(request: Json, cursor: str, recorded: Json | None = None) -> Json:
    """A request that goes on from a cursor, which takes precedence over ``since``.

    Args:
        request: The author's example.
        cursor: The cursor.
        recorded: The same request as it is recorded, if it is. A cursor may be the time of day, which is
            another in each replay.
    """
    cursor = (recorded or {}).get("cursor") or cursor
    return {**{name: value for name, value in request.items() if name != "since"}, "cursor": cursor}


def without_start(request: Json) -> Json:
    """A request for all there is: without a time to begin at, and without a cursor."""
    return {name: value for name, value in request.items() if name not in ("since", "cursor")}


def repeat_breach(first: Walk, again: Walk, wide: Walk | None = None) -> Iterator[Breach]:
    """Accounts that come again, unchanged, or an error, for a cursor that was handed out.

    Args:
        first: The walk that handed it out.
        again: The walk that started from it.
        wide: An earlier walk for all there is, of which a late ``since`` keeps ``first`` from having much.

    Source: the schema ``Delta`` of the SDK's specification: "Include the ``cursor`` from the previous
    response to receive only the changes (additions, updates, deletions) that occurred since that point."
    """
    if again.failure is not None:
        title = f"with the cursor that it gave, {again.failure.title}"
        yield Breach(UPDATES, title, "Lumos has to read all accounts each time.")
        return
    # An account that has changed meanwhile, as far as anybody sees, comes again with reason.
    before = {each.key_of(record): record for each in (wide, first) if each for record in each.records}
    repeated = [
        shown(again.key_of(record)) for record in again.records if before.get(again.key_of(record)) == record
    ]
    if repeated:
        title = f"with the cursor that it gave, it gives {counted(len(repeated), 'account')} again, unchanged"
        yield Breach(UPDATES, title, "Lumos takes them to have changed, each time it asks.", repeated)


def unproven(first: Walk, wide: Walk | None) -> str | None:
    """Why a walk from a cursor says nothing: whoever does not look at the cursor gives no accounts either.

    Args:
        first: The walk that handed it out.
        wide: The walk for all there is; ``None`` if that is ``first``. If it fails, the cursor was looked at.
    """
    if wide is None:
        return None if first.records else f"{UPDATES} has no records"
    if wide.failure is None and not wide.records:
        return f"{UPDATES} has no records without a time, so nothing shows that it looks at its cursor"
    return None


def unknown_cursor_breach(first: Walk, response: Json) -> Iterator[Breach]:
    """A cursor that nobody has handed out, taken for one after which nothing has changed.

    Args:
        first: A walk without a cursor.
        response: The first page for a cursor that was never handed out.

    Source: the schema ``ListUpdatedAccounts`` of the SDK's specification: "**Invalid Cursor**: May return an
    error or fall back to full data fetch".
    """
    code = code_of(response)
    if code in MISLEADING:
        title = f"a cursor that was never handed out gave {error_text(error_of(response) or {})}"
        consequence = "On this code, Lumos tries again, or asks for credentials. It should start over."
        yield Breach(UPDATES, title, consequence)
    if code is not None:
        return
    one = first.records_of(response)
    goes_on = bool((response.get("page") or {}).get("token"))
    lost = set(first.keys) - {first.key_of(record) for record in one}
    # What comes in pages may have them on the next one.
    if lost and not (one and goes_on):
        title = f"a cursor that was never handed out gave a success without {counted(len(lost), 'account')}"
        consequence = "Lumos believes that they have not changed, and never learns of it."
        yield Breach(UPDATES, title, consequence, [shown(key) for key in sorted(lost)])


def unseen_breach(capability: str, account_id: object, updates: Walk) -> Iterator[Breach]:
    """A write that does not show in what has changed since the cursor before it.

    Args:
        capability: The write.
        account_id: The account that was written.
        updates: The walk from that cursor, after the write.

    Source: the operation ``list_updated_accounts`` of the SDK's specification: "Retrieve accounts that have
    been updated since a specified point in time."
    """
    if updates.failure is not None:
        title = f"with a cursor from before {capability}, {updates.failure.title}"
        yield Breach(UPDATES, title, "Lumos has to read all accounts each time.")
    elif updates.is_whole and (str(account_id),) not in updates.keys:
        title = f"after {capability}, {account_id!r} is not among the accounts that have changed"
        consequence = "Lumos goes on with what it knew of the account: an old status, an old e-mail."
        yield Breach(UPDATES, title, consequence, [shown(key) for key in updates.keys])


def _payload(page: Json) -> Json:
    payload = page.get("response")
    return payload if isinstance(payload, Mapping) else {}
