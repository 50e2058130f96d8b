"""Where the tables of fields lie, who writes them, and who owns them: in an author's project."""

from __future__ import annotations

import json

import pytest

# A run inside this process forgets what it has imported, and these must not come twice.
import connector_contract.faults.fault_collection
import connector_contract.faults.fault_summary
import connector_contract.faults.sweep  # noqa: F401
from connector_contract.cli import main

TABLE = "snapshots/list_accounts.fields.json"
SWEEP = "--contract-faults"
WHAT = "What the connector does with the fields of its upstream differs from the stored tables:"


def tables(run):
    return sorted(name for name in run.project.files if name.endswith(".fields.json"))


def swept(project, *args, **options):
    return project.run(SWEEP, "-kfaults", *args, **options)


@pytest.fixture
def with_table(recorded):
    return swept(recorded, "--record-mode=once").project


def test_a_first_sweep_says_how_to_store_the_tables(recorded):
    run = swept(recorded)
    run.said(
        "No table of fields is stored for create_account, list_accounts. Write it with:",
        "pytest --contract-faults --record-mode=once",
    )
    assert tables(run) == []


@pytest.mark.parametrize(
    ("args", "options"),
    [
        ((), {}),
        (("-prandomly", "--randomly-seed=1"), {"plugins": ("randomly",)}),
        (("-n2",), {"subprocess": True}),
        (("--snapshot-update",), {}),
    ],
)
def test_it_stores_them_and_finds_the_same_again(with_table, args, options):
    assert '"users[].login": "required"' in with_table.files[TABLE].decode()
    run = swept(with_table, *args, **options)
    assert WHAT not in run.output
    run.said("faults replayed in 4 calls of 2 capabilities")
    assert run.project.files == with_table.files


def test_a_connector_that_needs_another_field_is_reported_and_accepted(with_table):
    other = with_table.edit("acme_connector.py", 'username=user["login"]', 'username=user.get("login")')
    run = swept(other)
    run.said(
        WHAT,
        TABLE,
        "list_accounts no longer stops if GET /v1/users lacks users[].login: "
        "it was required, and is checked now",
        "pytest --contract-faults --snapshot-update",
    )
    assert run.exit_code == 1
    assert run.project.files[TABLE] == with_table.files[TABLE]
    accepted = swept(other, "--snapshot-update")
    assert WHAT not in accepted.output
    accepted.said(
        "what was accepted or recorded", "major", "no longer stops if GET /v1/users lacks users[].login"
    )
    assert '"users[].login": "checked"' in accepted.project.files[TABLE].decode()


@pytest.mark.parametrize(
    "args", [["-kfaults and test_walk"], ["test_acme.py::test_walk"], ["--contract-fault-calls=all"]]
)
def test_a_part_of_the_calls_is_neither_compared_nor_written(with_table, args):
    edited = with_table.write(TABLE, '{\n  "GET /v1/users": {\n    "old": "read"\n  }\n}\n')
    run = edited.run(SWEEP, "--snapshot-update", *args)
    assert WHAT not in run.output
    run.said("The table of fields of", "list_accounts", "was not compared: not all of")
    assert run.project.files[TABLE] == edited.files[TABLE]


def test_what_the_run_records_itself_is_not_broken_yet(with_table):
    [walk] = [name for name in with_table.files if name.endswith("test_walk.yaml")]
    run = with_table.remove(walk).remove(TABLE).run(SWEEP, "--record-mode=once")
    run.said(
        "A scenario was recorded in this run, and not broken yet. Sweep again:",
        "The table of fields of list_accounts was not compared: not all of its calls were broken",
    )
    assert TABLE not in run.project.files
    assert swept(run.project, "--record-mode=once").project.files == with_table.files


def test_a_call_that_no_longer_answers_as_recorded_fails_the_sweep_that_leaves_its_scenario_out(recorded):
    other = recorded.edit("acme_connector.py", 'username=user["login"]', 'username=user["logins"]')
    run = other.run(SWEEP, "-kfaults and test_walk", "--contract-faults-json=faults.json")
    run.had(skipped=2)
    assert run.exit_code == 1
    run.said(
        "2 calls could not be broken: the connector does not answer as recorded.",
        "  list_accounts in test_acme.py::test_walk:",
        "    replayed alone, it gives the error internal_error, and a success with 2 records was recorded",
        "Their scenarios say what has changed. If this run leaves them out, run all of them.",
    )
    found = json.loads(run.project.files["faults.json"])
    assert [(each["capability"], each["scenario"]) for each in found["not_broken"]] == [
        ("list_accounts", "test_acme.py::test_walk")
    ] * 2


def lint(project, capsys, monkeypatch):
    root = project.materialize()
    monkeypatch.chdir(root)
    monkeypatch.syspath_prepend(root)
    code = main(["lint"])
    return code, capsys.readouterr().out


def test_they_are_owned_by_a_connector_that_has_the_capability(with_table, capsys, monkeypatch):
    code, said = lint(with_table, capsys, monkeypatch)
    assert (code, "no findings" in said) == (0, True)


def test_without_the_capability_one_is_a_leftover(with_table, capsys, monkeypatch):
    gone = with_table.write("snapshots/list_resources.fields.json", with_table.files[TABLE])
    code, said = lint(gone, capsys, monkeypatch)
    assert code == 1
    assert "snapshots/list_resources.fields.json:1: leftover: it belongs to no scenario" in said
    assert said.count("leftover") == 2  # With the remedy.


def test_a_connector_that_cannot_be_made_owns_all_of_them(with_table, capsys, monkeypatch):
    broken = with_table.edit("conftest.py", "from acme_connector import", "from acme_is_gone import")
    code, said = lint(broken, capsys, monkeypatch)
    assert (code, "leftover" in said) == (0, False)


def test_one_that_was_edited_by_hand_is_found_with_the_remedy(with_table, capsys, monkeypatch):
    edited = with_table.write(TABLE, with_table.files[TABLE].replace(b'    "', b'  "', 1))
    code, said = lint(edited, capsys, monkeypatch)
    assert code == 1
    assert f"{TABLE}:3: form: it is not as a recording leaves it" in said
    assert "write it again: pytest --contract-faults --snapshot-update ." in said


def test_the_fixture_of_a_module_has_its_tables_in_the_modules_folder(recorded):
    conftest = recorded.files["conftest.py"].decode()
    tests = recorded.files["test_acme.py"].decode()
    project = recorded.remove("conftest.py").write("test_acme.py", f"{conftest}\n\n{tests}")
    run = swept(project, "--record-mode=once", "-kfaults and create_account")
    assert tables(run) == ["snapshots/test_acme/create_account.fields.json"]


def test_each_variant_has_its_own_tables(recorded):
    conftest = recorded.files["conftest.py"].decode()
    variants = conftest.replace(
        '@pytest.fixture(scope="session")\ndef connector_under_test():',
        '@pytest.fixture(scope="session", params=["a", "b"])\ndef connector_under_test(request):',
    ).replace("ConnectorUnderTest(\n", "ConnectorUnderTest(\n        variant=request.param,\n")
    project = recorded.write("conftest.py", variants)
    for name, data in recorded.files.items():
        kind, slash, rest = name.partition("/")
        if slash and kind in ("cassettes", "snapshots"):
            project = project.remove(name).write(f"{kind}/a/{rest}", data).write(f"{kind}/b/{rest}", data)
    run = swept(project, "--record-mode=once", "-kfaults and create_account")
    assert tables(run) == [f"snapshots/{each}/create_account.fields.json" for each in "ab"]
