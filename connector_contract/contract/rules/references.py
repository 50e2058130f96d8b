"""**references**: what a record refers to exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.bodies import json_bodies, texts
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Key, Walk, shown
from connector_contract.reporting.messages import counted

_ACCOUNT = (("account_id",), "list_accounts", ("integration_specific_id",))
_RESOURCE = (("integration_specific_resource_id",), "list_resources", ("integration_specific_id",))
# An entitlement's own id may only be unique within its resource.
_ENTITLEMENT = (
    ("integration_specific_entitlement_id", "integration_specific_resource_id"),
    "list_entitlements",
    ("integration_specific_id", "integration_specific_resource_id"),
)
_REFERENCES: dict[str, tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]] = {
    "list_entitlements": (_RESOURCE,),
    "find_entitlement_associations": (_ACCOUNT, _ENTITLEMENT, _RESOURCE),
    "get_account_entitlement_associations": (_ACCOUNT, _ENTITLEMENT, _RESOURCE),
}
"""For each list: the fields that refer to a record, the list that has it, and its fields there."""
_TYPES = {
    "list_entitlements": ("entitlement_type", "entitlement_types"),
    "list_resources": ("resource_type", "resource_types"),
}
"""For each list: the field that names a type, and where ``info`` declares it."""

GLOBAL = ""
"""The id of the resource of what belongs to no resource: a tenant-wide role, a licence."""


def referred_lists(capability: str) -> list[str]:
    """The lists that the records of a list refer to."""
    return [target for _, target, _ in _REFERENCES.get(capability, ())]


def reference_breach(walk: Walk, lists: Mapping[str, Walk], info: Json) -> Iterator[Breach]:
    """Records that refer to something that is not listed.

    Args:
        walk: The list whose records refer.
        lists: Those of the lists that they refer to that the connector has.
        info: The ``response`` of ``info``.

    Source: the models of connector-sdk-types: "Should match a previously declared entitlement type from this
    connector", "The ID of the account that has been granted the entitlement" and the like.
    """
    for fields, target, there in _REFERENCES.get(walk.capability, ()):
        if target in lists:
            yield from _unresolved(walk, fields, lists[target], there)
    if walk.capability in _TYPES:
        yield from _undeclared(walk, *_TYPES[walk.capability], info)
    if walk.capability == "list_entitlements":
        yield from _misplaced(walk, lists.get("list_resources"), info)


def unknown_references(walk: Walk, lists: Mapping[str, Walk]) -> int:
    """How many references may be to records outside of the sample of a list.

    Args:
        walk: The list whose records refer.
        lists: Those that they refer to.
    """
    return sum(
        len(_dangling(walk, fields, lists[target], there))
        for fields, target, there in _REFERENCES.get(walk.capability, ())
        if target in lists and not lists[target].is_whole
    )


def _dangling(walk: Walk, fields: Sequence[str], target: Walk, there: Sequence[str]) -> list[Key]:
    known = {_values(record, there) for record in target.records}
    if target.capability == "list_resources":
        known.add((GLOBAL,))
    return sorted({_values(record, fields) for record in walk.records} - known)


def _unresolved(walk: Walk, fields: Sequence[str], target: Walk, there: Sequence[str]) -> Iterator[Breach]:
    dangling = _dangling(walk, fields, target, there) if target.is_whole else []
    if dangling:
        sent = {text for _, body in json_bodies(target.interactions) for text in texts(body)}
        values = counted(len(dangling), "value")
        title = f"{values} of {fields[0]} in no record of {target.capability}"
        consequence = (
            "Lumos drops a record that refers to nothing: nobody reviews that access, or removes it."
        )
        records = [f"{shown(key)!r}: {_why(key[0], target, sent)}" for key in dangling]
        yield Breach(walk.capability, title, consequence, records)


def _values(record: Json, fields: Sequence[str]) -> Key:
    return tuple(str(record.get(field)) for field in fields)


def _why(id_: str, target: Walk, sent: set[str]) -> str:
    if any(id_ in target.key_of(record) for record in target.records):
        return f"{target.capability} has it of another resource"
    if id_ in sent:
        return f"the upstream sent it for {target.capability}, which lost it"
    return f"the upstream sent no such value for {target.capability}"


def _undeclared(walk: Walk, field: str, declared: str, info: Json) -> Iterator[Breach]:
    types = {each.get("type_id") for each in info.get(declared) or ()}
    unknown = sorted({str(record.get(field)) for record in walk.records if record.get(field) not in types})
    if unknown:
        title = f"{counted(len(unknown), 'value')} of {field} not among the {declared} of info"
        consequence = "Lumos does not know what to do with a type that is not declared."
        yield Breach(walk.capability, title, consequence, unknown)


def _misplaced(walk: Walk, resources: Walk | None, info: Json) -> Iterator[Breach]:
    """Entitlements of a type that belongs to another type of resources than the one that they are of."""
    declared = {GLOBAL, *(each.get("type_id") for each in info.get("resource_types") or ())}
    owed = {each.get("type_id"): each.get("resource_type_id") for each in info.get("entitlement_types") or ()}
    listed = resources.records if resources else ()
    # Resources of different types may share an id; and a list may have the global resource, too.
    types: dict[Any, set[Any]] = {GLOBAL: {GLOBAL}}
    for each in listed:
        types.setdefault(each.get("integration_specific_id"), set()).add(each.get("resource_type"))
    wrong = []
    for each in walk.records:
        kind, resource = each.get("entitlement_type"), each.get("integration_specific_resource_id")
        # A type of no declared resource type is the rule info's.
        if owed.get(kind) in declared and resource in types and owed[kind] not in types[resource]:
            name, has = shown(walk.key_of(each)), " and ".join(sorted(map(repr, types[resource])))
            wrong.append(f"{name}: {kind} is of {owed[kind]!r}, the resource of {has}")
    if wrong:
        title = f"{counted(len(wrong), 'entitlement')} on a resource that the type is not of"
        yield Breach(walk.capability, title, "Lumos shows and assigns it in the wrong place.", wrong)
