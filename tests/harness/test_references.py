"""The rule **references**: what a record refers to is there."""

from __future__ import annotations

import pytest
from rules_testing import ASSOCIATION, interaction, listed, told

from connector_contract.contract.rules.references import (
    reference_breach,
    reference_remarks,
    referred_lists,
    unknown_references,
)

INFO = {
    "resource_types": [{"type_id": "project"}, {"type_id": "site"}],
    "entitlement_types": [
        {"type_id": "role", "resource_type_id": "project"},
        {"type_id": "licence", "resource_type_id": ""},
        {"type_id": "odd", "resource_type_id": "team"},
    ],
}
ENTITLEMENT = ("integration_specific_id", "integration_specific_resource_id")


def resource(id_, type_id="project"):
    return {"integration_specific_id": id_, "resource_type": type_id}


def entitlement(id_, of, type_id="role"):
    return {**dict(zip(ENTITLEMENT, (id_, of), strict=True)), "entitlement_type": type_id}


def grant(*key):
    return dict(zip(ASSOCIATION, key, strict=True))


RESOURCES = [resource("p1"), resource("p2"), resource("s1", "site")]
ENTITLEMENTS = [entitlement("admin", "p1"), entitlement("seat", "", "licence")]
LISTS = {
    "list_accounts": listed("list_accounts", {"integration_specific_id": "u1"}),
    "list_resources": listed("list_resources", *RESOURCES),
    "list_entitlements": listed("list_entitlements", *ENTITLEMENTS, key_fields=ENTITLEMENT),
}


def refer(name, *records, lists=LISTS, info=INFO):
    key = {"key_fields": ENTITLEMENT} if name == "list_entitlements" else {}
    return told(reference_breach(listed(name, *records, **key), lists, info))


@pytest.mark.parametrize(
    ("capability", "lists"),
    [
        ("list_entitlements", ["list_resources"]),
        ("find_entitlement_associations", ["list_accounts", "list_entitlements", "list_resources"]),
        ("get_account_entitlement_associations", ["list_accounts", "list_entitlements", "list_resources"]),
        ("list_resources", []),
        ("list_accounts", []),
    ],
)
def test_the_lists_that_records_refer_to(capability, lists):
    assert referred_lists(capability) == lists


@pytest.mark.parametrize(
    ("name", "records"),
    [
        pytest.param("list_entitlements", ENTITLEMENTS, id="entitlements"),
        pytest.param("list_resources", RESOURCES, id="resources"),
        pytest.param("list_accounts", [{"integration_specific_id": "u7"}], id="what refers to nothing"),
        pytest.param("find_entitlement_associations", [grant("u1", "admin", "p1")], id="associations"),
        pytest.param("find_entitlement_associations", [grant("u1", "seat", "")], id="the global resource"),
        pytest.param("get_account_entitlement_associations", [grant("u1", "admin", "p1")], id="of one"),
        pytest.param("list_entitlements", [entitlement("x", "p1", "odd")], id="a type that info has wrong"),
        pytest.param("list_entitlements", [], id="none"),
    ],
)
def test_what_refers_to_what_is_there(name, records):
    assert refer(name, *records) == []


def test_lists_that_the_connector_does_not_have_are_not_looked_at():
    assert refer("find_entitlement_associations", grant("u9", "x", "y"), lists={}) == []
    assert refer("list_entitlements", entitlement("x", "p9"), lists={}) == []


ASSOCIATIONS = "find_entitlement_associations"


@pytest.mark.parametrize(
    ("name", "record", "title", "records"),
    [
        pytest.param(
            ASSOCIATIONS,
            grant("u9", "admin", "p1"),
            "1 value of account_id in no record of list_accounts",
            ["'u9': the upstream sent no such value for list_accounts"],
            id="no such account",
        ),
        pytest.param(
            ASSOCIATIONS,
            grant("u1", "admin", "p2"),
            "1 value of integration_specific_entitlement_id in no record of list_entitlements",
            ["'admin / p2': list_entitlements has it of another resource"],
            id="an entitlement of another resource",
        ),
        pytest.param(
            ASSOCIATIONS,
            {**grant("u1", "seat", ""), "account_id": None},
            "1 value of account_id in no record of list_accounts",
            ["'None': the upstream sent no such value for list_accounts"],
            id="no id",
        ),
        pytest.param(
            "list_resources",
            resource("t1", "team"),
            "1 value of resource_type not among the resource_types of info",
            ["team"],
            id="a resource type that is not declared",
        ),
        pytest.param(
            "list_entitlements",
            entitlement("x", "p1", "owner"),
            "1 value of entitlement_type not among the entitlement_types of info",
            ["owner"],
            id="an entitlement type that is not declared",
        ),
        pytest.param(
            "list_entitlements",
            entitlement("x", "s1"),
            "1 entitlement on a resource that the type is not of",
            ["x / s1: role is of 'project', the resource of 'site'"],
            id="a role of a site",
        ),
        pytest.param(
            "list_entitlements",
            entitlement("x", "p1", "licence"),
            "1 entitlement on a resource that the type is not of",
            ["x / p1: licence is of '', the resource of 'project'"],
            id="a global one of a project",
        ),
        pytest.param(
            "list_entitlements",
            entitlement("x", ""),
            "1 entitlement on a resource that the type is not of",
            ["x / : role is of 'project', the resource of ''"],
            id="a project's of none",
        ),
    ],
)
def test_what_refers_to_what_is_not_there(name, record, title, records):
    assert refer(name, record) == [(name, title, records)]


