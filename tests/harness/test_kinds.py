"""**kinds of account**: each raw kind is one account type, and people are no machines."""

from __future__ import annotations

import pytest
from rules_testing import interaction, listed, told, walk

from connector_contract.contract.rules.kinds import (
    both_breach,
    both_remarks,
    kind_breach,
    kind_remarks,
    kind_table,
)
from connector_contract.errors import UsageError

USERS = [{"id": "a", "kind": "human"}, {"id": "b", "kind": "robot"}, {"id": "c", "kind": "human"}]


def accounts(**kinds):
    records = ({"integration_specific_id": id_, "account_type": kind} for id_, kind in kinds.items())
    return listed("list_accounts", *records, interactions=[interaction(USERS, "/users")])


def test_a_table_has_the_account_types_of_each_raw_kind():
    of = accounts(a="user", b="service", c=None)
    assert kind_table(of, "[].[id, kind]", None) == {"human": [None, "user"], "robot": ["service"]}
    assert kind_table(of, "[].kind", "[].id") == kind_table(of, "[].[id, kind]", None)


@pytest.mark.parametrize(
    ("paths", "says"),
    [
        ("[].id", "upstream_kind['list_accounts'] finds the ids themselves, such as 'a'."),
        ("[].[id, gone]", "upstream_kind['list_accounts'] finds no kind: null for all 3 ids."),
        ("[].[kind, id]", "upstream_kind['list_accounts'] finds ids that no record has, such as 'human'."),
        ("[].[id]", "upstream_kind['list_accounts'] finds lists of one value, such as [\"a\"]."),
    ],
)
def test_what_is_no_table_is_the_authors_mistake(paths, says):
    with pytest.raises(UsageError) as caught:
        kind_table(accounts(a="user"), paths, "[].id")
    assert caught.value.what == says


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param({"human": ["user"], "guest": ["user"], "robot": ["service"]}, [], id="right"),
        pytest.param({"human": ["user"]}, [], id="one is all there is"),
        pytest.param({"human": [None]}, [], id="no types at all"),
        pytest.param({}, [], id="nobody"),
        pytest.param(
            {"human": ["service", "user"], "robot": ["service"]},
            [("the upstream's kind human became 2 kinds", ["service", "user"])],
            id="one that is both",
        ),
        pytest.param(
            {"human": [None], "robot": ["service"]},
            [("some of the upstream's kinds became none", ["human"])],
            id="some without",
        ),
        pytest.param(
            {"human": ["user"], "robot": ["user"]},
            [("all 2 kinds of the upstream became user", ["human", "robot"])],
            id="all the same",
        ),
    ],
)
def test_what_is_wrong_with_a_table(table, expected):
    assert told(kind_breach("list_accounts", table)) == [("list_accounts", *each) for each in expected]


def test_several_kinds_of_people_are_a_note():
    people = {"guest": ["user"], "member": ["user"]}
    assert told(kind_breach("list_accounts", people)) == []
    assert list(kind_remarks("list_accounts", people)) == [
        "all 2 raw kinds of list_accounts became user: guest, member"
    ]
    for others in ({}, {"bot": ["service"]}, {"bot": ["user"]}):
        assert list(kind_remarks("list_accounts", {"guest": ["user"], **others})) == []


@pytest.mark.parametrize("kind", ["apprentice", "Applicant", "THERAPIST", "approver", "botanist"])
def test_part_of_a_word_makes_no_machine(kind):
    assert told(kind_breach("list_accounts", {"member": ["user"], kind: ["user"]})) == []


@pytest.mark.parametrize("kind", ["BotUser", "chatbot", "apiUser", "API_KEY", "githubapp", "service_account"])
def test_a_machine_by_its_name(kind):
    ((_, title, _),) = told(kind_breach("list_accounts", {"member": ["user"], kind: ["user"]}))
    assert title == "all 2 kinds of the upstream became user"


def both(accounts, non_human):
    fields = ("integration_specific_id", "account_type", "resource_id")
    here = listed("list_accounts", *(dict(zip(fields, each, strict=False)) for each in accounts))
    there = walk(
        {"response": [dict(zip(("id", "resource_id"), each, strict=True)) for each in non_human]},
        name="list_non_human_accounts",
    )
    return told(both_breach(here, there)), list(both_remarks(here, there))


def test_lists_that_have_nothing_in_common():
    assert both([("u1", "user"), ("b1", "service", "bot:b1")], [("a1", "app:a1")]) == ([], [])
    assert both([], []) == ([], [])


def test_a_user_is_no_machine():
    title = "1 account of the type user in list_non_human_accounts, too"
    for account, node in ((("u1", "user"), "account:u1"), (("u1", "user", "node-1"), "node-1")):
        breaches, remarks = both([account, ("u2", "user")], [("a1", node)])
        assert breaches == [("list_accounts", title, [f"u1 ({node})"])]
        assert remarks == []


@pytest.mark.parametrize("kind", ["service", None])
def test_a_service_account_may_be_in_both_lists(kind):
    breaches, (remark,) = both([("b1", kind), ("b2", kind)], [("b1", "account:b1"), ("b2", "account:b2")])
    assert breaches == []
    assert remark.startswith("'b1' and 1 other are in list_accounts and in list_non_human_accounts. ")
    assert "FoundAccountData.account_type" in remark
    assert "NonHumanAccount is" in remark


def test_one_id_in_two_lists_may_be_of_two_accounts():
    breaches, (remark,) = both([("17", "user"), ("18", "user")], [("17", "app:17")])
    assert breaches == []
    assert remark.startswith("'17' is the id of a record of list_accounts and of one of list_non_human")
