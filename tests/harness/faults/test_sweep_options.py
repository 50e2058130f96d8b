"""The sweep as its author runs it: selected, stopped, given wrong options, and with secrets around."""

from __future__ import annotations

import json
import os

import pytest

# A run inside this process forgets what it has imported, and these must not come twice.
import connector_contract.faults.fault_collection
import connector_contract.faults.fault_summary
import connector_contract.faults.sweep  # noqa: F401

ORDER = """
def pytest_collection_modifyitems(items):
    items.reverse()
"""
# The second call of the sweep is stopped before it begins.
STOP = """
begun = []

def pytest_runtest_logstart(nodeid):
    if "::faults[" in nodeid:
        begun.append(nodeid)
        if len(begun) == 2:
            raise KeyboardInterrupt
"""
# The connector quotes its token in all ways in which an error says something.
QUOTES = """
        token = response.request.headers["authorization"]
        if response.status_code == 401:
            raise ValueError(f"refused {token}")
        if response.status_code == 403:
            raise SystemExit(f"refused {token}")
        if response.status_code == 404:
            raise ValueError("x" * 193 + token.split()[-1])
        if response.status_code == 409:
            raise type(token.split()[-1], (Exception,), {})()
        if response.status_code == 429:
            await self._http_client.post(f"/users/{token.split()[-1]}?token={token}", json=body)
        response.raise_for_status()
"""


@pytest.fixture
def short(recorded):
    """A scenario with two calls to break, one that has none, and a module beside them."""
    tests = recorded.files["test_acme.py"].decode().partition("\n\n\n")[2]
    project = recorded.write("test_acme.py", tests).write("test_plain.py", "def test_plain():\n    pass\n")
    return project.remove("cassettes/test_acme/test_walk.yaml").remove("snapshots/test_acme/test_walk.json")


def failed(run):
    return {line.split(" ")[1] for line in run.output.splitlines() if line.startswith("FAILED ")}


def test_last_failed_runs_what_has_failed_of_the_sweep_and_reports_the_same_in_any_order(short):
    tests = short.files["test_acme.py"].decode()
    project = short.write("test_acme.py", f"{tests}    raise AssertionError('it fails as well')\n")
    options = ("--contract-faults", "--contract-faults-json=faults.json", "-ocache_dir=cache")
    first = project.run(*options, plugins=("cacheprovider",))
    first.had(failed=3, passed=2)
    turned = first.project.write("turned.py", ORDER)
    again = turned.run(*options, "--lf", "-pturned", plugins=("cacheprovider",))
    again.said("collected 5 items / 2 deselected / 3 selected", "rerun previous 3 failures")
    again.had(failed=3)
    assert failed(again) == failed(first)
    assert "test_acme.py::test_create::faults[create_account-1]" in failed(again)
    assert again.project.files["faults.json"] == first.project.files["faults.json"]


def test_a_run_that_is_stopped_keeps_what_it_has_and_says_that_it_is_not_all(short):
    pages = ("--contract-faults-json=faults.json", "--contract-faults-html=faults.html")
    run = short.write("stopping.py", STOP).run(
        "--contract-faults", *pages, "-pstopping", "-kfaults", stops=True
    )
    assert run.exit_code == pytest.ExitCode.INTERRUPTED
    assert "Traceback" not in run.output
    run.said(
        "create_account does not survive",
        "1 call of 1 capability",
        "The run was stopped: 1 further call was not broken, or not in every way.",
    )
    found = json.loads(run.project.files["faults.json"])
    assert (found["calls"], found["not_reached"]) == (1, 1)
    assert b"The run was stopped: 1 further call" in run.project.files["faults.html"]
    assert run.project.recorded("cassettes") == short.recorded("cassettes")
    assert run.project.recorded("snapshots") == short.recorded("snapshots")


