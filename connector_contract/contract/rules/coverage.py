"""**coverage**: a registered capability works at all, and is no stub."""

from __future__ import annotations

from collections.abc import Iterator

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import error_of, error_text, is_not_implemented

_NOT_HTTP = "If it asks in another way than over HTTP, such as LDAP, declare that in not_http."

OF_ACCOUNTS = {
    "find_entitlement_assignments",
    "find_entitlement_associations",
    "get_account",
    "get_account_entitlement_associations",
    "get_application_account",
    "get_credential_last_activity",
    "get_last_activity",
    "get_non_human_account_last_activity",
    "list_accounts",
    "list_activity_records",
    "list_applications_accounts",
    "list_applications_activity_records",
    "list_applications_entitlement_associations",
    "list_credentials",
    "list_non_human_accounts",
    "list_updated_accounts",
}
"""What a connector cannot know of itself. Roles and resources, it may: many applications have a fixed few."""


def coverage_breach(capability: str, response: Json) -> Iterator[Breach]:
    """A registered capability that does not return a success for its own example.

    Source: https://developers.lumos.com/reference/connector-capabilities: Lumos calls what ``info`` lists.
    """
    error = error_of(response)
    if error is None:
        return
    if is_not_implemented(response):
        title = f"it is registered, but not implemented: {error_text(error)}"
        consequence = "Lumos offers it to customers, who get an error. Register only what is implemented."
        yield Breach(capability, title, consequence)
    else:
        title = f"its example gave an error: {error_text(error)}"
        yield Breach(capability, title, "Nothing shows that it works at all.")


def unasked_breach(capability: str, response: Json, within: str | None) -> Iterator[Breach]:
    """A success with accounts, or with nothing at all, without a request to the upstream.

    Args:
        capability: What was called.
        response: Its response, for which it made no request.
        within: The field of the response that has the records; empty if it is a list, ``None`` if neither.

    Source: as for ``coverage_breach``.
    """
    payload = response.get("response")
    records = payload.get(within) if within and isinstance(payload, dict) else payload
    if capability in OF_ACCOUNTS:
        title = "it returns accounts without asking the upstream"
        yield Breach(capability, title, f"Lumos believes that these accounts exist.\n{_NOT_HTTP}")
    elif within is not None and not records:
        title = "it returns an empty list without asking the upstream"
        consequence = "Lumos concludes that there are none. Register only what is implemented."
        yield Breach(capability, title, f"{consequence}\n{_NOT_HTTP}")
