"""The rule **attributes**: the custom attributes that are declared are there, and no others."""

from __future__ import annotations

import pytest
from rules_testing import listed, told, walk

from connector_contract.contract.rules.attributes import (
    SCHEMA,
    asked_in,
    declared_for,
    disagreement_breach,
    empty_breach,
    richest,
    stray_breach,
    surplus_breach,
    surplus_remark,
    type_breach,
    unfilled,
    unreachable_breach,
    with_attributes,
)
from connector_contract.errors import UsageError

TYPES = {"team": "string", "remote": "boolean", "locker": "integer", "hired": "datetime", "boss": "user"}


def schema(*attributes):
    records = [
        {"customized_type": of, "name": name, "attribute_type": type_} for of, name, type_ in attributes
    ]
    return walk({"response": records}, name=SCHEMA)


def accounts(*attributes, name="list_accounts"):
    records = [
        {"integration_specific_id": f"u{number}", "custom_attributes": each}
        for number, each in enumerate(attributes, 1)
    ]
    return listed(name, *records)


def graph(*values, ids=("m1",), following=None):
    attributes = [
        {"record_id": record, "label": name, "value": value, "type": of} for record, name, value, of in values
    ]
    payload = {"resources": [{"id": id_} for id_ in ids], "custom_attributes": attributes}
    page = {"response": payload, "page": {"token": following}}
    return walk(page, name="find_resource_graph", within="resources")


DECLARED = schema(
    ("account", "team", "string"), ("entitlement", "team", "integer"), ("resource", "seats", "integer")
)


def test_each_capability_is_asked_for_its_own_attributes():
    assert declared_for(DECLARED, "list_accounts") == {"team": "string"}
    assert declared_for(DECLARED, "find_entitlement_graph") == {"team": "integer"}
    assert declared_for(DECLARED, "list_credentials") == {}


def test_a_graph_is_asked_with_types():
    assert with_attributes("get_account", {"account_id": "u1"}, ["team"]) == {
        "account_id": "u1",
        "custom_attributes": ["team"],
    }
    asked = with_attributes("find_resource_graph", {}, ["seats"])
    assert asked == {"custom_attributes": [{"label": "seats", "type": "resource"}]}
    assert asked_in(asked) == {"seats"}
    assert asked_in({"custom_attributes": ["team"]}) == {"team"}
    assert asked_in({"custom_attributes": None}) == asked_in({}) == set()


def test_attributes_of_what_no_capability_gives():
    capabilities = ["list_accounts", "find_resource_graph", "list_entitlements"]
    assert told(unreachable_breach(DECLARED, capabilities)) == []
    title = "no capability can be asked for 1 custom attribute that it declares"
    lines = ["seats, of type resource"]
    assert told(unreachable_breach(DECLARED, ["get_account", "find_entitlement_graph"])) == [
        (SCHEMA, title, lines)
    ]


@pytest.mark.parametrize(
    "answered",
    [
        accounts({"team": "sea"}),
        accounts({}, None),
        accounts({"team": None}),
        graph(("m1", "team", "sea", "resource")),
    ],
)
def test_attributes_that_were_asked_for(answered):
    assert told(surplus_breach(answered, {"team"})) == []


def test_attributes_that_were_not_asked_for():
    answered = accounts({"team": "sea", "locker": "7"}, {"locker": "8"})
    title = "it gives 1 custom attribute beside those that were asked for"
    assert told(surplus_breach(answered, {"team"})) == [("list_accounts", title, ["locker: u1"])]
    title = "asked for none, it gives 2 custom attributes"
    one = accounts({"team": "sea", "locker": None}, name="get_account")
    assert told(surplus_breach(one, ())) == [("get_account", title, ["team: u1", "locker: u1"])]


def test_attributes_of_another_type_in_a_graph():
    answered = graph(("m1", "seats", 4, "account"))
    title = "it gives 1 custom attribute beside those that were asked for"
    lines = ["seats, of type account: m1"]
    assert told(surplus_breach(answered, {"seats"})) == [("find_resource_graph", title, lines)]


