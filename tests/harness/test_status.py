"""The rule **status**: each raw status of the upstream is one Lumos status."""

from __future__ import annotations

import pytest
from rules_testing import interaction, listed, told

from connector_contract.contract.rules.status import status_table, table_breach
from connector_contract.errors import UsageError

USERS = [{"id": "a", "state": "on"}, {"id": "b", "state": "off"}, {"id": "c", "state": "on"}]
PAIRS = "[].[id, state]"


def accounts(statuses, body=USERS, path="/users"):
    records = ({"integration_specific_id": id_, "user_status": status} for id_, status in statuses.items())
    return listed("list_accounts", *records, interactions=[interaction(body, path)])


TOLD = accounts({"a": "ACTIVE", "b": "SUSPENDED", "c": "ACTIVE"})


@pytest.mark.parametrize(
    ("paths", "ids"),
    [(PAIRS, None), ("[].state", "[].id"), ({"/users": PAIRS}, None), ("[].state", {"/users": "[].id"})],
)
def test_a_table_has_the_lumos_statuses_of_each_raw_one(paths, ids):
    assert status_table(TOLD, paths, ids) == {"on": ["ACTIVE"], "off": ["SUSPENDED"]}


def test_a_status_may_have_several_parts_and_be_no_text():
    users = [{"id": "a", "on": True, "left": None}, {"id": "b", "on": False, "left": "may"}]
    walk = accounts({"a": "ACTIVE", "b": "ACTIVE"}, users)
    expected = {"true, null": ["ACTIVE"], "false, may": ["ACTIVE"]}
    assert status_table(walk, "[].[id, on, left]", None) == expected


def test_an_account_that_was_lost_is_for_another_rule():
    assert status_table(accounts({"a": "ACTIVE"}), PAIRS, None) == {"on": ["ACTIVE"]}
    assert status_table(accounts({}, []), PAIRS, None) == {}


def test_statuses_that_are_not_mapped_one_to_one():
    walk = accounts({"a": "ACTIVE", "b": None, "c": "SUSPENDED"})
    assert status_table(walk, PAIRS, None) == {"on": ["ACTIVE", "SUSPENDED"], "off": [None]}


def test_what_the_ids_leave_out_is_left_out():
    more = interaction([{"state": "odd"}], "/robots")
    walk = listed(
        "list_accounts",
        {"integration_specific_id": "a", "user_status": "ACTIVE"},
        interactions=[interaction(USERS[:1], "/users"), more],
    )
    assert status_table(walk, "[].state", {"/users": "[].id"}) == {"on": ["ACTIVE"]}


def test_what_finds_no_id_in_the_bodies_that_it_reads_is_told_how_to():
    with pytest.raises(UsageError) as caught:
        status_table(accounts({"a": "ACTIVE"}), "[].state", {"/others": "[].id"})
    assert caught.value.what.startswith(
        "upstream_status['list_accounts'] finds no ids beside its statuses, such as ["
    )
    assert '"[@][].[id, status]"' in caught.value.remedy


@pytest.mark.parametrize(
    ("paths", "ids", "statuses", "what"),
    [
        ("[].id", "[].id", {"a": "ACTIVE"}, "finds the ids themselves, such as 'a'"),
        ("[].[id, id]", None, {"a": "ACTIVE"}, "finds the ids themselves, such as 'a'"),
        ("[].[state, id]", None, {"a": "ACTIVE"}, "finds ids that no record has, such as 'on'"),
        ("[].[id, gone]", None, {"a": "ACTIVE"}, "finds no status: null for all 3 ids"),
        (
            "[].state",
            "[0].id",
            {"a": "ACTIVE"},
            "finds 3 statuses for 1 ids in GET https://app.example.com/users",
        ),
        ("[].state", None, {"a": "ACTIVE"}, "finds 3 statuses for 0 ids in"),
    ],
)
def test_what_is_no_table_is_the_authors_mistake(paths, ids, statuses, what):
    with pytest.raises(UsageError) as caught:
        status_table(accounts(statuses), paths, ids)
    assert caught.value.what.startswith(f"upstream_status['list_accounts'] {what}")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param({"on": ["ACTIVE"], "off": ["SUSPENDED"], "out": ["SUSPENDED"]}, [], id="right"),
        pytest.param({"on": ["ACTIVE"]}, [], id="one is all there is"),
        pytest.param({}, [], id="none"),
        pytest.param({"on": [None]}, [], id="no statuses at all"),
        pytest.param(
            {"on": ["ACTIVE", "SUSPENDED"], "off": ["SUSPENDED"]},
            [("the upstream's status on became 2 statuses", ["ACTIVE", "SUSPENDED"])],
            id="one that is several",
        ),
        pytest.param(
            {"active": ["ACTIVE"], "deleted": [None]},
            [("some of the upstream's statuses became none", ["deleted"])],
            id="some without",
        ),
        pytest.param(
            {"on": ["ACTIVE"], "off": ["ACTIVE"]},
            [("all 2 statuses of the upstream became ACTIVE", ["on", "off"])],
            id="all the same",
        ),
        pytest.param(
            {"on": [None], "off": [None]},
            [("all 2 statuses of the upstream became None", ["on", "off"])],
            id="none for all",
        ),
    ],
)
def test_what_is_wrong_with_a_table(table, expected):
    breaches = told(table_breach("list_accounts", table))
    assert breaches == [("list_accounts", *each) for each in expected]
