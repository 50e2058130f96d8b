"""The rule **agreement**: what two capabilities say of the same account is the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_testing import ASSOCIATION, listed, told

from connector_contract.contract.rules.agreement import agreement_breach, samples


def account(id_, status="ACTIVE", **fields):
    return {"integration_specific_id": id_, "user_status": status, **fields}


def grant(*key):
    return dict(zip(ASSOCIATION, key, strict=True))


ANN = account("u1", email="ann@example.com", username="ann", given_name="Ann")
BEN = account("u2", "SUSPENDED", email="ben@example.com")
ACCOUNTS = listed("list_accounts", ANN, BEN)
OTHER = "it disagrees with list_accounts"


def about(name, *records, **request):
    return told(agreement_breach(listed(name, *records), request, ACCOUNTS))


# One account


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(ANN, id="right"),
        pytest.param({**ANN, "email": "ANN@example.com"}, id="other capitals"),
        pytest.param({**ANN, "family_name": "Lee"}, id="more than the list has"),
        pytest.param(account("u1", username="ann"), id="less than the list has"),
    ],
)
def test_an_account_is_as_the_list_has_it(record):
    assert about("get_account", record, account_id="u1") == []


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(
            {**ANN, "user_status": "SUSPENDED"},
            [(OTHER, ["u1: user_status SUSPENDED, listed as ACTIVE"])],
            id="another status",
        ),
        pytest.param(
            {**ANN, "user_status": None},
            [(OTHER, ["u1: user_status None, listed as ACTIVE"])],
            id="no status",
        ),
        pytest.param(
            {**ANN, "email": "x@example.com", "username": "x"},
            [
                (
                    OTHER,
                    [
                        "u1: email 'x@example.com', listed as 'ann@example.com'",
                        "u1: username 'x', listed as 'ann'",
                    ],
                )
            ],
            id="another name",
        ),
        pytest.param(BEN, [("it returns 1 account that it was not asked for", ["u2"])], id="another account"),
        pytest.param(
            account("u9"),
            [
                ("it returns 1 account that it was not asked for", ["u9"]),
                ("it returns 1 account that list_accounts does not have", ["u9"]),
            ],
            id="an account that is not there",
        ),
    ],
)
def test_an_account_that_is_not_as_the_list_has_it(record, expected):
    breaches = about("get_account", record, account_id="u1")
    assert breaches == [("get_account", *each) for each in expected]


def test_an_id_that_is_a_number_is_the_same_as_text():
    numbered = listed("get_account", {"integration_specific_id": 7})
    assert told(agreement_breach(numbered, {"account_id": "7"}, None)) == []


def test_without_a_list_what_was_asked_for_is_checked_alone():
    other = listed("get_account", {**ANN, "user_status": "SUSPENDED"})
    assert told(agreement_breach(other, {"account_id": "u1"}, None)) == []
    (breach,) = told(agreement_breach(other, {"account_id": "u2"}, None))
    assert breach == ("get_account", "it returns 1 account that it was not asked for", ["u1"])


def test_a_list_without_statuses_says_nothing_of_them():
    names_alone = listed("list_accounts", {"integration_specific_id": "u1"})
    assert told(agreement_breach(listed("get_account", ANN), {"account_id": "u1"}, names_alone)) == []


# Updated accounts


@pytest.mark.parametrize("status", ["DELETED", "DEPROVISIONED", "INACTIVE", "SUSPENDED"])
def test_an_account_that_is_gone_may_be_told_of_once_more(status):
    assert about("list_updated_accounts", ANN, account("u9", status), updated_since="x") == []


def test_an_updated_account_is_listed():
    assert about("list_updated_accounts", ANN, account("u9"), updated_since="x") == [
        ("list_updated_accounts", "it returns 1 account that list_accounts does not have", ["u9"])
    ]


# The last activity


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        pytest.param(["u1", "u2"], [], id="right"),
        pytest.param(["u1"], [], id="some have none"),
        pytest.param([], [], id="none has any"),
        pytest.param(
            ["u1", "u3", "u4"],
            [
                ("it returns 1 account that it was not asked for", ["u4"]),
                ("it returns 2 accounts that list_accounts does not have", ["u3", "u4"]),
            ],
            id="of others",
        ),
    ],
)
def test_activities_are_of_accounts_that_were_asked_for_and_are_listed(ids, expected):
    records = [{"account_id": id_, "event_type": "login"} for id_ in ids]
    breaches = about("get_last_activity", *records, account_ids=["u1", "u2", "u3"])
    assert breaches == [("get_last_activity", *each) for each in expected]


# The access of one account


GRANTS = [grant("u1", "admin", "p1"), grant("u1", "agent", ""), grant("u2", "agent", "")]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param(GRANTS[:2], [], id="right"),
        pytest.param(GRANTS[1::-1], [], id="in another order"),
        pytest.param(
            GRANTS[:1], [("only in find_entitlement_associations", "u1 / agent / ")], id="one is lost"
        ),
        pytest.param(
            [*GRANTS[:2], grant("u1", "owner", "p1")],
            [("only in get_account_entitlement_associations", "u1 / owner / p1")],
            id="one more",
        ),
        pytest.param(
            [GRANTS[1], grant("u1", "admin", "p2")],
            [
                ("only in find_entitlement_associations", "u1 / admin / p1"),
                ("only in get_account_entitlement_associations", "u1 / admin / p2"),
            ],
            id="of another resource",
        ),
    ],
)
def test_the_access_of_an_account_is_that_of_the_full_list(records, expected):
    name, full = "get_account_entitlement_associations", listed("find_entitlement_associations", *GRANTS)
    breaches = told(agreement_breach(listed(name, *records), {"account_id": "u1"}, full))
    title = "it disagrees with find_entitlement_associations"
    assert breaches == ([(name, title, [f"{key}: {where}" for where, key in expected])] if expected else [])


def test_the_access_of_another_account_is_told_once():
    name, full = "get_account_entitlement_associations", listed("find_entitlement_associations", *GRANTS)
    breaches = told(agreement_breach(listed(name, *GRANTS), {"account_id": "u1"}, full))
    assert breaches == [(name, "it returns 1 account that it was not asked for", ["u2"])]


# Which accounts are asked for


@pytest.mark.parametrize(
    ("statuses", "ids"),
    [
        ([], []),
        (["ACTIVE"], ["u0"]),
        (["ACTIVE", "ACTIVE", "SUSPENDED", "ACTIVE"], ["u0", "u2", "u3"]),
        (["DELETED", "ACTIVE", "DEPROVISIONED"], ["u1"]),
        (["DELETED"], []),
        ([None, None], ["u0", "u1"]),
    ],
)
def test_one_account_of_each_status_is_asked_for_and_the_last(statuses, ids):
    accounts = [account(f"u{number}", status) for number, status in enumerate(statuses)]
    requests = samples(
        "get_account", {"account_id": "u7", "custom_attributes": []}, listed("list_accounts", *accounts)
    )
    assert requests == [{"account_id": id_, "custom_attributes": []} for id_ in ids]


def test_who_is_not_in_a_sample_may_be_outside_of_it():
    def sample(walk):
        return replace(walk, pages=[{**walk.pages[0], "page": {"token": "more"}}])

    unlisted = listed("get_account", account("u9")), {"account_id": "u9"}
    assert told(agreement_breach(*unlisted, ACCOUNTS)) != []
    assert told(agreement_breach(*unlisted, sample(ACCOUNTS))) == []
    other = listed("get_account", {**ANN, "user_status": "SUSPENDED"}), {"account_id": "u1"}
    assert told(agreement_breach(*other, sample(ACCOUNTS))) != []
