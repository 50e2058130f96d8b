"""A capability that asks in another way than over HTTP is declared in ``not_http``, and not recorded."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

pytestmark = pytest.mark.loopback

CONTRACT = "test_contract.py"
FIND = "find_entitlement_associations"
DECLARED = f'        "{FIND}": "memberships are read from the database",\n'


@pytest.fixture
def project(zoo, tmp_path):
    """The connector with its database."""
    path = tmp_path / "app.sqlite"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE members (name TEXT, uid TEXT)")
        database.execute("INSERT INTO members VALUES ('admins', 'alice')")
    return zoo("database").write("app.sqlite", path.read_bytes())


def test_its_rules_are_skipped_in_one_line_and_it_has_no_recording(project):
    run = project.run("--record-mode=once")
    assert run.exit_code == 0, run.output
    said = "it is not HTTP, and cannot be recorded: memberships are read from the database"
    assert f"nothing to check: coverage[{FIND}]: {said}\n" in run.output
    assert run.output.count(said) == 1
    assert not [name for name in run.project.recorded("cassettes") if FIND in name]


def test_it_is_a_declaration(project):
    run = project.run("--record-mode=once", "-kdeclarations")
    (stored,) = (json.loads(data) for name, data in run.project.recorded("snapshots").items())
    assert stored["not_http"] == {
        FIND: "memberships are read from the database",
        "assign_entitlement": "memberships are written to the database",
    }
    changed = run.project.edit(CONTRACT, DECLARED, "").run("-kdeclarations")
    changed.had(failed=1)
    changed.said(f"not_http['{FIND}']")


def test_undeclared_it_is_a_breach_with_this_remedy(project):
    run = project.edit(CONTRACT, DECLARED, "").run("--record-mode=once", f"-kcoverage and {FIND}")
    run.had(failed=1)
    run.said(
        "it returns accounts without asking the upstream",
        "If it asks in another way than over HTTP, such as LDAP, declare that in not_http.",
    )


def test_a_scenario_of_your_own_may_call_it(project):
    test = f'async def test_members(lumos):\n    answered = await lumos.call("{FIND}")\n'
    test += '    assert [each["account_id"] for each in answered["response"]] == ["alice"]\n'
    run = project.write("test_own.py", test).run("--record-mode=once", "test_own.py")
    run.had(passed=1)
    run.project.run("test_own.py").had(passed=1)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"memberships are read from the database"', '""', f"not_http['{FIND}'] has no reason."),
        (
            f'"{FIND}": "memberships are read',
            '"list_groups": "memberships are read',
            "not_http['list_groups'] is about a capability that the connector does not have.",
        ),
        ("    not_http = {", "    not_htp = {", "Did you mean not_http?"),
    ],
)
def test_a_wrong_declaration_is_refused(project, old, new, says):
    run = project.edit(CONTRACT, old, new).run("--record-mode=once", "-kcoverage")
    assert run.outcomes["errors"] >= 1
    run.said(says)


def test_what_it_would_show_is_not_looked_for(project):
    """Lists that are not HTTP show no write, and nothing refers to them."""
    run = project.run("--record-mode=once", "-kreferences or cardinality")
    assert run.exit_code == 0, run.output
    run.said("nothing to check: cardinality: not_http leaves out find_entitlement_associations")


def test_a_socket_to_another_machine_is_refused_with_this_remedy(zoo):
    """The address is one that is kept for documentation."""
    connect = "import socket\n\n\ndef ask(args, statement: str, *values: str):\n"
    connect += '    return socket.create_connection(("192.0.2.1", 389), timeout=1)\n\n\ndef unused('
    project = zoo("database").edit("app_connector.py", "def ask(", connect).edit(CONTRACT, DECLARED, "")
    run = project.run("--record-mode=once", f"-kcoverage and {FIND}")
    run.had(failed=1)
    run.said("The connector tried to connect to ('192.0.2.1', 389)", 'not_http = {"list_accounts"')


NEEDLESS = '    not_http = {\n        "list_accounts": "read over LDAP",\n'


def test_a_declaration_of_what_asks_over_http_fails_when_it_is_recorded_and_ever_after(project):
    project = project.edit(CONTRACT, "    not_http = {\n", NEEDLESS)
    project = project.edit(CONTRACT, '"list_accounts": "entries[].uid", ', "")
    project = project.edit(
        CONTRACT, '    upstream_status = {"list_accounts": "entries[].[uid, locked]"}\n', ""
    )
    run = project.run("--record-mode=once", "-kcoverage")
    for each in (run, run.project.run("-kcoverage")):
        each.had(failed=1, passed=2, skipped=1)
        each.said(
            "not_http['list_accounts'] is not needed: it asks over HTTP.",
            "reason: read over LDAP",
            "Delete it from not_http",
        )
        assert not [name for name in each.project.recorded("cassettes") if "list_accounts" in name]


def test_a_replay_that_refuses_the_other_connection_says_nothing_of_what_is_asked_in_its_place(project):
    """It falls back on HTTP, or reports over HTTP that there was no connection."""
    connect = "import socket\n\n\nasync def list_accounts(args: sdk.ListAccountsRequest)"
    connect += " -> sdk.ListAccountsResponse:\n    try:\n"
    connect += '        socket.create_connection(("192.0.2.1", 389), timeout=1)\n'
    connect += "    except Exception:\n        pass\n"
    project = project.edit(CONTRACT, "    not_http = {\n", NEEDLESS)
    project = project.edit(CONTRACT, '"list_accounts": "entries[].uid", ', "")
    project = project.edit(
        CONTRACT, '    upstream_status = {"list_accounts": "entries[].[uid, locked]"}\n', ""
    )
    signature = "async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:\n"
    run = project.edit("app_connector.py", signature, connect).run("-kcoverage and list_accounts")
    run.had(skipped=1)


def test_a_declaration_is_needed_where_the_other_connection_is_refused(zoo):
    connect = "import socket\n\n\ndef ask(args, statement: str, *values: str):\n"
    connect += '    return socket.create_connection(("192.0.2.1", 389), timeout=1)\n\n\ndef unused('
    run = zoo("database").edit("app_connector.py", "def ask(", connect).run("--record-mode=once", f"-k{FIND}")
    run.had(skipped=1)


def test_what_asks_for_nothing_needs_no_declaration(project):
    function = (
        "async def app_info(args: sdk.AppInfoRequest) -> sdk.AppInfoResponse:\n    raise ValueError\n\n\n"
    )
    register = "integration.register_capabilities("
    project = project.edit(
        "app_connector.py", register, f'{function}integration.capabilities["app_info"] = app_info\n{register}'
    )
    declared = '    not_http = {\n        "app_info": "LDAP",\n'
    run = project.edit(CONTRACT, "    not_http = {\n", declared).run()
    run.said("No rule reads not_http['app_info'].")
