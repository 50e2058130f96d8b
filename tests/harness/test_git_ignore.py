"""What git is told of the key for made-up people."""

from __future__ import annotations

import pytest
from repository_testing import Stored

from connector_contract.personal_kinds import KEY_FILE
from connector_contract.scaffold.git_ignore import FILE, with_key

NEW = with_key("")


def test_what_there_is_stays_and_what_is_missing_comes_behind_it():
    assert with_key("*.pyc\n") == f"*.pyc\n\n{NEW}"
    assert with_key("*.pyc") == f"*.pyc\n\n{NEW}"
    assert with_key("*.pyc\r\n") == "*.pyc\r\n\r\n" + NEW.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "text", ["", "*.pyc", "# \ud800\r\n", f"{KEY_FILE}\n!{KEY_FILE}\n", f"{KEY_FILE}.old\n"]
)
def test_the_second_time_nothing_is_missing(text):
    once = with_key(text)
    assert once != text
    assert with_key(once) == once


@pytest.mark.parametrize(
    "line", [KEY_FILE, f"/{KEY_FILE}", f"**/{KEY_FILE}", f"{KEY_FILE}  ", f"{KEY_FILE}\r"]
)
def test_a_line_of_the_users_own_will_do(line):
    assert with_key(f"a\n{line}\nb\n") == f"a\n{line}\nb\n"


@pytest.mark.parametrize(
    "text",
    ["", "*.pyc\n", f"!{KEY_FILE}\n", f"{KEY_FILE}\n!{KEY_FILE}\n", f"# {KEY_FILE}\n", f" {KEY_FILE}\n"],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_git_ignores_it(tmp_path, text, ends):
    stored = Stored(tmp_path)
    stored.git("init", "-q")
    (tmp_path / FILE).write_bytes(with_key(text.replace("\n", ends)).encode())
    (tmp_path / KEY_FILE).write_text("x")
    stored.git("check-ignore", "-q", KEY_FILE)
