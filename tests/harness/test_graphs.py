"""The rules **references** and **pages** for an access graph: edges end at nodes, whatever the page size."""

from __future__ import annotations

import pytest
from rules_testing import listed, told, walk

from connector_contract.contract.rules.graphs import edges_breach, graph_breach, graph_lists, graph_remarks

RESOURCES, ENTITLEMENTS = "find_resource_graph", "find_entitlement_graph"
ASSIGNMENTS = "find_entitlement_assignments"
INFO = {
    "resource_types": [{"type_id": "folder"}, {"type_id": "project"}],
    "access_graph_entitlement_types": [
        {"type_id": "editor", "resource_type_id": "project"},
        {"type_id": "viewer", "resource_type_id": "folder"},
        {"type_id": "admin", "resource_type_id": ""},
    ],
    "access_graph_entitlement_rules": [
        {"entitlement_type": "viewer", "entitlement_id": "view", "resource_type": "folder"}
    ],
}


def node(id_, kind="project", **fields):
    return {"id": id_, "resource_type": kind, "label": id_, **fields}


def edge(one, *others, label="contains"):
    return {"from_id": one, "to_ids": list(others), "label": label}


def resources(*nodes, edges=(), size=100, more=False, **rest):
    response = {"resources": list(nodes), "resource_relationships": list(edges), "custom_attributes": []}
    page = {"response": {**response, **rest}, "page": {"token": "2" if more else None}}
    return walk(page, name=RESOURCES, size=size, key_fields=("id", "resource_type"), within="resources")


def right(id_, resource, kind="editor"):
    return {"id": id_, "resource_id": resource, "entitlement_type": kind}


def end(id_, resource):
    return {"entitlement_id": id_, "resource_id": resource}


def implies(one, *others):
    return {"from_entitlement": end(*one), "to_entitlements": [end(*each) for each in others]}


def entitlements(*nodes, edges=(), **rest):
    response = {"nodes": list(nodes), "entitlement_implications": list(edges), "custom_attributes": []}
    page = {"response": {**response, **rest}}
    return walk(page, name=ENTITLEMENTS, key_fields=("id", "resource_id"), within="nodes")


def assignments(*keys):
    names = ("resource_id", "entitlement_id", "entitlement_resource_id")
    records = [dict(zip(names, key, strict=True)) for key in keys]
    return walk({"response": records}, name=ASSIGNMENTS, key_fields=names)


F1, P1 = node("f1", "folder"), node("p1")
ACCOUNTS = listed(
    "list_accounts",
    {"integration_specific_id": "u1", "resource_id": None},
    {"integration_specific_id": "u2", "resource_id": "person-2"},
)
ROBOTS = listed("list_non_human_accounts", {"id": "r1", "resource_id": "robot-1"})
KEYS = listed("list_credentials", {"external_id": "k1", "resource_id": "key-1"})
LISTS = {
    RESOURCES: resources(F1, P1),
    ENTITLEMENTS: entitlements(right("edit", "p1"), right("root", "", "admin")),
    "list_accounts": ACCOUNTS,
    "list_non_human_accounts": ROBOTS,
    "list_credentials": KEYS,
}


def said(walk_, lists=LISTS, info=INFO):
    found = told(graph_breach(walk_, {**lists, walk_.capability: walk_}, info))
    assert {capability for capability, *_ in found} <= {walk_.capability}
    return [(title, records) for _, title, records in found]


def test_a_part_of_the_graph_refers_to_the_lists_that_have_nodes():
    nodes = [RESOURCES, "list_accounts", "list_non_human_accounts", "list_credentials"]
    assert list(graph_lists(RESOURCES)) == nodes
    assert list(graph_lists(ASSIGNMENTS)) == [*nodes, ENTITLEMENTS]
    assert list(graph_lists("list_accounts")) == []
    assert told(graph_breach(ACCOUNTS, LISTS, INFO)) == []


