"""What a recording has changed is put back, outside of the cassette, however its test ends."""

from __future__ import annotations

import pytest
from tenant_testing import declaring, tenant

pytestmark = pytest.mark.loopback

UPDATES = "test_contract.py::TestDirectoryContract::test_writes[update_account]"
RESTORE = (
    '    restore = {"update_account": {"update_account": {"id": "u5", "email": "u5@example.com"}}}\n'
    "    read_requests = {"
)
ACTIVE = '\nasync def test_writes(lumos):\n    await lumos.call("deactivate_account", {"account_id": "u1"})\n'


def recorded(server, test, *ids, mode="--record-mode=once"):
    project = declaring(server.project, *(ids or ("u1",))).write("test_plain.py", test)
    return project.run(mode, f"--upstream-url={server.real}", "test_plain.py")


def test_an_author_says_how_an_example_is_undone(directory):
    with tenant(directory) as server:
        before = server.state()
        project = declaring(server.project, "u5").edit("test_contract.py", "    read_requests = {", RESTORE)
        run = project.run("--record-mode=once", f"--upstream-url={server.real}", UPDATES)
        assert server.state() == before
    run.had(passed=1)
    run.said("put back: update_account u5, after update_account u5")
    assert "not put back" not in run.output
    run.project.run(UPDATES).had(passed=1)


@pytest.mark.parametrize(
    "end",
    [
        "    assert False",
        '    lumos._connector.integration.nothing\n',
        "    import pytest\n    pytest.skip('enough')",
    ],
    ids=["fails", "breaks", "skips"],
)  # fmt: skip
def test_a_test_that_does_not_pass_is_put_back(directory, end):
    with tenant(directory) as server:
        before = server.state()
        run = recorded(server, ACTIVE + end)
        assert server.state() == before
    run.said("put back: activate_account u1, after deactivate_account u1")
    assert run.project.recorded("cassettes") == {}


def test_an_interrupted_test_is_put_back(directory):
    with tenant(directory) as server:
        before = server.state()
        project = declaring(server.project, "u1").write(
            "test_plain.py", ACTIVE + "    raise KeyboardInterrupt\n"
        )
        run = project.run(
            "--record-mode=once", f"--upstream-url={server.real}", "test_plain.py", subprocess=True
        )
        assert server.state() == before
    assert run.exit_code == pytest.ExitCode.INTERRUPTED
    run.said("put back: activate_account u1, after deactivate_account u1")


def test_the_live_run_is_put_back_too(directory):
    with tenant(directory) as server:
        before = server.state()
        recorded(server, ACTIVE, mode="--disable-recording").had(passed=1)
        assert server.state() == before


def test_what_cannot_be_put_back_is_listed_and_fails_nothing(directory):
    refuses = "async def activate_account(args: sdk.ActivateAccountRequest) -> sdk.ActivateAccountResponse:\n"
    with tenant(directory) as server:
        server.project = server.project.edit(
            "directory_connector.py", refuses, refuses + "    raise NotFoundError(message='gone')\n"
        )
        run = recorded(server, ACTIVE)
        assert server.state()["users"]["u1"]["status"] == "suspended"
    run.had(passed=1)
    run.said("not put back: activate_account u1, after deactivate_account u1: not_found", "gone")


def test_what_the_connector_raises_is_listed(directory):
    raises = "async def activate_account(args: sdk.ActivateAccountRequest) -> sdk.ActivateAccountResponse:\n"
    with tenant(directory) as server:
        server.project = server.project.edit(
            "directory_connector.py",
            raises,
            raises + "    await Client(args).get('https://else.example.com')\n",
        )
        run = recorded(server, ACTIVE)
    run.had(passed=1)
    run.said("not put back: activate_account u1, after deactivate_account u1:")


def test_a_served_application_is_not_put_back(directory):
    run = directory.write("test_plain.py", ACTIVE).run("--record-mode=once", "test_plain.py")
    run.had(passed=1)
    assert "put back" not in run.output
