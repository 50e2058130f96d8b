"""**credentials**: good ones are valid and name the tenant; bad and missing ones are refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from connector_contract.config import Json
from connector_contract.contract.rules.bodies import texts
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.reports import reports_failure, silent_breach
from connector_contract.contract.rules.responses import code_of, error_of, error_text
from connector_contract.recording.interactions import Interaction
from connector_contract.reporting.excerpts import beginning
from connector_contract.secrets.secret_names import WELL_KNOWN, is_secret_name

WRONG = "wrong-credential"
"""What stands in place of each secret of bad credentials."""

REFUSED = {"unauthorized", "authentication_expired", "creds_revoked"}
"""The codes that say that the credentials are at fault: connector-sdk-types' ``REFRESHABLE_CODES``."""
# The SDK itself answers a request without credentials, and so can the connector's own check.
_MISSING = {*REFUSED, "bad_request", "integration_missing_parameter"}
_OF_RECORDS = {"not_found", "conflict"}
_CANNOT_CONNECT = "No customer can connect."
_MIXED_UP = (
    "Lumos keeps two customers apart by this id; with a wrong one it may write the data of one into another."
)


def good_breach(
    responses: Sequence[Json],
    interactions: Sequence[Interaction],
    settings: Mapping[str, Any],
    tenant_settings: Sequence[str],
) -> Iterator[Breach]:
    """What is wrong with the responses of ``validate_credentials`` to good credentials.

    Args:
        responses: Those to several equal calls.
        interactions: What the connector asked the upstream for them.
        settings: The connector's.
        tenant_settings: The names of those that are marked as what the tenant's id is made from; Lumos locks
            them once a customer is connected.

    Source: ``ValidatedCredentials`` of connector-sdk-types; ``unique_tenant_id`` is "the unique identifier
    for the customer's tenant/organization in the integrated application".
    """
    name = "validate_credentials"
    for response in responses:
        error = error_of(response)
        if error is not None:
            yield Breach(name, f"good credentials gave an error: {error_text(error)}", _CANNOT_CONNECT)
            return
    found = [response.get("response") or {} for response in responses]
    if not all(each.get("valid") is True for each in found):
        yield Breach(name, "good credentials are not valid", _CANNOT_CONNECT)
    tenants = list(dict.fromkeys(str(each.get("unique_tenant_id") or "") for each in found))
    if len(tenants) > 1:
        yield Breach(name, "unique_tenant_id changes from call to call", _MIXED_UP, tenants)
    elif not tenants[0].strip():
        yield Breach(name, "unique_tenant_id is empty", _MIXED_UP)
    elif not _from_upstream(tenants[0], interactions, settings):
        yield from _made_up_breach(name, tenants[0], interactions, settings, tenant_settings)


def _made_up_breach(
    name: str,
    tenant: str,
    interactions: Sequence[Interaction],
    settings: Mapping[str, Any],
    tenant_settings: Sequence[str],
) -> Iterator[Breach]:
    values = dict(_leaves(settings))
    said = {path: value for path, value in values.items() if value.casefold() in tenant.casefold()}
    # Of what is marked, a part will do: the host of a URL, the first label of a host.
    said |= {path: values[path] for path in tenant_settings if _has_word(values.get(path, ""), tenant)}
    marked = [path for path in said if path in tenant_settings]
    wrong = [path for path in marked if not _asked_with(said[path], interactions)]
    if marked and not wrong:
        return
    why = "which no request to the upstream contains" if marked else "which anybody may mistype"
    title = f"unique_tenant_id {tenant!r} is in no response of the upstream"
    made_from = [f"it is made from the setting {path}, {why}" for path in wrong or said]
    yield Breach(name, title, _MIXED_UP, made_from)


def _asked_with(value: str, interactions: Sequence[Interaction]) -> bool:
    asked = (
        unquote(interaction.request.uri) + interaction.request.body.decode("utf-8", "replace")
        for interaction in interactions
    )
    return any(value.casefold() in text.casefold() for text in asked)