@pytest.mark.parametrize(
    ("graph", "lists"),
    [
        pytest.param(resources(F1, P1, edges=[edge("f1", "p1")]), LISTS, id="an edge"),
        pytest.param(
            resources(F1, P1, edges=[edge("p1", "robot-1", "key-1", "account:u1", "person-2")]),
            LISTS,
            id="edges to nodes that Lumos makes itself",
        ),
        pytest.param(resources(), {}, id="nothing"),
        pytest.param(resources(F1, edges=[edge("f1", "p9")], more=True), {}, id="of a sample"),
        pytest.param(
            resources(F1, reference={"id": "u9"}),
            {**LISTS, "list_accounts": listed("list_accounts", {"integration_specific_id": "u9"})},
            id="an account",
        ),
        pytest.param(
            resources(node("p1", reference={"id": "u1", "type": "account"}, linked_credential_ids=["k1"])),
            LISTS,
            id="what is listed",
        ),
        pytest.param(
            resources(node("p1", reference={"id": "u9", "type": "account"}, linked_credential_ids=["k9"])),
            {},
            id="lists that there are not",
        ),
    ],
)
def test_edges_end_at_nodes(graph, lists):
    assert said(graph, lists) == []


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        pytest.param(
            resources(F1, P1, edges=[edge("f1", "p1", "p9"), edge("x", "p1")]),
            [
                (
                    "2 values of resource_relationships lead to no node",
                    ["f1 contains p9", "x contains p1"],
                )
            ],
            id="an edge to nowhere",
        ),
        pytest.param(
            resources(F1, P1, edges=[edge("f1", "account:u2")]),
            [("1 value of resource_relationships leads to no node", ["f1 contains account:u2"])],
            id="an account that has an id of its own",
        ),
        pytest.param(
            resources(node("p1", "team")),
            [("1 value of resource_type not among the resource_types of info", ["team"])],
            id="a type that is not declared",
        ),
        pytest.param(
            resources(node("p1", reference={"id": "u9", "type": "account"})),
            [("1 value of reference in no record of list_accounts", ["p1: u9"])],
            id="an account that is not listed",
        ),
        pytest.param(
            resources(node("p1", linked_credential_ids=["k1", "key-1"])),
            [("1 value of linked_credential_ids in no record of list_credentials", ["p1: key-1"])],
            id="a credential by another id",
        ),
        pytest.param(
            resources(P1, node("robot-1")),
            [("1 resource that list_non_human_accounts has as an account", ["robot-1"])],
            id="a non-human account",
        ),
        pytest.param(
            resources(
                P1,
                custom_attributes=[
                    {"record_id": "p1", "label": "owner", "type": "resource"},
                    {"record_id": "p9", "label": "owner", "type": "resource"},
                    {"record_id": "u9", "label": "owner", "type": "account"},
                ],
            ),
            [("1 value of custom_attributes leads to no node", ["owner of p9"])],
            id="an attribute of nothing",
        ),
    ],
)
def test_what_is_nowhere_in_a_graph_of_resources_is_a_breach(graph, expected):
    assert said(graph) == expected


@pytest.mark.parametrize(
    "graph",
    [
        pytest.param(
            entitlements(
                right("edit", "p1"),
                right("root", "", "admin"),
                edges=[implies(("root", ""), ("edit", "p1"), ("view", "f1"))],
            ),
            id="nodes, and what a rule declares",
        ),
        pytest.param(
            entitlements(
                edges=[implies(("use", "p1"), ("view", "f1"))],
                access_graph_entitlement_rules=[
                    {"entitlement_type": "editor", "entitlement_id": "use", "resource_type": "project"}
                ],
                access_graph_implied_access_rules=[
                    {"from_entitlement_type": "editor", "to_resource_type": "folder"}
                ],
                custom_attributes=[{"record_id": "use", "label": "risk", "type": "entitlement"}],
            ),
            id="rules alone",
        ),
        pytest.param(entitlements(right("edit", "robot-1")), id="on what Lumos makes a node of"),
    ],
)
def test_implications_are_of_entitlements_that_there_are(graph):
    assert said(graph) == []


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        pytest.param(
            entitlements(
                right("edit", "p1"), edges=[implies(("edit", "p1"), ("edit", "f1"), ("view", "p1"))]
            ),
            [
                (
                    "2 values of entitlement_implications in no record of find_entitlement_graph",
                    ["edit / p1 implies edit / f1", "edit / p1 implies view / p1"],
                )
            ],
            id="an implication of nothing",
        ),
        pytest.param(
            entitlements(right("edit", "p9")),
            [("1 value of resource_id leads to no node", ["edit / p9"])],
            id="on no resource",
        ),
        pytest.param(
            entitlements(right("edit", "p1", "owner")),
            [
                (
                    "1 value of entitlement_type not among the access_graph_entitlement_types of info",
                    ["owner"],
                )
            ],
            id="of no type",
        ),
        pytest.param(
            entitlements(right("edit", "f1"), right("root", "p1", "admin")),
            [
                (
                    "2 entitlements on a resource that the type is not of",
                    [
                        "edit / f1: editor is of 'project', the resource of 'folder'",
                        "root / p1: admin is of '', the resource of 'project'",
                    ],
                )
            ],
            id="on resources of another type",
        ),
        pytest.param(
            entitlements(
                access_graph_implied_access_rules=[
                    {"from_entitlement_type": "owner", "to_resource_type": "team"}
                ]
            ),
            [
                (
                    "2 types that the graph has rules or types for, not declared in info",
                    [
                        "find_entitlement_graph: from_entitlement_type 'owner'",
                        "find_entitlement_graph: to_resource_type 'team'",
                    ],
                )
            ],
            id="a rule about nothing",
        ),
    ],
)
def test_what_is_nowhere_in_a_graph_of_entitlements_is_a_breach(graph, expected):
    assert said(graph) == expected