def test_a_resource_that_the_upstream_sent_was_lost():
    sent = [interaction({"projects": [{"id": "p3"}]})]
    lists = {"list_resources": listed("list_resources", *RESOURCES, interactions=sent)}
    found = refer("list_entitlements", entitlement("x", "p3"), entitlement("y", "p4"), lists=lists)
    assert found == [
        (
            "list_entitlements",
            "2 values of integration_specific_resource_id in no record of list_resources",
            [
                "'p3': the upstream sent it for list_resources, which lost it",
                "'p4': the upstream sent no such value for list_resources",
            ],
        )
    ]


@pytest.mark.parametrize("info", [{}, {"resource_types": None, "entitlement_types": None}])
def test_without_types_each_is_undeclared_and_nothing_else_is_said(info):
    assert refer("list_resources", resource("p1"), info=info) == [
        ("list_resources", "1 value of resource_type not among the resource_types of info", ["project"])
    ]
    (breach,) = refer("list_entitlements", entitlement("admin", "p1"), info=info)
    assert breach[2] == ["role"]


def test_a_reference_to_what_is_outside_of_a_sample_is_unknown_and_counted():
    stopped = listed("list_accounts", {"integration_specific_id": "u1"})
    stopped.pages[0]["page"] = {"token": "more"}
    lists = {**LISTS, "list_accounts": stopped}
    records = [grant("u1", "admin", "p1"), grant("u8", "admin", "p1"), grant("u9", "admin", "p1")]
    associations = listed("find_entitlement_associations", *records)
    assert refer("find_entitlement_associations", *records, lists=lists) == []
    assert unknown_references(associations, lists) == 2
    assert unknown_references(associations, LISTS) == 0


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([resource("p1", "site"), resource("p1")], id="two types that share an id"),
        pytest.param([resource("p1"), resource("p1", "site")], id="in the other order"),
    ],
)
def test_an_entitlement_may_be_of_either_resource_with_its_id(resources):
    found = listed("list_entitlements", entitlement("x", "p1"))
    assert told(reference_breach(found, {"list_resources": listed("list_resources", *resources)}, INFO)) == []


@pytest.mark.parametrize("type_id", ["role", "licence"])
def test_the_global_resource_may_be_listed_with_a_type_of_its_own(type_id):
    resources = listed("list_resources", resource(""))
    found = listed("list_entitlements", entitlement("x", "", type_id))
    assert told(reference_breach(found, {"list_resources": resources}, INFO)) == []


# In applications


def member(user, app):
    return {"account_id": user, "application_instance_id": app}


def in_application(record, app):
    return {**record, "application_instance_id": app}


def application(id_, *modes):
    return {"id": id_, "assignment_modes": list(modes)}


APPLICATIONS = listed(
    "list_applications", application("a1", "ACCOUNT", "ENTITLEMENT"), application("a2", "ENTITLEMENT")
)
IN_APPLICATIONS = {
    **LISTS,
    "list_applications": APPLICATIONS,
    "list_applications_accounts": listed("list_applications_accounts", member("u1", "a1")),
    "list_applications_resources": listed(
        "list_applications_resources",
        in_application(resource("r1"), "a1"),
        in_application(resource("r1", "site"), "a2"),
    ),
    "list_applications_entitlements": listed(
        "list_applications_entitlements",
        in_application(entitlement("admin", "r1"), "a1"),
        in_application(entitlement("seat", "", "licence"), "a2"),
    ),
}
HELD = [in_application(grant("u1", "admin", "r1"), "a1"), in_application(grant("u1", "seat", ""), "a2")]


@pytest.mark.parametrize(
    ("name", "records"),
    [
        pytest.param("list_applications_accounts", [member("u1", "a1")], id="accounts"),
        pytest.param("list_applications_resources", [in_application(resource("r7"), "a2")], id="resources"),
        pytest.param(
            "list_applications_entitlements",
            IN_APPLICATIONS["list_applications_entitlements"].records,
            id="entitlements",
        ),
        pytest.param(
            "list_applications_entitlement_associations",
            HELD,
            id="associations, of an application that is assigned to nobody, too",
        ),
    ],
)
def test_what_is_in_an_application_refers_to_the_same_one(name, records):
    assert refer(name, *records, lists=IN_APPLICATIONS) == []