def bad_breach(capability: str, response: Json) -> Iterator[Breach]:
    """What is wrong with the response to bad credentials.

    Source: ``ConnectorErrorCode`` and ``REFRESHABLE_CODES`` of connector-sdk-types;
    https://developers.lumos.com/reference/error-handling.
    """
    yield from _refusal_breach(capability, "bad credentials", response, REFUSED)


def missing_breach(capability: str, response: Json) -> Iterator[Breach]:
    """What is wrong with the response to a request without credentials.

    Source: as for bad credentials; the SDK answers ``bad_request`` where the connector is not asked at all.
    """
    yield from _refusal_breach(capability, "a request without credentials", response, _MISSING)


def empty_credentials_breach(capability: str, response: Json) -> Iterator[Breach]:
    """What is wrong with the response to empty credentials.

    Many codes say that well: that a value is invalid, or that one is missing. Those about a record do not.
    """
    code = str(code_of(response))
    codes = REFUSED if code in _OF_RECORDS else {code}
    yield from _refusal_breach(capability, "empty credentials", response, codes)


def _refusal_breach(capability: str, what: str, response: Json, codes: set[str]) -> Iterator[Breach]:
    code = code_of(response)
    if code is None and reports_failure(capability):
        yield from silent_breach(capability, what, response)
    elif code is None:
        payload = response.get("response")
        if isinstance(payload, Mapping) and payload.get("valid") is False:
            title = f"{what} gave a success with valid: false"
            yield Breach(capability, title, "Lumos asks a customer for new credentials only after an error.")
        else:
            consequence = "Lumos believes a success: an empty list takes away everybody's access."
            yield Breach(
                capability, f"{what} gave a success", consequence, [beginning(json.dumps(payload), 200)]
            )
    elif code not in codes:
        title = f"{what} gave {code}, not unauthorized"
        consequence = "Lumos asks for new credentials only if the error says that these are at fault."
        yield Breach(capability, title, consequence, [error_text(error_of(response) or {})])


def with_secret(value: Any, secret: str, secret_names: frozenset[str] = WELL_KNOWN) -> Any:
    """Credentials with each secret in them replaced, and all else as it was.

    Args:
        value: The ``auth`` or ``credentials`` of a request.
        secret: What to replace them with.
        secret_names: Names whose values are secret, normalized; ``token`` is one here as well.
    """
    if isinstance(value, Mapping):
        return {
            name: secret
            if isinstance(item, str) and (is_secret_name(name, secret_names) or name in ("token", "key"))
            else with_secret(item, secret, secret_names)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [with_secret(item, secret, secret_names) for item in value]
    return value


def with_space(value: Any, without_secrets: Any) -> Any:
    """Credentials with white space behind each secret, which they have and ``without_secrets`` has empty."""
    if isinstance(value, Mapping):
        return {name: with_space(item, without_secrets[name]) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [with_space(*pair) for pair in zip(value, without_secrets, strict=True)]
    return f"{value} " if value and without_secrets == "" else value


def _from_upstream(tenant: str, interactions: Sequence[Interaction], settings: Mapping[str, Any]) -> bool:
    """Whether something that the upstream said is the tenant's id, is in it, or has it as a word in it."""
    own = {str(value) for _, value in _leaves(settings)}
    said = {value for interaction in interactions for value in _said(interaction)}
    if tenant in said or any(len(value) > 2 and value in tenant and value not in own for value in said):
        return True
    # A setting that a response quotes, such as the URL in a link, is a setting all the same.
    return not any(value in tenant for value in own) and any(_has_word(value, tenant) for value in said)


def _said(interaction: Interaction) -> Iterator[str]:
    yield from (value for _, value in interaction.response.headers)
    try:
        yield from texts(json.loads(interaction.response.body))
    except ValueError:
        yield interaction.response.body.decode("utf-8", "replace")


def _has_word(text: str, word: str) -> bool:
    return (
        len(word) > 2 and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE) is not None
    )


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, str) and value:
        yield path, value
