"""Examples of what an integration takes: requests, credentials and settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.oai.integration import Integration
from connector_sdk_types.oai.modules.credentials_module_types import AUTH_TYPE_MAP
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from connector_contract.contract.capabilities import Capability
from connector_contract.scaffold.examples import choice, description_of, required, short, value_example
from connector_contract.scaffold.python_source import Call

_SIGNS = {"jwt", "key_pair", "service_account"}


@dataclass(frozen=True)
class Credentials:
    """The credentials that Lumos would send.

    Attributes:
        argument: ``auth`` or ``credentials``, whichever the connector takes; empty if it takes none.
        value: An example, to be written as Python.
        signs: Whether a key is among them that has to have the right form, for a replay, too.
        left_out: The ids of those that are for another combination.
    """

    argument: str = ""
    value: Any = None
    signs: bool = False
    left_out: tuple[str, ...] = ()


def example(capability: Capability, integration: Integration) -> Any:
    """An example of a capability's request, to be written as Python; ``None`` if it needs none."""
    value = value_example(capability.payload, f"the request of {capability.name}")
    types = integration.entitlement_types
    declared = {
        "entitlement_type": [each.type_id for each in types],
        "resource_type": list(dict.fromkeys(each.resource_type_id for each in types)),
    }
    _choose(value, declared)
    if value or not capability.standard:
        # Of a custom capability nobody knows what it needs.
        return value
    return _something_to_write(capability) if capability.writes else None


def _something_to_write(capability: Capability) -> Call:
    fields = ", ".join(capability.fields or ())
    hint = short(f"an object with any of: {fields}") if fields else "an object"
    return Call("fill_in", (f"what {capability.name} is to write ({hint})",))


def _choose(value: Any, declared: Mapping[str, list[str]]) -> None:
    if isinstance(value, list):
        for item in value:
            _choose(item, declared)
    elif isinstance(value, dict):
        for name, item in value.items():
            if declared.get(name):
                value[name] = choice(declared[name], str, name.replace("_", " "))
            else:
                _choose(item, declared)


def settings(integration: Integration) -> dict[str, Any]:
    """An example of the settings that have no default.

    Args:
        integration: The integration.

    Returns:
        The example, to be written as Python.
    """
    fields = required(integration.settings_model)
    return {key: value_example(field.annotation, _setting(key, field)) for key, field in fields.items()}


def url_settings(integration: Integration) -> list[str]:
    """The names of the settings that say where the application is."""
    return [key for key in integration.settings_model.model_fields if _is_url(key)]


def credentials(integration: Integration) -> Credentials:
    """An example of the credentials, their secrets read from the environment.

    Args:
        integration: The integration.

    Returns:
        The credentials; of several combinations that the connector allows, the first.
    """
    app = integration.app_id
    if integration.credentials:
        chosen = _first_combination(integration)
        configs = {config.id: config for config in integration.credentials}
        value = [
            {"id": id_, **_payload(configs[id_].type.value, AUTH_TYPE_MAP[configs[id_].type], app, id_)}
            for id_ in chosen
        ]
        left_out = tuple(id_ for id_ in configs if id_ not in chosen)
        return Credentials("credentials", value, any(_SIGNS & item.keys() for item in value), left_out)
    if integration.auth is None:
        return Credentials()
    kinds = [kind.value for kind, model in AUTH_TYPE_MAP.items() if issubclass(integration.auth, model)]
    if not kinds:
        return Credentials("auth", Call("fill_in", ("the credential that the connector takes, as JSON",)))
    return Credentials("auth", _payload(kinds[0], integration.auth, app), kinds[0] in _SIGNS)


def words(text: str) -> list[str]:
    """The parts of a name that an identifier may have, in small letters."""
    return re.findall(r"[a-z0-9]+", text.lower())


def _first_combination(integration: Integration) -> list[str]:
    declared = [config.id for config in integration.credentials]
    allowed = getattr(integration.credentials_settings, "allowed_credentials", None)
    for combination in allowed or ():
        ids = [combination] if isinstance(combination, str) else list(combination)
        # The SDK never accepts one that names what is not declared.
        if set(ids) <= set(declared):
            return ids
    needed = [config.id for config in integration.credentials if not config.optional]
    return needed or declared[:1]


def _payload(kind: str, model: type[BaseModel], app: str, id_: str = "") -> dict[str, Any]:
    # An id often starts with the name of the application.
    repeated = words(id_)[: len(words(app))] == words(app)
    prefix = "_".join(words(id_) if repeated else words(app) + words(id_)).upper()
    # The shell takes no variable that starts with a digit.
    prefix = f"APP_{prefix}" if prefix[:1].isdigit() else prefix
    return {kind: {key: _secret(key, field, prefix) for key, field in required(model).items()}}


def _secret(key: str, field: FieldInfo, prefix: str) -> Any:
    variable = "_".join([prefix, *words(key)]).upper()
    if field.annotation is str:
        # Each is another, because one value is one secret to the recording.
        return Call("os.environ.get", (variable, f"not-recorded-{variable.lower().replace('_', '-')}"))
    if getattr(field.annotation, "__origin__", None) is dict:
        return Call("json.loads", (Call("os.environ.get", (variable, "{}")),))
    return value_example(field.annotation, description_of(key, field))


def _setting(key: str, field: FieldInfo) -> str:
    kind = ", a URL or host" if _is_url(key) else ""
    return f"setting `{key}`{kind}" + (f": {short(field.description)}" if field.description else "")


def _is_url(key: str) -> bool:
    return re.search("url|domain|host", key.lower()) is not None
