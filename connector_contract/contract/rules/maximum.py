"""**writes**: no account gets more entitlements of a type than its ``max``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import (
    MISLEADING,
    Walk,
    code_of,
    error_of,
    error_text,
    shown,
)
from connector_contract.contract.rules.written import NOT_DONE, changed


def assignment_beyond_max(
    info: Json, entitlements: Sequence[Json], associations: Sequence[Json]
) -> Json | None:
    """A request for one entitlement more than an account may have; ``None`` if no maximum is reached.

    Source: ``EntitlementType.max`` of connector-sdk-types: "How many of this type of entitlement can be
    assigned?"
    """
    resource = "integration_specific_resource_id"
    types: dict[tuple[str, str], set[Any]] = {}
    for each in entitlements:
        types.setdefault(_key(each), set()).add(each.get("entitlement_type"))
    for kind in info.get("entitlement_types") or ():
        of_kind = {
            _key(each)
            for each in entitlements
            # An association does not say of which type its entitlement is, where two share an id.
            if types[_key(each)] == {kind["type_id"]} and each.get("is_assignable") is not False
        }
        held: dict[str, set[tuple[str, str]]] = {}
        for each in associations:
            what = (str(each.get("integration_specific_entitlement_id")), str(each.get(resource)))
            if what in of_kind:
                held.setdefault(str(each.get("account_id")), set()).add(what)
        for account, own in sorted(held.items()):
            if kind.get("max") and not is_exclusive(kind) and len(own) >= kind["max"] and of_kind - own:
                entitlement, of_resource = min(of_kind - own)
                return {
                    "account_integration_specific_id": account,
                    "entitlement_integration_specific_id": entitlement,
                    "entitlement_type": kind["type_id"],
                    "resource_integration_specific_id": of_resource,
                    "resource_type": kind["resource_type_id"],
                }
    return None


def _key(entitlement: Json) -> tuple[str, str]:
    fields = ("integration_specific_id", "integration_specific_resource_id")
    id_, resource = (str(entitlement.get(field)) for field in fields)
    return id_, resource


def is_exclusive(kind: Json) -> bool:
    """Whether an account always has one of a type, so that to assign another is to replace it."""
    return kind.get("max") == 1 and (kind.get("min") or 0) >= 1


def beyond_max_breach(request: Json, response: Json, before: Walk, after: Walk) -> Iterator[Breach]:
    """What is wrong with an assignment beyond the maximum of its type."""
    name, code = "assign_entitlement", code_of(response)
    asked = f"one {request['entitlement_type']} more than its max"
    account = request["account_integration_specific_id"]
    if code is None:
        title = f"{asked} gave a success: {account} got {request['entitlement_integration_specific_id']}"
        yield Breach(name, title, "Lumos relies on the max that info declares.")
    elif code in MISLEADING:
        consequence = "Lumos tries again, or asks for credentials."
        yield Breach(name, f"{asked} gave {code}", consequence, [error_text(error_of(response) or {})])
    keys = changed(before, after)
    if keys and code is not None:
        title = "it gave an error, and changed the associations"
        yield Breach(name, title, NOT_DONE, [shown(key) for key in keys])
