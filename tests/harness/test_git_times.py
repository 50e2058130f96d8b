"""When cassettes were changed, and ``lint --max-age``, which asks for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from monorepo_testing import PLUGINS

from connector_contract.storage.git_times import GitTimes, git_times

DAY = 86400
START = 1_700_000_000
# What a machine's own configuration says of commits is none of a test's business.
ENV = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
WHO = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]


def git(root, *arguments, env=ENV):
    subprocess.run(["git", *arguments], cwd=root, env=env, check=True, capture_output=True)


def commit(root, day):
    date = f"{START + day * DAY} +0000"
    git(root, "add", "-A")
    dated = {**ENV, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    git(root, *WHO, "commit", "-qm", f"day {day}", env=dated)


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    for name in ("a", "b", "ü [1]"):
        write(root, f"x/cassettes/{name}.yaml", name)
    write(root, "x/snapshots/a.json", "")
    commit(root, 0)
    return root


def known(root):
    found = git_times(root)
    assert not found.unknown
    return {path.relative_to(root).as_posix(): (time - START) // DAY for path, time in found.times.items()}


def test_the_last_commit_that_changed_a_file_counts(root):
    write(root, "x/cassettes/a.yaml", "a again")
    commit(root, 3)
    write(root, "x/snapshots/a.json", "{}")
    commit(root, 4)
    assert known(root) == {"x/cassettes/a.yaml": 3, "x/cassettes/b.yaml": 0, "x/cassettes/ü [1].yaml": 0}
    assert git_times(root / "x/snapshots") == git_times(root)


def test_a_file_that_is_not_committed_as_it_is_has_no_time(root):
    write(root, "x/cassettes/a.yaml", "a again")
    write(root, "x/cassettes/new.yaml", "new")
    assert known(root) == {"x/cassettes/b.yaml": 0, "x/cassettes/ü [1].yaml": 0}


def test_a_file_that_was_moved_as_it_was_has_not_changed(root):
    write(root, "y/cassettes/.keep", "")
    git(root, "mv", "x/cassettes/a.yaml", "y/cassettes/a.yaml")
    commit(root, 5)
    git(root, "mv", "y/cassettes", "z")
    write(root, "w/cassettes/.keep", "")
    git(root, "mv", "z/a.yaml", "w/cassettes/a.yaml")
    write(root, "x/cassettes/a.yaml", "another")
    commit(root, 6)
    found = known(root)
    assert (found["w/cassettes/a.yaml"], found["x/cassettes/a.yaml"]) == (0, 6)


def test_of_a_shallow_clone_nobody_knows(root, tmp_path):
    write(root, "x/cassettes/a.yaml", "a again")
    commit(root, 3)
    git(tmp_path, "clone", "-q", "--depth=1", root.as_uri(), "shallow")
    assert git_times(tmp_path / "shallow") == GitTimes(
        {}, "the clone is shallow", "fetch its history: git fetch --unshallow"
    )


def test_outside_of_git_nobody_knows(tmp_path, monkeypatch):
    found = git_times(tmp_path)
    assert found.times == {}
    assert found.unknown.startswith("not a git repository")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_times(tmp_path) == GitTimes({}, "there is no git", "install git")


def lint(root, day, *arguments):
    """Run the command on some day."""
    script = "from connector_contract import cli\n"
    script += f"cli.now = lambda: {START + day * DAY}\nraise SystemExit(cli.main())"
    env = {**ENV, "PYTEST_ADDOPTS": " ".join(f"-pno:{name}" for name in PLUGINS)}
    return subprocess.run(
        [sys.executable, "-c", script, "lint", *arguments],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def committed(recorded):
    root = recorded.materialize()
    git(root, "init", "-q")
    commit(root, 0)
    return root


def test_lint_warns_of_what_is_too_old(committed):
    done = lint(committed, 180, "--max-age", "180d")
    assert (done.returncode, done.stdout) == (0, "7 files of 3 scenarios: no findings\n")
    path = committed / "cassettes/test_acme/test_walk.yaml"
    text = path.read_text()
    path.write_text(text + "\n")
    commit(committed, 100)
    path.write_text(text)
    commit(committed, 101)
    done = lint(committed, 200, "--max-age=180d")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "cassettes/test_acme/test_create.yaml:1: warning: age: "
        "it was recorded 200 days ago, and 180 are allowed",
        "    record the scenario again: pytest --record-mode=rewrite test_acme.py::test_create",
        "cassettes/test_acme/test_wrong_token.yaml:1: warning: age: "
        "it was recorded 200 days ago, and 180 are allowed",
        "    record the scenario again: pytest --record-mode=rewrite test_acme.py::test_wrong_token",
        "7 files of 3 scenarios: no findings, 2 warnings",
    ]


def test_lint_fails_on_request(committed):
    done = lint(committed, 200, "--max-age=20w", "--fail-on-age", "--format=json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert [(each["kind"], each["is_warning"]) for each in found] == [("age", False)] * 3


def test_an_age_that_is_unknown_is_said(recorded):
    done = lint(recorded.materialize(), 0, "--max-age=1d")
    assert done.returncode == 0
    assert ".:1: warning: age: the age of 3 recordings is unknown: not a git repository" in done.stdout
    done = lint(recorded.materialize(), 0, "--max-age=1d", "--fail-on-age")
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("option", "said"),
    [("--max-age=1y", "should be a number of days or weeks"), ("--fail-on-age", "needs an age")],
)
def test_an_option_without_sense_is_refused(recorded, option, said):
    done = lint(recorded.materialize(), 0, option)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
