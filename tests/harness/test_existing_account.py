"""The rule **existing_account**: who is there already is not created again, nor changed silently."""

from __future__ import annotations

import pytest
from rules_testing import ASSOCIATION, failure, listed, told

from connector_contract.contract.declared_less import ADOPTED
from connector_contract.contract.rules.existing_account import existing_account, existing_breach

ACCOUNTS, ASSOCIATIONS = "list_accounts", "find_entitlement_associations"
ASKED = "a creation with the email of the account 'u1', under another name,"
ANN = {"integration_specific_id": "u1", "email": "ann@example.com", "username": "ann", "given_name": "Ann"}
EXAMPLE = {"email": "new@example.com", "given_name": "New"}
REQUEST = {"email": "ann@example.com", "given_name": "New"}


def lists(*accounts, grants=()):
    records = [dict(zip(ASSOCIATION, key.split("/"), strict=True)) for key in grants]
    return {ACCOUNTS: listed(ACCOUNTS, *accounts), ASSOCIATIONS: listed(ASSOCIATIONS, *records)}


def created(id_="u1", *, created=True, effect=None, caught=()):
    summary = {"effect": {"kind": effect} if effect else None, "caught_errors": list(caught)}
    return {"response": {"id": id_, "created": created}, "execution_summary": summary}


def said(response, after, choice=None, before=None):
    found = existing_breach(REQUEST, response, lists(ANN) if before is None else before, after, choice)
    return [(title, records) for _, title, records in told(found)]


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (EXAMPLE, REQUEST),
        ({"user_name": "new", "roles": []}, {"user_name": "ann", "roles": []}),
        ({"email": "new@example.com", "username": "new"}, {"email": "ann@example.com", "username": "ann"}),
        ({"given_name": "New"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_it_is_asked_for_somebody_who_is_there(example, expected):
    assert existing_account(example, lists(ANN)[ACCOUNTS]) == expected


def test_who_has_the_same_address_as_another_shows_nothing():
    twin, nameless = {**ANN, "integration_specific_id": "u2"}, {"integration_specific_id": "u3"}
    ben = {"integration_specific_id": "u4", "email": "ben@example.com"}
    assert existing_account(EXAMPLE, lists(ANN, twin, nameless)[ACCOUNTS]) is None
    assert existing_account(EXAMPLE, lists(ANN, twin, nameless, ben)[ACCOUNTS]) == {
        **EXAMPLE,
        "email": "ben@example.com",
    }


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(failure("conflict"), id="an error"),
        pytest.param(created(effect="noop"), id="no effect"),
        pytest.param(created(created=False), id="not created"),
        pytest.param(created(caught=[{"error_code": "conflict"}]), id="a caught error"),
        pytest.param(created("u2"), id="a second account"),
    ],
)
def test_an_error_or_told_as_such(response):
    assert said(response, lists(ANN, {"integration_specific_id": "u2"})) == []


def test_a_success_with_the_account_that_is_there_is_declared():
    title = f"{ASKED} gave a success, with the id of that account"
    assert said(created(), lists(ANN)) == [(title, [])]
    assert said(created(), lists(ANN), ADOPTED) == []


CHANGED = {**ANN, "given_name": "New"}
GIVEN = "given_name: 'Ann' before, 'New' after"


@pytest.mark.parametrize(
    ("response", "after", "how", "changes"),
    [
        pytest.param(created(), lists(CHANGED), "a success", [GIVEN], id="renamed"),
        pytest.param(created("u2"), lists(CHANGED), "a success", [GIVEN], id="renamed, with another id"),
        pytest.param(created(effect="noop"), lists(CHANGED), "a success", [GIVEN], id="a false effect"),
        pytest.param(failure("conflict"), lists(CHANGED), "an error", [GIVEN], id="an error"),
        pytest.param(
            created(), lists(ANN, grants=["u1/admin/p1"]), "a success", ["got: u1 / admin / p1"], id="access"
        ),
    ],
)
def test_the_account_is_not_changed_silently(response, after, how, changes):
    for choice in (None, ADOPTED):
        assert said(response, after, choice) == [(f"{ASKED} gave {how}, and changed that account", changes)]


def test_an_update_that_is_told_is_no_silent_one():
    assert said(created(effect="updated"), lists(CHANGED)) == []


def test_access_that_is_lost():
    found = said(failure("conflict"), lists(ANN), before=lists(ANN, grants=["u1/admin/p1"]))
    assert [records for _, records in found] == [["lost: u1 / admin / p1"]]


def test_an_error_that_misleads():
    found = said(failure("service_error"), lists(ANN))
    assert found == [(f"{ASKED} gave service_error", ["service_error: No."])]
