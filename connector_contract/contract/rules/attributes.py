"""**attributes**: the custom attributes that are declared are there, and no others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Walk, shown
from connector_contract.contract.rules.times import moment_of
from connector_contract.errors import UsageError
from connector_contract.reporting.messages import counted

SCHEMA = "list_custom_attributes_schema"
CUSTOMIZED: Mapping[str, str] = {
    "list_accounts": "account",
    "get_account": "account",
    "list_updated_accounts": "account",
    "list_entitlements": "entitlement",
    "find_entitlement_graph": "entitlement",
    "find_resource_graph": "resource",
    "list_credentials": "credential",
    "list_non_human_accounts": "non_human_account",
}
"""The capabilities that are asked for custom attributes, and what these are of."""
FILLED = tuple(name for name in CUSTOMIZED if name not in ("get_account", "list_updated_accounts"))
"""Those that list all there is, so that each attribute has a value somewhere."""
_GRAPHS = ("find_resource_graph", "find_entitlement_graph")
_TYPED = ("list_credentials", "list_non_human_accounts")
"""Their values are JSON of the type; those of accounts and entitlements are text, by the schema."""
_GONE = {"DELETED", "DEPROVISIONED"}

_INTEGER = re.compile(r"[+-]?\d+")
_NOT_ASKED = "Lumos asks for the attributes that a customer has mapped, and keeps no others."
_NOT_TYPED = "Lumos cannot compare them, nor decide by them who may have access."
_EMPTY = (
    "They can be mapped in Lumos, and stay empty for everybody. If this tenant has none, declare that in "
    "empty_attributes, with the reason."
)


@dataclass(frozen=True)
class Value:
    """What one record has of one custom attribute.

    Attributes:
        record: The record's key, as messages show it.
        name: The attribute's name.
        value: What it is; an attribute without a value has none.
        customized: What it says that it is an attribute of; ``None`` where the record says it.
    """

    record: str
    name: str
    value: Any
    customized: str | None = None

    @property
    def is_there(self) -> bool:
        """Whether it says anything. ``False`` and 0 do."""
        return self.value is not None and self.value != ""


def declared_for(schema: Walk, capability: str) -> dict[str, str]:
    """The attributes that a capability can be asked for, by their names, each with its type.

    Args:
        schema: The walk through ``list_custom_attributes_schema``.
        capability: Which.
    """
    of = CUSTOMIZED[capability]
    own = [each for each in schema.records if each.get("customized_type") == of]
    return {str(each.get("name")): str(each.get("attribute_type")) for each in own}


def with_attributes(capability: str, request: Json, names: Collection[str]) -> Json:
    """A request that asks for custom attributes by their names."""
    asked: list[Any] = list(names)
    if capability in _GRAPHS:
        asked = [{"label": name, "type": CUSTOMIZED[capability]} for name in names]
    return {**request, "custom_attributes": asked}


def asked_in(request: Json) -> set[str]:
    """The names of the custom attributes that a request asks for."""
    asked = request.get("custom_attributes") or ()
    return {str(each.get("label") if isinstance(each, Mapping) else each) for each in asked}


def values_of(walk: Walk) -> list[Value]:
    """The values of custom attributes in a response."""
    if walk.capability in _GRAPHS:
        payloads = [page.get("response") for page in walk.pages]
        listed = [
            each
            for payload in payloads
            if isinstance(payload, Mapping)
            for each in payload.get("custom_attributes") or ()
        ]
        return [
            Value(str(each.get("record_id")), str(each.get("label")), each.get("value"), each.get("type"))
            for each in listed
        ]
    return [
        Value(shown(walk.key_of(record)), name, value)
        for record in walk.records
        for name, value in (record.get("custom_attributes") or {}).items()
    ]


def unreachable_breach(schema: Walk, capabilities: Collection[str]) -> Iterator[Breach]:
    """Attributes of what no capability gives.

    Args:
        schema: The walk through ``list_custom_attributes_schema``.
        capabilities: The connector's.

    Source: the operation ``list_custom_attributes_schema`` of the SDK's specification: "Retrieve the schema
    definition for all custom attributes supported by this connector."; ``CustomAttributeSchema``: "The type
    of entity this custom attribute is for."
    """
    given = {CUSTOMIZED[name] for name in capabilities if name in CUSTOMIZED}
    others = [each for each in schema.records if each.get("customized_type") not in given]
    if others:
        title = f"no capability can be asked for {counted(len(others), 'custom attribute')} that it declares"
        lines = [f"{each.get('name')}, of type {each.get('customized_type')}" for each in others]
        yield Breach(SCHEMA, title, "They can be mapped in Lumos, and never have a value.", lines)


def surplus_breach(walk: Walk, asked: Collection[str]) -> Iterator[Breach]:
    """Attributes that were not asked for.

    Args:
        walk: What was answered.
        asked: The names that were asked for.

    Source: the schemas of the requests in the SDK's specification: ``ListAccounts`` ("Each string in this
    array represents a specific custom attribute to retrieve."), ``GetAccount`` ("If omitted, no custom
    attributes will be included."), ``FindResourceGraph`` ("type must be
    ``CustomAttributeCustomizedType.resource``").
    """
    of = CUSTOMIZED[walk.capability]
    others: dict[str, str] = {}
    for each in values_of(walk):
        if each.name not in asked or each.customized not in (None, of):
            kind = "" if each.customized in (None, of) else f", of type {each.customized}"
            others.setdefault(f"{each.name}{kind}", f"{each.name}{kind}: {each.record}")
    if others:
        what = "those that were asked for" if asked else "none that were asked for"
        title = f"it gives {counted(len(others), 'custom attribute')} beside {what}"
        if not asked:
            title = f"asked for none, it gives {counted(len(others), 'custom attribute')}"
        yield Breach(walk.capability, title, _NOT_ASKED, list(others.values()))


def surplus_remark(walk: Walk) -> Iterator[str]:
    """That a list gives attributes although none were asked for; of ``get_account`` it is a breach."""
    if names := sorted({each.name for each in values_of(walk) if each.is_there}):
        yield (
            f"{walk.capability} gives custom attributes that nobody asked for: {', '.join(names)}. Its "
            "request does not say what it gives then; GetAccount.custom_attributes says: "
            '"If omitted, no custom attributes will be included."'
        )


def type_breach(walk: Walk, types: Mapping[str, str]) -> Iterator[Breach]:
    """Values that are not of the type that their attribute is declared with.

    Text is of a type if it can be read as such: ``true`` or ``false``, digits, a time in ISO 8601. Whom the
    value of a ``user`` names, the specification does not say.

    Args:
        walk: What was answered.
        types: The declared type of each attribute.

    Source: the schemas of the SDK's specification: ``Credential`` ("Values are typed per the attribute's
    declared attribute_type in the list_custom_attributes_schema capability (e.g. a boolean attribute carries
    a JSON boolean, not "true"/"false" text)"), ``CustomAttributeSchema`` ("The data type of the custom
    attribute").
    """
    wrong = [
        f"{each.record}: {each.name} is {each.value!r}, declared as {types[each.name]}"
        for each in values_of(walk)
        if each.is_there and each.name in types
        if not _is_of_type(each.value, types[each.name], walk.capability)
    ]
    if wrong:
        are = "is" if len(wrong) == 1 else "are"
        title = f"{counted(len(wrong), 'value')} of custom attributes {are} not of the declared type"
        yield Breach(walk.capability, title, _NOT_TYPED, wrong)


def empty_breach(walk: Walk, types: Mapping[str, str], empty: Mapping[str, str]) -> Iterator[Breach]:
    """Attributes that no record has a value of.

    Args:
        walk: What was answered, with all of them asked for.
        types: Those that are declared.
        empty: Those of which the author says that there is none, with the reason.

    Raises:
        UsageError: The author says so of one that is not declared, or has a value.

    Source: the schema ``ProbeCheck`` of the SDK's specification: "the schema exists but
    nothing populates it, so custom attributes would sync empty."
    """
    filled = {each.name for each in values_of(walk) if each.is_there}
    for name in empty:
        fact = f"empty_attributes[{walk.capability!r}][{name!r}]"
        if name not in types:
            raise UsageError(
                f"{fact} is about a custom attribute that is not declared.",
                details=["there is: " + (", ".join(sorted(types)) or "none")],
                remedy="Fix its name, or delete it.",
            )
        if name in filled:
            raise UsageError(f"{fact} is no longer needed: there is a value of it.", remedy="Delete it.")
    if missing := unfilled(walk, types, empty):
        title = f"no record has a value of {counted(len(missing), 'declared custom attribute')}"
        yield Breach(walk.capability, title, _EMPTY, missing)


def unfilled(walk: Walk, types: Collection[str], empty: Collection[str]) -> list[str]:
    """The attributes without any value, but for those of which the author says so."""
    filled = {each.name for each in values_of(walk) if each.is_there}
    return [name for name in types if name not in filled and name not in empty]


def stray_breach(walk: Walk) -> Iterator[Breach]:
    """Values, in a graph of resources, of records that the graph does not have.

    Args:
        walk: What was answered.

    Source: the schema ``CustomAttribute`` of the SDK's specification: "The id of the record this custom
    attribute is for".
    """
    # Of the nodes of an entitlement graph, rules may stand for some.
    if walk.capability != "find_resource_graph" or not walk.is_whole:
        return
    known = {str(record.get("id")) for record in walk.records}
    strays = [f"{each.record}: {each.name}" for each in values_of(walk) if each.record not in known]
    if strays:
        belong = "belongs to a record that is" if len(strays) == 1 else "belong to records that are"
        title = f"{counted(len(strays), 'value')} of custom attributes {belong} not there"
        yield Breach(walk.capability, title, "Lumos drops what belongs to nothing.", strays)


def richest(accounts: Walk) -> str | None:
    """The id of the account with the most custom attributes; ``None`` if there is no account."""
    present = [record for record in accounts.records if record.get("user_status") not in _GONE]
    best = max(present, key=lambda record: len(_filled(record)), default=None)
    return None if best is None else str(best.get("integration_specific_id"))


def disagreement_breach(one: Walk, accounts: Walk, names: Sequence[str]) -> Iterator[Breach]:
    """Attributes of one account that differ from those that the list has of it.

    Args:
        one: What ``get_account`` answered.
        accounts: What ``list_accounts`` answered, asked for the same attributes.
        names: The attributes.

    Source: the operation ``get_account`` of the SDK's specification: "Pull the most up-to-date custom
    attribute values for a user"; both answer with ``FoundAccountData``.
    """
    listed = {accounts.key_of(record): _filled(record) for record in accounts.records}
    differences = [
        f"{shown(one.key_of(record))}: {name} {_filled(record).get(name)!r}, listed as {there.get(name)!r}"
        for record in one.records
        if (there := listed.get(one.key_of(record))) is not None
        for name in names
        if _filled(record).get(name) != there.get(name)
    ]
    if differences:
        title = f"it disagrees with {accounts.capability} in custom attributes"
        consequence = "What Lumos sees of an account depends on which capability it calls."
        yield Breach(one.capability, title, consequence, differences)


def _filled(record: Json) -> dict[str, Any]:
    attributes = record.get("custom_attributes") or {}
    return {name: value for name, value in attributes.items() if value is not None and value != ""}


def _is_of_type(value: Any, declared: str, capability: str) -> bool:
    """Whether a value is of a type; in a graph, of which the schema says nothing, as text or as JSON."""
    if capability in _GRAPHS:
        return _is_json_of(value, declared) or _is_text_of(value, declared)
    return (_is_json_of if capability in _TYPED else _is_text_of)(value, declared)


def _is_json_of(value: Any, declared: str) -> bool:
    if declared == "boolean":
        return isinstance(value, bool)
    if declared == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return _is_text_of(value, declared)


def _is_text_of(value: Any, declared: str) -> bool:
    if not isinstance(value, str):
        return False
    if declared == "boolean":
        return value.strip().lower() in ("true", "false")
    if declared == "integer":
        return _INTEGER.fullmatch(value.strip()) is not None
    return moment_of(value) is not None if declared == "datetime" else True
