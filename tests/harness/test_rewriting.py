"""A rewrite that was stopped goes on."""

from pathlib import Path

import pytest
from real_server import real_server

HERE = Path(__file__).parent
LIST = "cache/d/connector-contract/rewritten"
REWRITE = ("--record-mode=rewrite", "-o", "cache_dir=cache")
NAMES = ["test_walk", "test_create", "test_wrong_token"]
pytestmark = pytest.mark.loopback


@pytest.fixture
def server():
    with real_server(HERE / "acme" / "acme_server.py") as running:
        yield running


def rewrite(project, *more, **options):
    return project.run(*REWRITE, *more, plugins=("cacheprovider",), **options)


def listed(run):
    """The names of the scenarios that the list of a rewrite has; ``None`` if there is no list."""
    text = run.project.files.get(LIST)
    return None if text is None else [Path(line.split()[1]).stem for line in text.decode().splitlines()]


def test_a_rewrite_that_a_dead_server_ends_goes_on_where_it_was(recorded, server):
    server.dies_at = 4
    url = f"--upstream-url={server.url}"
    dead = rewrite(recorded, url)
    dead.had(passed=1, failed=2)
    assert listed(dead) == ["test_walk"]
    dead.said("1 scenario done, 2 left to record. Go on:", f"{url}", "--record-resume")
    server.dies_at, server.asked = None, []
    done = rewrite(dead.project, url, "--record-resume", "--snapshot-update")
    done.had(passed=3)
    # The walk, which takes two requests, was not asked for again.
    assert server.asked == [("POST", "/v1/users"), ("GET", "/v1/users"), ("GET", "/v1/users")]
    assert listed(done) is None
    assert "left to record" not in done.output


def test_a_rewrite_that_is_not_told_to_go_on_starts_over(recorded, server):
    server.dies_at = 4
    url = f"--upstream-url={server.url}"
    dead = rewrite(recorded, url)
    server.dies_at, server.asked = None, []
    rewrite(dead.project, url, "--snapshot-update").had(passed=3)
    assert len(server.asked) == 5


def test_a_rewrite_that_ctrl_c_ends_goes_on(recorded):
    line = '    assert await lumos.call("list_accounts", page'
    interrupted = recorded.edit("test_acme.py", line, f"    raise KeyboardInterrupt\n{line}")
    run = rewrite(interrupted, subprocess=True)
    assert run.exit_code == pytest.ExitCode.INTERRUPTED
    assert listed(run) == ["test_walk"]
    going_on = run.project.write("test_acme.py", recorded.files["test_acme.py"])
    done = rewrite(going_on, "--record-resume")
    done.had(passed=3)
    done.said("2 scenarios recorded from acme_server:create_app", "1 scenario replayed offline")
    assert listed(done) is None


def test_a_rewrite_that_is_stopped_before_anything_is_finished_goes_on(recorded):
    walk = "async def test_walk(lumos, snapshot):\n"
    run = rewrite(recorded.edit("test_acme.py", walk, f"{walk}    __import__('pytest').exit('stop')\n"))
    assert run.exit_code == pytest.ExitCode.INTERRUPTED
    assert listed(run) == []
    going_on = run.project.write("test_acme.py", recorded.files["test_acme.py"])
    rewrite(going_on, "--record-resume").had(passed=3)


def test_a_rewrite_in_several_processes_goes_on(recorded):
    create = "async def test_create(lumos, snapshot):\n"
    broken = recorded.edit("test_acme.py", create, f"{create}    assert False\n")
    run = rewrite(broken, "-n1", subprocess=True)
    run.had(passed=2, failed=1)
    assert listed(run) == ["test_walk", "test_wrong_token"]
    done = rewrite(run.project.write("test_acme.py", recorded.files["test_acme.py"]), "--record-resume")
    done.had(passed=3)
    done.said("1 scenario recorded", "2 scenarios replayed offline")
    assert listed(done) is None


def test_what_rules_share_is_not_recorded_again(directory):
    rules = ("-k", "shape and (list_accounts or list_resources)")
    with real_server(HERE / "directory" / "directory_server.py") as server:
        url = f"--upstream-url={server.url}"
        server.dies_at = 2
        dead = rewrite(directory, url, *rules)
        assert (dead.outcomes["passed"], dead.outcomes["failed"]) == (1, 1)
        assert listed(dead) == ["TestDirectoryContract.reads[list_accounts-100]"]
        server.dies_at, server.asked = None, []
        done = rewrite(dead.project, url, *rules, "--record-resume")
    assert done.outcomes["passed"] == 2
    assert server.asked == [("GET", "/projects")]
    assert listed(done) is None


def test_a_whole_rewrite_leaves_no_list(recorded):
    run = rewrite(recorded)
    run.had(passed=3)
    assert listed(run) is None


def test_a_rule_that_is_broken_is_recorded_and_leaves_no_list(directory):
    own_id = "integration_specific_id=project.id"
    run = rewrite(
        directory.edit("directory_connector.py", own_id, 'integration_specific_id="None"'),
        "-k",
        "shape and list_resources",
    )
    assert run.outcomes["failed"] == 1
    run.said("shape", "recorded from directory_server:create_app")
    assert listed(run) is None


@pytest.mark.parametrize("option", ["--collect-only", "--record-plan"])
def test_what_runs_no_test_leaves_the_list_as_it_is(recorded, option):
    run = rewrite(recorded.write(LIST, "0 cassettes/x.yaml\n"), option)
    assert run.project.files[LIST] == b"0 cassettes/x.yaml\n"


def test_a_plan_of_a_rewrite_that_goes_on_has_what_is_left(recorded, server):
    server.dies_at = 4
    dead = rewrite(recorded, f"--upstream-url={server.url}")
    plan = rewrite(dead.project, "--record-resume", "--record-plan")
    plan.said("test_acme.py::test_create", "in all: 2 scenarios", "1 scenario would be replayed.")
    assert listed(plan) == ["test_walk"]


@pytest.mark.parametrize("mode", [[], ["--record-mode=once"], ["--record-mode=all"]])
def test_only_a_rewrite_can_go_on(recorded, mode):
    run = recorded.run("--record-resume", *mode)
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said(
        "--record-resume goes on with a rewrite, and this run is none.",
        "Add --record-mode=rewrite. --record-mode=once goes on by itself.",
    )


def test_without_a_list_there_is_nothing_to_go_on_with(recorded):
    told = "There is no rewrite to go on with: none was stopped, or pytest's cache was cleared."
    run = rewrite(recorded, "--record-resume")
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said(told, "list:", "rewritten", "Begin one:", "pytest --record-mode=rewrite")
    without_cache = recorded.run("--record-mode=rewrite", "--record-resume")
    assert without_cache.exit_code == pytest.ExitCode.USAGE_ERROR
    without_cache.said(told)


def test_without_a_cache_a_rewrite_keeps_no_list(recorded):
    run = recorded.run("--record-mode=rewrite")
    run.had(passed=3)
    assert run.project == recorded
