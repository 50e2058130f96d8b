"""The rule **unknown_entitlement**: nobody is created with what does not exist, as if it did."""

from __future__ import annotations

import re

import pytest
from rules_testing import ASSOCIATION, failure, listed, told
from tenant_testing import declaring, tenant

from connector_contract.contract.rules.unknown_entitlement import (
    already_there,
    left_behind,
    unknown_entitlement,
    unknown_entitlement_breach,
    unlike,
)

ACCOUNTS, ASSOCIATIONS = "list_accounts", "find_entitlement_associations"
ROLE = {
    "entitlement_type": "role",
    "integration_specific_id": "admin",
    "integration_specific_resource_id": "",
}
OTHER = {"entitlement_type": "licence", "integration_specific_id": "7"}
EXAMPLE = {"email": "New@example.com", "username": "new", "entitlements": [ROLE, OTHER]}
SUMMARY = {"execution_summary": {"caught_errors": [{"error_code": "not_found", "message": "No."}]}}
REQUEST = {**EXAMPLE, "entitlements": [{**ROLE, "integration_specific_id": "x"}, OTHER]}
ASKED = "an account with the entitlement 'x', which does not exist,"


def created(**more):
    return {"response": {"id": "u9", "status": "ACTIVE", "created": True}, **more}


def has(*keys):
    records = [dict(zip(ASSOCIATION, key.split("/"), strict=True)) for key in keys]
    return listed(ASSOCIATIONS, *records)


def accounts(**emails):
    records = [{"integration_specific_id": id_, "email": email} for id_, email in emails.items()]
    return listed(ACCOUNTS, *records)


@pytest.mark.parametrize(
    ("id_", "other"),
    [
        ("7", "999999"),
        ("999999", "999998"),
        ("21474836471", "21474999999"),
        ("21474999999", "21474999998"),
        ("p1-admin", "p9-admin"),
        ("p9-admin", "p9-admin-unknown"),
        ("admin", "admin-unknown"),
        ("3f0c2e1a-5b7d-4e21-9a64-0c1d2e3f4a5b", "9f9c9e9a-9b9d-9e99-9a99-9c9d9e9f9a9b"),
    ],
)
def test_an_id_that_nothing_has_is_of_the_same_form(id_, other):
    assert unlike(id_) == other != id_


def test_the_first_entitlement_of_the_example_is_replaced():
    id_, request = unknown_entitlement(EXAMPLE)
    unknown = {**ROLE, "integration_specific_id": "admin-unknown"}
    assert (id_, request) == ("admin-unknown", {**EXAMPLE, "entitlements": [unknown, OTHER]})
    assert EXAMPLE["entitlements"][0] is ROLE


@pytest.mark.parametrize(
    "example",
    [None, {}, {"entitlements": []}, {"entitlements": None}, {"entitlements": [{}]}, {"entitlements": "no"}],
)
def test_without_an_entitlement_there_is_nothing_to_ask_for(example):
    assert unknown_entitlement(example) is None


@pytest.mark.parametrize(
    ("response", "associations"),
    [
        (failure("not_found"), None),
        (failure("bad_request"), None),
        # An application that gives everybody something, and a connector that says what it could not.
        (created(**SUMMARY), has("u9/basic/", "u1/x/")),
        (created(**SUMMARY), None),
    ],
)
def test_an_error_is_right_and_so_is_a_success_that_says_what_failed(response, associations):
    assert told(unknown_entitlement_breach("x", REQUEST, response, associations)) == []


@pytest.mark.parametrize(
    ("response", "associations", "says"),
    [
        (created(), None, "gave a success"),
        (created(), has("u1/x/"), "gave a success"),
        (created(execution_summary={"caught_errors": []}), has(), "gave a success"),
        (created(), has("u9/x/"), "gave a success, and the account 'u9' has it when read back"),
        (created(**SUMMARY), has("u9/x/"), "gave a success, and the account 'u9' has it when read back"),
        (failure("internal_error"), None, "gave internal_error"),
        (failure("unauthorized"), None, "gave unauthorized"),
    ],
)
def test_what_is_dropped_or_claimed_is_a_breach(response, associations, says):
    [(capability, title, _)] = told(unknown_entitlement_breach("x", REQUEST, response, associations))
    assert (capability, title) == ("create_account", f"{ASKED} {says}")


