"""A table of raw values, and what each became: the same for statuses and for kinds of account."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rules_testing import interaction, listed

from connector_contract.contract.rules.kinds import KIND
from connector_contract.contract.rules.raw_values import raw_pairs, raw_table, table_changes
from connector_contract.contract.rules.status import STATUS
from connector_contract.errors import UsageError

USERS = [{"id": "a", "state": "on", "kind": 1}, {"id": "b", "state": "off", "kind": None}]


def walk(*records):
    fields = ("integration_specific_id", "user_status", "account_type")
    found = [dict(zip(fields, each, strict=True)) for each in records]
    return listed("list_accounts", *found, interactions=[interaction(USERS, "/users")])


@pytest.mark.parametrize(
    ("about", "paths", "table"),
    [
        (STATUS, "[].[id, state]", {"on": ["ACTIVE"]}),
        (KIND, "[].[id, kind]", {"1": ["user"]}),
        (KIND, "[].[id, state, kind]", {"on, 1": ["user"]}),
    ],
)
def test_a_table_is_of_the_field_that_it_is_about_and_of_the_listed_accounts(about, paths, table):
    assert raw_table(walk(("a", "ACTIVE", "user")), paths, None, about) == table


def test_the_raw_values_of_all_accounts_that_were_sent():
    assert list(raw_pairs(walk(), "[].[id, state]", None, STATUS)) == [(("a",), "on"), (("b",), "off")]
    assert list(raw_pairs(walk(), "[].state", "[].id", STATUS)) == [(("a",), "on"), (("b",), "off")]
    pairs = [(("a", "on"), "1"), (("b", "off"), "null")]
    assert list(raw_pairs(walk(), "[].[[id, state], kind]", None, STATUS)) == pairs


def test_what_lies_outside_of_a_sample_is_no_mistake():
    whole = walk(("b", "ACTIVE", "user"))
    sample = replace(whole, pages=[{**whole.pages[0], "page": {"token": "2"}}])
    globs = {"/users": "[].[id, state]", "/bots": "[].[id, state]"}
    assert raw_table(sample, globs, None, STATUS) == {"off": ["ACTIVE"]}
    assert raw_table(sample, {"/bots": "[].[id, state]"}, None, STATUS) == {}
    assert raw_table(sample, "[].[id, kind]", None, KIND) == {"null": ["user"]}
    for paths, about, says in (
        (globs, STATUS, "has '/bots', and the connector asked for no such path"),
        ("[].[id, kind]", KIND, "finds no kind: null for all 2 ids"),
    ):
        with pytest.raises(UsageError, match=re.escape(says)):
            raw_table(whole, paths, None, about)
    with pytest.raises(UsageError, match="matches nothing"):
        raw_table(sample, "people[].[id, kind]", None, KIND)


@pytest.mark.parametrize(
    ("stored", "lines"),
    [
        ('{"on": ["ACTIVE"], "off": [null]}', []),
        (
            '{"on": ["PENDING"], "out": ["DELETED", null]}',
            [
                "- off: not there in the snapshot, None now",
                "- on: PENDING in the snapshot, ACTIVE now",
                "- out: DELETED or None in the snapshot, not there now",
            ],
        ),
        ('{"on": "ACTIVE", "off": [null]}', ['- on: "ACTIVE" in the snapshot, ACTIVE now']),
        (
            "[]",
            [
                "the snapshot is not a table of statuses",
                "- off: not there in the snapshot, None now",
                "- on: not there in the snapshot, ACTIVE now",
            ],
        ),
        (
            "<<<",
            [
                "the snapshot is not a table of statuses",
                "- off: not there in the snapshot, None now",
                "- on: not there in the snapshot, ACTIVE now",
            ],
        ),
    ],
)
def test_a_table_that_is_not_as_its_snapshot(stored, lines):
    assert list(table_changes(stored, {"on": ["ACTIVE"], "off": [None]}, STATUS)) == lines


def test_what_is_no_table_is_named_as_what_it_should_be():
    assert next(table_changes("[]", {}, KIND)) == "the snapshot is not a table of kinds"
