"""Secrets in the names of tests and files."""

from __future__ import annotations

import pytest

from connector_contract.errors import RefusedToSave
from connector_contract.secrets.named_files import names_in_path, refuse_named

SECRET = "a/b" + "Qz7é" * 4


@pytest.mark.parametrize(
    "path",
    [
        f"test_a.py::test_b[{SECRET}]",
        "test_a.py::test_b[" + SECRET.encode("unicode_escape").decode() + "-x]",
        f"snapshots/test_a/test_b[{SECRET.replace('/', '-')}].json",
    ],
)
def test_a_secret_in_a_name_is_refused_and_not_shown(path):
    shown = names_in_path(path, {SECRET: "token.token"})
    assert "<token.token>" in shown
    assert "Qz7" not in shown
    with pytest.raises(RefusedToSave) as refused:
        refuse_named(path, {SECRET: "token.token"}, [("scenario", path)])
    assert "Qz7" not in str(refused.value)
    assert "ids=[...]" in str(refused.value)
    assert shown in str(refused.value)


@pytest.mark.parametrize("secret", ["admin", "test", "admin_token", "12", "1-2-3"])
def test_an_ordinary_secret_may_be_a_part_of_any_name(secret):
    path = "tests/test_admin_token.py::test_12[1-2-3]"
    assert names_in_path(path, {secret: "token.token"}) == path
    refuse_named(path, {secret: "token.token"}, [])


@pytest.mark.parametrize("secret", ["open-sesame", "hunter2-hunter2", "20250101"])
def test_a_secret_of_words_that_no_function_can_be_called_is_refused(secret):
    with pytest.raises(RefusedToSave):
        refuse_named(f"test_a.py::test_b[{secret}]", {secret: "token.token"}, [])


def test_another_name_is_left_alone():
    refuse_named("test_a.py::test_b[x]", {SECRET: "token.token"}, [])
