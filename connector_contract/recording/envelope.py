"""The envelope that Lumos sends: as the connector is configured, or as a stored call asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector_sdk_types.generated import AuthCredential
from pydantic import BaseModel, ValidationError

from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import UsageError
from connector_contract.recording.call import Call
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.made_up import made_up_secrets
from connector_contract.storage.snapshot_format import encoded


def configured(connector: ConnectorUnderTest) -> dict[str, Any]:
    """The parts of an envelope that the connector under test is configured with."""
    parts = {"auth": connector.auth, "credentials": connector.credentials, "settings": connector.settings}
    return {name: part for name, part in parts.items() if part is not None}


def check_configured(connector: ConnectorUnderTest) -> None:
    """Refuse credentials and settings that the SDK would refuse, before a connector is asked with them.

    Raises:
        UsageError: A part is not as the SDK's models, or the connector's own, have it.
    """
    models: list[tuple[str, Any, Any]] = [
        ("auth", AuthCredential, connector.auth),
        *(("credentials", AuthCredential, each) for each in connector.credentials or ()),
    ]
    settings = getattr(connector.integration, "settings_model", None)
    if settings is not None:
        models.append(("settings", settings, connector.settings))
    for name, model, value in models:
        try:
            if value is not None:
                model.model_validate(value)
        except ValidationError as error:
            raise _unfit(name, model, value, error) from None


def _unfit(name: str, model: type[BaseModel], value: object, error: ValidationError) -> UsageError:
    problems = [
        f"{'.'.join(map(str, each['loc'])) or name}: {each['msg']}"
        for each in error.errors(include_url=False, include_input=False)
    ]
    given = ", ".join(map(str, value)) if isinstance(value, Mapping) else type(value).__name__
    return UsageError(
        f"ConnectorUnderTest({name}=...) is not what the connector takes: {problems[0]}.",
        details=[*problems[1:], f"given: {given or 'nothing'}"],
        remedy=f"Give what {model.__name__} needs: the SDK refuses all else before it asks the connector.",
    )


def envelope_of(call: Call, connector: ConnectorUnderTest, secrets: Secrets) -> dict[str, Any]:
    """What a stored call asked, to be sent again.

    Secrets that the connector is configured with are what they are now. Others, which a call brought with it,
    are made up: of the same form where the connector has one of their kind.

    Args:
        call: The call.
        connector: The connector under test.
        secrets: Takes in the secrets of the envelope.
    """
    secrets.add(connector.auth, connector.credentials, connector.settings)
    users = set(secrets.users.values())
    for name, value in made_up_secrets(call.asked, {**secrets.users, **secrets.names}).items():
        # Several of one place are numbered.
        is_user = name.rpartition("-")[0] in users
        (secrets.name_user if is_user else secrets.name)(name, value)
    asked = encoded(secrets.redactor().restored_json(call.asked))
    if "rate_limit" in asked:
        # Its counters are not stored: the connector starts from what it is configured with.
        asked["rate_limit"] = {k: v for k, v in asked["rate_limit"].items() if k != "last_known_state"}
    parts = {"request": {}, **configured(connector)}
    if "auth" in asked or "credentials" in asked:
        # Lumos sends one of them.
        parts.pop("auth", None)
        parts.pop("credentials", None)
    envelope = {**parts, **asked}
    secrets.add_public(call.capability, envelope["request"], envelope.get("settings"))
    return envelope
