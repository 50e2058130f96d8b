"""The rule **cardinality**: how many entitlements of a type an account has, and may have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_testing import ASSOCIATION, listed, observed, told

from connector_contract.contract.rules.cardinality import (
    access,
    active_accounts,
    example_breach,
    has_limits,
    held_breach,
    held_remarks,
    limits,
    requirements_breach,
    written_limits_breach,
)

ACCOUNTS, ASSOCIATIONS = "list_accounts", "find_entitlement_associations"


def info(*kinds):
    return {"entitlement_types": list(kinds)}


def kind(type_id="role", requirements=None, **given):
    return {"type_id": type_id, "resource_type_id": "project", "requirements": requirements, **given}


def account(id_, status="ACTIVE"):
    return {"integration_specific_id": id_, "user_status": status}


def entitlement(id_, resource="p1", type_id="role"):
    names = ("integration_specific_id", "integration_specific_resource_id", "entitlement_type")
    return dict(zip(names, (id_, resource, type_id), strict=True))


def grants(*keys):
    return [dict(zip(ASSOCIATION, key.split("/"), strict=True)) for key in keys]


ROLES = [
    entitlement("admin"),
    entitlement("viewer"),
    entitlement("admin", "p2"),
    entitlement("x", "", "seat"),
]


def lists(held, accounts=(), entitlements=ROLES, **rest):
    names = (ACCOUNTS, "list_entitlements", ASSOCIATIONS)
    return [
        listed(name, *each, **rest) for name, each in zip(names, (accounts, entitlements, held), strict=True)
    ]


# Who has what


def test_what_an_account_has_of_each_type():
    found = access(ROLES, grants("u1/admin/p1", "u1/admin/p2", "u1/x/", "u2/admin/p1"))
    assert found.of("u1", "role") == {("admin", "p1"), ("admin", "p2")}
    assert found.of("u1", "seat") == {("x", "")}
    assert found.of("u3", "role") == found.of("u2", "seat") == frozenset()
    assert found.unsure == frozenset()


def test_what_is_of_several_types_or_of_none_is_not_known_for_sure():
    """An id "may only be unique within the tenant and the entitlement type"; associations have no type."""
    both = [*ROLES, entitlement("admin", "p1", "group")]
    found = access(both, grants("u1/admin/p1", "u1/viewer/p1", "u2/other/p1"))
    assert found.of("u1", "role") == {("viewer", "p1")}
    assert found.unsure == {"u1", "u2"}


@pytest.mark.parametrize(
    ("accounts", "active"),
    [
        ([account("u1"), account("u2", "SUSPENDED"), account("u3", None)], ["u1"]),
        ([account("u1", None), account("u2", None)], ["u1", "u2"]),
        ([], []),
    ],
)
def test_the_accounts_that_are_active(accounts, active):
    assert active_accounts(accounts) == active


# What a type demands


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"min": 1, "max": 2}, (1, 2), id="of all"),
        pytest.param({"min": 0, "max": 0}, (0, None), id="a max of zero is none"),
        pytest.param({}, (0, None), id="nothing"),
        pytest.param({"min": 1, "requirements": {"create_account": {"min": 2}}}, (2, None), id="another min"),
        pytest.param({"max": 2, "requirements": {"create_account": {"max": 1}}}, (0, 1), id="another max"),
        pytest.param({"min": 1, "requirements": {"create_account": {"max": 0}}}, (0, 0), id="none at all"),
        pytest.param({"min": 1, "requirements": {"delete_account": {"max": 0}}}, (1, None), id="of another"),
        pytest.param({"min": 1, "requirements": {"create_account": {}}}, (1, None), id="nothing of its own"),
    ],
)
def test_the_limits_of_a_type_for_a_capability(given, expected):
    assert limits(kind(**given), "create_account") == expected


def test_whether_there_are_limits():
    assert not has_limits(info(kind(min=0, max=None)))
    assert not has_limits({})
    for given in ({"min": 1}, {"max": 1}, {"requirements": {"create_account": {"max": 0}}}):
        assert has_limits(info(kind(**given)))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"min": 1, "requirements": {"create_account": {"max": 0}}}, [], id="right"),
        pytest.param({"requirements": {"my_capability": {"min": 1}}}, [], id="of a custom capability"),
        pytest.param({"requirements": {}}, [], id="none"),
        pytest.param(
            {"requirements": {"create_acount": {"max": 0}}},
            [("entitlement types have requirements for what is no capability", ["role: 'create_acount'"])],
            id="misspelt",
        ),
        pytest.param(
            {"requirements": {"create_account": {"min": 2, "max": 1}}},
            [
                (
                    "entitlement types have requirements that nobody can meet",
                    ["role: create_account: min 2, max 1"],
                )
            ],
            id="a min above its max",
        ),
        pytest.param(
            {"max": 1, "requirements": {"create_account": {"min": 2}}},
            [
                (
                    "entitlement types have requirements that nobody can meet",
                    ["role: create_account: min 2, max 1"],
                )
            ],
            id="a min above the type's max",
        ),
    ],
)
def test_the_requirements_of_a_type(given, expected):
    breaches = told(requirements_breach(info(kind(**given)), ["create_account", "my_capability"]))
    assert breaches == [("info", *each) for each in expected]


LACKS = "its example asks for other entitlements than info requires"


@pytest.mark.parametrize(
    ("given", "asked", "records"),
    [
        pytest.param({"min": 1, "max": 1}, ["p1"], [], id="right"),
        pytest.param({"min": 0}, [], [], id="nothing is required"),
        pytest.param({"min": 0}, ["p1"], [], id="more than is required"),
        pytest.param({"min": 1, "max": 1}, ["p1", "p2"], [], id="one of each resource"),
        pytest.param({"min": 1, "requirements": {"create_account": {"max": 0}}}, [], [], id="not yet"),
        pytest.param({"min": 1}, [], ["role: 0, and the min is 1"], id="one is missing"),
        pytest.param({"max": 1}, ["p1", "p1"], ["role: 2, and the max is 1"], id="one too many"),
        pytest.param(
            {"requirements": {"create_account": {"max": 0}}},
            ["p1"],
            ["role: 1, and the max is 0"],
            id="not allowed yet",
        ),
    ],
)
def test_the_example_of_a_new_account(given, asked, records):
    asked = [{"entitlement_type": "role", "integration_specific_resource_id": each} for each in asked]
    breaches = told(example_breach(info(kind(**given)), {"entitlements": asked}))
    assert breaches == ([("create_account", LACKS, records)] if records else [])
    if not asked:
        assert told(example_breach(info(kind(**given)), {})) == breaches


def new(*names):
    return {"entitlements": [{"entitlement_type": name, "integration_specific_id": "x"} for name in names]}


def test_the_example_of_a_new_account_has_types_that_info_declares():
    records = ["sole: info does not declare this type"]
    kinds = info(kind(min=1), kind("seat"))
    assert told(example_breach(kinds, new("role", "sole"))) == [("create_account", LACKS, records)]
    assert told(example_breach(kinds, new("role", "seat"))) == []


# What accounts have


@pytest.mark.parametrize(
    ("kinds", "accounts", "held", "expected"),
    [
        pytest.param([kind(min=1, max=1)], [account("u1")], ["u1/admin/p1"], [], id="right"),
        pytest.param([kind(max=2)], [account("u1")], ["u1/admin/p1", "u1/viewer/p1"], [], id="as many"),
        pytest.param([kind(max=1)], [account("u1")], ["u1/admin/p1", "u1/admin/p2"], [], id="of each"),
        pytest.param([kind(max=1)], [account("u1")], ["u1/admin/p1", "u1/x/"], [], id="of another type"),
        pytest.param([kind(max=1)], [account("u1")], ["u1/admin/p1", "u1/admin/p1"], [], id="one twice"),
        pytest.param([kind(min=1)], [account("u1", "SUSPENDED")], [], [], id="not active"),
        pytest.param([kind(min=1)], [account("u1", "PENDING")], [], [], id="not active yet"),
        pytest.param([kind(min=1)], [account("u1")], ["u1/unknown/p1"], [], id="it may be one"),
        pytest.param([kind(min=1)], [], [], [], id="nobody"),
        pytest.param([], [account("u1")], ["u1/admin/p1"], [], id="no types"),
        pytest.param(
            [kind(max=1)],
            [account("u1", "SUSPENDED")],
            ["u1/admin/p1", "u1/viewer/p1"],
            [("1 account with more than 1 of the type role, its max", ["u1: 2 roles of p1"])],
            id="above the max",
        ),
        pytest.param(
            [kind(min=1), kind("seat", min=1)],
            [account("u1"), account("u2")],
            ["u1/admin/p1", "u1/x/"],
            [
                ("1 active account with fewer than 1 of the type role, its min", ["u2: 0"]),
                ("1 active account with fewer than 1 of the type seat, its min", ["u2: 0"]),
            ],
            id="below the min",
        ),
        pytest.param(
            [kind(min=1)],
            [account("u1", None)],
            [],
            [("1 active account with fewer than 1 of the type role, its min", ["u1: 0"])],
            id="where nobody has a status",
        ),
    ],
)
def test_how_many_an_account_has(kinds, accounts, held, expected):
    breaches = told(held_breach(info(*kinds), *lists(grants(*held), accounts)))
    assert breaches == [(ASSOCIATIONS, *each) for each in expected]


def test_of_a_sample_an_account_may_have_more_than_was_seen():
    accounts, entitlements, few = lists(grants("u2/admin/p1", "u2/viewer/p1"), [account("u1")])
    sampled = replace(few, gap=1, per_page=(1,))
    kinds = info(kind(min=1, max=1))
    titles = [breach.title for breach in held_breach(kinds, accounts, entitlements, sampled)]
    assert titles == ["1 account with more than 1 of the type role, its max"]
    titles = [breach.title for breach in held_breach(kinds, accounts, replace(entitlements, gap=1), few)]
    assert titles == ["1 account with more than 1 of the type role, its max"]
    titles = [breach.title for breach in held_breach(kinds, None, entitlements, few)]
    assert titles == ["1 account with more than 1 of the type role, its max"]


def test_more_than_the_max_over_all_resources_is_a_note():
    held = ["u1/admin/p1", "u1/admin/p2", "u2/admin/p1", "u2/admin/p2"]
    _, entitlements, associations = lists(grants(*held))
    (remark,) = held_remarks(info(kind(max=1)), entitlements, associations)
    assert remark.startswith("'u1' has 2 of the type role, and 1 other like it, of different resources")
    assert 'EntitlementType.max says: "an account can only have one"' in remark
    for kinds in (info(kind(max=2)), info(kind()), info()):
        assert list(held_remarks(kinds, entitlements, associations)) == []
    # What is more of one resource is a breach.
    _, _, more = lists(grants("u1/admin/p1", "u1/viewer/p1"))
    assert list(held_remarks(info(kind(max=1)), entitlements, more)) == []


# What a write makes of it


def written(capability, before, after, *, accounts=None, **given):
    requests = {"create_account": ({}, {"id": "u1"})}
    request, payload = requests.get(capability, ({"account_integration_specific_id": "u1"}, {}))
    both = {ASSOCIATIONS: (grants(*before), grants(*after))}
    if accounts is not None:
        both[ACCOUNTS] = (accounts, accounts)
    write = observed(capability, request, payload, **both)
    return told(written_limits_breach(write, info(kind(**given)), listed("list_entitlements", *ROLES)))


BELOW = "'u1' has 0 of the type role afterwards, and its min is 1"
ABOVE = "'u1' has 2 of the type role afterwards, and its max is 1"


@pytest.mark.parametrize(
    ("capability", "before", "after", "given", "title"),
    [
        ("create_account", [], ["u1/admin/p1"], {"min": 1, "max": 1}, None),
        ("create_account", [], [], {"min": 1, "requirements": {"create_account": {"max": 0}}}, None),
        ("create_account", [], [], {"min": 1}, BELOW),
        ("create_account", [], ["u1/admin/p1", "u1/viewer/p1"], {"max": 1}, ABOVE),
        ("assign_entitlement", ["u1/admin/p1"], ["u1/viewer/p1"], {"min": 1, "max": 1}, None),
        ("assign_entitlement", ["u1/admin/p1"], ["u1/admin/p1", "u1/admin/p2"], {"max": 1}, None),
        ("assign_entitlement", ["u1/admin/p1"], ["u1/admin/p1", "u1/viewer/p1"], {"max": 1}, ABOVE),
        ("unassign_entitlement", ["u1/admin/p1"], [], {"min": 0}, None),
        ("unassign_entitlement", ["u1/admin/p1"], ["u1/viewer/p1"], {"min": 1}, None),
        ("unassign_entitlement", ["u1/admin/p1"], [], {"min": 1}, BELOW),
        ("unassign_entitlement", ["u1/x/"], [], {"min": 1}, None),
    ],
)
def test_what_a_write_leaves_an_account_with(capability, before, after, given, title):
    expected = [] if title is None else [(capability, title, [])]
    assert written(capability, before, after, **given) == expected


def test_an_account_that_is_not_active_any_more_needs_nothing():
    gone = ("unassign_entitlement", ["u1/admin/p1"], [])
    assert written(*gone, accounts=[account("u1", "SUSPENDED")], min=1) == []
    assert written(*gone, accounts=[account("u1")], min=1) == [("unassign_entitlement", BELOW, [])]


def test_what_was_not_read_to_its_end_says_nothing():
    write = observed("create_account", {}, {"id": "u1"}, **{ASSOCIATIONS: ([], [])})
    kinds, entitlements = info(kind(min=1)), listed("list_entitlements", *ROLES)
    assert len(list(written_limits_breach(write, kinds, entitlements))) == 1
    assert list(written_limits_breach(write, kinds, replace(entitlements, gap=1))) == []
    assert list(written_limits_breach(replace(write, before={}), kinds, entitlements)) == []
