"""What a contract's class declares to demand less is a snapshot of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from broken_connectors import BROKEN

from connector_contract.contract.connector_contract import ConnectorContract
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rules.declarations import declaration_changes, declaration_lines, declared
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.lint import lint_declarations
from connector_contract.storage.snapshot_format import declarations_text

CONNECTOR, CONTRACT = "directory_connector.py", "test_contract.py"
TEST = f"{CONTRACT}::TestDirectoryContract::test_declarations"
FILE = "snapshots/test_contract/TestDirectoryContract.declarations.json"
ELSEWHERE = "items[?status=='suspended'].id"
DECLARED = {
    "excluded_ids": {"list_accounts": {ELSEWHERE: "they are of another system"}},
    "waivers": {"complete[list_accounts]": "a known gap"},
}


def declaring(project, declared):
    """The contract with declarations, and what else it has."""
    lines = "".join(f"    {name} = {value!r}\n" for name, value in declared.items())
    return project.edit(CONTRACT, "    upstream_ids = {", f"{lines}    upstream_ids = {{")


@pytest.fixture
def declares(directory):
    return declaring(directory, DECLARED)


def test_declarations_without_a_file_fail_and_once_writes_it(declares):
    run = declares.run(TEST)
    run.had(failed=1)
    run.said(
        "declarations: what the contract's class declares has no snapshot.",
        f"snapshot: {FILE}",
        "- waivers['complete[list_accounts]']: \"a known gap\"",
        f'- excluded_ids[\'list_accounts\']["{ELSEWHERE}"]: "they are of another system"',
        f"pytest --record-mode=once {TEST}",
    )
    assert "Traceback" not in run.output
    assert run.project == declares
    for option in ("--record-mode=once", "--record-mode=rewrite", "--snapshot-update"):
        written = declares.run(TEST, option)
        written.had(passed=1)
        assert json.loads(written.project.files[FILE]) == DECLARED
        assert written.project.remove("snapshots") == declares
        written.project.run(TEST).had(passed=1)


def test_a_changed_declaration_is_told_old_and_new_and_accepted_by_snapshot_update(declares):
    accepted = declares.run(TEST, "--record-mode=once").project
    changed = accepted.edit(CONTRACT, "a known gap", "a new reason").edit(
        CONTRACT, "    excluded_ids = ", "    page_sizes = (1, 3)\n    __ = "
    )
    for option in ("--record-mode=none", "--record-mode=once", "--record-mode=rewrite"):
        run = changed.run(TEST, option)
        run.had(failed=1)
        run.said(
            "Contract breach: declarations: what the contract's class declares differs from its snapshot.",
            f"- excluded_ids['list_accounts'][\"{ELSEWHERE}\"]: "
            '"they are of another system" in the snapshot, not declared now',
            '- waivers[\'complete[list_accounts]\']: "a known gap" in the snapshot, "a new reason" now',
            f"pytest --snapshot-update {TEST}",
        )
        assert run.project == changed
    updated = changed.run(TEST, "--snapshot-update").project
    assert json.loads(updated.files[FILE]) == {"waivers": {"complete[list_accounts]": "a new reason"}}


def test_where_nothing_is_declared_there_is_no_file_and_one_is_a_change(declares, directory):
    directory.run(TEST).had(passed=1)
    empty = declaring(directory, {"waivers": {}, "excluded_ids": {"list_accounts": {}}})
    assert empty.run(TEST, "--record-mode=once").project == empty
    left = directory.write(FILE, declarations_text(DECLARED))
    run = left.run(TEST, "--record-mode=once")
    run.had(failed=1)
    run.said('"a known gap" in the snapshot, not declared now')
    directory.write(FILE, "{}").run(TEST).said("nothing is declared, so no file is needed")
    assert left.run(TEST, "--snapshot-update").project == directory


@pytest.mark.parametrize("text", ["<<<<<<< HEAD\n", "[]", "\xff"])
def test_a_file_that_cannot_be_read_is_a_change(declares, text):
    run = declares.write(FILE, text).run(TEST)
    run.had(failed=1)
    run.said("the file is not the JSON of declarations", "not declared in the snapshot, ")


def test_the_order_and_the_form_of_the_text_are_no_change(declares):
    text = json.dumps(dict(reversed(DECLARED.items()))).replace(":", " :\r\n")
    declares.write(FILE, text).run(TEST).had(passed=1)


@pytest.mark.parametrize(
    ("facts", "expected", "lines"),
    [
        ({}, {}, []),
        ({"waivers": {}, "excluded_ids": {"list_accounts": {}}}, {}, []),
        ({"page_sizes": (1,), "upstream_ids": {"list_accounts": "[].id"}}, {}, []),
        (
            {"empty_attributes": {"list_accounts": {"team": "nobody has one"}}},
            {"empty_attributes": {"list_accounts": {"team": "nobody has one"}}},
            ["- empty_attributes['list_accounts']['team']: \"nobody has one\""],
        ),
        (
            {"waivers": {"info": "später"}, "excluded_ids": {"list_accounts": {}}},
            {"waivers": {"info": "später"}},
            ["- waivers['info']: \"später\""],
        ),
    ],
)
def test_what_lowers_the_demands_is_declared_without_what_is_empty(facts, expected, lines):
    config = ContractConfig.of(type("TestContract", (ConnectorContract,), facts))
    assert declared(config) == expected
    assert declaration_lines(expected) == lines


def test_a_change_of_any_depth_and_kind_is_named():
    assert declaration_changes({"a": {"b": "x"}, "c": 1}, {"a": {"b": {"d": "y"}}, "c": True}) == [
        "- a['b']: \"x\" in the snapshot, not declared now",
        "- a['b']['d']: not declared in the snapshot, \"y\" now",
        "- c: 1 in the snapshot, true now",
    ]


def test_the_rule_asks_for_nothing_and_cannot_be_waived(directory):
    run = declaring(directory, {"waivers": {"declarations": "no"}}).run(TEST)
    run.had(errors=1)
    run.said("waivers['declarations'] waives no rule.")
    line = "    upstream_ids = {"
    taken = directory.edit(CONTRACT, line, f"    test_declarations = None\n{line}")
    taken.run("-kinfo").said("The contract's class removes the rule declarations.")


@pytest.mark.loopback
def test_a_run_in_parallel_writes_it_once_and_whole(declares):
    lost = BROKEN["the accounts of one status are lost"]
    project = declares.edit(CONNECTOR, lost.old, lost.new)
    rules = "-kdeclarations or complete"
    run = project.run("--record-mode=once", "-n2", rules, subprocess=True)
    assert run.project.files[FILE] == declarations_text(DECLARED).encode()
    assert not [name for name in run.project.files if name.endswith(".tmp")]


LINT = [sys.executable, "-c", "from connector_contract.cli import main; raise SystemExit(main())", "lint"]


def lint(project):
    done = subprocess.run(LINT, cwd=project.materialize(), capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_lint_knows_whose_it_is(declares):
    accepted = declares.run(TEST, "--record-mode=once").project
    code, output = lint(accepted)
    assert (code, output.partition(" of ")[0]) == (0, "1 files")
    assert output.endswith(" scenarios: no findings\n")
    renamed = accepted.edit(CONTRACT, "TestDirectoryContract", "TestOtherContract")
    code, output = lint(renamed)
    assert code == 1
    assert f"{FILE}:1: leftover: it belongs to no scenario\n" in output


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"a known gap"', '"a known gap"', []),
        ('"a known gap"', '"a known gap" ', [(8, "form")]),
        ('"a known gap"', "a known gap", [(8, "corrupt")]),
        ("waivers", "access_token", [(2, "form")]),
    ],
)
def test_lint_checks_the_form(old, new, expected):
    text = declarations_text(DECLARED)
    assert text.count(old) == 1
    found = lint_declarations(FILE, text.replace(old, new).encode(), WELL_KNOWN)
    assert [(finding.line, finding.kind) for finding in found] == expected


def test_lint_finds_a_secret_in_a_declaration():
    text = declarations_text({"waivers": {"access_token": "hunter2hunter2"}})
    (finding,) = lint_declarations(FILE, text.encode(), WELL_KNOWN)
    assert (finding.line, finding.kind) == (3, "secret")
    (finding,) = lint_declarations(FILE, b'{"b": 1, "a": 2}', WELL_KNOWN)
    assert finding.remedy == "undo the edit, or write it again: pytest --snapshot-update"
