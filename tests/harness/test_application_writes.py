"""The rule **writes** for applications: who is in one, and what they may do in it, is read back."""

from __future__ import annotations

import pytest
from rules_testing import observed, told

from connector_contract.contract.rules.write_examples import pointless
from connector_contract.contract.rules.writes import read_back_by, unseen, written_breach

ACCOUNTS, ACCESS = "list_applications_accounts", "list_applications_entitlement_associations"
ASSIGN = {"account_id": "u1", "application_instance_id": "a1"}
GIVE = {
    "application_instance_id": "a1",
    "account_integration_specific_id": "u1",
    "entitlement_integration_specific_id": "editor",
    "resource_integration_specific_id": "r1",
}


def member(user="u1", app="a1", status="ACTIVE"):
    return {"account_id": user, "application_instance_id": app, "status": status}


def grant(user="u1", entitlement="editor", resource="r1", app="a1"):
    return {
        "account_id": user,
        "integration_specific_entitlement_id": entitlement,
        "integration_specific_resource_id": resource,
        "application_instance_id": app,
    }


OTHER, ELSEWHERE = member("u2"), member("u1", "a2")


def said(capability, request, payload, **lists):
    return [told_ for _, *told_ in told(written_breach(observed(capability, request, payload, **lists)))]


def assign(after, payload=None, before=(OTHER, ELSEWHERE)):
    answer = payload or {"assigned": True, "provisioned": False}
    return said("assign_application", ASSIGN, answer, **{ACCOUNTS: (before, after)})


@pytest.mark.parametrize(
    "new",
    [
        pytest.param([member()], id="active"),
        pytest.param([member(status="PENDING")], id="assigned, and not there yet"),
        pytest.param([member(status="DEPROVISIONED")], id="assigned, and never made"),
    ],
)
def test_an_assigned_application_is_read_back(new):
    assert assign([OTHER, ELSEWHERE, *new]) == []


@pytest.mark.parametrize(
    ("after", "payload", "expected"),
    [
        pytest.param(
            [OTHER, ELSEWHERE, member("u1", "A1")],
            None,
            [
                ["0 application accounts read back for u1 / a1", ["u1 / A1"]],
                ["it changed 1 other record of list_applications_accounts", ["u1 / A1"]],
            ],
            id="another",
        ),
        pytest.param(
            [OTHER, ELSEWHERE, member(), member()],
            None,
            [["2 application accounts read back for u1 / a1", ["u1 / a1"]]],
            id="twice",
        ),
        pytest.param(
            [OTHER, member()],
            None,
            [["it changed 1 other record of list_applications_accounts", ["u1 / a2"]]],
            id="another one is gone",
        ),
        pytest.param(
            [OTHER, ELSEWHERE, member(status="DELETED")],
            {"assigned": True, "provisioned": True},
            [["it returned provisioned: True, and u1 / a1 is DELETED when read back", []]],
            id="made, and deleted",
        ),
        pytest.param(
            [OTHER, ELSEWHERE, member()],
            {"assigned": False, "provisioned": True},
            [["it returned a success with assigned: False", []]],
            id="it says that it is not assigned",
        ),
    ],
)
def test_an_application_that_is_assigned_otherwise_is_a_breach(after, payload, expected):
    assert assign(after, payload) == expected


def unassign(after, access=((), ()), **payload):
    answer = {"unassigned": True, "deprovisioned": False, "status": "DEPROVISIONED"} | payload
    lists = {ACCOUNTS: ([member(), OTHER, ELSEWHERE], after), ACCESS: access}
    return said("unassign_application", ASSIGN, answer, **lists)


@pytest.mark.parametrize(
    ("after", "access", "payload"),
    [
        pytest.param([OTHER, ELSEWHERE], ((), ()), {}, id="gone"),
        pytest.param([OTHER, ELSEWHERE], ((), ()), {"status": "ACTIVE"}, id="gone, whatever it says"),
        pytest.param([member(status="DEPROVISIONED"), OTHER, ELSEWHERE], ((), ()), {}, id="kept as gone"),
        pytest.param([OTHER, ELSEWHERE], ([grant()], [grant()]), {}, id="its account is still there"),
        pytest.param([OTHER, ELSEWHERE], ([grant()], []), {"deprovisioned": True}, id="with its access"),
    ],
)
def test_an_application_that_is_taken_away_is_not_read_back(after, access, payload):
    assert unassign(after, access, **payload) == []


@pytest.mark.parametrize(
    ("after", "access", "payload", "expected"),
    [
        pytest.param(
            [member(), OTHER, ELSEWHERE],
            ((), ()),
            {},
            [["u1 / a1 is still read back, as ACTIVE", []]],
            id="still there",
        ),
        pytest.param(
            [member(status="SUSPENDED"), OTHER, ELSEWHERE],
            ((), ()),
            {},
            [["it returned the status DEPROVISIONED, and SUSPENDED is read back", []]],
            id="another status",
        ),
        pytest.param(
            [OTHER],
            ((), ()),
            {},
            [["it changed 1 other record of list_applications_accounts", ["u1 / a2"]]],
            id="of each application",
        ),
        pytest.param(
            [OTHER, ELSEWHERE],
            ([grant()], [grant()]),
            {"deprovisioned": True},
            [
                [
                    "it returned deprovisioned: True, and 1 association of it is read back",
                    ["u1 / editor / r1 / a1"],
                ]
            ],
            id="its access is left",
        ),
        pytest.param(
            [OTHER, ELSEWHERE],
            ([grant(), grant(app="a2")], []),
            {},
            [
                [
                    "it changed 1 other record of list_applications_entitlement_associations",
                    ["u1 / editor / r1 / a2"],
                ]
            ],
            id="the access to another one, too",
        ),
    ],
)
def test_an_application_that_is_not_taken_away_alone_is_a_breach(after, access, payload, expected):
    assert unassign(after, access, **payload) == expected


