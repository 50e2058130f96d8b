"""**cardinality**: how many entitlements of a type an account has, and may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Key, Walk
from connector_contract.contract.rules.written import ACCOUNTS, ASSOCIATIONS, ObservedWrite
from connector_contract.reporting.messages import counted

ENTITLEMENTS = "list_entitlements"
CREATE = "create_account"

_RELIES = (
    "Lumos relies on the min and max that info declares: by them it decides what to grant and to remove."
)
_ENTITLEMENT = ("integration_specific_id", "integration_specific_resource_id")
_ASSOCIATED = ("integration_specific_entitlement_id", "integration_specific_resource_id")


@dataclass(frozen=True)
class Access:
    """Which entitlements of each type the accounts have.

    Attributes:
        held: The entitlements, each with its resource, by account and type. One that may be of several types
            is not among them.
        unsure: The accounts that have something of which the type is not known for sure.
    """

    held: Mapping[str, Mapping[str, frozenset[Key]]]
    unsure: frozenset[str]

    def of(self, account: str, type_id: str) -> frozenset[Key]:
        """What an account has of a type."""
        return self.held.get(account, {}).get(type_id, frozenset())


def access(entitlements: Sequence[Json], associations: Sequence[Json]) -> Access:
    """Who has which entitlements, by type.

    An association names an entitlement and its resource, and not the type: "May only be unique within the
    tenant and the entitlement type", so there may be several.

    Args:
        entitlements: The records of ``list_entitlements``.
        associations: The records of ``find_entitlement_associations``.
    """
    types: dict[Key, set[str]] = {}
    for each in entitlements:
        types.setdefault(_key(each, _ENTITLEMENT), set()).add(str(each.get("entitlement_type")))
    held: dict[str, dict[str, set[Key]]] = {}
    unsure = set()
    for each in associations:
        account, what = str(each.get("account_id")), _key(each, _ASSOCIATED)
        kinds = types.get(what, set())
        if len(kinds) == 1:
            held.setdefault(account, {}).setdefault(next(iter(kinds)), set()).add(what)
        else:
            unsure.add(account)
    frozen = {account: {kind: frozenset(keys) for kind, keys in of.items()} for account, of in held.items()}
    return Access(frozen, frozenset(unsure))


def limits(kind: Json, capability: str = "") -> tuple[int, int | None]:
    """How many of an entitlement type an account must and may have; ``None`` if it may have any number.

    Args:
        kind: The type, as ``info`` declares it.
        capability: What is asked for, if the type has other limits for it.

    Source: ``EntitlementType.requirements``: "Overrides the base min/max values for the entitlement type and
    the specific capability."
    """
    own = (kind.get("requirements") or {}).get(capability) or {}
    # As in max_assignments, a type without a maximum may say so by 0.
    least, most = kind.get("min") or 0, own["max"] if own.get("max") is not None else kind.get("max") or None
    if own.get("min") is not None:
        return own["min"], most
    return least if most is None else min(least, most), most


def requirements_breach(info: Json, capabilities: Collection[str]) -> Iterator[Breach]:
    """Limits of a type that are for no capability, or contradict each other.

    Args:
        info: The ``response`` of ``info``.
        capabilities: The names that a capability may have.

    Source: ``EntitlementType.requirements``: "The key is the capability name."
    """
    unknown, contradicting = [], []
    for kind in _types(info):
        for name in kind.get("requirements") or {}:
            least, most = limits(kind, name)
            if name not in capabilities:
                unknown.append(f"{kind.get('type_id')}: {name!r}")
            elif most is not None and least > most:
                contradicting.append(f"{kind.get('type_id')}: {name}: min {least}, max {most}")
    if unknown:
        title = "entitlement types have requirements for what is no capability"
        yield Breach("info", title, "Lumos never reads them.", unknown)
    if contradicting:
        yield Breach(
            "info", "entitlement types have requirements that nobody can meet", _RELIES, contradicting
        )


def example_breach(info: Json, request: Json) -> Iterator[Breach]:
    """Entitlements that a new account needs or may not have, against the author's example of one.

    Args:
        info: The ``response`` of ``info``.
        request: The example of ``create_account``.

    Source: ``CreatableAccount.entitlements``: "List of _required_ entitlements that must be set when an
    account is created. This list is all entitlement types with a min > 0";
    ``CreateAccountEntitlement.entitlement_type``: "Should match an entitlement type returned by this
    connector's info response".
    """
    asked = _asked(request)
    declared = {kind.get("type_id") for kind in _types(info)}
    wrong = [f"{name}: info does not declare this type" for name in asked if name not in declared]
    for kind in _types(info):
        resources = asked.get(kind.get("type_id"), Counter())
        least, most = limits(kind, CREATE)
        if resources.total() < least:
            wrong.append(f"{kind.get('type_id')}: {resources.total()}, and the min is {least}")
        elif most is not None and max(resources.values(), default=0) > most:
            wrong.append(f"{kind.get('type_id')}: {resources.total()}, and the max is {most}")
    if wrong:
        title = "its example asks for other entitlements than info requires"
        consequence = (
            "Lumos creates accounts with the entitlements that info requires, and with no others.\n"
            "Change the example in write_requests['create_account'], or what info declares."
        )
        yield Breach(CREATE, title, consequence, wrong)


def _asked(request: Json) -> dict[Any, Counter[str]]:
    """The resources of the entitlements that are asked for, by their type."""
    asked: dict[Any, Counter[str]] = {}
    for each in request.get("entitlements") or ():
        if isinstance(each, Mapping):
            resource = str(each.get("integration_specific_resource_id") or "")
            asked.setdefault(each.get("entitlement_type"), Counter())[resource] += 1
    return asked


def held_breach(
    info: Json, accounts: Walk | None, entitlements: Walk, associations: Walk
) -> Iterator[Breach]:
    """Accounts that have more of a type than its ``max``, or active ones that have fewer than its ``min``.

    More than the ``max`` is what an account has of one resource, as what it has of all is more then as well.

    Args:
        info: The ``response`` of ``info``.
        accounts: The walk through ``list_accounts``; ``None`` if the connector has none.
        entitlements: The walk through ``list_entitlements``.
        associations: The walk through ``find_entitlement_associations``.

    Source: ``EntitlementType.max``: "If 1: an account can only have one"; ``EntitlementType.min``: "If 1: all
    accounts must have have one. If 0: this can be removed from an active account."
    """
    who = access(entitlements.records, associations.records)
    are_whole = entitlements.is_whole and associations.is_whole
    for kind in _types(info):
        name, (least, most) = str(kind.get("type_id")), limits(kind)
        above = [
            f"{account}: {counted(number, name)}{f' of {resource}' if resource else ''}"
            for account in sorted(who.held)
            for resource, number in sorted(_by_resource(who.of(account, name)).items())
            if most is not None and number > most
        ]
        if above:
            title = f"{counted(len(above), 'account')} with more than {most} of the type {name}, its max"
            yield Breach(associations.capability, title, _RELIES, above)
        below = [
            f"{account}: {len(who.of(account, name))}"
            for account in (active_accounts(accounts.records) if accounts and are_whole else ())
            if len(who.of(account, name)) < least and account not in who.unsure
        ]
        if below:
            title = (
                f"{counted(len(below), 'active account')} with fewer than {least} of the type {name}, its min"
            )
            yield Breach(associations.capability, title, _RELIES, below)


def held_remarks(info: Json, entitlements: Walk, associations: Walk) -> Iterator[str]:
    """Accounts that have more of a type than its ``max`` if all resources count, and not of any of them."""
    who = access(entitlements.records, associations.records)
    for kind in _types(info):
        name, most = str(kind.get("type_id")), limits(kind)[1]
        numbers = {
            account: len(who.of(account, name))
            for account in sorted(who.held)
            if most is not None
            and len(who.of(account, name)) > most >= max(_by_resource(who.of(account, name)).values())
        }
        if numbers:
            account, number = next(iter(numbers.items()))
            more = f", and {counted(len(numbers) - 1, 'other')} like it" if len(numbers) > 1 else ""
            yield (
                f"{account!r} has {number} of the type {name}{more}, of different resources, and its max is "
                f'{most}. EntitlementType.max says: "an account can only have one"; the introduction of the '
                'specification says: "always associated with a resource". Nobody has more of one resource.'
            )


def written_limits_breach(written: ObservedWrite, info: Json, entitlements: Walk) -> Iterator[Breach]:
    """An account that a write has brought above the ``max`` of a type, or below its ``min``.

    Args:
        written: The write.
        info: The ``response`` of ``info``.
        entitlements: The walk through ``list_entitlements``.

    Source: as for ``held_breach``; the operations ``assign_entitlement`` and ``unassign_entitlement``: "The
    assignment is subject to any constraints defined for the entitlement type", "Depends on the constraints
    (e.g. min, max) of this entitlement type."
    """
    if ASSOCIATIONS not in written.before or not written.are_whole(ASSOCIATIONS) or not entitlements.is_whole:
        return
    id_ = str(
        written.account_id
        if written.capability == CREATE
        else written.request.get("account_integration_specific_id")
    )
    before, after = (
        access(entitlements.records, lists[ASSOCIATIONS].records) for lists in (written.before, written.after)
    )
    for kind in _types(info):
        name, (least, most) = str(kind.get("type_id")), limits(kind, written.capability)
        was, now = before.of(id_, name), after.of(id_, name)
        is_new = written.capability == CREATE or len(was) >= least
        if len(now) < least and is_new and id_ not in after.unsure and _is_held_to_min(written, id_):
            title = f"{id_!r} has {len(now)} of the type {name} afterwards, and its min is {least}"
            yield Breach(written.capability, title, _RELIES)
        highest = max(_by_resource(now).values(), default=0)
        if most is not None and highest > max(most, *_by_resource(was).values(), 0):
            title = f"{id_!r} has {highest} of the type {name} afterwards, and its max is {most}"
            yield Breach(written.capability, title, _RELIES)


def has_limits(info: Json) -> bool:
    """Whether any entitlement type has a ``min`` or a ``max``."""
    return any(any(limits(kind)) or kind.get("requirements") for kind in _types(info))


def active_accounts(accounts: Sequence[Json]) -> list[str]:
    """The ids of the accounts that are active; of all, if no account has a status."""
    statuses = {str(each.get("integration_specific_id")): each.get("user_status") for each in accounts}
    told = any(status is not None for status in statuses.values())
    return [id_ for id_, status in statuses.items() if status == "ACTIVE" or not told]


def _is_held_to_min(written: ObservedWrite, id_: str) -> bool:
    """Whether an account has to have what its types require: a new one, and one that is active."""
    return (
        written.capability == CREATE
        or ACCOUNTS not in written.after
        or id_ in active_accounts(written.after[ACCOUNTS].records)
    )


def _types(info: Json) -> Sequence[Json]:
    return info.get("entitlement_types") or ()


def _key(record: Json, fields: Sequence[str]) -> Key:
    return tuple(str(record.get(name)) for name in fields)


def _by_resource(keys: Collection[Key]) -> Counter[str]:
    return Counter(resource for _, resource in keys)
