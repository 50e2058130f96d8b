"""**references**: who did something, and to whom, is an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Walk, same_text
from connector_contract.reporting.messages import counted

ACTING = ("list_activity_records", "list_applications_activity_records")
"""The lists of what accounts have done."""

_IDS = {"list_accounts": "integration_specific_id", "list_non_human_accounts": "id"}
"""The lists of accounts, and the field of an account's id in each."""
_OTHERS = ("email", "username", "resource_id")
"""Fields by which an account is known as well, and which are not its id."""


def actor_lists(capability: str) -> list[str]:
    """The lists that have the accounts in the records of a list."""
    return list(_IDS) if capability in ACTING else []


def actor_breach(walk: Walk, lists: Mapping[str, Walk]) -> Iterator[Breach]:
    """Accounts that a record names by another field than their id.

    Args:
        walk: The list of what accounts have done.
        lists: Those of the lists of accounts that the connector has.

    Source: the schemas ``ActivityRecordActor`` ("Account ID of the actor") and ``ActivityRecordTarget``
    ("Account ID of the target").
    """
    known_as: dict[str, str] = {}
    for name, field in _IDS.items():
        for account in lists[name].records if name in lists else ():
            for other in _OTHERS:
                value, id_ = str(account.get(other) or ""), account.get(field)
                if value and not same_text(value, id_):
                    known_as.setdefault(value.casefold(), f"the {other} of {id_!r} in {name}")
    # On other pages, it may be an id all the same.
    wrong = [id_ for id_ in _unlisted(walk, lists) if id_.casefold() in known_as] if _are_whole(lists) else []
    if wrong:
        title = f"{counted(len(wrong), 'value')} of account_id {_are(wrong)} another field of an account"
        lines = [f"{id_!r}: {known_as[id_.casefold()]}" for id_ in wrong]
        yield Breach(walk.capability, title, "Lumos does not find whose activity it is.", lines)


def actor_remarks(walk: Walk, lists: Mapping[str, Walk]) -> Iterator[str]:
    """Accounts that no list has: they may be gone by now, or never have been the application's own.

    Args:
        walk: The list of what accounts have done.
        lists: Those of the lists of accounts that the connector has.
    """
    unlisted = _unlisted(walk, lists)
    # Without a list of people, or with a part of it, nobody knows.
    if unlisted and "list_accounts" in lists and _are_whole(lists) and not list(actor_breach(walk, lists)):
        those = [name for name in _IDS if name in lists]
        none = ", and of no other," if len(unlisted) == len(_accounts(walk)) else ""
        yield (
            f"{walk.capability} has records of {counted(len(unlisted), 'account')}{none} that "
            f"{' and '.join(those)} {'do' if len(those) > 1 else 'does'} not have, such as {unlisted[0]!r}. "
            'They may be gone by now; ActivityRecordActor.account_id says: "Account ID of the actor".'
        )


def unknown_actors(walk: Walk, lists: Mapping[str, Walk]) -> int:
    """How many accounts may be outside of the sample of a list."""
    return 0 if _are_whole(lists) else len(_unlisted(walk, lists))


def _unlisted(walk: Walk, lists: Mapping[str, Walk]) -> list[str]:
    ids = {
        str(each.get(field)) for name, field in _IDS.items() if name in lists for each in lists[name].records
    }
    return [id_ for id_ in _accounts(walk) if id_ not in ids]


def _accounts(walk: Walk) -> list[str]:
    """The accounts in the records of what was done, each once."""
    parts = [part for record in walk.records for part in _parts(record)] if walk.capability in ACTING else []
    return [str(id_) for id_ in dict.fromkeys(part.get("account_id") for part in parts) if id_ is not None]


def _parts(record: Json) -> list[Json]:
    parts = [record.get("actor"), *(record.get("targets") or ())]
    return [part for part in parts if isinstance(part, Mapping)]


def _are_whole(lists: Mapping[str, Walk]) -> bool:
    return all(lists[name].is_whole for name in _IDS if name in lists)


def _are(values: list[str]) -> str:
    return "is" if len(values) == 1 else "are"
