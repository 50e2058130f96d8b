"""**agreement** and **errors**: what is said of one application, or of an account in it, is as listed."""

from __future__ import annotations

from collections.abc import Iterator

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Walk, shown

OF_APPLICATIONS: dict[str, tuple[str, ...]] = {
    "get_application": ("status", "name", "display_name", "sign_on_mode", "assignment_modes"),
    "get_application_account": ("status",),
}
"""For a request about one application: the fields of its record that are as in the list."""

_GONE = {"DELETED", "DEPROVISIONED"}
_BY_CHANCE = "What Lumos sees of an application depends on which capability it calls."


def application_breach(walk: Walk, request: Json, full: Walk) -> Iterator[Breach]:
    """An application, or an account in one, that is not the one that was asked for, or not as it is listed.

    Args:
        walk: The response.
        request: What was asked for.
        full: The list of all.

    Source: the operations ``get_application`` ("Retrieve a single application by its ID") and
    ``get_application_account`` ("Retrieves a single assignment for an account to an application"), whose
    records have the schemas ``Application`` and ``ApplicationAccount`` of the lists.
    """
    asked = str(request.get("application_instance_id"))
    there = {full.key_of(each): each for each in full.records}
    for record in walk.records:
        name, listed = shown(walk.key_of(record)), there.get(walk.key_of(record))
        if str(record.get("application_instance_id", asked)) != asked:
            title = f"it returns {name}, and was asked for the application {asked}"
            yield Breach(walk.capability, title, "Lumos takes the response to be about what it asked for.")
        elif listed is None and full.is_whole:
            title = f"it returns {name}, which {full.capability} does not have"
            yield Breach(walk.capability, title, _BY_CHANCE)
        elif listed and (differences := list(_differences(walk.capability, record, listed))):
            records = [f"{name}: {each}" for each in differences]
            yield Breach(walk.capability, f"it disagrees with {full.capability}", _BY_CHANCE, records)


def assignment_lists(capability: str) -> tuple[str, ...]:
    """The lists that ``not_assigned`` looks at, for what asks for one assignment; empty for all else."""
    if capability != "get_application_account":
        return ()
    return "list_applications_accounts", "list_applications", "list_accounts"


def not_assigned(full: Walk, applications: Walk, accounts: Walk) -> Json | None:
    """A request for an account in an application that it is not assigned to.

    Args:
        full: The accounts of all applications.
        applications: All applications.
        accounts: All accounts.

    Returns:
        ``None`` if each is assigned to each, or if it is not known what is assigned.
    """
    assigned = {(each.get("account_id"), each.get("application_instance_id")) for each in full.records}
    for application in applications.records if full.is_whole else ():
        for account in accounts.records:
            pair = account.get("integration_specific_id"), application.get("id")
            if pair not in assigned and account.get("user_status") not in _GONE:
                return {"account_id": pair[0], "application_instance_id": pair[1]}
    return None


def _differences(capability: str, record: Json, listed: Json) -> Iterator[str]:
    for field in OF_APPLICATIONS[capability]:
        one, other = record.get(field), listed.get(field)
        # A list may leave out what a single application has.
        if one and other and _plain(one) != _plain(other):
            yield f"{field} {one!r}, listed as {other!r}"


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, list) else value
