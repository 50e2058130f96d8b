"""**writes**: what a write has changed that nobody asked it to change."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import NAMES, Key, same_text, shown
from connector_contract.contract.rules.written import ACCOUNTS, ASSOCIATIONS, ObservedWrite, changed
from connector_contract.reporting.messages import counted

_UNASKED = "It changes access that nobody asked to change."


def others_breach(written: ObservedWrite, name: str, meant: set[Key]) -> Iterator[Breach]:
    """Records of a list that have changed, but for those that were meant."""
    other = [key for key in changed(written.before[name], written.after[name]) if key not in meant]
    if other:
        title = f"it changed {counted(len(other), 'other record')} of {name}"
        yield Breach(written.capability, title, _UNASKED, [shown(key) for key in other])


def access_breach(written: ObservedWrite) -> Iterator[Breach]:
    """What accounts may do, where another account was written; what is its own may go with it."""
    before, after = written.before[ASSOCIATIONS], written.after[ASSOCIATIONS]
    own = {key for key in (*before.keys, *after.keys) if key[0] == str(written.account_id)}
    yield from others_breach(written, ASSOCIATIONS, own)


def statuses_breach(written: ObservedWrite, meant: Collection[Key] = ()) -> Iterator[Breach]:
    """Who is active, where access was written, but for the accounts that were meant."""
    before, after = (
        {lists[ACCOUNTS].key_of(each): each.get("user_status") for each in lists[ACCOUNTS].records}
        for lists in (written.before, written.after)
    )
    keys = before.keys() | after.keys() if written.are_whole(ACCOUNTS) else before.keys() & after.keys()
    other = [
        f"{shown(key)}: {before.get(key)} before, {after.get(key)} after"
        for key in sorted(keys.difference(meant))
        if before.get(key) != after.get(key)
    ]
    if other:
        yield Breach(written.capability, "it changed who is active", _UNASKED, other)


def own_breach(written: ObservedWrite) -> Iterator[Breach]:
    """What else of the account that was written is not as it was: who it is, and for an update its status."""
    before, after = written.account(written.before), written.account(written.after)
    if before is None or after is None:
        return
    lost = [
        f"{name}: {before.get(name)!r} before, {after.get(name)!r} after"
        for name in _kept(written)
        if before.get(name) and not _is_right(written, before[name], after.get(name))
    ]
    if lost:
        title = f"it changed more of {str(written.account_id)!r} than it was asked to"
        yield Breach(written.capability, title, _UNASKED, lost)


def _kept(written: ObservedWrite) -> Iterator[str]:
    """The fields that nobody asked to be changed."""
    yield from (name for name in NAMES if not written.request.get(name))
    if written.capability == "update_account" and not any(map(_about_status, written.request)):
        yield "user_status"


def _about_status(name: str) -> bool:
    return "status" in name or "active" in name


def _is_right(written: ObservedWrite, before: object, after: object) -> bool:
    """Whether such a field is as before, or made from what was asked for, as a user name from an e-mail."""
    text = str(after or "").casefold()
    asked = [
        value.casefold()
        for name, value in written.request.items()
        if name in NAMES and isinstance(value, str) and value
    ]
    return same_text(before, after) or (bool(text) and any(text in value or value in text for value in asked))
