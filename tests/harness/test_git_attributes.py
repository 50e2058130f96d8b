import subprocess
from pathlib import Path

import pytest
from repository_testing import Stored

from connector_contract.scaffold.git_attributes import FILE, with_recordings

ROOT = Path(__file__).parents[2]
NEW = with_recordings("")


def test_what_there_is_stays_and_what_is_missing_comes_behind_it():
    assert with_recordings("*.png binary\n") == f"*.png binary\n\n{NEW}"
    assert with_recordings("*.png binary") == f"*.png binary\n\n{NEW}"
    assert with_recordings("*.png binary\r\n") == "*.png binary\r\n\r\n" + NEW.replace("\n", "\r\n")


@pytest.mark.parametrize("text", ["", "*.png binary", "# \ud800\r\n"])
def test_the_second_time_nothing_is_missing(text):
    once = with_recordings(text)
    assert with_recordings(once) == once


def test_what_is_said_of_the_same_files_stays():
    own = "**/cassettes/**/*.yaml -text\n"
    found = with_recordings(own)
    assert found.startswith(own)
    assert found.count("cassettes/**") == 1
    assert "**/snapshots/**/*.json text eol=lf" in found


@pytest.mark.parametrize("folder", ["", "connectors/acme/", "tests/"])
def test_git_takes_it_for_recordings_wherever_they_lie(tmp_path, folder):
    stored = Stored(tmp_path)
    stored.git("init", "-q")
    (tmp_path / FILE).write_text(f"*.json linguist-generated\n{NEW}", "utf-8")
    names = [
        f"{folder}cassettes/test_a.yaml",
        f"{folder}cassettes/classic/tests/test_a/test_b[x].yaml",
        f"{folder}snapshots/tests/test_a/test_b.json",
        f"{folder}a.yaml",
    ]
    attributes = ["eol", "linguist-generated", "gitlab-generated"]
    said = stored.git("check-attr", *attributes, "--", *names).splitlines()
    values = [line.rpartition(": ")[2] for line in said]
    unset = ["unspecified"] * 3
    assert values == [*["lf", "set", "set"] * 2, *["lf", "unset", "unset"], *unset]


def test_this_repository_has_it():
    text = (ROOT / FILE).read_text("utf-8")
    assert with_recordings(text) == text
    said = subprocess.run(
        ["git", "check-attr", "eol", "--", "tests/harness/acme/cassettes/test_acme/test_walk.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    # A source distribution is no repository.
    assert said.returncode or said.stdout.endswith(": lf\n")
