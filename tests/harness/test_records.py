"""The rule ``records``: a changed mapping shows in the contract alone, once for each capability."""

from __future__ import annotations

import json
import re

import pytest
from broken_connectors import BROKEN

from connector_contract.contract.rules.records import change_lines, changes, summary
from connector_contract.contract.rules.responses import Walk

CONNECTOR, CONTRACT, SERVER = "directory_connector.py", "test_contract.py", "directory_server.py"
TEST = f"{CONTRACT}::TestDirectoryContract::test_records"
CAPABILITIES = 16


def failed(run):
    return re.findall(r"^(?:FAILED|ERROR) .*::test_(\S+)", run.output, re.MULTILINE)


# What has changed


def had(run, **expected):
    """These outcomes of the rules that were selected, and no others."""
    run.had(**expected)


def lines(old, new, *, key=("id",), within=""):
    walk = Walk("list_things", 100, [], key_fields=key, within=within)
    found = changes(walk, json.dumps(old), json.dumps(new))
    return [summary(found), *change_lines(found)] if found else []


def page(*records, **rest):
    return {"response": list(records), **rest}


ADA, BOB = {"id": "u1", "name": "ada", "tags": ["x"]}, {"id": "u2", "name": "bob", "tags": []}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([page(ADA, BOB)], [page(ADA, BOB)], []),
        (
            [page(ADA, BOB)],
            [page(ADA, {**BOB, "name": None})],
            ["1 record changed", "name of 1 record:", '- u2: "bob" in the snapshot, null now'],
        ),
        ([page(ADA, BOB)], [page(BOB)], ["1 record changed", "1 record no longer there:", "- u1"]),
        ([page(BOB)], [page(ADA, BOB)], ["1 record changed", "1 record more:", "- u1"]),
        (
            [page(ADA, BOB)],
            [page(BOB, ADA)],
            [
                "the response changed",
                '- the order of the records: "u1 first" in the snapshot, "u2 first" now',
            ],
        ),
        (
            [page(ADA), page(BOB)],
            [page(ADA, BOB)],
            ["the response changed", "- the number of pages: 2 in the snapshot, 1 now"],
        ),
        (
            [page(ADA, page={"token": "a"}), page(BOB)],
            [page(ADA, page={"token": "b"}), page(BOB)],
            ["the response changed", '- page 1: page.token: "a" in the snapshot, "b" now'],
        ),
        (
            {"response": ADA},
            {"response": {**ADA, "tags": ["y"]}},
            ["the response changed", '- tags[0]: "x" in the snapshot, "y" now'],
        ),
        (
            {"response": ADA},
            {"response": {**ADA, "tags": 1}},
            ["the response changed", '- tags: ["x"] in the snapshot, 1 now'],
        ),
        (
            {"response": {"valid": True}},
            {"response": {"valid": 1, "id": "u3"}},
            [
                "the response changed",
                "- valid: true in the snapshot, 1 now",
                '- id: nothing in the snapshot, "u3" now',
            ],
        ),
        (
            {"response": {"valid": True}},
            {"is_error": True},
            [
                "the response changed",
                '- response: {"valid": true} in the snapshot, nothing now',
                "- is_error: nothing in the snapshot, true now",
            ],
        ),
        (
            "edited",
            [page(ADA)],
            [
                "the response changed",
                '- the file: "no response" in the snapshot, "a response" now',
            ],
        ),
    ],
)
def test_what_has_changed_is_named_by_record_and_field(old, new, expected):
    assert lines(old, new) == expected


def test_a_snapshot_that_is_no_json_has_changed_as_a_whole():
    (change,) = changes(Walk("list_things", 100, []), "<<<<<<< HEAD", json.dumps([page(ADA)]))
    assert list(change_lines([change])) == ['- the file: "no response" in the snapshot, "a response" now']


def test_records_that_nothing_tells_apart_are_compared_by_their_place():
    twice = [page(ADA, ADA)], [page(ADA, {**ADA, "name": "eve"})]
    said = ["1 record changed", "name of 1 record:", '- record 2: "ada" in the snapshot, "eve" now']
    assert lines(*twice) == said
    assert lines(*twice, key=()) == said
    inside = [{"response": {"users": [ADA]}}], [{"response": {"users": [{**ADA, "name": "eve"}]}}]
    assert lines(*inside, key=(), within="users")[2] == '- record 1: "ada" in the snapshot, "eve" now'


def test_what_has_changed_beside_the_records_of_a_graph_is_named():
    old, new = ([{"response": {"nodes": [ADA], "edges": [{"to": end}]}}] for end in ("a", "b"))
    assert lines(old, new, within="nodes") == [
        "the response changed",
        '- response.edges[0].to: "a" in the snapshot, "b" now',
    ]


def test_many_records_and_long_values_are_shortened():
    old, new = ([page(*({"id": n, "text": letter * 200} for n in range(5)))] for letter in "ab")
    title, first, *_, more = lines(old, new)[1:]
    assert title == "text of 5 records:"
    assert first == f'- 0: "{"a" * 119}... in the snapshot, "{"b" * 119}... now'
    assert more == "  and 2 more"


# End to end


