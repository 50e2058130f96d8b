"""The key that made-up people come from."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from repository_testing import Stored, isolate

from connector_contract.errors import UsageError
from connector_contract.personal_kinds import MAKE_KEY
from connector_contract.recording.people_key import people_key

FILE = ".contract-people-key"
KEY = "k" + "ey-of-a-test-" * 3


@pytest.fixture(autouse=True)
def _isolate(monkeypatch, tmp_path):
    isolate(monkeypatch)
    monkeypatch.delenv("CONTRACT_PEOPLE_KEY", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def folders(tmp_path):
    """The connector's project, and pytest's root above it; neither is in a repository."""
    project = tmp_path / "root" / "connectors" / "acme"
    project.mkdir(parents=True)
    return project, tmp_path / "root"


def refusal(*folders):
    with pytest.raises(UsageError) as error:
        people_key(*folders)
    assert KEY not in str(error.value)
    return str(error.value)


def test_without_a_key_there_is_none(folders):
    assert people_key(*folders) is None


@pytest.mark.parametrize("text", [KEY, f"  {KEY}\r\n", f"\n{KEY}\n\n", f"\ufeff{KEY}\n"])
def test_the_file_of_the_project(folders, text):
    (folders[0] / FILE).write_bytes(text.encode())
    assert people_key(*folders) == KEY.encode()


def test_the_project_comes_before_the_root_and_the_environment_before_both(folders, monkeypatch):
    (folders[1] / FILE).write_text("r" + KEY)
    assert people_key(*folders) == b"r" + KEY.encode()
    (folders[0] / FILE).write_text("p" + KEY)
    assert people_key(*folders) == b"p" + KEY.encode()
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", f" e{KEY}é\n")
    assert people_key(*folders) == f"e{KEY}é".encode()


def test_an_unusable_file_is_not_even_opened_where_the_environment_has_one(folders, monkeypatch):
    (folders[0] / FILE).mkdir()
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", KEY)
    assert people_key(*folders) == KEY.encode()


def test_sixteen_characters_are_enough_and_so_are_eight_different_ones(folders):
    file = folders[0] / FILE
    file.write_text("éabcdefg" * 2)
    assert people_key(*folders) == ("éabcdefg" * 2).encode()
    for key in (" " * 9 + "éabcdefghijklmn", "éabcdef" * 5, "a" * 20):
        file.write_text(key)
        assert refusal(*folders) == (
            "The key for made-up people is not usable: it has fewer than 16 characters, or fewer than 8 "
            f"different ones, and can be guessed.\n  file: {file}\n"
            f"Make a new one, in the project's folder:\n  {MAKE_KEY}"
        )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b" \r\n\t", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        # As a redirection in Windows PowerShell writes it.
        (KEY.encode("utf-16"), "it is not UTF-8"),
        (b"\xff" * 20, "it is not UTF-8"),
    ],
)
def test_a_file_that_has_no_key(folders, data, why):
    (folders[0] / FILE).write_bytes(data)
    # What the project's own has is not passed over for that of the root.
    (folders[1] / FILE).write_text(KEY)
    assert f"is not usable: {why}.\n" in refusal(*folders)


def test_what_is_no_file(folders):
    file = folders[0] / FILE
    file.mkdir()
    assert "it cannot be read: there is a folder in place of a file." in refusal(*folders)
    file.rmdir()
    os.mkfifo(file)
    assert "it cannot be read: it is no file, but a pipe or a device." in refusal(*folders)
    file.unlink()
    file.symlink_to("nowhere")
    assert "it cannot be read: it is a link that leads nowhere." in refusal(*folders)


def test_a_file_that_may_not_be_read(folders, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("connector_contract.recording.people_key.open_file", refuse)
    (folders[0] / FILE).write_text(KEY)
    assert "it cannot be read: you may not read it." in refusal(*folders)


@pytest.mark.parametrize(
    ("value", "why"),
    [("", "it is empty"), ("short", "it has fewer than 16"), ("\udcff" * 20, "it is not UTF-8")],
)
def test_an_environment_variable_that_has_no_key(folders, monkeypatch, value, why):
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", value)
    (folders[0] / FILE).write_text(KEY)
    said = refusal(*folders)
    assert f"is not usable: {why}" in said
    assert "  environment variable: CONTRACT_PEOPLE_KEY\n" in said


def test_the_command_that_makes_a_key_makes_one(folders):
    command = ["bash", "-c", MAKE_KEY.replace("python", f'"{sys.executable}"', 1)]
    subprocess.run(command, cwd=folders[0], check=True)
    key = people_key(*folders)
    assert len(key) == 43
    subprocess.run(command, cwd=folders[0], check=True)
    assert people_key(*folders) != key


# Beside git


@pytest.fixture
def stored(folders):
    stored = Stored(folders[1])
    stored.git("init", "-q")
    (folders[0] / FILE).write_text(KEY)
    return stored


def test_a_key_that_git_ignores(stored, folders):
    (stored.root / ".gitignore").write_text(f"{FILE}\n")
    assert people_key(*folders) == KEY.encode()


def test_a_key_that_git_would_take(stored, folders):
    said = refusal(*folders)
    assert said.startswith("Git does not ignore the key for made-up people")
    assert said.endswith("Add .contract-people-key to the .gitignore beside it, before git takes it.")


@pytest.mark.parametrize("ignored", ["", f"{FILE}\n"])
def test_a_key_that_git_has_is_refused_whether_it_is_ignored_or_not(stored, folders, ignored):
    stored.git("add", "-f", f"connectors/acme/{FILE}")
    (stored.root / ".gitignore").write_text(ignored)
    said = refusal(*folders)
    assert said.startswith("Git tracks the key for made-up people")
    assert f"\n  git rm --cached {FILE}\n  {MAKE_KEY}" in said
    (folders[0] / ".gitignore").write_text(f"{FILE}\n")
    stored.git("rm", "-q", "--cached", f"connectors/acme/{FILE}")
    assert people_key(*folders) == KEY.encode()


def test_another_file_of_that_name_is_none_of_its_business(stored, folders):
    (folders[0] / ".gitignore").write_text(f"/{FILE}\n")
    (stored.root / FILE).write_text(KEY)
    stored.git("add", "-f", FILE)
    assert people_key(*folders) == KEY.encode()


def test_the_characters_of_a_folder_are_no_pattern(tmp_path):
    project = tmp_path / "root" / "a[b]*:c"
    stored = Stored(project)
    Stored(project.parent).git("init", "-q")
    (project / FILE).write_text(KEY)
    stored.git("add", FILE)
    assert refusal(project, project).startswith("Git tracks the key")


def test_git_that_does_not_say(stored, folders):
    (stored.root / ".git" / "index").write_text("no index")
    said = refusal(*folders)
    assert said.startswith("Git does not say whether it ignores the key for made-up people.\n")
    assert said.endswith("or give the key in the environment variable CONTRACT_PEOPLE_KEY.")


def test_without_git_nothing_is_checked(stored, folders, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert people_key(*folders) == KEY.encode()
