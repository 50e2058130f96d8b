"""``connector-contract lint`` in a repository of many connectors."""

from __future__ import annotations

import json

import pytest
from monorepo_testing import Monorepo

NAMES = ["alpha", "beta"]
FOLDERS = [f"connectors/{name}" for name in NAMES]


@pytest.fixture
def recorded(pytester):
    return Monorepo.made(pytester, NAMES).with_recordings(NAMES)


def counted(done):
    assert done.stderr == ""
    return done.stdout.splitlines()


def found(done):
    assert done.returncode == 1, done.stderr
    return {(each["path"], each["kind"]) for each in json.loads(done.stdout)}


def test_each_project_is_collected_as_it_is_set_up(recorded):
    # From the root they have modules of the same name, and no plugin or option of their own.
    recorded.write("pytest.ini", "[pytest]\n")
    recorded.write("connectors/beta/pytest.ini", "[pytest]\npythonpath = .\naddopts = -k nothing\n")
    done = recorded.lint("")
    assert counted(done) == [
        *(f"{folder}: 7 files of 3 scenarios: no findings" for folder in FOLDERS),
        "2 projects: 14 files of 6 scenarios: no findings",
    ]
    assert done.returncode == 0


@pytest.mark.parametrize("folder", ["connectors/alpha", "connectors/alpha/contract"])
def test_within_one_project_it_takes_that_one(recorded, folder):
    assert counted(recorded.lint(folder)) == ["7 files of 3 scenarios: no findings"]


def test_files_are_named_as_they_are_seen_from_the_current_folder(recorded):
    recorded.write("connectors/alpha/cassettes/old.yaml", "")
    recorded.write("connectors/beta/snapshots/contract/test_contract/test_walk.json", "{ }\n")
    edited = "connectors/beta/snapshots/contract/test_contract/test_walk.json"
    done = recorded.lint("", "--format", "json")
    assert found(done) == {
        ("connectors/alpha/cassettes/old.yaml", "leftover"),
        ("connectors/alpha/cassettes/old.yaml", "corrupt"),
        (edited, "form"),
    }
    (remedy,) = [each["remedy"] for each in json.loads(done.stdout) if each["kind"] == "form"]
    assert "--snapshot-update connectors/beta/contract/test_contract.py::test_walk" in remedy
    done = recorded.lint("connectors/beta/contract", "--format", "json")
    assert found(done) == {("../snapshots/contract/test_contract/test_walk.json", "form")}
    (remedy,) = [each["remedy"] for each in json.loads(done.stdout)]
    assert "--snapshot-update test_contract.py::test_walk" in remedy


def test_leftovers_are_removed_in_each_project(recorded):
    before = recorded.recordings()
    for folder in FOLDERS:
        recorded.write(f"{folder}/snapshots/old.json", "{}\n")
    assert recorded.lint("connectors/alpha/contract", "--remove-leftovers").returncode == 0
    assert len(recorded.recordings()) == len(before) + 1
    assert recorded.lint("", "--remove-leftovers").returncode == 0
    assert recorded.recordings() == before


@pytest.mark.parametrize("folder", ["", "connectors/alpha"])
def test_recordings_in_a_former_place_are_no_leftovers(recorded, folder):
    for kind in ("cassettes", "snapshots"):
        recorded.move(f"connectors/alpha/{kind}", f"{kind}/connectors/alpha")
    before = recorded.recordings()
    done = recorded.lint(folder, "--remove-leftovers", "--format", "json")
    up = "../../" if folder else ""
    kinds = ("cassettes", "snapshots")
    assert found(done) == {(f"{up}{kind}/connectors/alpha", "place") for kind in kinds}
    own = "" if folder else "connectors/alpha/"
    assert {each["remedy"] for each in json.loads(done.stdout)} == {
        f"move them:\n    git mv {up}{kind}/connectors/alpha {own}{kind}" for kind in kinds
    }
    assert recorded.recordings() == before


def test_with_the_ini_option_what_projects_have_is_in_a_former_place(recorded):
    ini = (recorded.root / "pytest.ini").read_text()
    recorded.write("pytest.ini", f"{ini}contract_root = .\n")
    done = recorded.lint("", "--format", "json")
    kinds = ("cassettes", "snapshots")
    assert found(done) == {(f"{folder}/{kind}", "place") for folder in FOLDERS for kind in kinds}


def test_one_project_that_cannot_be_collected_is_named(recorded):
    recorded.write("connectors/beta/contract/test_contract.py", "import no_such_module\n")
    done = recorded.lint("")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nobody knows which files belong to one" in done.stderr
    assert f"project: {recorded.root / 'connectors/beta'}" in done.stderr
    assert "No module named 'no_such_module'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_root_of_a_repository_need_not_be_a_project_that_can_be_collected(recorded):
    recorded.write("test_broken.py", "import no_such_module\n")
    recorded.write("pyproject.toml", "")
    assert recorded.lint("").returncode == 0
    recorded.write("cassettes/old.yaml", "")
    assert recorded.lint("").returncode == 2


def test_a_root_that_is_no_folder_is_one_clear_error(recorded):
    recorded.write("pytest.ini", "[pytest]\ncontract_root = nowhere\n")
    done = recorded.lint("")
    assert done.returncode == 2
    assert "there is no such folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_with_the_ini_option_a_connectors_folder_is_a_part_of_the_whole(recorded):
    ini = (recorded.root / "pytest.ini").read_text()
    recorded.write("pytest.ini", f"{ini}contract_root = .\n")
    for folder in FOLDERS:
        # A project without a pytest configuration of its own has the root's.
        recorded.write(f"{folder}/pyproject.toml", "")
        for kind in ("cassettes", "snapshots"):
            recorded.move(f"{folder}/{kind}", f"{kind}/{folder}")
    before = recorded.recordings()
    for folder in ("", *FOLDERS):
        done = recorded.lint(folder, "--remove-leftovers")
        assert counted(done) == ["14 files of 6 scenarios: no findings"]
    assert recorded.recordings() == before
