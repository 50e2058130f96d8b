"""A recording from a real tenant says that its people are stored as they are, until somebody has decided."""

from __future__ import annotations

import pytest
from tenant_testing import tenant

pytestmark = pytest.mark.loopback

TWO = """\
async def test_one(lumos, snapshot):
    assert await lumos.call("list_accounts") == snapshot


async def test_two(lumos, snapshot):
    assert await lumos.call("list_resources", {"resource_type": "group"}) == snapshot
"""
SAID = "are stored as they are."


def decided(project, value):
    return project.edit("conftest.py", "        auth=", f"        personal_data={value},\n        auth=")


def test_a_recording_from_a_real_tenant_says_so_once_and_its_replay_does_not(directory):
    with tenant(directory) as server:
        project = server.project.write("test_two.py", TWO)
        run = project.run("--record-mode=once", f"--upstream-url={server.real}", "test_two.py")
        run.had(passed=2)
        run.said(
            f"names, addresses and numbers of the people in {server.real} {SAID} To have made-up people: "
            "ConnectorUnderTest(personal_data=True); if this is meant: personal_data=False"
        )
        assert run.output.count(SAID) == 1
        replay = run.project.run(f"--upstream-url={server.real}", "test_two.py")
    replay.had(passed=2)
    assert SAID not in replay.output


def test_it_is_said_of_the_recordings_that_rules_share(directory):
    with tenant(directory) as server:
        run = server.project.run("--record-mode=once", f"--upstream-url={server.real}", "-kcomplete")
    assert run.output.count(SAID) == 1


@pytest.mark.parametrize("value", [False, True, {"name": "nick"}])
def test_whoever_has_decided_hears_no_more_of_it(directory, value):
    with tenant(directory) as server:
        project = decided(server.project, value).write("test_two.py", TWO)
        run = project.run("--record-mode=once", f"--upstream-url={server.real}", "test_two.py")
    run.had(passed=2)
    assert SAID not in run.output


def test_where_nothing_is_stored_there_is_nothing_to_say(directory):
    with tenant(directory) as server:
        project = server.project.write("test_two.py", TWO.replace(" == snapshot", ""))
        run = project.run("--disable-recording", f"--upstream-url={server.real}", "test_two.py")
    run.had(passed=2)
    assert SAID not in run.output


def test_this_machine_has_no_people(directory):
    project = directory.write("test_two.py", TWO)
    run = project.run("--record-mode=once", "test_two.py")
    run.had(passed=2)
    assert SAID not in run.output
    with tenant(directory) as server:
        project = server.project.write("test_two.py", TWO)
        run = project.run("--record-mode=once", f"--upstream-url={server.url}", "test_two.py")
    run.had(passed=2)
    assert SAID not in run.output
