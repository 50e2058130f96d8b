"""A part that is recorded again, and what several processes record, have the people of all recordings."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.loopback

KEY = "a key of the test's own"
ACCOUNTS = """\
async def test_accounts(lumos, snapshot):
    assert await lumos.call("list_accounts") == snapshot


def test_named():
    assert "u2@norvel.io"
"""
GROUPS = """\
async def test_groups(lumos, snapshot):
    assert await lumos.call("list_resources", {"resource_type": "project"}) == snapshot
"""


@pytest.fixture
def project(directory, monkeypatch):
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", KEY)
    return (
        directory.edit("conftest.py", "        auth=", "        personal_data=True,\n        auth=")
        .edit("directory_server.py", '"Payroll"}', '"Friends of Ottavine Brelkoss"}')
        .edit("directory_server.py", '"id": "u1", "name": "alice"', '"id": "u1", "name": "Ottavine Brelkoss"')
        .edit("directory_server.py", "{user['id']}@example.com", "{user['id']}@norvel.io")
        .write("test_accounts.py", ACCOUNTS)
        .write("test_groups.py", GROUPS)
    )


TESTS = ("test_groups.py", "test_accounts.py")


def stored(project):
    return {
        name: data for name, data in project.files.items() if name.startswith(("cassettes/", "snapshots/"))
    }


def recorded(project, *options, **how):
    run = project.run("--record-mode=rewrite", *options, *TESTS, **how)
    assert run.exit_code == 0, run.output
    return run


def test_a_part_that_is_recorded_again_is_as_it_was(project):
    whole = recorded(project).project
    text = b"".join(stored(whole).values()).decode()
    assert "u2@norvel.io" in text
    assert "ottavine" not in text.casefold()
    assert "u1@norvel.io" not in text
    for part in ("groups", "accounts and not named"):
        again = recorded(whole, "-k", part)
        assert again.outcomes["passed"] == 1
        assert stored(again.project) == stored(whole)


def test_several_processes_make_the_same_people_up(project):
    several = recorded(project, "-n2", "--dist=loadfile", subprocess=True)
    several.had(passed=3)
    assert stored(several.project) == stored(recorded(project).project)
