"""The envelope that Lumos sends: as the connector is configured, or as a stored call asked."""

from __future__ import annotations

from typing import Any

from connector_contract.config import ConnectorUnderTest
from connector_contract.recording.call import Call
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.made_up import made_up_secrets
from connector_contract.storage.snapshot_format import encoded


def configured(connector: ConnectorUnderTest) -> dict[str, Any]:
    """The parts of an envelope that the connector under test is configured with."""
    parts = {"auth": connector.auth, "credentials": connector.credentials, "settings": connector.settings}
    return {name: part for name, part in parts.items() if part is not None}


def envelope_of(call: Call, connector: ConnectorUnderTest, secrets: Secrets) -> dict[str, Any]:
    """What a stored call asked, to be sent again.

    Secrets that the connector is configured with are what they are now. Others, which a call brought with it,
    are made up: of the same form where the connector has one of their kind.

    Args:
        call: The call.
        connector: The connector under test.
        secrets: Takes in the secrets of the envelope.
    """
    secrets.add(connector.auth, connector.credentials)
    for name, value in made_up_secrets(call.asked, secrets.names).items():
        secrets.name(name, value)
    asked = encoded(secrets.redactor().restored_json(call.asked))
    if "rate_limit" in asked:
        # Its counters are not stored: the connector starts from what it is configured with.
        asked["rate_limit"] = {k: v for k, v in asked["rate_limit"].items() if k != "last_known_state"}
    parts = {"request": {}, **configured(connector)}
    if "auth" in asked or "credentials" in asked:
        # Lumos sends one of them.
        parts.pop("auth", None)
        parts.pop("credentials", None)
    return {**parts, **asked}