@pytest.mark.loopback
def test_a_changed_mapping_fails_once_for_each_capability_that_shows_it(directory):
    recorded = directory.run("--record-mode=once", "-krecords")
    had(recorded, passed=CAPABILITIES)
    project = recorded.project.edit(CONNECTOR, "username=user.name", "username=user.email")
    run = project.run("-krecords")
    assert sorted(failed(run)) == [
        "records[get_account]",
        "records[list_accounts]",
        "records[list_updated_accounts]",
    ]
    run.said(
        "Regression: The response of get_account differs from its snapshot: the response changed.",
        '- username: "alice" in the snapshot, "u1@example.com" now',
    )
    run.said(
        "Regression: The response of list_accounts differs from its snapshot: 7 records changed.",
        "rule: records[list_accounts]: The response of each capability equals its snapshot",
        "username of 7 records:",
        '- u1: "alice" in the snapshot, "u1@example.com" now',
        "and 4 more",
        "Fix the connector; or, if Lumos should get this response, accept it with:",
        f"pytest --snapshot-update '{TEST}[list_accounts]'",
    )
    assert run.project == project
    accepted = project.run("-krecords", "--snapshot-update")
    had(accepted, passed=CAPABILITIES)
    had(accepted.project.run("-krecords"), passed=CAPABILITIES)


@pytest.mark.loopback
@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "xdist"])
def test_a_contract_without_these_recordings_is_one_failure_with_the_command(directory, workers):
    run = directory.run("-krecords", *workers, subprocess=bool(workers))
    assert (run.outcomes["errors"], run.outcomes["skipped"]) == (1, CAPABILITIES - 1), run.output
    (first,) = failed(run)
    run.said(
        "records: there are no snapshots yet of the capabilities' responses.",
        f"contract: {CONTRACT}::TestDirectoryContract",
        f"pytest --record-mode=once {CONTRACT}::TestDirectoryContract",
        f"no capability has a snapshot yet; {first} reports it",
    )
    # What is not among the tests that run does not fail for the others.
    other = directory.run(f"{TEST}[get_account]")
    other.had(errors=1)


@pytest.mark.loopback
def test_recordings_without_their_snapshots_are_told_once_with_the_command(directory):
    recorded = directory.run("--record-mode=once", "-krecords and account").project
    run = recorded.remove("snapshots").run("-krecords and account")
    assert run.output.count(f"contract: {CONTRACT}::TestDirectoryContract\n") == 1
    assert (run.outcomes["errors"], "passed" in run.outcomes) == (1, False)
    again = recorded.remove("snapshots").run("-krecords and account", "--record-mode=once")
    assert again.project == recorded


@pytest.mark.loopback
def test_what_answers_with_an_error_waits_for_the_rule_that_reports_it(directory):
    for name in ("a read that finds nothing", "a write that is a stub"):
        directory = directory.edit(CONNECTOR, BROKEN[name].old, BROKEN[name].new)
    directory = directory.edit(
        CONTRACT, '"activate_account": {"account_id": "u3"}', '"activate_account": {"account_id": "u9"}'
    )
    rules = "-krecords and ([get_account] or delete_account or activate_account)"
    run = directory.run("--record-mode=once", rules)
    had(run, passed=1, skipped=3)
    run.said(
        "records[activate_account]: activate_account gave an error; the rule writes reports it",
        "records[delete_account]: delete_account is not implemented; the rule writes reports it",
        "nothing to check: records[get_account]: get_account gave an error; the rule coverage reports it",
    )
    assert len(run.project.recorded("snapshots")) == 1
    rules = rules.replace(" or activate_account", "")
    assert run.project.run(rules).outcomes["skipped"] == 2


# Its path has a slash once it is decoded, and leads to what can only be read.
READ_ALONE = """
    @app.get("/users/{user_id}/{part}")
    async def part_of_user(user_id: str, part: str) -> dict:
        return {}

    @app.delete("/users/{user_id}", status_code=204)
"""


@pytest.mark.loopback
def test_an_id_that_the_upstream_refuses_by_its_path_makes_no_stub(directory):
    head = '\n    @app.delete("/users/{user_id}", status_code=204)\n'
    directory = directory.edit(SERVER, head, READ_ALONE).edit(
        CONNECTOR,
        "        response.raise_for_status()\n        if response.content:\n",
        "        if response.status_code == 404:\n            return\n"
        "        response.raise_for_status()\n        if response.content:\n",
    )
    run = directory.run("--record-mode=once", "-kunknown_id and delete_account")
    run.had(failed=1)
    run.said("delete_account: an unknown account_id gave a success, not not_found")
    assert "not implemented" not in run.output
    assert b'"error": "unsupported_operation"' in b"".join(run.project.recorded("cassettes").values())


MADE_UP = 'user_id = f"u{next(numbers)}"', 'user_id = f"u{next(numbers)}{secrets.token_hex(4)}"'


@pytest.mark.loopback
def test_ids_and_times_that_are_new_in_each_recording_are_named_with_their_aliases(directory):
    project = directory.edit(SERVER, *MADE_UP).edit(
        SERVER, "from itertools import count", "import secrets\nfrom itertools import count"
    )
    login = '"last_login": f"2024-05-01T09:00:00.{secrets.randbelow(10**6):06}Z"}'
    project = project.edit(SERVER, '"last_login": "2024-05-01T09:00:00Z"}', login)
    rules = "-krecords and (create_account or get_last_activity)"
    recorded = project.run("--record-mode=once", rules).project
    run = recorded.run("--record-mode=rewrite", rules)
    had(run, failed=2)
    run.said(
        "If the application makes such values up each time, give them aliases, and record again:",
        "ConnectorUnderTest(..., aliases={'user': 'id'})",
    )
    run.said("ConnectorUnderTest(..., aliases={'time': 'last_login'})")
    run.said("replaced, although a rule fails. To get the old ones back:")
    # The lists around the write have the time, too.
    aliases = {"user": "id", "time": "[last_login, *[].last_login][]"}
    known = "settings=", f"aliases={aliases!r},\n        settings="
    stable = recorded.edit("conftest.py", *known).run("--record-mode=rewrite", "--snapshot-update", rules)
    again = stable.project.run("--record-mode=rewrite", rules)
    had(again, passed=2)
    assert again.project == stable.project