def test_a_list_that_nobody_asked_for_attributes_is_a_remark():
    assert list(surplus_remark(accounts({"team": ""}, {}, None))) == []
    (remark,) = surplus_remark(accounts({"team": "sea"}, {"remote": "true"}))
    assert remark.startswith("list_accounts gives custom attributes that nobody asked for: remote, team. ")
    assert 'GetAccount.custom_attributes says: "If omitted, no custom attributes will be included."' in remark


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("team", ["sea", "7", " "]),
        ("boss", ["u1", "alice@example.com"]),
        ("remote", ["true", "False"]),
        ("locker", ["7", "-1", "+007"]),
        ("hired", ["2024-02-01", "2024-02-01T09:00:00Z", "2024-02-01T09:00:00"]),
    ],
)
def test_text_that_can_be_read_as_its_type(name, values):
    assert told(type_breach(accounts(*({name: value} for value in [*values, None, ""])), TYPES)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("remote", "yes"), ("remote", "1"), ("locker", "7.5"), ("locker", "seven"), ("hired", "01.02.2024")],
)
def test_text_that_cannot(name, value):
    title = "1 value of custom attributes is not of the declared type"
    line = f"u1: {name} is {value!r}, declared as {TYPES[name]}"
    assert told(type_breach(accounts({name: value}), TYPES)) == [("list_accounts", title, [line])]


@pytest.mark.parametrize("capability", ["list_credentials", "list_non_human_accounts"])
def test_json_of_its_type(capability):
    right = {"team": "sea", "remote": False, "locker": 0, "hired": "2024-02-01", "boss": "u1"}
    assert told(type_breach(accounts(right, name=capability), TYPES)) == []
    wrong = {"team": 7, "remote": "true", "locker": True, "hired": 1714554000, "boss": None}
    title = "4 values of custom attributes are not of the declared type"
    (found,) = told(type_breach(accounts(wrong, name=capability), TYPES))
    assert found[:2] == (capability, title)
    assert "u1: remote is 'true', declared as boolean" in found[2]


def test_in_a_graph_nobody_says_which_of_the_two():
    answered = graph(*(("m1", "locker", value, "resource") for value in (7, "7")))
    assert told(type_breach(answered, TYPES)) == []
    answered = graph(("m1", "locker", "seven", "resource"))
    assert len(told(type_breach(answered, TYPES))) == 1


def test_each_attribute_has_a_value_somewhere():
    types = {"team": "string", "remote": "boolean"}
    answered = accounts({"team": "sea"}, {"team": "", "remote": None}, None)
    title = "no record has a value of 1 declared custom attribute"
    assert told(empty_breach(answered, types, {})) == [("list_accounts", title, ["remote"])]
    assert unfilled(answered, types, {}) == ["remote"]
    assert told(empty_breach(answered, types, {"remote": "nobody is"})) == []
    typed = accounts({"team": "sea", "remote": False}, name="list_credentials")
    assert told(empty_breach(typed, types, {})) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [("team", "is no longer needed: there is a value of it"), ("taem", "is not declared")],
)
def test_an_attribute_that_is_declared_empty_for_nothing(name, says):
    with pytest.raises(UsageError, match=says):
        list(empty_breach(accounts({"team": "sea"}), {"team": "string"}, {name: "no"}))


def test_values_in_a_graph_belong_to_its_records():
    value = ("m2", "seats", 4, "resource")
    assert told(stray_breach(graph(value, ids=("m1", "m2")))) == []
    title = "1 value of custom attributes belongs to a record that is not there"
    assert told(stray_breach(graph(value))) == [("find_resource_graph", title, ["m2: seats"])]
    # It may be on another page.
    assert told(stray_breach(graph(value, following="2"))) == []
    assert told(stray_breach(accounts({"team": "sea"}))) == []


