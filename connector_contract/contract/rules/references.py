"""**references**: what a record refers to exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.actors import ACTING, actor_lists
from connector_contract.contract.rules.bodies import data_bodies, texts
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Key, Walk, shown
from connector_contract.reporting.messages import counted

_Reference = tuple[tuple[str, ...], str, tuple[str, ...]]

_ACCOUNT = (("account_id",), "list_accounts", ("integration_specific_id",))
_RESOURCE = (("integration_specific_resource_id",), "list_resources", ("integration_specific_id",))
# An entitlement's own id may only be unique within its resource.
_ENTITLEMENT = (
    ("integration_specific_entitlement_id", "integration_specific_resource_id"),
    "list_entitlements",
    ("integration_specific_id", "integration_specific_resource_id"),
)
_IN_APPLICATION = "application_instance_id"
_APPLICATION = ((_IN_APPLICATION,), "list_applications", ("id",))
_APPLICATION_ACCOUNT = (
    ("account_id", _IN_APPLICATION),
    "list_applications_accounts",
    ("account_id", _IN_APPLICATION),
)
_APPLICATION_RESOURCE = (
    ("integration_specific_resource_id", _IN_APPLICATION),
    "list_applications_resources",
    ("integration_specific_id", _IN_APPLICATION),
)
_APPLICATION_ENTITLEMENT = (
    (*_ENTITLEMENT[0], _IN_APPLICATION),
    "list_applications_entitlements",
    (*_ENTITLEMENT[2], _IN_APPLICATION),
)
_REFERENCES: dict[str, tuple[_Reference, ...]] = {
    "list_entitlements": (_RESOURCE,),
    "find_entitlement_associations": (_ACCOUNT, _ENTITLEMENT, _RESOURCE),
    "get_account_entitlement_associations": (_ACCOUNT, _ENTITLEMENT, _RESOURCE),
    "list_applications_accounts": (_ACCOUNT, _APPLICATION),
    "list_applications_resources": (_APPLICATION,),
    "list_applications_entitlements": (_APPLICATION, _APPLICATION_RESOURCE),
    "list_applications_entitlement_associations": (
        _ACCOUNT,
        _APPLICATION,
        _APPLICATION_ACCOUNT,
        _APPLICATION_ENTITLEMENT,
        _APPLICATION_RESOURCE,
    ),
    "list_credentials": (
        (("grants_access_to_account_id",), "list_accounts", ("integration_specific_id",)),
        (("grants_access_to_non_human_account_id",), "list_non_human_accounts", ("id",)),
    ),
    "get_credential_last_activity": ((("credential_id",), "list_credentials", ("external_id",)),),
    "get_non_human_account_last_activity": ((("non_human_account_id",), "list_non_human_accounts", ("id",)),),
}
"""For each list: the fields that refer to a record, the list that has it, and its fields there."""
_TYPES = {
    "list_entitlements": ("entitlement_type", "entitlement_types"),
    "list_resources": ("resource_type", "resource_types"),
    "list_applications_entitlements": ("entitlement_type", "entitlement_types"),
    "list_applications_resources": ("resource_type", "resource_types"),
}
"""For each list: the field that names a type, and where ``info`` declares it."""

GLOBAL = ""
"""The id of the resource of what belongs to no resource: a tenant-wide role, a licence."""

ACTIVITIES = "list_applications_activity_records"

REFERRING = frozenset({*_REFERENCES, *_TYPES, *ACTING})
"""The lists whose records refer to those of others, or to what ``info`` declares."""

# What a credential gave access to before may be gone.
_ENDED = {"inactive", "expired", "revoked"}
_DIRECTLY = "ACCOUNT"


def referred_lists(capability: str) -> list[str]:
    """The lists that the records of a list refer to."""
    if capability == ACTIVITIES:
        return [_APPLICATION[1], *actor_lists(capability)]
    if capability in ACTING:
        return actor_lists(capability)
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
            dangling = _dangling(walk, fields, lists[target], there, lists)
            yield from _unresolved(walk, fields, lists[target], dangling)
    if walk.capability in _TYPES:
        yield from _undeclared(walk, *_TYPES[walk.capability], info)
    if walk.capability == "list_entitlements":
        yield from _misplaced(walk, lists.get("list_resources"), info)
    if walk.capability == "list_applications_entitlements":
        yield from _misplaced(walk, lists.get("list_applications_resources"), info)


def unknown_references(walk: Walk, lists: Mapping[str, Walk]) -> int:
    """How many references may be to records outside of the sample of a list.

    Args:
        walk: The list whose records refer.
        lists: Those that they refer to.
    """
    return sum(
        len(_dangling(walk, fields, lists[target], there, lists))
        for fields, target, there in _REFERENCES.get(walk.capability, ())
        if target in lists and not lists[target].is_whole
    )


def reference_remarks(walk: Walk, lists: Mapping[str, Walk]) -> Iterator[str]:
    """Records of the past that refer to applications which are not there: they may be gone by now.

    Args:
        walk: The list whose records refer.
        lists: Those of the lists that they refer to that the connector has.
    """
    applications = lists.get("list_applications")
    if walk.capability == ACTIVITIES and applications is not None and applications.is_whole:
        gone = sorted({_values(each, _APPLICATION[0]) for each in walk.records} - set(applications.keys))
        if gone:
            yield (
                f"{walk.capability} has records of {counted(len(gone), 'application')} that "
                f"{applications.capability} does not have, such as {shown(gone[0])!r}"
            )


def _dangling(
    walk: Walk, fields: Sequence[str], target: Walk, there: Sequence[str], lists: Mapping[str, Walk]
) -> list[Key]:
    """What records refer to and a list does not have; the global resource needs no record."""
    known = {_values(record, there) for record in target.records}
    referring = [each for each in walk.records if _refers(walk.capability, each, fields, target, lists)]
    return sorted({_values(record, fields) for record in referring} - known)


def _refers(
    capability: str, record: Json, fields: Sequence[str], target: Walk, lists: Mapping[str, Walk]
) -> bool:
    """Whether a field of a record has to be in a list."""
    if target.capability.endswith("_resources") and record.get(fields[0]) == GLOBAL:
        return False
    if target.capability == "list_applications_accounts":
        return _is_assigned_directly(str(record.get(_IN_APPLICATION)), lists.get("list_applications"))
    if capability == "list_credentials":
        return record.get(fields[0]) is not None and record.get("status") not in _ENDED
    return True


def _is_assigned_directly(id_: str, applications: Walk | None) -> bool:
    """Whether an application is known to be assigned to accounts; some have entitlements alone."""
    found = [each for each in (applications.records if applications else ()) if each.get("id") == id_]
    return bool(found) and all(_DIRECTLY in (each.get("assignment_modes") or ()) for each in found)


def _unresolved(walk: Walk, fields: Sequence[str], target: Walk, dangling: Sequence[Key]) -> Iterator[Breach]:
    if target.is_whole and dangling:
        sent = {text for _, body in data_bodies(target.interactions) for text in texts(body)}
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
        other = "application" if "application" in target.capability else "resource"
        return f"{target.capability} has it of another {other}"
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
    types: dict[Any, set[Any]] = {(GLOBAL, each.get(_IN_APPLICATION)): {GLOBAL} for each in walk.records}
    for each in listed:
        place = (each.get("integration_specific_id"), each.get(_IN_APPLICATION))
        types.setdefault(place, set()).add(each.get("resource_type"))
    wrong = []
    for each in walk.records:
        kind, id_ = each.get("entitlement_type"), each.get("integration_specific_resource_id")
        resource = (id_, each.get(_IN_APPLICATION))
        # A type of no declared resource type is the rule info's.
        if owed.get(kind) in declared and resource in types and owed[kind] not in types[resource]:
            name, has = shown(walk.key_of(each)), " and ".join(sorted(map(repr, types[resource])))
            wrong.append(f"{name}: {kind} is of {owed[kind]!r}, the resource of {has}")
    if wrong:
        title = f"{counted(len(wrong), 'entitlement')} on a resource that the type is not of"
        yield Breach(walk.capability, title, "Lumos shows and assigns it in the wrong place.", wrong)
