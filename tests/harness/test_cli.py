"""The command line, from outside."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

LINT = [sys.executable, "-m", "connector_contract.cli", "lint"]


def lint(project, *arguments):
    root = project.materialize()
    done = subprocess.run([*LINT, *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done, root


def test_recordings_in_order(recorded):
    done, _ = lint(recorded)
    assert (done.returncode, done.stdout, done.stderr) == (0, "7 files of 3 scenarios: no findings\n", "")


def test_findings_name_file_line_and_remedy(recorded):
    edited = recorded.edit("cassettes/test_acme/test_create.yaml", "method: POST", "method:  POST")
    edited = edited.write("cassettes/old.yaml", "")
    done, _ = lint(edited)
    assert done.returncode == 1
    assert (
        "cassettes/test_acme/test_create.yaml:17: form: it is not as a recording leaves it\n" in done.stdout
    )
    assert "cassettes/old.yaml:1: leftover: it belongs to no scenario\n" in done.stdout
    assert done.stdout.endswith("8 files of 3 scenarios: 3 findings\n")


@pytest.mark.loopback
@pytest.mark.parametrize("broken", ["raise SystemExit(1)", 'raise RuntimeError("boom")'])
def test_what_belongs_to_no_scenario_cannot_be_told_without_the_connector(directory, broken):
    project = directory.run("--record-mode=once", "-kcomplete").project
    assert lint(project)[0].stdout.endswith(" scenarios: no findings\n")
    project = project.edit("directory_connector.py", "import re\n", f"import re\n{broken}\n")
    done, root = lint(project, "--remove-leftovers")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nobody knows which files belong to one" in done.stderr
    assert "the checks of the contract are not known: " in done.stderr
    assert "Traceback" not in done.stderr
    assert len(list((root / "cassettes").rglob("*.yaml"))) == len(project.recorded("cassettes")) > 1


def test_progress_is_shown_on_a_terminal_and_goes_nowhere_else(recorded):
    root = recorded.materialize()
    reader, terminal = pty.openpty()
    done = subprocess.run(
        [*LINT, "--format", "json"],
        cwd=root,
        env={**os.environ, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        check=False,
    )
    os.close(terminal)
    shown = os.read(reader, 99_999).decode()
    os.close(reader)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert "100%" in shown
    assert "test_wrong_token.json" in shown


def test_findings_as_json(recorded):
    done, _ = lint(recorded.write("snapshots/test_acme/test_gone.json", "{}\n"), "--format", "json")
    assert done.returncode == 1
    assert [finding["kind"] for finding in json.loads(done.stdout)] == ["leftover"]


def test_what_may_be_real_people_is_a_warning(recorded):
    walk = "snapshots/test_acme/test_walk.json"
    name = recorded.files[walk].decode().split('"email": "')[1].partition('"')[0]
    project = recorded.edit(walk, name, "alice@acme.com")
    done, _ = lint(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{walk}:" in done.stdout
    assert ": warning: personal: 1 e-mail address may be those of real people: line " in done.stdout
    assert done.stdout.endswith("7 files of 3 scenarios: no findings, 1 warning\n")
    done, _ = lint(project, "--format", "json")
    (finding,) = json.loads(done.stdout)
    assert (done.returncode, finding["kind"], finding["is_warning"]) == (0, "personal", True)


def test_leftovers_are_removed_and_nothing_else(recorded):
    stray = ["cassettes/test_acme/test_gone.yaml", "snapshots/test_gone/test_x.json"]
    project = recorded.write(stray[0], recorded.files["cassettes/test_acme/test_walk.yaml"])
    project = project.write(stray[1], "{}\n")
    done, root = lint(project, "--remove-leftovers")
    assert done.returncode == 0
    assert {name for name in project.files if not (root / name).exists()} == set(stray)


@pytest.mark.parametrize(
    "options",
    ["-k create", "-m nothing", "--deselect test_acme.py::test_walk", "--lf", "-n2", "-x --stepwise"],
)
def test_what_the_configuration_leaves_out_of_a_run_is_no_leftover(recorded, options):
    project = recorded.write("pytest.ini", f"[pytest]\naddopts = {options}\n")
    project = project.write(".pytest_cache/v/cache/lastfailed", '{"test_acme.py::test_create": true}')
    project = project.write("test_other.py", "def test_passes(tmp_path):\n    assert tmp_path.is_dir()\n")
    done, _ = lint(project)
    assert (done.returncode, done.stdout) == (0, "7 files of 3 scenarios: no findings\n")


def test_scenarios_that_cannot_be_collected_are_no_leftovers(recorded):
    done, root = lint(recorded.write("test_acme.py", "import no_such_module\n"), "--remove-leftovers")
    assert done.returncode == 2
    assert "pytest cannot collect the scenarios" in done.stderr
    assert "No module named 'no_such_module'" in done.stderr
    assert "Traceback" not in done.stderr
    assert (root / "cassettes/test_acme/test_walk.yaml").exists()


def test_an_unknown_option_could_not_run(recorded):
    done, _ = lint(recorded, "--fix")
    assert done.returncode == 2
    assert "unrecognized arguments: --fix" in done.stderr


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (
            "test_acme.py",
            "async",
            "import pytest\n\npytest.skip('not now', allow_module_level=True)\n\n\nasync",
        ),
        ("pytest.ini", "[pytest]\n", "[pytest]\npython_files = check_*.py\n"),
    ],
    ids=["skipped", "not taken"],
)
def test_lint_removes_nothing_of_a_module_that_pytest_has_not_collected(recorded, name, old, new):
    text = recorded.files[name].decode().replace(old, new, 1)
    assert new in text
    root = recorded.write(name, text).materialize()
    done = subprocess.run(
        [*LINT, "--remove-leftovers"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "uncollected: pytest has not collected test_acme.py, so nobody knows" in done.stdout
    assert (root / "cassettes/test_acme/test_walk.yaml").exists()


def test_what_one_of_two_projects_in_one_folder_owns_is_no_leftover_of_the_other(recorded):
    """The connector's own setting has its recordings lie among those of the repository."""
    project = recorded.write("inner/pytest.ini", "[pytest]\ncontract_root = ..\n")
    project = project.write("inner/test_inner.py", recorded.files["test_acme.py"])
    for name, data in recorded.files.items():
        if name.startswith(("cassettes/", "snapshots/")):
            project = project.write(name.replace("/test_acme/", "/inner/test_inner/"), data)
    walk = recorded.files["cassettes/test_acme/test_walk.yaml"]
    root = project.write("cassettes/test_acme/test_gone.yaml", walk).materialize()
    done = subprocess.run(
        [*LINT, "--remove-leftovers"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    kept = sorted(path.relative_to(root).as_posix() for path in root.glob("cassettes/**/test_[gw]*.yaml"))
    assert kept == [
        f"cassettes/{module}/{name}.yaml"
        for module in ("inner/test_inner", "test_acme")
        for name in ("test_walk", "test_wrong_token")
    ]