def test_the_account_that_tells_most():
    assert richest(accounts({"team": ""}, {"team": "sea"}, None)) == "u2"
    assert richest(listed("list_accounts")) is None
    gone = {"integration_specific_id": "u1", "user_status": "DELETED", "custom_attributes": {"team": "sea"}}
    assert richest(listed("list_accounts", gone)) is None


@pytest.mark.parametrize(
    "one", [{"team": "sea"}, {"team": "sea", "locker": None}, {"team": "sea", "more": "7"}]
)
def test_an_account_that_agrees_with_the_list(one):
    there = accounts({"team": "sea", "locker": ""}, {"team": "land"})
    assert told(disagreement_breach(accounts(one, name="get_account"), there, ["team", "locker"])) == []


@pytest.mark.parametrize(("one", "shown"), [({"team": "land"}, "'land'"), ({}, "None")])
def test_an_account_that_does_not(one, shown):
    title = "it disagrees with list_accounts in custom attributes"
    line = f"u1: team {shown}, listed as 'sea'"
    found = disagreement_breach(accounts(one, name="get_account"), accounts({"team": "sea"}), ["team"])
    assert told(found) == [("get_account", title, [line])]


def test_an_account_that_is_not_listed_says_nothing():
    one = listed("get_account", {"integration_specific_id": "u9", "custom_attributes": {"team": "sea"}})
    assert told(disagreement_breach(one, accounts({}), ["team"])) == []


CONTRACT, CONNECTOR = "test_contract.py", "app_connector.py"
CHECK = f"{CONTRACT}::TestAttributes::test_attributes"
REASON = "nobody on this ship has a locker"
EMPTY = f'empty_attributes = {{"list_accounts": {{"locker": "{REASON}"}}}}'


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (EMPTY, "", "no record has a value of 1 declared custom attribute"),
        ("locker", "lockers", "['lockers'] is about a custom attribute that is not declared."),
        ("locker", "team", "['team'] is no longer needed: there is a value of it."),
        ('{"list_accounts": {"l', '{"get_account": {"l', "No rule reads empty_attributes['get_account']."),
        (REASON, "", "['locker'] has no reason."),
        ("empty_attributes", "empty_attribute", "Did you mean empty_attributes?"),
    ],
)
def test_what_is_declared_empty_is_of_use(zoo, old, new, says):
    run = zoo("attributes").edit(CONTRACT, EMPTY, EMPTY.replace(old, new, 1))
    run = run.run("--record-mode=once", "-k", "test_attributes")
    assert run.exit_code == 1, run.output
    assert says in run.output
    assert "Traceback" not in run.output


@pytest.mark.loopback
def test_what_comes_unasked_in_a_list_is_a_note(zoo):
    asked = '"/roles", args.request.custom_attributes or '
    project = zoo("attributes").edit(CONNECTOR, f"{asked}()", f'{asked}["team"]')
    run = project.run("--record-mode=once", f"{CHECK}[list_entitlements]")
    note = "list_entitlements gives custom attributes that nobody asked for: team."
    assert run.exit_code == 0, run.output
    assert note in run.output
    assert note in run.project.run(f"{CHECK}[list_entitlements]").output


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("facts", "note"),
    [
        ("page_sizes = (1,)", "values of hired, manager may be on other pages"),
        (
            "sample = Sample(pages=1)\n    page_sizes = (2,)",
            "page 2 and later of list_custom_attributes_schema",
        ),
    ],
)
def test_what_is_on_other_pages_is_not_known(zoo, facts, note):
    project = zoo("attributes").edit(CONTRACT, "import ConnectorContract", "import ConnectorContract, Sample")
    project = project.edit(CONTRACT, "upstream_ids", f"{facts}\n    upstream_ids")
    run = project.run("--record-mode=once", f"{CHECK}[list_accounts]")
    assert run.exit_code == 0, run.output
    assert f"attributes[list_accounts]: {note}" in run.output