def test_a_secret_that_an_error_quotes_is_in_nothing_that_the_sweep_says(short):
    project = short.edit(
        "acme_connector.py",
        """        response = await self._http_client.post(path, json=body)
        response.raise_for_status()
""",
        "        response = await self._http_client.post(path, json=body)" + QUOTES,
    )
    names = {"html": "faults.html", "json": "faults.json"}
    pages = [f"--contract-faults-{form}={name}" for form, name in names.items()]
    run = project.run("--contract-faults", *pages, "--junitxml=junit.xml", "-kcreate_account", "-rA")
    run.had(failed=1)
    # A beginning of it is a part of it.
    told = [run.output, *(run.project.files[name].decode() for name in (*names.values(), "junit.xml"))]
    assert [text.count("open-s") for text in told] == [0, 0, 0, 0]
    by_fault = {row["fault"]: row for row in json.loads(told[2])["rows"]}
    assert by_fault["status-401"]["outcome"] == "a secret in the message"
    assert "<token.token>" in by_fault["status-403"]["told"]
    assert "<token.token>" in by_fault["status-409"]["told"]
    assert any("<token.token>" in line for line in by_fault["status-429"]["evidence"])


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (["--contract-fault-calls=nonsense"], ["invalid choice: 'nonsense'"]),
        (["--contract-fault-calls=all"], ["has no effect without --contract-faults"]),
        (["--contract-faults-html=a"], ["--contract-faults-html has no effect without --contract-faults"]),
        (["--contract-faults-json=a"], ["--contract-faults-json has no effect without --contract-faults"]),
        (
            ["--contract-faults", "--contract-faults-json=nowhere/a.json"],
            ["The fault matrix cannot be written: there is no folder", "nowhere.", "or name another file."],
        ),
        (
            ["--contract-faults", "--contract-faults-html=conftest.py/a.html"],
            ["The fault matrix cannot be written:", "conftest.py is no folder.", "or name another file."],
        ),
        (
            ["--contract-faults", "--contract-faults-html=snapshots"],
            ["The fault matrix cannot be written:", "snapshots is a folder.", "or name another file."],
        ),
        (
            ["--contract-faults", "--contract-faults-json="],
            ["The fault matrix cannot be written:", "is a folder.", "or name another file."],
        ),
        (
            ["--contract-faults", "--contract-faults-json=a", "--contract-faults-html=./a"],
            ["--contract-faults-html and --contract-faults-json name the same file.", "Name a file for"],
        ),
        *(
            (
                ["--contract-faults", f"--record-mode={mode}"],
                [f"--record-mode={mode} records again.", f"  pytest --record-mode={mode}", "  pytest"],
            )
            for mode in ("all", "new_episodes", "rewrite")
        ),
    ],
)  # fmt: skip
def test_options_that_cannot_be_followed_are_refused_before_any_test(short, options, lines):
    run = short.run(*options)
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said(*lines)
    assert run.project.files == short.files


def test_a_folder_that_may_not_be_written_to_is_refused_before_any_test(short, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    run = short.run("--contract-faults", "--contract-faults-json=a.json")
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said(
        "The fault matrix cannot be written: the folder",
        "is not writable.",
        "or name another file.",
    )


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--collect-only", ["test_acme.py::test_create::faults[list_accounts-1]", "5 tests collected"]),
        ("--record-plan", ["--record-mode=once would record nothing."]),
    ],
)
def test_a_run_that_only_says_what_there_is_writes_no_matrix(short, option, said):
    run = short.run("--contract-faults", "--contract-faults-json=a.json", option, "-q")
    run.said(*said)
    assert "contract faults" not in run.output
    assert "a.json" not in run.project.files


NOTHING = "No call was broken: no test of this run had a recording to replay of a call"
FAILED = "No call was broken: each test of the sweep says above why it could not break its call."


