"""**agreement**: what two capabilities say of the same account is the same."""

from __future__ import annotations

from collections.abc import Iterator

from connector_contract.config import Json
from connector_contract.contract.rules.applications import OF_APPLICATIONS, application_breach
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import GONE, NAMES, Walk, same_text, shown
from connector_contract.reporting.messages import counted

_ASKED = {
    "get_account": ("account_id", "integration_specific_id"),
    "get_account_entitlement_associations": ("account_id", "account_id"),
    "get_last_activity": ("account_ids", "account_id"),
    "get_application": ("application_instance_id", "id"),
    "get_application_account": ("account_id", "account_id"),
}
"""For a request about some accounts: the field of the request with their ids, and that of the records."""

FULL_LIST = {
    "get_account": "list_accounts",
    "get_account_entitlement_associations": "find_entitlement_associations",
    "get_last_activity": "list_accounts",
    "list_updated_accounts": "list_accounts",
    "get_application": "list_applications",
    "get_application_account": "list_applications_accounts",
}
"""For each capability that is about some accounts, the one that lists all."""
_ONE = {
    "get_account": ("user_status", {"account_id": "integration_specific_id"}),
    "get_application": ("status", {"application_instance_id": "id"}),
    "get_application_account": (
        "status",
        {"account_id": "account_id", "application_instance_id": "application_instance_id"},
    ),
}
"""For a request for one record: the status of a record, and which of its fields the request has."""
ASKED_FOR_SEVERAL = frozenset(_ONE)
"""Those of them that are asked for some others than the author's example, too."""
_DELETED = {"DELETED", "DEPROVISIONED"}
_BY_CHANCE = "What Lumos sees of an account depends on which capability it calls."


def agreement_breach(walk: Walk, request: Json, full: Walk | None) -> Iterator[Breach]:
    """Where a response is not about the requested accounts, or disagrees with the full list.

    Args:
        walk: The response of a capability that is about some accounts.
        request: What was asked for.
        full: The list of all; ``None`` if the connector has none.

    Source: the models of connector-sdk-types: both are of the same ``FoundAccountData``,
    ``FoundEntitlementAssociation`` and so on, for the ids that were asked for.
    """
    asked = _asked_ids(walk.capability, request)
    if asked is not None:
        yield from _strangers(walk, asked)
    if full is None:
        return
    if walk.capability == "get_account_entitlement_associations":
        yield from _other_access(walk, full, asked or set())
    elif walk.capability in OF_APPLICATIONS:
        yield from application_breach(walk, request, full)
    elif walk.capability == "get_last_activity":
        yield from _unlisted(walk, [str(each.get("account_id")) for each in walk.records], full)
    else:
        yield from _other_accounts(walk, full)


def samples(capability: str, request: Json, full: Walk | None) -> list[Json]:
    """Requests for some others of a list: the first of each status, and the last of all.

    Many applications show an account that is gone only in a list.

    Args:
        capability: It asks for one record.
        request: The author's example.
        full: The list of all; ``None`` if the connector has none.
    """
    if full is None or capability not in _ONE:
        return []
    status, fields = _ONE[capability]
    present = [record for record in full.records if record.get(status) not in _DELETED]
    first: dict[object, Json] = {}
    for record in present:
        first.setdefault(record.get(status), record)
    asked = [
        {asks: str(record.get(has)) for asks, has in fields.items()}
        for record in (*first.values(), *present[-1:])
    ]
    return [{**request, **each} for number, each in enumerate(asked) if each not in asked[:number]]


def _asked_ids(capability: str, request: Json) -> set[str] | None:
    if capability not in _ASKED:
        return None
    ids = request.get(_ASKED[capability][0])
    return set(map(str, ids if isinstance(ids, list) else [ids]))


def _strangers(walk: Walk, asked: set[str]) -> Iterator[Breach]:
    answered = {str(record.get(_ASKED[walk.capability][1])) for record in walk.records}
    if strangers := sorted(answered - asked):
        kind = "application" if walk.capability == "get_application" else "account"
        title = f"it returns {counted(len(strangers), kind)} that it was not asked for"
        consequence = f"Lumos takes the response to be about the {kind} that it asked for."
        yield Breach(walk.capability, title, consequence, strangers)


def _unlisted(walk: Walk, ids: list[str], full: Walk) -> Iterator[Breach]:
    listed = {str(record.get("integration_specific_id")) for record in full.records}
    # Of a sample of the list, nobody knows who else is in it.
    if full.is_whole and (unlisted := sorted(set(ids) - listed)):
        accounts = counted(len(unlisted), "account")
        title = f"it returns {accounts} that {full.capability} does not have"
        yield Breach(walk.capability, title, _BY_CHANCE, unlisted)


def _other_accounts(walk: Walk, full: Walk) -> Iterator[Breach]:
    there = {full.key_of(record): record for record in full.records}
    # An account that is gone may be listed once more, as gone.
    present = [record for record in walk.records if record.get("user_status") not in GONE]
    yield from _unlisted(walk, [str(record.get("integration_specific_id")) for record in present], full)
    differences = [
        f"{shown(walk.key_of(record))}: {difference}"
        for record in walk.records
        for difference in _differences(record, there.get(walk.key_of(record), {}))
    ]
    if differences:
        yield Breach(walk.capability, f"it disagrees with {full.capability}", _BY_CHANCE, differences)


def _differences(record: Json, listed: Json) -> Iterator[str]:
    status, there = record.get("user_status"), listed.get("user_status")
    if there is not None and status != there:
        yield f"user_status {status}, listed as {there}"
    for name in NAMES:
        # A list may leave out what a single account has.
        if record.get(name) and listed.get(name) and not same_text(record[name], listed[name]):
            yield f"{name} {record[name]!r}, listed as {listed[name]!r}"


def _other_access(walk: Walk, full: Walk, asked: set[str]) -> Iterator[Breach]:
    told, listed = set(walk.keys), {key for key in full.keys if key[0] in asked}
    differences = [
        *(f"{shown(key)}: only in {full.capability}" for key in sorted(listed - told)),
        *(
            f"{shown(key)}: only in {walk.capability}"
            for key in sorted(told - listed)
            if key[0] in asked and full.is_whole
        ),
    ]
    if differences:
        yield Breach(walk.capability, f"it disagrees with {full.capability}", _BY_CHANCE, differences)