@pytest.mark.parametrize(
    ("name", "record", "expected"),
    [
        pytest.param(
            "list_applications_accounts",
            member("u7", "a9"),
            [
                (
                    "1 value of account_id in no record of list_accounts",
                    ["'u7': the upstream sent no such value for list_accounts"],
                ),
                (
                    "1 value of application_instance_id in no record of list_applications",
                    ["'a9': the upstream sent no such value for list_applications"],
                ),
            ],
            id="neither account nor application",
        ),
        pytest.param(
            "list_applications_entitlements",
            in_application(entitlement("admin", "r1"), "a2"),
            [
                (
                    "1 entitlement on a resource that the type is not of",
                    ["admin / r1 / a2 / role: role is of 'project', the resource of 'site'"],
                )
            ],
            id="on a resource of another type, by the same id",
        ),
        pytest.param(
            "list_applications_entitlement_associations",
            in_application(grant("u1", "seat", ""), "a1"),
            [
                (
                    "1 value of integration_specific_entitlement_id in no record of "
                    "list_applications_entitlements",
                    ["'seat /  / a1': list_applications_entitlements has it of another application"],
                )
            ],
            id="an entitlement of another application",
        ),
        pytest.param(
            "list_applications_resources",
            in_application(resource("r1", "team"), "a1"),
            [("1 value of resource_type not among the resource_types of info", ["team"])],
            id="of no type",
        ),
    ],
)
def test_what_refers_to_another_application_is_a_breach(name, record, expected):
    found = refer(name, record, lists=IN_APPLICATIONS)
    assert [(title, records) for _, title, records in found] == expected


def test_an_account_with_access_in_an_application_is_in_it_if_it_is_assigned_to_accounts():
    held = in_application(grant("u2", "admin", "r1"), "a1")
    accounts = listed("list_accounts", *({"integration_specific_id": id_} for id_ in ("u1", "u2")))
    lists = {**IN_APPLICATIONS, "list_accounts": accounts}
    [(_, title, records)] = refer("list_applications_entitlement_associations", held, lists=lists)
    assert title == "1 value of account_id in no record of list_applications_accounts"
    assert records == ["'u2 / a1': the upstream sent no such value for list_applications_accounts"]
    # Without a list of applications, nobody knows which are.
    unknown = {name: lists[name] for name in ("list_accounts", "list_applications_accounts")}
    assert refer("list_applications_entitlement_associations", held, lists=unknown) == []


def test_what_happened_in_an_application_that_is_gone_is_a_remark():
    events = [{"id": f"n{number}", "application_instance_id": f"a{number}"} for number in (1, 2, 3)]
    activities = listed("list_applications_activity_records", *events)
    people = ["list_accounts", "list_non_human_accounts"]
    assert referred_lists(activities.capability) == ["list_applications", *people]
    assert referred_lists("list_activity_records") == people
    assert told(reference_breach(activities, IN_APPLICATIONS, INFO)) == []
    assert list(reference_remarks(activities, IN_APPLICATIONS)) == [
        "list_applications_activity_records has records of 1 application that list_applications does not "
        "have, such as 'a3'"
    ]
    assert list(reference_remarks(activities, {})) == []


# Credentials and non-human accounts


def test_a_credential_gives_access_to_who_is_there_or_was():
    lists = {**LISTS, "list_non_human_accounts": listed("list_non_human_accounts", {"id": "r1"})}
    gone = {"grants_access_to_account_id": "u9"}
    records = [
        {"grants_access_to_account_id": "u1", "status": "active"},
        {"grants_access_to_account_id": None, "grants_access_to_non_human_account_id": "r1"},
        {**gone, "status": "revoked"},
        {**gone, "status": "expired"},
    ]
    assert refer("list_credentials", *records, lists=lists) == []
    robot = {"grants_access_to_non_human_account_id": "r9"}
    found = refer("list_credentials", {**gone, "status": "stale"}, robot, lists=lists)
    assert [title for _, title, _ in found] == [
        "1 value of grants_access_to_account_id in no record of list_accounts",
        "1 value of grants_access_to_non_human_account_id in no record of list_non_human_accounts",
    ]


def test_the_activity_of_a_credential_is_of_its_own_id():
    credentials = listed("list_credentials", {"external_id": "k1", "resource_id": "key-1"})
    lists = {"list_credentials": credentials}
    assert refer("get_credential_last_activity", {"credential_id": "k1"}, lists=lists) == []
    [(_, title, _)] = refer("get_credential_last_activity", {"credential_id": "key-1"}, lists=lists)
    assert title == "1 value of credential_id in no record of list_credentials"
