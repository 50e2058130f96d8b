"""Where the recordings of a test lie: in its own project, from wherever pytest is started."""

from __future__ import annotations

import subprocess

import pytest
from monorepo_testing import NAMES, Monorepo

# An earlier release kept all recordings below pytest's root.
FORMER = {f"connectors/alpha/{kind}": f"{kind}/connectors/alpha" for kind in ("cassettes", "snapshots")}


@pytest.fixture
def repository(pytester):
    return Monorepo.made(pytester)


@pytest.fixture
def recorded(repository):
    return repository.with_recordings()


def passed(result, number):
    assert result.parseoutcomes().get("passed") == number, result.stdout.str() + result.stderr.str()
    assert result.ret == 0


def text(result):
    return result.stdout.str() + result.stderr.str()


@pytest.mark.loopback
@pytest.mark.parametrize("folders", [[""], [f"connectors/{name}" for name in NAMES]])
def test_recordings_lie_in_each_project_wherever_they_are_made(repository, recorded, folders):
    before = recorded.recordings()
    for folder in folders:
        result = repository.run(folder, "--record-mode=rewrite", "--snapshot-update")
        passed(result, 9 // len(folders))
    assert repository.recordings() == before
    assert repository.folders() == {
        f"connectors/{name}/{kind}" for name in NAMES for kind in ("cassettes", "snapshots")
    }


def test_recordings_are_replayed_from_anywhere(recorded):
    before = recorded.recordings()
    passed(recorded.run(""), 9)
    for name in NAMES:
        passed(recorded.run(f"connectors/{name}"), 3)
    passed(recorded.run("connectors/alpha/contract"), 3)
    passed(recorded.run("connectors", "beta/contract"), 3)
    assert recorded.recordings() == before


def test_a_run_over_several_projects_reports_each(recorded):
    lines = recorded.run("").stdout.lines
    told = [line for line in lines if "replayed offline" in line]
    assert [line.partition(" offline")[0] for line in told] == [
        f"connectors/{name}: 3 scenarios replayed" for name in NAMES
    ]
    (told,) = [line for line in recorded.run("connectors/beta").stdout.lines if "replayed offline" in line]
    assert told.startswith("3 scenarios replayed offline")
    distributed = recorded.run("", "-n2")
    passed(distributed, 9)
    assert len([line for line in distributed.stdout.lines if "replayed offline" in line]) == 3


def test_messages_name_files_as_they_are_seen_from_where_pytest_was_started(recorded):
    path = recorded.root / "connectors/alpha/cassettes/contract/test_contract/test_walk.yaml"
    path.write_text("no cassette")
    assert "connectors/alpha/cassettes/contract/test_contract/test_walk.yaml" in text(recorded.run(""))
    seen = text(recorded.run("connectors/alpha/contract"))
    assert "cassette: ../cassettes/contract/test_contract/test_walk.yaml" in seen
    assert "--record-mode=rewrite test_contract.py::test_walk" in seen


@pytest.mark.loopback
def test_the_ini_option_wins(repository):
    repository.write("pytest.ini", (repository.root / "pytest.ini").read_text() + "contract_root = shared\n")
    (repository.root / "shared").mkdir()
    seen = text(repository.run("", "--record-mode=once"))
    assert "lies outside of contract_root" in seen
    assert "Set contract_root to a folder above all scenarios, or leave it out." in seen
    repository.write("pytest.ini", (repository.root / "pytest.ini").read_text().replace("= shared", "= ."))
    passed(repository.run("", "--record-mode=once"), 9)
    assert repository.folders() == {"cassettes", "snapshots"}
    assert "cassettes/connectors/beta/contract/test_contract/test_walk.yaml" in repository.recordings()
    passed(repository.run(""), 9)


def test_a_root_that_is_no_folder_is_one_clear_error(repository):
    repository.write("pytest.ini", "[pytest]\ncontract_root = nowhere\n")
    seen = text(repository.run(""))
    assert "The ini option contract_root is 'nowhere', and there is no such folder." in seen
    assert "Traceback" not in seen


@pytest.mark.parametrize("folder", ["", "connectors/alpha"])
def test_recordings_in_a_former_place_are_named_with_the_command_that_moves_them(recorded, folder):
    for now, former in FORMER.items():
        recorded.move(now, former)
    before = recorded.recordings()
    for mode in ("none", "once", "new_episodes"):
        result = recorded.run(folder, f"--record-mode={mode}", "-kalpha or not beta and not gamma")
        assert "The recordings of this project lie in a former place." in text(result)
        # In full once, then in a line.
        assert text(result).count("They belong into the project's own folder.") <= 3
        assert recorded.recordings() == before
    up = "../../" if folder else ""
    own = "" if folder else "connectors/alpha/"
    for kind in ("cassettes", "snapshots"):
        assert f"git mv {up}{kind}/connectors/alpha {own}{kind}\n" in text(result)


def test_the_commands_do_what_they_say(recorded):
    for now, former in FORMER.items():
        recorded.move(now, former)
    (recorded.root / ".git/HEAD").unlink()
    subprocess.run("git init -q . && git add -A", shell=True, cwd=recorded.root, check=True)  # noqa: S602
    seen = text(recorded.run("", "connectors/alpha"))
    commands = list(dict.fromkeys(line.strip() for line in seen.splitlines() if line.startswith(" ")))
    commands = [line for line in commands if line.startswith(("git mv ", "mkdir -p "))]
    assert len(commands) == 2
    for command in commands:
        subprocess.run(command, shell=True, cwd=recorded.root, check=True)  # noqa: S602
    passed(recorded.run(""), 9)


@pytest.mark.loopback
def test_what_is_recorded_again_leaves_the_former_place_alone(recorded):
    for now, former in FORMER.items():
        recorded.move(now, former)
    passed(recorded.run("connectors/alpha", "--record-mode=rewrite"), 3)
    assert "connectors/alpha/cassettes" in recorded.folders()
    assert "cassettes" in recorded.folders()
    passed(recorded.run("connectors/alpha"), 3)