def test_a_rule_of_info_is_of_declared_types():
    info = {**INFO, "implied_access_rules": [{"from_entitlement_type": "owner"}]}
    assert said(entitlements(), info=info) == [
        (
            "1 type that the graph has rules or types for, not declared in info",
            ["info: from_entitlement_type 'owner'"],
        )
    ]


def test_a_type_of_entitlements_is_of_a_declared_type_of_resources():
    kinds = [*INFO["access_graph_entitlement_types"], {"type_id": "owner", "resource_type_id": "team"}]
    assert said(entitlements(), info={**INFO, "access_graph_entitlement_types": kinds}) == [
        ("1 type that the graph has rules or types for, not declared in info", ["info: resource_type 'team'"])
    ]


def test_without_a_graph_of_resources_a_rule_is_of_whatever_resource():
    lists = {ENTITLEMENTS: entitlements(right("edit", "p1"))}
    assert said(assignments(("x", "view", "p9"), ("x", "edit", "p1")), lists) == []
    assert said(assignments(("x", "use", "p9")), lists) == [
        ("1 value of entitlement_id in no record of find_entitlement_graph", ["x / use / p9"])
    ]
    assert said(assignments(("x", "use", "p9")), {}) == []


@pytest.mark.parametrize("who", ["p1", "account:u1", "person-2", "robot-1", "key-1"])
def test_who_has_an_entitlement_is_a_node(who):
    assert said(assignments((who, "edit", "p1"), (who, "view", "f1"), (who, "root", ""))) == []


@pytest.mark.parametrize("who", ["u1", "account:u2", "r1", "k1", ""])
def test_who_is_no_node_has_nothing(who):
    assert said(assignments((who, "edit", "p1"))) == [
        ("1 value of resource_id leads to no node", [f"{who} / edit / p1"])
    ]


def test_without_a_list_of_accounts_nobody_knows_which_there_are():
    lists = {name: LISTS[name] for name in (RESOURCES, ENTITLEMENTS)}
    assert said(assignments(("account:u7", "edit", "p1")), lists) == []


def test_an_assignment_is_of_an_entitlement_that_there_is():
    assert said(assignments(("p1", "edit", "f1"), ("p1", "view", "p1"))) == [
        (
            "2 values of entitlement_id in no record of find_entitlement_graph",
            ["p1 / edit / f1", "p1 / view / p1"],
        )
    ]


# What is odd


def test_an_edge_that_comes_twice_is_a_remark():
    graph = resources(F1, P1, edges=[edge("f1", "p1"), edge("f1", "p1", "f1")])
    assert list(graph_remarks(graph, INFO)) == [
        "find_resource_graph gives 1 edge more than once, such as f1 contains p1"
    ]
    assert list(graph_remarks(resources(F1, P1, edges=[edge("f1", "p1")]), INFO)) == []
    rules = {"access_graph_entitlement_rules": INFO["access_graph_entitlement_rules"] * 2}
    assert list(graph_remarks(entitlements(**rules), INFO)) == []


def test_a_type_that_is_declared_for_something_else_is_a_remark():
    info = {**INFO, "entitlement_types": [{"type_id": "owner"}, {"type_id": "editor"}]}
    graph = entitlements(right("own", "p1", "owner"), right("edit", "p1"))
    assert said(graph, info=info) == []
    [remark] = graph_remarks(graph, info)
    assert remark.startswith("entitlement_types of info declares owner, which find_entitlement_graph uses.")


# In pages of different sizes


def test_a_graph_has_the_same_edges_in_pages_of_each_size():
    full = resources(F1, P1, edges=[edge("f1", "p1", "f1")])
    split = resources(F1, P1, edges=[edge("f1", "p1"), edge("f1", "f1")], size=1)
    beginning = resources(F1, edges=[edge("f1", "p1")], size=1, more=True)
    assert told(edges_breach([full, split, beginning])) == []
    assert told(edges_breach([beginning])) == []
    assert told(edges_breach([ACCOUNTS])) == []


def test_an_edge_that_comes_in_pages_of_one_size_alone_is_a_breach():
    full = resources(F1, P1, edges=[edge("f1", "p1")])
    none, other = resources(F1, P1, size=3), resources(F1, edges=[edge("f1", "f1")], size=1, more=True)
    assert told(edges_breach([full, none, other])) == [
        (
            RESOURCES,
            "the walk in pages of 3 has other edges than the walk in pages of 100",
            ["f1 contains p1: missing in pages of 3"],
        ),
        (
            RESOURCES,
            "the walk in pages of 1 has other edges than the walk in pages of 100",
            ["f1 contains f1: missing in pages of 100"],
        ),
    ]
