"""A breach is a value; what an author reads of it is made in one place."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from broken_connectors import BROKEN

from connector_contract.contract.rules.breach import Breach
from connector_contract.reporting.breaches import contract_breach

LOST = Breach(
    "list_accounts", "it lost 12 records", "Lumos takes them for gone.", [f"u{n}" for n in range(12)]
)
TWICE = Breach("list_accounts", "it lists 1 record twice", "Lumos lets one overwrite the other.", ["u1"])
FAILED = Breach("list_resources", "it gave an error", "Lumos takes them for gone.")


def test_all_breaches_are_told_each_with_what_lumos_does():
    error = contract_breach([LOST, TWICE, FAILED], "complete", "complete[list_accounts]", [("rule", "x")])
    assert error.breaches == (LOST, TWICE, FAILED)
    records = "".join(f"  - u{n}\n" for n in range(10))
    assert str(error) == (
        "Contract breach: complete: list_accounts: it lost 12 records.\n"
        "  rule: x\n"
        f"{records}"
        "  and 2 more\n"
        "  list_accounts: it lists 1 record twice. Lumos lets one overwrite the other.\n"
        "  - u1\n"
        "  list_resources: it gave an error\n"
        "Lumos takes them for gone.\n"
        "Fix the connector; or waive the rule in the contract's class, with the reason:\n"
        '  waivers = {"complete[list_accounts]": "..."}'
    )


def test_what_is_named_as_its_section_is_named_once():
    error = contract_breach([Breach("info", "it lacks a type", "Lumos shows none.")], "info", "info", [])
    assert error.what == "info: it lacks a type."


def test_a_breach_has_no_secret_once_it_is_found():
    breach = Breach("get_account", "it says hush", "Lumos shows it.", ["hush, twice"])
    found = breach.found_by("secrets", lambda text: text.replace("hush", "<token>"))
    assert (found.rule, found.title, found.records) == ("secrets", "it says <token>", ("<token>, twice",))


def test_a_breach_is_json_for_programs():
    assert json.loads(json.dumps(asdict(LOST.found_by("complete", str)))) == {
        "capability": "list_accounts",
        "title": "it lost 12 records",
        "consequence": "Lumos takes them for gone.",
        "records": [f"u{n}" for n in range(12)],
        "rule": "complete",
    }


HOOK = """

@pytest.hookimpl(tryfirst=True)
def pytest_exception_interact(call):
    print(*[(each.rule, each.capability, each.title) for each in call.excinfo.value.breaches])
"""


@pytest.mark.loopback
def test_the_error_of_a_rule_carries_its_breaches(directory):
    broken = BROKEN["the accounts of one status are lost"]
    project = directory.edit("directory_connector.py", broken.old, broken.new)
    project = project.write("conftest.py", directory.files["conftest.py"].decode() + HOOK)
    run = project.run("--record-mode=once", "-s", "-kcomplete and [list_accounts]")
    assert (run.outcomes["failed"], run.outcomes.get("passed")) == (1, None)
    run.said("('complete', 'list_accounts', 'it lost 2 of the 7 records that the upstream sent')")