@pytest.mark.parametrize(
    ("change", "options", "lines"),
    [
        pytest.param(
            lambda project: project.remove("cassettes"),
            (),
            ["The scenario is not recorded: it has no cassette.", NOTHING, "  pytest --record-mode=once"],
            id="no cassette",
        ),
        pytest.param(
            lambda project: project.write("cassettes/test_acme/test_create.yaml", "version: 1\ninter"),
            ("-kcreate",),
            ["The cassette cannot be used", "Restore the file", FAILED],
            id="a cassette that was cut off",
        ),
        pytest.param(
            lambda project: project.edit("acme_connector.py", "import httpx", "import nowhere"),
            ("-kcreate",),
            ["No module named 'nowhere'", "Fix the fixture, or what it imports.", FAILED],
            id="a connector that cannot be imported",
        ),
        pytest.param(lambda project: project, ("-knothing",), [NOTHING], id="no test"),
        pytest.param(lambda project: project, ("test_plain.py",), [NOTHING], id="no scenario"),
    ],
)
def test_what_cannot_be_broken_is_said_with_the_reason(short, change, options, lines):
    run = change(short).run("--contract-faults", *options)
    run.said(*lines)
    assert run.output.count("No call was broken") == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text[:700], id="cut off"),
        pytest.param(lambda text: b"", id="empty"),
        pytest.param(lambda text: b"\xff" + text, id="no UTF-8"),
        pytest.param(lambda text: b"}" + text, id="no YAML"),
        pytest.param(
            lambda text: text.replace(b'"interactions": [1]', b'"interactions": [99]'), id="no such request"
        ),
    ],
)
def test_a_recording_that_cannot_be_read_fails_a_run_of_the_sweep_alone(short, change):
    path = "cassettes/test_acme/test_create.yaml"
    text = short.files[path]
    assert change(text) != text
    run = short.write(path, change(text)).run("--contract-faults", "-kfaults")
    run.had(failed=1)
    run.said(
        "test_create::faults[unreadable]",
        "The cassette cannot be used: ",
        f"cassette: {path}",
        "Restore the file from version control, or record the scenario again:",
        "pytest --record-mode=rewrite test_acme.py::test_create",
        FAILED,
    )


@pytest.mark.parametrize(
    "declared", [{}, {"server_error[create_account]": {"choice": "unauthorized_on_403"}}]
)
def test_a_declared_choice_says_which_code_a_status_gives(short, declared):
    stored = json.dumps({"declared_choices": declared})
    project = short.write("snapshots/test_acme/Acme.declarations.json", stored)
    run = project.run("--contract-faults", "-k", "faults and create_account", "--contract-faults-json=f.json")
    rows = json.loads(run.project.files["f.json"])["rows"]
    expected = {row["expected"] for row in rows if row["fault"] == "status-403"}
    assert [("unauthorized" in each, "permission_denied" in each) for each in expected] == [
        (bool(declared), not declared)
    ]


def test_what_can_be_read_is_broken_beside_what_cannot_and_no_table_of_fields_is_judged(recorded):
    project = recorded.write("cassettes/test_acme/test_walk.yaml", "version: 1\ninter")
    run = project.run("--contract-faults", "-kfaults and (create or walk)", "--record-mode=once")
    run.said(
        "test_walk.yaml",
        "in 2 calls of 2 capabilities",
        "The table of fields of create_account, list_accounts was not compared",
        "verdicts:",
    )
    assert "snapshots/list_accounts.fields.json" not in run.project.files


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        (
            "faults",
            "No call was broken:\nthe checks of the contract are not known: tolerated_faults['nonsense']",
        ),
        (
            "faults or app_info",
            "No call was broken: a test says above why the checks of the contract are not known.",
        ),
    ],
)
def test_what_is_wrong_with_a_declaration_is_said_once(directory, selected, said):
    head = "class TestDirectoryContract(ConnectorContract):\n"
    project = directory.edit("test_contract.py", head, f'{head}    tolerated_faults = {{"nonsense": "x"}}\n')
    run = project.run("--contract-faults", f"-k{selected}")
    run.said(said)
    assert run.output.count("tolerated_faults['nonsense'] does not name a fault") == 1
    assert "capabilities of the connector" not in run.output
