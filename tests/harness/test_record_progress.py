"""How a recording from a real server goes on, as the terminal shows it."""

import re
from pathlib import Path

import pytest
from real_server import real_server

HERE = Path(__file__).parent
pytestmark = pytest.mark.loopback
LINE = re.compile(r"^recording (\d+) of (\d+): (\S+): (\d+ requests?|not recorded), \d+\.\d s$", re.MULTILINE)


@pytest.fixture
def server():
    with real_server(HERE / "acme" / "acme_server.py") as running:
        yield running


def record(project, server, *more):
    return project.run("--record-mode=once", f"--upstream-url={server.url}", *more)


def test_each_scenario_has_a_line(acme, server):
    run = record(acme, server, "-v")
    run.had(passed=3)
    assert LINE.findall(run.output) == [
        ("1", "3", "test_acme.py::test_walk", "2 requests"),
        ("2", "3", "test_acme.py::test_create", "2 requests"),
        ("3", "3", "test_acme.py::test_wrong_token", "1 request"),
    ]
    # pytest's own lines are whole.
    assert re.findall(r"^test_acme.py::(\w+) PASSED +\[ *\d+%\]$", run.output, re.MULTILINE) == [
        "test_walk",
        "test_create",
        "test_wrong_token",
    ]


@pytest.mark.parametrize("verbosity", [[], ["-q"]])
def test_without_a_terminal_pytest_says_what_it_always_does(acme, server, verbosity):
    run = record(acme, server, *verbosity)
    assert LINE.findall(run.output) == []
    assert re.search(r"^(test_acme.py )?\.\.\. +\[100%\]$", run.output, re.MULTILINE)


def on_a_terminal(project):
    """A project in which pytest believes that it writes to a terminal."""
    line = """
import pytest as _pytest


@_pytest.hookimpl(trylast=True)
def pytest_configure(config):
    # pytest has it as an attribute and as a method.
    config.pluginmanager.get_plugin("terminalreporter").isatty = type("Yes", (int,), {"__call__": bool})(1)


"""
    return project.write("conftest.py", line + project.files["conftest.py"].decode())


def test_on_a_terminal_each_scenario_has_a_line_of_its_own(acme, server):
    run = record(on_a_terminal(acme), server)
    assert [found[0] for found in LINE.findall(run.output)] == ["1", "2", "3"]
    assert LINE.findall(record(on_a_terminal(acme), server, "-q").output) == []


def test_what_a_contract_shares_counts_for_the_first_who_asks(directory):
    with real_server(HERE / "directory" / "directory_server.py") as server:
        run = record(directory, server, "-v", "-k", "list_resources and (coverage or shape)")
    assert [(test.rpartition("::")[2], made) for _, _, test, made in LINE.findall(run.output)] == [
        ("test_coverage[list_resources]", "1 request"),
        ("test_shape[list_resources]", "0 requests"),
    ]
    assert "left to record" not in run.output


def test_what_is_not_recorded_is_said_and_counts_as_left(acme, server):
    server.dies_at = 3
    run = record(acme, server, "-v")
    assert [found[3] for found in LINE.findall(run.output)] == ["2 requests", "not recorded", "not recorded"]
    run.said("1 scenario done, 2 left to record. Go on:", "pytest", "--record-mode=once", server.url, "-v")
    assert "--record-resume" not in run.output
    server.dies_at = None
    done = record(run.project, server, "-v")
    done.had(passed=3)
    assert [found[:2] for found in LINE.findall(done.output)] == [("1", "2"), ("2", "2")]


def test_a_rule_that_is_broken_is_recorded(directory):
    broken = directory.edit(
        "directory_connector.py", "integration_specific_id=project.id", 'integration_specific_id="None"'
    )
    with real_server(HERE / "directory" / "directory_server.py") as server:
        run = record(broken, server, "-v", "-k", "list_resources and shape")
    assert run.outcomes["failed"] == 1
    assert [found[3] for found in LINE.findall(run.output)] == ["1 request"]
    assert "left to record" not in run.output


def test_an_application_that_is_served_needs_no_progress(acme):
    run = on_a_terminal(acme).run("--record-mode=once", "-v")
    run.had(passed=3)
    assert LINE.findall(run.output) == []


@pytest.mark.parametrize("option", ["--collect-only", "--record-plan"])
def test_what_runs_no_test_says_nothing_of_what_is_left(acme, server, option):
    assert "left to record" not in record(acme, server, option).output
    assert server.asked == []


def test_a_scenario_that_is_run_again_is_one(acme, server):
    text = "import pytest\n\nruns = []\n\n\n@pytest.mark.flaky(reruns=1)\nasync def test_walk(lumos):\n"
    text += "    await lumos.walk('list_accounts')\n    runs.append(1)\n    assert len(runs) > 1\n"
    run = record(acme.write("test_acme.py", text), server, "-v")
    assert run.outcomes["passed"] == 1
    assert LINE.findall(run.output)[-1] == ("1", "1", "test_acme.py::test_walk", "2 requests")
    assert "left to record" not in run.output
