"""``listed_statuses``: the raw statuses of the accounts that are listed, as the author writes them."""

from __future__ import annotations

import pytest

from connector_contract import by_variant
from connector_contract.contract.connector_contract import ConnectorContract
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.listed_statuses import check_found, check_listed, raw_texts
from connector_contract.contract.rules.declarations import declaration_lines, declared
from connector_contract.errors import UsageError
from connector_contract.fill_in import fill_in

CONTRACT = "test_contract.py"
LISTED = '    listed_statuses = ["active", "suspended"]\n'
RULE = "test_complete[list_accounts]"
WHERE = {"list_accounts": "items[].[id, status]"}
BOTH = {"list_accounts": ["on"], "list_updated_accounts": ("off", "on")}


def config(**facts):
    return ContractConfig.of(type("TestContract", (ConnectorContract,), facts))


@pytest.mark.parametrize(
    ("value", "listed", "updated"),
    [
        pytest.param((), None, None, id="nothing"),
        pytest.param(["suspended", "active"], ["active", "suspended"], None, id="a list"),
        pytest.param({"on"}, ["on"], None, id="a set"),
        pytest.param(BOTH, ["on"], ["off", "on"], id="a list for each capability"),
        pytest.param([True, None, 7, ""], ["", "7", "null", "true"], None, id="what is no text"),
        pytest.param([["on", None], (False, "may")], ["false, may", "on, null"], None, id="several parts"),
    ],
)
def test_statuses_are_as_their_table_shows_them(value, listed, updated):
    of = config(listed_statuses=value, upstream_status={**WHERE, "list_updated_accounts": "[].[id, state]"})
    of.check({})
    assert (of.listed("list_accounts"), of.listed("list_updated_accounts")) == (listed, updated)
    assert config(listed_statuses=value).listed("list_accounts") is None


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("active", "listed_statuses is 'active', and should be a list of raw statuses."),
        ({"list_accounts": "on"}, "listed_statuses['list_accounts'] is 'on', and should be a list of raw"),
        ({"list_accounts": []}, "listed_statuses['list_accounts'] is [], and should be a list of raw"),
        (
            [{"status": "on"}],
            "listed_statuses['list_accounts'] has {'status': 'on'}, which is no raw status.",
        ),
        ([[]], "listed_statuses['list_accounts'] has [], which is no raw status."),
        ([[["on"]]], "listed_statuses['list_accounts'] has [['on']], which is no raw status."),
        (fill_in("which are listed"), "Not filled in yet: which are listed"),
        ([fill_in("which are listed")], "Not filled in yet: which are listed"),
    ],
)
def test_what_is_no_list_of_raw_statuses(value, what):
    with pytest.raises(UsageError) as caught:
        config(listed_statuses=value).check({})
    assert caught.value.what.startswith(what)


def test_statuses_need_to_be_found():
    check_found({"list_accounts": ["on"]}, WHERE)
    check_listed({})
    with pytest.raises(UsageError) as caught:
        config(listed_statuses=["on"]).check_listed(config())
    assert caught.value.what == (
        "listed_statuses['list_accounts'] needs upstream_status['list_accounts'], which is not there."
    )
    assert 'upstream_status = {"list_accounts": ' in caught.value.remedy


def test_what_is_listed_is_declared_in_an_order_of_its_own():
    assert raw_texts(["b", "a"]) == ["a", "b"]
    found = declared(config(listed_statuses=("suspended", "active")))
    assert found == {"listed_statuses": {"list_accounts": ["active", "suspended"]}}
    assert declaration_lines(found) == ['- listed_statuses[\'list_accounts\']: ["active", "suspended"]']


def test_what_a_base_class_declares_is_not_the_contracts_own():
    base = type("Defaults", (ConnectorContract,), {"listed_statuses": ["on"]})
    for facts, own in (
        ({}, {}),
        ({"listed_statuses": {"list_accounts": ["on"]}}, {}),
        ({"listed_statuses": ["off"]}, {"list_accounts": ["off"]}),
    ):
        contract = type("TestContract", (base,), facts)
        assert ContractConfig.of(contract).without_inherited(contract).listed_statuses == own


@pytest.mark.parametrize(
    "value",
    [
        by_variant(classic=["on"], modern=["off"]),
        {"list_accounts": by_variant(classic=["on"], modern=["off"])},
    ],
)
def test_variants_may_list_other_statuses(value):
    contract = type("TestContract", (ConnectorContract,), {"listed_statuses": value})
    for variant, listed in (("classic", ["on"]), ("modern", ["off"])):
        found = ContractConfig.of(contract, variant)
        assert found.listed_statuses == {"list_accounts": listed}
        assert found.without({"list_accounts"}).listed_statuses == {}


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            '    upstream_status = {"list_accounts": "values[].[id, state]"}\n',
            "",
            "listed_statuses['list_accounts'] needs upstream_status['list_accounts'], which is not there.",
        ),
        (
            LISTED,
            '    listed_statuses = {"list_account": ["active"]}\n',
            "listed_statuses['list_account'] is about a capability that the connector does not have.",
        ),
        (
            LISTED,
            '    listed_statuses = {"list_entitlements": ["active"]}\n',
            "No rule reads listed_statuses['list_entitlements'].",
        ),
        (
            "    upstream_kind = {",
            "    upstream_kind = {'list_entitlements': 'values[].[id, type]', ",
            "No rule reads upstream_kind['list_entitlements'].",
        ),
    ],
)
def test_statuses_of_which_no_rule_can_make_use_are_one_clear_error(zoo, old, new, says):
    run = zoo("statuses").edit(CONTRACT, old, new).run("--record-mode=once", f"-k{RULE}")
    run.had(errors=1)
    assert says in run.output
    assert "Traceback" not in run.output


@pytest.mark.loopback
def test_deleted_accounts_may_be_left_out_without_an_exclusion(zoo):
    """Before, ``complete`` demanded ``excluded_ids`` for what the specification says is not listed."""
    project = zoo("statuses")
    project.run("--record-mode=once", f"-k{RULE}").had(passed=1)
    run = project.edit(CONTRACT, LISTED, "").run("--record-mode=once", f"-k{RULE}")
    run.had(failed=1)
    run.said(
        "complete: list_accounts: it lost 2 of the 6 records that the upstream sent.",
        "They have the raw status `deleted`, which no listed account has.",
        'listed_statuses = {"list_accounts": ["active", "suspended"]}',
    )


@pytest.mark.loopback
def test_deleted_accounts_that_are_listed_are_a_note(zoo):
    """Before, neither ``complete`` nor ``writes`` said anything of them."""
    lists = zoo("statuses").edit("app_connector.py", '            if user.state != "deleted"\n', "")
    lists = lists.edit(CONTRACT, LISTED, "")
    run = lists.run("--record-mode=once", f"-k{RULE} or test_writes[delete_account]")
    run.had(passed=2)
    run.said(
        "note: complete[list_accounts]: 'u3' and 1 other are listed as DELETED. The operation list_accounts "
        'says: "Response will include only active and suspended account."; the schema AccountStatus has '
        "DELETED.",
        "note: writes[delete_account]: 'u5' is listed as DELETED.",
    )


@pytest.mark.loopback
def test_a_change_of_what_is_listed_is_seen_by_a_reviewer(zoo):
    recorded = zoo("statuses").run("--record-mode=once", "-kdeclarations").project
    changed = recorded.edit(CONTRACT, '["active", "suspended"]', '["active"]')
    run = changed.run("-kdeclarations")
    run.had(failed=1)
    run.said('- listed_statuses[\'list_accounts\']: ["active", "suspended"] in the snapshot, ["active"] now')