@pytest.mark.parametrize(
    ("capability", "before", "after", "accounts", "expected"),
    [
        pytest.param("assign_application_entitlement", [], [grant()], ([OTHER], [OTHER]), [], id="given"),
        pytest.param(
            "assign_application_entitlement",
            [],
            [grant()],
            ([OTHER], [OTHER, member()]),
            [],
            id="given, which makes the account",
        ),
        pytest.param(
            "assign_application_entitlement",
            [],
            [grant(app="a2")],
            ([OTHER], [OTHER]),
            [
                ["0 associations read back for u1 / editor / r1 / a1", ["u1 / editor / r1 / a2"]],
                [
                    "it changed 1 other record of list_applications_entitlement_associations",
                    ["u1 / editor / r1 / a2"],
                ],
            ],
            id="given in another application",
        ),
        pytest.param(
            "assign_application_entitlement",
            [],
            [grant()],
            ([OTHER], []),
            [["it changed 1 other record of list_applications_accounts", ["u2 / a1"]]],
            id="given, and somebody else is out",
        ),
        pytest.param("unassign_application_entitlement", [grant()], [], ([OTHER], [OTHER]), [], id="taken"),
        pytest.param(
            "unassign_application_entitlement",
            [grant()],
            [grant()],
            ([OTHER], [OTHER]),
            [["u1 / editor / r1 / a1 is still read back", []]],
            id="not taken",
        ),
    ],
)
def test_an_entitlement_in_an_application_is_read_back(capability, before, after, accounts, expected):
    flag = {"unassigned" if capability.startswith("un") else "assigned": True}
    lists = {ACCESS: (before, after), ACCOUNTS: accounts}
    assert said(capability, GIVE, flag, **lists) == expected


def test_another_entitlement_of_an_exclusive_type_takes_the_place_of_one_in_the_same_application():
    old, elsewhere = grant(entitlement="viewer"), grant(entitlement="viewer", app="a2")
    flag = {"assigned": True}
    lists = {ACCESS: ([old, elsewhere], [grant(), elsewhere])}
    replaced = observed("assign_application_entitlement", GIVE, flag, replaces=True, **lists)
    assert told(written_breach(replaced)) == []
    lists = {ACCESS: ([old, elsewhere], [grant()])}
    both = observed("assign_application_entitlement", GIVE, flag, replaces=True, **lists)
    [(_, title, _)] = told(written_breach(both))
    assert title == "it changed 1 other record of list_applications_entitlement_associations"


@pytest.mark.parametrize(
    ("capability", "there", "expected"),
    [
        ("assign_application", [ACCOUNTS, ACCESS, "list_accounts"], [ACCOUNTS, ACCESS]),
        ("unassign_application_entitlement", [ACCOUNTS, ACCESS], [ACCESS, ACCOUNTS]),
        ("assign_application", ["list_accounts", "find_entitlement_associations"], []),
    ],
)
def test_a_write_to_an_application_is_read_back_in_the_lists_of_applications(capability, there, expected):
    assert read_back_by(capability, {}, there) == expected


def test_what_no_list_shows_is_not_seen():
    written = observed("assign_application", ASSIGN, {"assigned": True}, **{ACCESS: ([], [])})
    assert unseen(written) == (
        "the connector has no list_applications_accounts in which to read assign_application back"
    )
    written = observed("assign_application", ASSIGN, {"assigned": True}, **{ACCOUNTS: ([], [member()])})
    assert unseen(written) is None


@pytest.mark.parametrize(
    ("capability", "records", "why"),
    [
        ("assign_application", [], None),
        ("assign_application", [member(status="DEPROVISIONED")], None),
        ("assign_application", [member()], "u1 / a1 is assigned before"),
        ("unassign_application", [member()], None),
        ("unassign_application", [member(status="PENDING")], None),
        ("unassign_application", [member(app="a2")], "u1 / a1 is not assigned before"),
        ("unassign_application", [member(status="DELETED")], "u1 / a1 is not assigned before"),
    ],
)
def test_an_example_of_an_application_changes_something(capability, records, why):
    lists = observed(capability, ASSIGN, {}, **{ACCOUNTS: (records, [])}).before
    assert pointless(capability, ASSIGN, lists) == why


@pytest.mark.parametrize(
    ("capability", "records", "why"),
    [
        ("assign_application_entitlement", [grant(app="a2")], None),
        ("assign_application_entitlement", [grant()], "u1 / editor / r1 / a1 is assigned before"),
        ("unassign_application_entitlement", [grant()], None),
        (
            "unassign_application_entitlement",
            [grant(app="a2")],
            "u1 / editor / r1 / a1 is not assigned before",
        ),
    ],
)
def test_an_example_of_an_entitlement_in_an_application_changes_something(capability, records, why):
    lists = observed(capability, GIVE, {}, **{ACCESS: (records, [])}).before
    assert pointless(capability, GIVE, lists) == why
