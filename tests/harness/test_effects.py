"""The rule **writes**: what an execution summary claims is what is read back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_testing import ASSOCIATION, observed, told

from connector_contract.contract.rules.effects import caught_breach, effect_breach, fingerprint_breach
from connector_contract.contract.rules.writes import written_breach

ACCOUNTS, ASSOCIATIONS = "list_accounts", "find_entitlement_associations"
ASSIGNMENT = {
    "account_integration_specific_id": "u1",
    "entitlement_integration_specific_id": "admin",
    "resource_integration_specific_id": "p1",
}
ADMIN = dict(zip(ASSOCIATION, ("u1", "admin", "p1"), strict=True))
ROLES = [{"integration_specific_id": "admin"}, {"integration_specific_id": "admin-2"}]


def account(status="ACTIVE"):
    return {"integration_specific_id": "u1", "user_status": status}


def claiming(write, kind, *messages):
    errors = [{"error_code": "not_found", "message": each} for each in messages]
    effect = {"kind": kind} if kind else None
    return replace(
        write,
        response={**write.response, "execution_summary": {"effect": effect, "caught_errors": errors or None}},
    )


def of_account(capability, kind, before, after, request=None):
    about = {"account_id": "u1"} if request is None else request
    lists = ([account(before)] if before else [], [account(after)] if after else [])
    return claiming(observed(capability, about, {"id": "u1"}, list_accounts=lists), kind)


@pytest.mark.parametrize(
    ("capability", "kind", "before", "after", "says"),
    [
        ("create_account", "created", None, "ACTIVE", None),
        ("create_account", None, None, "ACTIVE", None),
        ("create_account", "updated", None, "ACTIVE", "'u1' was not there before"),
        ("create_account", "created", "ACTIVE", "ACTIVE", "'u1' was there before"),
        ("create_account", "created", None, None, "'u1' is not there"),
        ("update_account", "updated", "ACTIVE", "ACTIVE", None),
        ("update_account", "created", "ACTIVE", "ACTIVE", "'u1' was there before"),
        ("activate_account", "updated", "INACTIVE", "ACTIVE", None),
        ("deactivate_account", "updated", "ACTIVE", "SUSPENDED", None),
        ("deactivate_account", "deleted", "ACTIVE", "SUSPENDED", "'u1' is still there"),
        ("deactivate_account", "updated", "ACTIVE", None, "'u1' is not there any more"),
        ("delete_account", "deleted", "ACTIVE", None, None),
        ("delete_account", "deleted", "SUSPENDED", "DELETED", None),
        # The application keeps it.
        ("delete_account", "deleted", "ACTIVE", "SUSPENDED", None),
        ("delete_account", "deleted", "ACTIVE", "ACTIVE", "'u1' is still there"),
        ("delete_account", "deleted", None, None, "'u1' was not there before"),
    ],
)
def test_an_effect_on_an_account_is_read_back(capability, kind, before, after, says):
    request = {"email": "a@example.com"} if capability == "create_account" else None
    found = told(effect_breach(of_account(capability, kind, before, after, request)))
    said = [] if says is None else [f"its execution summary says {kind}, and {says}".replace("'u1'", "u1")]
    assert [title for _, title, _ in found] == said


@pytest.mark.parametrize(
    ("capability", "kind", "before", "after", "says"),
    [
        ("assign_entitlement", "created", [], [ADMIN], None),
        # The account was updated.
        ("assign_entitlement", "updated", [], [ADMIN], None),
        ("assign_entitlement", "created", [], [], "u1 / admin / p1 is not there"),
        ("assign_entitlement", "deleted", [], [ADMIN], "u1 / admin / p1 is still there"),
        ("unassign_entitlement", "deleted", [ADMIN], [], None),
        ("unassign_entitlement", "deleted", [ADMIN], [ADMIN], "u1 / admin / p1 is still there"),
    ],
)
def test_an_effect_on_access_is_read_back(capability, kind, before, after, says):
    write = observed(capability, ASSIGNMENT, {}, **{ASSOCIATIONS: (before, after)})
    found = told(effect_breach(claiming(write, kind)))
    assert [title for _, title, _ in found] == (
        [] if says is None else [f"its execution summary says {kind}, and {says}"]
    )


def test_nothing_is_changed_by_what_was_not_needed():
    write = observed("assign_entitlement", ASSIGNMENT, {}, **{ASSOCIATIONS: ([], [ADMIN])})
    assert told(effect_breach(claiming(write, "noop"))) == [
        (
            "assign_entitlement",
            "its execution summary says noop, and what was read back has changed",
            [f"{ASSOCIATIONS}: u1 / admin / p1"],
        )
    ]
    same = observed("assign_entitlement", ASSIGNMENT, {}, **{ASSOCIATIONS: ([ADMIN], [ADMIN])})
    assert told(effect_breach(claiming(same, "noop"))) == []


def test_what_nobody_can_read_back_may_have_any_effect():
    assert told(effect_breach(claiming(observed("transfer_data", {}, {}), "created"))) == []
    assert told(effect_breach(claiming(observed("create_account", {}, {"id": "u1"}), "created"))) == []


def test_an_effect_is_a_part_of_the_rule():
    found = told(written_breach(of_account("deactivate_account", "deleted", "ACTIVE", "SUSPENDED")))
    assert [title for _, title, _ in found] == ["its execution summary says deleted, and u1 is still there"]


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (
            "Could not give admin.",
            ["its execution summary says it caught an error about admin, which is read back"],
        ),
        # It names another one, which is not there.
        ("Could not give admin-2.", []),
        ("The mail could not be sent.", []),
    ],
)
def test_what_was_caught_is_not_there(message, says):
    request = {"email": "a@example.com", "entitlements": ROLES}
    lists = {ACCOUNTS: ([], [account()]), ASSOCIATIONS: ([], [ADMIN])}
    write = claiming(observed("create_account", request, {"id": "u1"}, **lists), "created", message)
    assert [title for _, title, _ in told(caught_breach(write))] == says


def test_an_example_of_a_creation_gives_each_entitlement():
    request = {"email": "a@example.com", "entitlements": ROLES}
    lists = {ACCOUNTS: ([], [account()]), ASSOCIATIONS: ([], [ADMIN])}
    write = observed("create_account", request, {"id": "u1"}, **lists)
    title = "it was asked for entitlements that are not read back"
    assert told(written_breach(write)) == [("create_account", title, ["u1 / admin-2"])]
    (breach,) = written_breach(claiming(write, "created", "Could not give admin-2."))
    assert (breach.title, list(breach.records)) == (
        title,
        ["u1 / admin-2", "caught: not_found: Could not give admin-2."],
    )
    assert breach.consequence.startswith("So nothing shows that an account can be created with them.")


def test_a_warning_beside_a_creation_is_no_breach():
    request = {"email": "a@example.com", "entitlements": ROLES[:1]}
    lists = {ACCOUNTS: ([], [account()]), ASSOCIATIONS: ([], [ADMIN])}
    write = observed("create_account", request, {"id": "u1"}, **lists)
    assert told(written_breach(claiming(write, "created", "The mail could not be sent."))) == []


@pytest.mark.parametrize(
    ("first", "again", "is_wrong"),
    [("f1", "f1", False), ("f1", "f2", True), (None, None, False), ("f1", None, False)],
)
def test_the_same_request_has_the_same_fingerprint(first, again, is_wrong):
    request, lists = {"account_id": "u1"}, ([account("INACTIVE")], [account()])
    write = observed("activate_account", request, {"id": "u1"}, list_accounts=lists)
    first, again = (
        {**write.response, "execution_summary": each and {"request_fingerprint": each}}
        for each in (first, again)
    )
    found = told(fingerprint_breach(replace(write, response=first, repeated=again)))
    title = "its execution summary has another request_fingerprint when the same request is repeated"
    assert [said for _, said, _ in found] == [title] * is_wrong
    # A repeat that gives an error has no summary.
    refused = {"is_error": True, "error": {"error_code": "conflict", "message": "active already"}}
    assert told(fingerprint_breach(replace(write, response=first, repeated=refused))) == []
    assert [said for _, said, _ in told(written_breach(replace(write, response=first, repeated=again)))] == [
        title
    ] * is_wrong
