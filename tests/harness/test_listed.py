"""The rule **complete**: which accounts have to be listed, by their raw status."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_testing import failure, interaction, listed, observed, page, told

from connector_contract.contract.rules.complete import lost_breach
from connector_contract.contract.rules.listed import (
    RawStatuses,
    ended_remarks,
    proposal,
    raw_statuses,
    still_listed_breach,
    unlisted_breach,
    unsent_remarks,
)
from connector_contract.errors import UsageError

USERS = [
    {"id": "a", "state": "active"},
    {"id": "b", "state": "suspended"},
    {"id": "c", "state": "deleted"},
    {"id": "d", "state": "deleted"},
]
WHERE, IDS = "[].[id, state]", "[].id"


def accounts(*ids, body=USERS, status="ACTIVE", **rest):
    records = ({"integration_specific_id": id_, "user_status": status} for id_ in ids)
    return listed("list_accounts", *records, interactions=[interaction(body, "/users")], **rest)


def known(walk, *declared, where=WHERE):
    return raw_statuses(walk, where, IDS, declared or None)


def lost(walk, *declared):
    return list(lost_breach(walk, IDS, {}, known(walk, *declared)))


@pytest.mark.parametrize(
    ("ids", "declared", "titles"),
    [
        pytest.param("ab", ["active", "suspended"], [], id="right"),
        pytest.param("abcd", ["active", "suspended"], [], id="what is listed is another breach"),
        pytest.param("ab", ["active", "suspended", "pending"], [], id="nobody is pending"),
        pytest.param("a", ["active", "suspended"], ["it lost 1 of the 2 records"], id="one is lost"),
        pytest.param("ab", ["active", "deleted"], ["it lost 2 of the 3 records"], id="deleted are listed"),
        pytest.param("ab", [], ["it lost 2 of the 4 records"], id="nothing is declared"),
    ],
)
def test_what_is_declared_is_owed(ids, declared, titles):
    found = lost(accounts(*ids), *declared)
    assert [breach.title for breach in found] == [f"{title} that the upstream sent" for title in titles]


def test_a_status_in_several_parts_and_one_that_is_null():
    users = [{"id": "a", "on": True, "left": None}, {"id": "b", "on": False, "left": "may"}]
    walk = accounts("a", body=users)
    of = raw_statuses(walk, "[].[id, on, left]", IDS, ["true, null"])
    assert list(lost_breach(walk, IDS, {}, of)) == []
    assert raw_statuses(walk, "[].[id, left]", IDS, ["null"]).leaves_out("b")


def test_an_account_whose_raw_status_nobody_knows_is_owed():
    of = known(accounts("a"), "active")
    assert [of.leaves_out(id_) for id_ in ("a", "b", "no-such")] == [False, True, False]
    assert not of.leave_all_out
    # One that was sent with several is owed if any of them is listed.
    twice = accounts("a", body=[*USERS, {"id": "c", "state": "active"}])
    assert not known(twice, "active").leaves_out("c")
    assert known(accounts(), "invited").leave_all_out


def test_without_statuses_there_is_nothing_to_leave_out():
    walk = accounts("a", "b")
    assert raw_statuses(walk, None, IDS, ["active"]) is None
    # A wrong expression is the rule status's, until something is declared.
    assert raw_statuses(walk, "[].nothing", IDS, None) is None
    with pytest.raises(UsageError, match=r"upstream_status\['list_accounts'\]"):
        raw_statuses(walk, "[].nothing", IDS, ["active"])


@pytest.mark.parametrize(
    ("ids", "line"),
    [
        pytest.param("ab", 'listed_statuses = {"list_accounts": ["active", "suspended"]}', id="deleted"),
        pytest.param("a", 'listed_statuses = {"list_accounts": ["active"]}', id="all others"),
        pytest.param("abc", None, id="one of them is listed"),
        pytest.param("", None, id="none is listed"),
    ],
)
def test_the_line_that_declares_what_is_left_out(ids, line):
    (breach,) = lost(accounts(*ids))
    assert ("listed_statuses" in breach.consequence) == (line is not None)
    assert line is None or f"\n  {line}\n" in breach.consequence
    assert breach.consequence.startswith("Lumos treats whoever is not listed as gone")


def test_the_line_keeps_what_is_declared_for_other_lists():
    of = RawStatuses(
        "list_updated_accounts",
        {"a": frozenset({"on"}), "b": frozenset({"off"})},
        others={"list_accounts": ["off", "on"]},
    )
    line = '{"list_accounts": ["off", "on"], "list_updated_accounts": ["on"]}'
    assert f"\n  listed_statuses = {line}\n" in proposal(["b"], ["a"], of)
    assert proposal(["b", "no-such"], ["a"], of) is None
    assert proposal(["b"], ["a"], replace(of, declared=frozenset({"on", "off"}))) is None
    assert proposal(["b"], ["a"], None) is None


@pytest.mark.parametrize(
    ("ids", "declared", "expected"),
    [
        pytest.param("ab", ["active", "suspended"], [], id="right"),
        pytest.param("abcd", [], [], id="nothing is declared"),
        pytest.param(
            "abc",
            ["active", "suspended"],
            [("it lists 1 account whose raw status `deleted` listed_statuses does not have", ["c"])],
            id="one is deleted",
        ),
        pytest.param(
            "abc",
            ["active"],
            [
                (
                    "it lists 2 accounts whose raw statuses `deleted`, `suspended` "
                    "listed_statuses does not have",
                    ["b", "c"],
                )
            ],
            id="several",
        ),
    ],
)
def test_what_is_not_declared_is_not_listed(ids, declared, expected):
    walk = accounts(*ids)
    breaches = told(unlisted_breach(walk, known(walk, *declared)))
    assert breaches == [("list_accounts", *each) for each in expected]


def test_a_status_that_nobody_has_is_a_note_if_others_are_left_out():
    whole, part = accounts("a", "b"), accounts("a", "b", gap=1, per_page=(1,))
    expected = (
        "listed_statuses['list_accounts'] has 'supended', which no account that the upstream sent has. It "
        "leaves out 'deleted', 'suspended'."
    )
    assert list(unsent_remarks(whole, known(whole, "active", "supended"))) == [expected]
    assert list(unsent_remarks(part, known(part, "active", "supended"))) == []
    all_listed = known(whole, "active", "suspended", "deleted", "pending")
    assert list(unsent_remarks(whole, all_listed)) == []
    assert list(unsent_remarks(whole, known(whole))) == []


@pytest.mark.parametrize("status", ["ACTIVE", "INACTIVE", "PENDING", "SUSPENDED", None])
def test_an_account_that_may_come_back_is_listed(status):
    assert list(ended_remarks(accounts("a", status=status))) == []


@pytest.mark.parametrize("status", ["DELETED", "DEPROVISIONED"])
def test_an_account_that_has_come_to_an_end_is_a_note(status):
    says = (
        f'listed as {status}. The operation list_accounts says: "Response will include only active and '
        f'suspended account."; the schema AccountStatus has {status}.'
    )
    assert list(ended_remarks(accounts("a", status=status))) == [f"'a' is {says}"]
    several = accounts("a", "b", "c", status=status)
    assert list(ended_remarks(several)) == [f"'a' and 2 others are {says}"]
    assert list(ended_remarks(several, "b")) == [f"'b' is {says}"]
    assert list(ended_remarks(several, "x")) == []
    # Of what has changed since, a deletion is a part.
    assert list(ended_remarks(replace(several, capability="list_updated_accounts"))) == []
    assert list(ended_remarks(replace(several, pages=[page(), failure()]))) == []


def deleted(after, *declared):
    left = accounts(*after, status="DELETED")
    write = observed("delete_account", {"account_id": "c"}, {"deleted": True}, list_accounts=([], []))
    write = replace(write, after={"list_accounts": left})
    return told(still_listed_breach(write, known(left, *declared)))


def test_a_deleted_account_is_not_listed_any_more_where_its_status_is_not():
    assert deleted("ab", "active", "suspended") == []
    assert deleted("abc", "active", "deleted") == []
    assert deleted("abc") == []
    title = "'c' is still listed; listed_statuses does not have its raw status `deleted`"
    assert deleted("abc", "active", "suspended") == [("delete_account", title, [])]
