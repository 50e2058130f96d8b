"""What an author says of writes: several examples of one, and what a right connector may do otherwise."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.loopback

CONNECTOR, CONTRACT = "directory_connector.py", "test_contract.py"
ONE = '"activate_account": {"account_id": "u3"},'
SEVERAL = '"activate_account": [{"account_id": "u3"}, {"account_id": "u4"}],'
DECLARED = """\
declared_choices = {
        "opposites[deactivate_account]": {"choice": "loses_access", "reason": "a licence is sold again"}
    }
    upstream_ids"""
RULES = "(writes or records or server_error) and activate_account and not deactivate"
OPPOSITES = "-kopposites and deactivate_account"
TAKES_ACCESS = """\
    status = await set_status(args, "suspended")
    async with Client(args) as client:
        await client.delete(user_path(args.request.account_id, "grants", "full"), params={"project_id": ""})
"""


def files(project, folder):
    """The names of the files of activations."""
    names = [name.rpartition("/")[2] for name in project.recorded(folder)]
    return sorted(name for name in names if "[activate_account" in name)


def test_each_example_of_a_write_is_recorded_and_judged(directory):
    run = directory.edit(CONTRACT, ONE, SEVERAL).run("--record-mode=once", f"-k{RULES}")
    assert run.exit_code == 0, run.output
    assert files(run.project, "cassettes") == [
        "TestDirectoryContract.writes[activate_account-2].yaml",
        "TestDirectoryContract.writes[activate_account].yaml",
    ]
    assert files(run.project, "snapshots") == [
        "TestDirectoryContract.test_records[activate_account].1.json",
        "TestDirectoryContract.test_records[activate_account].json",
    ]
    replayed = run.project.run(f"-k{RULES}")
    assert replayed.outcomes == run.outcomes
    assert replayed.project == run.project


def test_a_breach_says_which_example_it_is_of(directory):
    project = directory.edit(CONTRACT, ONE, SEVERAL).edit(
        CONNECTOR,
        'status = await set_status(args, "active")',
        'status = sdk.AccountStatus.ACTIVE if args.request.account_id == "u4" '
        'else await set_status(args, "active")',
    )
    run = project.run("--record-mode=once", "-kwrites and activate_account and not deactivate")
    says = "writes: activate_account: with example 2, 'u4' is PENDING when read back, not ACTIVE"
    assert (run.outcomes["failed"], says in run.output) == (1, True), run.output
    replayed = run.project.run("-kwrites and activate_account and not deactivate")
    assert says in replayed.output


def test_what_the_upstream_refuses_of_a_further_example(directory):
    project = directory.edit(CONTRACT, ONE, SEVERAL).edit(
        CONNECTOR,
        '    status = await set_status(args, "active")\n',
        "    try:\n"
        '        status = await set_status(args, "active")\n'
        "    except httpx.HTTPStatusError as error:\n"
        '        if error.response.status_code != 403 or args.request.account_id != "u4":\n'
        "            raise\n"
        "        status = sdk.AccountStatus.ACTIVE\n",
    )
    run = project.run("--record-mode=once", "-kserver_error and activate_account and not deactivate")
    assert (run.outcomes["failed"], run.outcomes["passed"]) == (1, 3), run.output
    assert "errors: activate_account: an upstream that responds with 403 gave a success" in run.output


def test_a_choice_is_declared_with_its_reason(directory):
    project = directory.edit(CONNECTOR, '    status = await set_status(args, "suspended")\n', TAKES_ACCESS)
    refused = project.run("--record-mode=once", OPPOSITES)
    assert refused.outcomes["failed"] == 1
    assert (
        'declared_choices["opposites[deactivate_account]"] with the choice "loses_access"' in refused.output
    )
    declared = project.edit(CONTRACT, "upstream_ids", DECLARED)
    run = declared.run("--record-mode=once", OPPOSITES)
    assert run.exit_code == 0, run.output
    assert run.project.run(OPPOSITES).outcomes == run.outcomes


def test_a_choice_that_is_not_needed_fails(directory):
    run = directory.edit(CONTRACT, "upstream_ids", DECLARED).run("--record-mode=once", OPPOSITES)
    assert run.outcomes["failed"] == 1
    what = "declared_choices['opposites[deactivate_account]'] is not needed: the rule holds without it."
    assert what in run.output
    assert "a licence is sold again" in run.output