def naming(*messages):
    errors = [{"error_code": "not_found", "message": each} for each in messages]
    return created(execution_summary={"caught_errors": errors})


def test_after_an_entitlement_that_fails_comes_the_next_one():
    found = told(unknown_entitlement_breach("x", REQUEST, naming("There is no x."), has("u9/basic/")))
    title = f"{ASKED} lacks another one, too, of which no error is in caught_errors"
    assert found == [("create_account", title, ["u9 / 7"])]


@pytest.mark.parametrize(
    ("response", "associations"),
    [
        pytest.param(naming("There is no x."), has("u9/7/p1"), id="it has the other one"),
        pytest.param(naming("There is no x.", "7: not tried"), has(), id="each has an error"),
        pytest.param(naming("Neither x nor 7 could be given."), has(), id="one error names both"),
        pytest.param(naming("None could be given."), has(), id="one error for all"),
        pytest.param(naming("There is no x."), None, id="nobody knows who has what"),
    ],
)
def test_the_other_entitlements_are_there_or_told(response, associations):
    assert told(unknown_entitlement_breach("x", REQUEST, response, associations)) == []


def test_an_account_that_is_there_already_shows_nothing():
    assert already_there(EXAMPLE, accounts(u1="new@EXAMPLE.com")) == "New@example.com"
    assert already_there(EXAMPLE, accounts(u1="old@example.com")) is None
    assert already_there({"entitlements": [ROLE]}, accounts(u1="old@example.com")) is None


def test_an_account_that_is_there_after_an_error_is_a_note():
    before, after = accounts(u1="a@example.com"), accounts(u1="a@example.com", u9="new@example.com")
    note = "create_account: it gave an error, and the account 'u9' is there; Lumos does not know of it"
    assert left_behind(EXAMPLE, failure(), before, after) == note
    assert left_behind(EXAMPLE, failure(), before, before) is None
    assert left_behind(EXAMPLE, failure(), after, after) is None
    assert left_behind(EXAMPLE, created(), before, after) is None


RULE = "test_contract.py::TestDirectoryContract::test_unknown_entitlement[create_account]"
NOTE = re.compile(r"note: unknown_entitlement\[create_account\]: create_account: it gave an error, and ")


@pytest.mark.loopback
def test_a_real_tenant_is_asked_for_what_is_declared_and_is_left_as_it_was(directory):
    with tenant(directory) as server:
        before = server.state()
        options = ("--record-mode=once", f"--upstream-url={server.real}", RULE)
        run = server.project.run(*options)
        run.had(skipped=1)
        run.said("create_account writes to", "lacks")
        assert server.state() == before
        declared = declaring(server.project, "new@example.com", "p1", "basic")
        run = declared.run(*options)
        after = server.state()
    run.had(passed=1)
    assert NOTE.search(run.output)
    run.said("put back: delete_account", "after create_account new@example.com")
    assert "not put back" not in run.output
    left = {id_: user for id_, user in after["users"].items() if id_ not in before["users"]}
    assert [user["status"] for user in left.values()] in ([], ["deleted"])
    assert after["grants"] == before["grants"]
    replayed = run.project.run(RULE)
    replayed.had(passed=1)
    assert replayed.project == run.project


@pytest.mark.loopback
def test_an_example_without_entitlements_has_nothing_to_check(directory):
    licence = '                {"entitlement_type": "licence", "integration_specific_id": "basic"},\n'
    project = directory.edit("test_contract.py", licence, "")
    role = project.files["test_contract.py"].decode()
    start = role.index('                {\n                    "entitlement_type": "project_role"')
    end = role.index("            ],", start)
    run = project.edit("test_contract.py", role[start:end], "").run("--record-mode=once", RULE)
    run.had(skipped=1)
    run.said("the example of create_account has no entitlements")
