"""The rule **opposites**: they undo each other, and leave the access as it was."""

from __future__ import annotations

import pytest
from rules_testing import ASSOCIATION, failure, listed, told

from connector_contract.contract.declared_less import LOSES_ACCESS
from connector_contract.contract.rules.opposites import opposite_request, still_invited, undone_breach

ACCOUNTS, ASSOCIATIONS = "list_accounts", "find_entitlement_associations"
APPLICATION_ACCOUNTS = "list_applications_accounts"
APPLICATION_ASSOCIATIONS = "list_applications_entitlement_associations"
ONE = {"account_id": "u1"}


def accounts(**statuses):
    return {
        ACCOUNTS: listed(
            ACCOUNTS,
            *({"integration_specific_id": id_, "user_status": each} for id_, each in statuses.items()),
        )
    }


def access(*keys):
    records = [dict(zip(ASSOCIATION, key.split("/"), strict=True)) for key in keys]
    return {ASSOCIATIONS: listed(ASSOCIATIONS, *records)}


def said(capability, before, after, undone=(), request=None, choice=None):
    response = undone if isinstance(undone, dict) and "is_error" in undone else {"response": dict(undone)}
    found = told(undone_breach(capability, request or ONE, response, before, after, choice))
    return [(name, title, records) for name, title, records in found]


@pytest.mark.parametrize(
    ("capability", "before", "after", "status", "is_right"),
    [
        ("deactivate_account", "ACTIVE", "ACTIVE", "ACTIVE", True),
        ("deactivate_account", "ACTIVE", "SUSPENDED", None, False),
        # It is invited again.
        ("deactivate_account", "ACTIVE", "PENDING", "PENDING", True),
        ("deactivate_account", "ACTIVE", "PENDING", "ACTIVE", False),
        ("deactivate_account", "PENDING", "ACTIVE", "ACTIVE", True),
        ("activate_account", "SUSPENDED", "SUSPENDED", "SUSPENDED", True),
        # An account that was invited cannot be again.
        ("activate_account", "PENDING", "SUSPENDED", "SUSPENDED", True),
        ("activate_account", "SUSPENDED", "ACTIVE", None, False),
        ("activate_account", None, None, None, True),
    ],
)
def test_an_account_is_as_active_as_it_was(capability, before, after, status, is_right):
    found = said(capability, accounts(u1=before), accounts(u1=after), {"status": status})
    opposite = {"deactivate_account": "activate_account"}.get(capability, "deactivate_account")
    title = f"after {capability}, it leaves other accounts active, or listed, than before"
    assert found == ([] if is_right else [(opposite, title, [f"u1: {before} before, {after} after"])])


def test_an_account_is_listed_as_it_was():
    lost = said("deactivate_account", accounts(u1="ACTIVE", u2="ACTIVE"), accounts(u2="ACTIVE"))
    assert [records for *_, records in lost] == [["u1: ACTIVE before, not listed after"]]
    # The list has who is active.
    assert said("activate_account", accounts(u2="ACTIVE"), accounts(u2="ACTIVE")) == []


def test_nobody_else_is_changed():
    before, after = accounts(u1="ACTIVE", u2="ACTIVE"), accounts(u1="ACTIVE", u2="SUSPENDED")
    for capability in ("deactivate_account", "assign_entitlement"):
        found = said(capability, before, after, {"status": "ACTIVE"})
        assert [records for *_, records in found] == [["u2: ACTIVE before, SUSPENDED after"]]


def test_the_access_is_as_it_was():
    before = access("u1/admin/p1", "u2/admin/p1")
    assert said("deactivate_account", before, before) == []
    assert said("deactivate_account", before, access("u2/admin/p1")) == [
        (
            "activate_account",
            f"after deactivate_account, it does not give back 1 record of {ASSOCIATIONS}",
            ["u1 / admin / p1"],
        )
    ]
    more = access("u1/admin/p1", "u2/admin/p1", "u1/admin/p1")
    assert said("unassign_entitlement", before, more) == [
        (
            "assign_entitlement",
            f"after unassign_entitlement, it leaves 1 record more in {ASSOCIATIONS}",
            ["u1 / admin / p1"],
        )
    ]


def test_a_deactivation_may_take_the_access_away_where_that_is_declared():
    before, after = access("u1/admin/p1"), access()
    for capability in ("deactivate_account", "activate_account"):
        assert said(capability, before, after, choice=LOSES_ACCESS) == []
        assert len(said(capability, after, before, choice=LOSES_ACCESS)) == 1
    assert len(said("unassign_entitlement", before, after, choice=LOSES_ACCESS)) == 1


def test_an_application_is_left_as_it_was():
    def user(status):
        record = {"account_id": "u1", "application_instance_id": "a1", "status": status}
        return {APPLICATION_ACCOUNTS: listed(APPLICATION_ACCOUNTS, record)}

    nobody = {APPLICATION_ACCOUNTS: listed(APPLICATION_ACCOUNTS)}
    assert said("assign_application", nobody, nobody) == []
    # It is listed as somebody who has left.
    assert said("assign_application", nobody, user("DEPROVISIONED")) == []
    assert len(said("assign_application", nobody, user("ACTIVE"))) == 1
    assert len(said("unassign_application", user("ACTIVE"), nobody)) == 1


def test_who_leaves_an_application_loses_what_is_in_it():
    record = dict(zip((*ASSOCIATION, "application_instance_id"), ("u1", "admin", "p1", "a1"), strict=True))
    before = {APPLICATION_ASSOCIATIONS: listed(APPLICATION_ASSOCIATIONS, record)}
    after = {APPLICATION_ASSOCIATIONS: listed(APPLICATION_ASSOCIATIONS)}
    assert said("unassign_application", before, after) == []
    assert len(said("assign_application", before, after)) == 1


def test_an_error_is_no_way_back():
    found = said("activate_account", accounts(u1="SUSPENDED"), accounts(u1="ACTIVE"), failure("not_found"))
    assert found == [("deactivate_account", "after activate_account, it gave an error: not_found: No.", [])]


def test_an_account_that_is_only_invited_may_not_be_deactivated_yet():
    pending, refused = {"response": {"status": "PENDING"}}, failure("conflict")
    why = "the account is PENDING, and deactivate_account gives conflict: No."
    assert still_invited("activate_account", pending, refused) == why
    assert still_invited("activate_account", pending, {"response": {}}) is None
    assert still_invited("activate_account", {"response": {"status": "ACTIVE"}}, refused) is None
    assert still_invited("deactivate_account", pending, refused) is None


def test_the_way_back_asks_for_the_same():
    request = {"account_id": "u1", "send_mail": True}
    assert opposite_request(request, None) == request
    assert opposite_request(request, ["account_id"]) == {"account_id": "u1"}
