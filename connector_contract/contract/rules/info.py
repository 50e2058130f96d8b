"""**info**: what a connector says of itself is complete, and fits what it has and what it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.references import GLOBAL


def info_breach(info: Json, registered: Sequence[str]) -> Iterator[Breach]:
    """What is wrong with ``info``.

    Args:
        info: Its ``response``.
        registered: The capabilities that are registered with the integration.

    Source: ``EntitlementType.resource_type_id`` of connector-sdk-types: "This must be the same string as a
    type_id from the declared resource types"; ``""`` stands for the global resource.
    """
    yield from _types_breach("info", info)
    missing = sorted(set(registered) - set(info.get("capabilities") or ()))
    if missing:
        yield Breach("info", "it lacks registered capabilities", "Lumos never calls them.", missing)


def connected_breach(connected: Json, info: Json) -> Iterator[Breach]:
    """What is wrong with ``connected_info``.

    It may have fewer capabilities than ``info``, and other types.

    Args:
        connected: Its ``response``.
        info: That of ``info``.

    Source: ``get_connected_info`` of the SDK's specification: "A connector that only has the ability to
    suspend accounts if given a write capable api token"; ``GetConnectedInfoResponse``: "This should have the
    same structure as the info response."
    """
    yield from _types_breach("connected_info", connected)
    more = sorted(set(connected.get("capabilities") or ()) - set(info.get("capabilities") or ()))
    if more:
        title = "it has capabilities that the connector has not"
        yield Breach("connected_info", title, "Lumos calls them, and gets errors.", more)
    if connected.get("app_id") != info.get("app_id"):
        ids = [f"{connected.get('app_id')!r}; info: {info.get('app_id')!r}"]
        title = "its app_id is another than that of info"
        yield Breach("connected_info", title, "Lumos takes it for another app.", ids)


def _types_breach(capability: str, info: Json) -> Iterator[Breach]:
    """What is wrong with the types that are declared."""
    consequence = "Lumos shows and assigns entitlements by these types."
    resources = [each.get("type_id") for each in info.get("resource_types") or ()]
    for name in ("resource_types", "entitlement_types"):
        ids = [str(each.get("type_id")) for each in info.get(name) or ()]
        wrong = sorted({id_ for id_ in ids if ids.count(id_) > 1 or not id_.strip()})
        if wrong:
            title = f"{name} has type ids that are empty or not unique"
            yield Breach(capability, title, consequence, [repr(id_) for id_ in wrong])
    dangling = [
        f"{each.get('type_id')}: {each.get('resource_type_id')!r}"
        for each in info.get("entitlement_types") or ()
        if each.get("resource_type_id") not in (*resources, GLOBAL)
    ]
    if dangling:
        title = "entitlement types belong to resource types that are not declared"
        yield Breach(capability, title, consequence, dangling)
    limits = [
        f"{each.get('type_id')}: min {each['min']}, max {each['max']}"
        for each in info.get("entitlement_types") or ()
        if each.get("max") is not None and each["max"] < (each.get("min") or 0)
    ]
    if limits:
        yield Breach(capability, "entitlement types have a max below their min", consequence, limits)


def undeclared_breach(info: Json, envelope: Mapping[str, Any], capability: str = "info") -> Iterator[Breach]:
    """What the connector is given and does not say that it takes.

    Args:
        info: The ``response`` of ``info``.
        envelope: The ``auth``, ``credentials`` and ``settings`` that it is given.
        capability: What declares it: ``info`` or ``connected_info``.

    Source: ``Info`` of connector-sdk-types: "A JSON schema for the "auth" field on requests", and "A JSON
    schema that tells clients how to send request.settings for this app".
    """
    consequence = "Lumos asks customers for what info declares, and for nothing else."
    undeclared = [
        *_undeclared_credentials(info, envelope["auth"], envelope["credentials"] or ()),
        *_undeclared_settings(info.get("request_settings_schema") or {}, envelope["settings"]),
    ]
    if undeclared:
        yield Breach(capability, "it does not declare what the connector is given", consequence, undeclared)


def _undeclared_credentials(info: Json, auth: Json | None, credentials: Sequence[Json]) -> Iterator[str]:
    declared: dict[Any, Json] = {each.get("id"): each for each in info.get("credentials_schema") or ()}
    for credential in credentials:
        id_ = credential.get("id")
        if id_ not in declared:
            yield f"the credential {id_!r}; declared: {', '.join(map(str, declared)) or 'none'}"
        else:
            yield from _undeclared_kind(f"the credential {id_!r}", declared[id_], credential)
    if auth:
        schema = info.get("authentication_schema")
        yield from _undeclared_kind("auth", schema, auth) if schema else ["auth; declared: none"]


def _undeclared_kind(name: str, schema: Json, credential: Json) -> Iterator[str]:
    kind = schema.get("x-credential-type")
    if kind is not None and kind not in credential:
        given = ", ".join(key for key in credential if key != "id")
        yield f"{name} of the kind {given}; declared: {kind}"


def _undeclared_settings(schema: Json, settings: Json) -> Iterator[str]:
    if schema.get("additionalProperties") is True:
        return
    declared = schema.get("properties") or {}
    for name in settings:
        if name not in declared:
            yield f"the setting {name!r}; declared: {', '.join(declared) or 'none'}"
