"""The rule **writes**: what a write has changed that nobody asked it to change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_testing import ASSOCIATION, observed, told

from connector_contract.contract.rules.side_effects import (
    access_breach,
    others_breach,
    own_breach,
    statuses_breach,
)


def account(id_, status="ACTIVE", **fields):
    return {"integration_specific_id": id_, "user_status": status, **fields}


def grant(*key):
    return dict(zip(ASSOCIATION, key, strict=True))


ANN, BEN = account("u1", email="a@example.com"), account("u2", email="b@example.com")
ADMIN, AGENT = grant("u1", "admin", "p1"), grant("u2", "agent", "p1")


@pytest.mark.parametrize(
    ("after", "records"),
    [
        pytest.param([ANN, BEN], [], id="nothing"),
        pytest.param([BEN, {**ANN, "user_status": "DELETED"}], [], id="what was meant"),
        pytest.param([ANN, {**BEN, "extra_data": {"seen": 2}}], [], id="what changes by itself"),
        pytest.param([ANN, {**BEN, "email": "x"}, account("u3")], ["u2", "u3"], id="others"),
        pytest.param([ANN, BEN, BEN], ["u2"], id="one is there twice"),
    ],
)
def test_other_records_stay_as_they_are(after, records):
    deleted = observed("delete_account", {"account_id": "u1"}, {}, list_accounts=([ANN, BEN], after))
    noun = "record" if len(records) == 1 else "records"
    title = f"it changed {len(records)} other {noun} of list_accounts"
    expected = [("delete_account", title, records)] if records else []
    assert told(others_breach(deleted, "list_accounts", {("u1",)})) == expected


@pytest.mark.parametrize(
    ("after", "records"),
    [
        pytest.param([ADMIN, AGENT], [], id="nothing"),
        pytest.param([AGENT], [], id="its own goes with it"),
        pytest.param([ADMIN, AGENT, grant("u1", "viewer", "")], [], id="its own comes with it"),
        pytest.param([ADMIN], ["u2 / agent / p1"], id="another's is gone"),
        pytest.param([ADMIN, AGENT, grant("u3", "x", "")], ["u3 / x / "], id="another's came"),
    ],
)
def test_what_others_may_do_stays_as_it_is(after, records):
    lists = {"find_entitlement_associations": ([ADMIN, AGENT], after)}
    written = observed("deactivate_account", {"account_id": "u1"}, {}, **lists)
    title = "it changed 1 other record of find_entitlement_associations"
    assert told(access_breach(written)) == ([("deactivate_account", title, records)] if records else [])


def test_an_id_that_is_a_number_owns_its_access():
    mine, others = grant("7", "admin", "p1"), grant("8", "admin", "p1")
    lists = {"find_entitlement_associations": ([mine, others], [])}
    written = observed("delete_account", {"account_id": 7}, {}, **lists)
    ((_, _, records),) = told(access_breach(written))
    assert records == ["8 / admin / p1"]


@pytest.mark.parametrize(
    ("after", "records"),
    [
        pytest.param([ANN, {**BEN, "email": "x"}], [], id="the same"),
        pytest.param(
            [ANN, {**BEN, "user_status": "SUSPENDED"}], ["u2: ACTIVE before, SUSPENDED after"], id="another"
        ),
        pytest.param([BEN], ["u1: ACTIVE before, None after"], id="gone"),
        pytest.param([ANN, BEN, account("u3")], ["u3: None before, ACTIVE after"], id="new"),
    ],
)
def test_who_is_active_stays_as_it_is(after, records):
    written = observed("assign_entitlement", {}, {}, list_accounts=([ANN, BEN], after))
    title = "it changed who is active"
    assert told(statuses_breach(written)) == ([("assign_entitlement", title, records)] if records else [])


def own(capability, request, before, after):
    asked = {"id": "u1", **request}
    return told(own_breach(observed(capability, asked, {}, list_accounts=([before], [after]))))


WHOLE = account("u1", email="a@example.com", username="a@example.com", given_name="Ann", family_name="Lee")


@pytest.mark.parametrize(
    ("capability", "request_", "change", "records"),
    [
        pytest.param("deactivate_account", {}, {"user_status": "SUSPENDED"}, [], id="a status, where meant"),
        pytest.param("deactivate_account", {}, {"email": "A@example.com"}, [], id="other capitals"),
        pytest.param("update_account", {"given_name": "Eve"}, {"given_name": "Eve"}, [], id="what was asked"),
        pytest.param(
            "deactivate_account",
            {},
            {"family_name": None, "email": "x"},
            ["email: 'a@example.com' before, 'x' after", "family_name: 'Lee' before, None after"],
            id="who it is",
        ),
        pytest.param(
            "update_account",
            {"given_name": "Eve"},
            {"user_status": "SUSPENDED"},
            ["user_status: 'ACTIVE' before, 'SUSPENDED' after"],
            id="a status, by an update",
        ),
        pytest.param(
            "update_account", {"user_status": "x"}, {"user_status": "SUSPENDED"}, [], id="by its name"
        ),
        pytest.param(
            "update_account", {"is_active": False}, {"user_status": "SUSPENDED"}, [], id="by another"
        ),
    ],
)
def test_what_else_there_is_of_the_account_stays_as_it_is(capability, request_, change, records):
    title = "it changed more of 'u1' than it was asked to"
    expected = [(capability, title, records)] if records else []
    assert own(capability, request_, WHOLE, {**WHOLE, **change}) == expected


def test_what_was_not_there_may_come():
    assert own("deactivate_account", {}, account("u1"), WHOLE) == []


@pytest.mark.parametrize("when", [0, 1])
def test_an_account_that_is_not_there_is_for_another_check(when):
    lists = [[WHOLE], [WHOLE]]
    lists[when] = []
    gone = observed("deactivate_account", {"account_id": "u1"}, {}, list_accounts=tuple(lists))
    assert told(own_breach(gone)) == []


@pytest.mark.parametrize(
    ("username", "is_right"),
    [
        ("a@example.com", True),
        ("B@example.com", True),
        ("b", True),
        ("zz", False),
        ("u1", False),
        ("", False),
        (None, False),
    ],
)
def test_a_user_name_may_be_made_from_the_address_that_was_asked_for(username, is_right):
    before = account("u1", email="a@example.com", username="a@example.com")
    after = {**before, "email": "b@example.com", "username": username}
    breaches = own("update_account", {"email": "b@example.com"}, before, after)
    assert (breaches == []) == is_right


def test_a_user_name_may_be_composed_of_the_names_that_were_asked_for():
    before = account("u1", given_name="Ann", username="Ann Lee")
    after = {**before, "given_name": "Anna", "username": "Anna Lee"}
    assert own("update_account", {"given_name": "Anna", "family_name": None}, before, after) == []


def sampled(written):
    """The same, where each list goes on after what was read of it."""

    def more(lists):
        return {
            name: replace(walk, pages=[{**page, "page": {"token": "t"}} for page in walk.pages])
            for name, walk in lists.items()
        }

    return replace(
        written, before=more(written.before), after=more(written.after), finally_=more(written.finally_)
    )


def test_in_a_sample_only_records_that_stay_in_it_can_have_changed():
    after = [{**ANN, "email": "x"}, account("u3")]
    deleted = observed("delete_account", {"account_id": "u9"}, {}, list_accounts=([ANN, BEN], after))
    ((_, _title, records),) = told(others_breach(sampled(deleted), "list_accounts", {("u9",)}))
    assert records == ["u1"]
    assert len(told(others_breach(deleted, "list_accounts", {("u9",)}))[0][2]) == 3


def test_in_a_sample_statuses_are_compared_of_those_that_stay_in_it():
    lists = {"list_accounts": ([ANN, BEN], [{**BEN, "user_status": "SUSPENDED"}, account("u3")])}
    granted = observed("assign_entitlement", {}, {}, **lists)
    ((_, _title, records),) = told(statuses_breach(sampled(granted)))
    assert records == ["u2: ACTIVE before, SUSPENDED after"]
    assert len(told(statuses_breach(granted))[0][2]) == 3
