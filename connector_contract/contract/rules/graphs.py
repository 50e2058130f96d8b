"""**references** and **pages** of an access graph: edges end at nodes that exist, whatever the page size.

An edge may end at a node of another page, so a graph is judged as a whole.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.references import GLOBAL
from connector_contract.contract.rules.responses import Key, Walk, shown
from connector_contract.reporting.messages import counted

RESOURCES, ENTITLEMENTS = "find_resource_graph", "find_entitlement_graph"
ASSIGNMENTS = "find_entitlement_assignments"
ACCOUNTS, NON_HUMAN, CREDENTIALS = "list_accounts", "list_non_human_accounts", "list_credentials"

_WITH_NODES = (RESOURCES, ACCOUNTS, NON_HUMAN, CREDENTIALS)
_REFERRED: Mapping[str, tuple[str, ...]] = {
    RESOURCES: _WITH_NODES,
    ENTITLEMENTS: (*_WITH_NODES, ENTITLEMENTS),
    ASSIGNMENTS: (*_WITH_NODES, ENTITLEMENTS),
}
"""For each part of the graph, the lists whose records it refers to."""
GRAPHS = frozenset(_REFERRED)
"""The capabilities that are parts of the graph."""

_RULES = "access_graph_entitlement_rules"
_DROPPED = "Lumos drops what refers to nothing: nobody reviews that access, or removes it."
_LOST = "Lumos does not see the access that a missing edge gives; here, the page size decides which."
_UNDECLARED = "Lumos does not know what to do with a type that is not declared."


def graph_lists(capability: str) -> Sequence[str]:
    """The lists that a part of the graph refers to, itself among them."""
    return _REFERRED.get(capability, ())


def graph_breach(walk: Walk, lists: Mapping[str, Walk], info: Json) -> Iterator[Breach]:
    """Nodes and edges of a part of the graph that refer to something that is nowhere.

    Args:
        walk: The part, all its pages.
        lists: Those of the lists of ``graph_lists`` that the connector has.
        info: The ``response`` of ``info``.

    Source: the schemas ``AccessGraphResourceRelationship``: "An edge representing a relationship between two
    resources"; ``AccessGraphImpliedAccess``; ``AccessGraphEntitlementAssignment``: "The ID of the entitlement
    that has been granted"; and those that each function here names.
    """
    if walk.capability == RESOURCES:
        yield from _resource_breaches(walk, lists, info)
    elif walk.capability == ENTITLEMENTS:
        yield from _entitlement_breaches(walk, lists, info)
    elif walk.capability == ASSIGNMENTS:
        yield from _assignment_breaches(walk, lists, info)


def graph_remarks(walk: Walk, info: Json) -> Iterator[str]:
    """What is odd in a part of the graph, and not forbidden."""
    twice = [edge for edge, times in Counter(_edges(walk)).items() if times > 1]
    if twice:
        yield f"{walk.capability} gives {counted(len(twice), 'edge')} more than once, such as {twice[0]}"
    if walk.capability == ENTITLEMENTS:
        of_graph, others = (
            _declared(info, name) for name in ("access_graph_entitlement_types", "entitlement_types")
        )
        used = {str(each.get("entitlement_type")) for each in walk.records}
        if elsewhere := sorted(used & others - of_graph):
            yield (
                f"entitlement_types of info declares {', '.join(elsewhere)}, which {ENTITLEMENTS} uses. "
                'AccessGraphEntitlement.entitlement_type "should match a previously declared entitlement '
                'type"; by the schema AccessGraphEntitlementType, access_graph_entitlement_types is "used to '
                'declare entitlement types for the access graph capabilities".'
            )


def edges_breach(walks: Sequence[Walk]) -> Iterator[Breach]:
    """Edges that walks in pages of one size give, and those of another do not.

    A walk that was stopped has the beginning of the graph, so that only what it has too much can be seen.

    Args:
        walks: Walks through one part of the graph in pages of different sizes, none of them failed.

    Source: as for the records of a list: a graph that comes in pages is one graph.
    """
    beginnings = [walk.beginning for walk in walks]
    full = max(beginnings, key=lambda walk: (walk.is_whole, walk.size or 0))
    for walk in beginnings if full.is_whole else ():
        now, ought = set(_beside_nodes(walk)), set(_beside_nodes(full))
        missing, extra = sorted(ought - now) if walk.is_whole else [], sorted(now - ought)
        if missing or extra:
            records = [
                *(f"{edge}: missing in pages of {walk.asked}" for edge in missing),
                *(f"{edge}: missing in pages of {full.asked}" for edge in extra),
            ]
            yield Breach(walk.capability, f"{walk} has other edges than {full}", _LOST, records)


def _resource_breaches(walk: Walk, lists: Mapping[str, Walk], info: Json) -> Iterator[Breach]:
    yield from _undeclared(walk, "resource_type", _declared(info, "resource_types"), "resource_types")
    nodes = _nodes(lists)
    ends = [
        (f"{edge.get('from_id')} {edge.get('label')} {to}", str(end))
        for edge in _parts(walk, "resource_relationships")
        for to in edge.get("to_ids") or ()
        for end in (edge.get("from_id"), to)
    ]
    if nodes is not None:
        yield from _without(
            walk, "resource_relationships", [edge for edge, end in ends if end not in {GLOBAL, *nodes}]
        )
    accounts = _ids(lists, ACCOUNTS, "integration_specific_id")
    references = [(_name(each), str((each.get("reference") or {}).get("id"))) for each in walk.records]
    unlisted = [(name, id_) for name, id_ in references if id_ != "None" and id_ not in (accounts or {id_})]
    yield from _without(walk, "reference", [f"{name}: {id_}" for name, id_ in unlisted], ACCOUNTS)
    credentials = _ids(lists, CREDENTIALS, "external_id")
    linked = [(_name(each), id_) for each in walk.records for id_ in each.get("linked_credential_ids") or ()]
    unlisted = [(name, id_) for name, id_ in linked if credentials is not None and id_ not in credentials]
    yield from _without(
        walk, "linked_credential_ids", [f"{name}: {id_}" for name, id_ in unlisted], CREDENTIALS
    )
    yield from _emitted_again(walk, lists)
    yield from _stray_attributes(walk, "resource", {str(each.get("id")) for each in walk.records})


def _emitted_again(walk: Walk, lists: Mapping[str, Walk]) -> Iterator[Breach]:
    """Non-human accounts among the resources.

    Source: the schema ``NonHumanAccount``: "It is never re-emitted as an AccessGraphResource."
    """
    own = {str(each.get("resource_id")) for each in (lists[NON_HUMAN].records if NON_HUMAN in lists else ())}
    again = [_name(each) for each in walk.records if str(each.get("id")) in own]
    if again:
        title = f"{counted(len(again), 'resource')} that {NON_HUMAN} has as an account"
        yield Breach(walk.capability, title, "Lumos makes the node itself, and then has it twice.", again)


def _entitlement_breaches(walk: Walk, lists: Mapping[str, Walk], info: Json) -> Iterator[Breach]:
    names = ("access_graph_entitlement_types", "entitlement_types")
    types = {each for name in names for each in _declared(info, name)}
    yield from _undeclared(walk, "entitlement_type", types, names[0])
    if (nodes := _nodes(lists)) is not None:
        homeless = [each for each in walk.records if str(each.get("resource_id")) not in {GLOBAL, *nodes}]
        yield from _without(walk, "resource_id", list(map(_name, homeless)))
    yield from _misplaced(walk, lists, info)
    known = _Entitlements(lists, info)
    ends = [
        (f"{_end(edge.get('from_entitlement'))} implies {_end(to)}", end or {})
        for edge in _parts(walk, "entitlement_implications")
        for to in edge.get("to_entitlements") or ()
        for end in (edge.get("from_entitlement"), to)
    ]
    dangling = [
        edge for edge, end in ends if not known.have(end.get("entitlement_id"), end.get("resource_id"))
    ]
    yield from _without(walk, "entitlement_implications", dangling, ENTITLEMENTS)
    yield from _strange_rules(walk, info, types)
    yield from _stray_attributes(walk, "entitlement", known.ids)


def _misplaced(walk: Walk, lists: Mapping[str, Walk], info: Json) -> Iterator[Breach]:
    """Entitlements of a type that belongs to another type of resources than the one that they are of.

    Source: the schema ``AccessGraphEntitlementType``: its ``resource_type_id`` "must be the same string as a
    type_id from the declared resource types".
    """
    declared = info.get("access_graph_entitlement_types") or ()
    owed = {each.get("type_id"): each.get("resource_type_id") for each in declared}
    types: dict[Any, set[Any]] = {GLOBAL: {GLOBAL}}
    for each in lists[RESOURCES].records if RESOURCES in lists else ():
        types.setdefault(each.get("id"), set()).add(each.get("resource_type"))
    wrong = []
    for each in walk.records:
        kind, resource = each.get("entitlement_type"), each.get("resource_id")
        if kind in owed and resource in types and owed[kind] not in types[resource]:
            has = " and ".join(sorted(map(repr, types[resource])))
            wrong.append(f"{_name(each)}: {kind} is of {owed[kind]!r}, the resource of {has}")
    if wrong:
        title = f"{counted(len(wrong), 'entitlement')} on a resource that the type is not of"
        yield Breach(walk.capability, title, "Lumos shows and assigns it in the wrong place.", wrong)


def _strange_rules(walk: Walk, info: Json, types: set[str]) -> Iterator[Breach]:
    """Rules and types of entitlements, of the response or of ``info``, about types that are not declared.

    Source: the schemas ``AccessGraphEntitlementType``: its ``resource_type_id`` "must be the same string as a
    type_id from the declared resource types"; ``AccessGraphEntitlementRule``: "an entitlement that
    automatically exists for every resource of a given type"; ``AccessGraphImpliedAccessRule``.
    """
    resources = {GLOBAL, *_declared(info, "resource_types")}
    kinds = info.get("access_graph_entitlement_types") or ()
    of_info = [
        *({"resource_type": each.get("resource_type_id")} for each in kinds),
        *(info.get(_RULES) or ()),
        *(info.get("implied_access_rules") or ()),
    ]
    own = [*_parts(walk, _RULES), *_parts(walk, "access_graph_implied_access_rules")]
    strange = [
        f"{source}: {name} {value!r}"
        for source, rules in (("info", of_info), (walk.capability, own))
        for rule in rules
        for name, value in rule.items()
        if (name.endswith("entitlement_type") and value not in types)
        or (name.endswith("resource_type") and value not in resources)
    ]
    if strange:
        strange = list(dict.fromkeys(strange))
        title = f"{counted(len(strange), 'type')} that the graph has rules or types for, not declared in info"
        yield Breach(walk.capability, title, _UNDECLARED, strange)


def _assignment_breaches(walk: Walk, lists: Mapping[str, Walk], info: Json) -> Iterator[Breach]:
    """Assignments to nobody, or of nothing.

    Source: the schemas ``AccessGraphEntitlementAssignment``: "Models an actor being granted an entitlement";
    ``NonHumanAccount`` and ``Credential``, whose assignments are "keyed by its `resource_id`".
    """
    nodes, known = _nodes(lists), _Entitlements(lists, info)
    if nodes is not None:
        nobody = [each for each in walk.records if not _is_actor(str(each.get("resource_id")), nodes, lists)]
        yield from _without(walk, "resource_id", list(map(_assignment, nobody)))
    nothing = [
        each
        for each in walk.records
        if not known.have(each.get("entitlement_id"), each.get("entitlement_resource_id"))
    ]
    yield from _without(walk, "entitlement_id", list(map(_assignment, nothing)), ENTITLEMENTS)


class _Entitlements:
    """The entitlements that there are: nodes, and those that rules declare for each resource of a type."""

    def __init__(self, lists: Mapping[str, Walk], info: Json) -> None:
        self._is_known = ENTITLEMENTS in lists and lists[ENTITLEMENTS].is_whole
        records = lists[ENTITLEMENTS].records if self._is_known else ()
        self._nodes = {(str(each.get("id")), str(each.get("resource_id"))) for each in records}
        rules = [*(info.get(_RULES) or ()), *(_parts(lists[ENTITLEMENTS], _RULES) if self._is_known else ())]
        self._rules = {(str(each.get("entitlement_id")), str(each.get("resource_type"))) for each in rules}
        self._types: dict[str, set[str]] | None = None
        if RESOURCES in lists and lists[RESOURCES].is_whole:
            self._types = {GLOBAL: {GLOBAL}}
            for each in lists[RESOURCES].records:
                self._types.setdefault(str(each.get("id")), set()).add(str(each.get("resource_type")))

    @property
    def ids(self) -> set[str]:
        """Their own ids."""
        return {id_ for id_, _ in (*self._nodes, *self._rules)}

    def have(self, id_: Any, resource: Any) -> bool:
        """Whether there is an entitlement on a resource, or nobody knows."""
        if not self._is_known or (str(id_), str(resource)) in self._nodes:
            return True
        if self._types is None:
            return str(id_) in {each for each, _ in self._rules}
        return any((str(id_), kind) in self._rules for kind in self._types.get(str(resource), ()))


def _nodes(lists: Mapping[str, Walk]) -> set[str] | None:
    """The ids of all nodes: resources, and those that Lumos makes of accounts and credentials itself.

    Source: the schemas ``NonHumanAccount`` and ``Credential``: "Lumos synthesizes its resource node";
    ``FoundAccountData.resource_id``: "when absent Lumos falls back to the `account:<id>` convention".
    """
    there = [lists[name] for name in _WITH_NODES if name in lists]
    if RESOURCES not in lists or not all(walk.is_whole for walk in there):
        return None
    found = {str(each.get("id")) for each in lists[RESOURCES].records}
    for walk in there:
        for each in walk.records if walk.capability != RESOURCES else ():
            fallback = f"account:{each.get('integration_specific_id')}"
            found.add(str(each.get("resource_id") or fallback))
    return found


def _is_actor(id_: str, nodes: set[str], lists: Mapping[str, Walk]) -> bool:
    # Without a list of accounts, nobody knows which there are.
    return id_ in nodes or (ACCOUNTS not in lists and id_.startswith("account:"))


def _stray_attributes(walk: Walk, kind: str, ids: set[str]) -> Iterator[Breach]:
    """Custom attributes of no node.

    Source: the schema ``CustomAttribute``: "The id of the record this custom attribute is for", whose type
    "determines which model the record_id will be matched against".
    """
    found = [each for each in _parts(walk, "custom_attributes") if each.get("type") == kind]
    stray = [f"{each.get('label')} of {each.get('record_id')}" for each in found if _of(each) not in ids]
    if walk.is_whole:
        yield from _without(walk, "custom_attributes", stray)


def _of(attribute: Json) -> str:
    return str(attribute.get("record_id"))


def _without(walk: Walk, field: str, records: Sequence[str], where: str = "") -> Iterator[Breach]:
    if records:
        found = list(dict.fromkeys(records))
        leads = "leads" if len(found) == 1 else "lead"
        place = f"in no record of {where}" if where else f"{leads} to no node"
        title = f"{counted(len(found), 'value')} of {field} {place}"
        yield Breach(walk.capability, title, _DROPPED, found)


def _undeclared(walk: Walk, field: str, types: set[str], where: str) -> Iterator[Breach]:
    unknown = sorted({str(each.get(field)) for each in walk.records} - types)
    if unknown:
        title = f"{counted(len(unknown), 'value')} of {field} not among the {where} of info"
        yield Breach(walk.capability, title, _UNDECLARED, unknown)


def _declared(info: Json, name: str) -> set[str]:
    return {str(each.get("type_id")) for each in info.get(name) or ()}


def _ids(lists: Mapping[str, Walk], name: str, field: str) -> set[str] | None:
    """The ids of the records of a list; ``None`` if they are not all known."""
    if name not in lists or not lists[name].is_whole:
        return None
    return {str(each.get(field)) for each in lists[name].records}


def _parts(walk: Walk, name: str) -> list[Json]:
    """What the pages have in a field beside the nodes."""
    payloads = [page.get("response") for page in walk.pages]
    found = [each for payload in payloads if isinstance(payload, Mapping) for each in payload.get(name) or ()]
    return [each for each in found if isinstance(each, Mapping)]


def _edges(walk: Walk) -> list[str]:
    """The edges of all pages, one line for each end."""
    edges = [
        f"{edge.get('from_id')} {edge.get('label')} {to}"
        for edge in _parts(walk, "resource_relationships")
        for to in edge.get("to_ids") or ()
    ]
    return edges + [
        f"{_end(edge.get('from_entitlement'))} implies {_end(to)}"
        for edge in _parts(walk, "entitlement_implications")
        for to in edge.get("to_entitlements") or ()
    ]


def _beside_nodes(walk: Walk) -> list[str]:
    """What the pages have beside the nodes: edges; attributes and rules, which each page may have again."""
    names = ("custom_attributes", _RULES, "access_graph_implied_access_rules")
    return [
        *_edges(walk),
        *(json.dumps(each, sort_keys=True) for name in names for each in _parts(walk, name)),
    ]


def _end(entitlement: Json | None) -> str:
    entitlement = entitlement or {}
    key: Key = (str(entitlement.get("entitlement_id")), str(entitlement.get("resource_id")))
    return shown(key)


def _name(record: Json) -> str:
    names = ("id", "resource_id") if "resource_id" in record else ("id",)
    return shown(tuple(str(record.get(name)) for name in names))


def _assignment(record: Json) -> str:
    names = ("resource_id", "entitlement_id", "entitlement_resource_id")
    return shown(tuple(str(record.get(name)) for name in names))
