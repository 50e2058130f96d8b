"""A rule that would write to a real tenant what nobody has declared is skipped, and sends nothing."""

from __future__ import annotations

import pytest
from tenant_testing import declaring, tenant

pytestmark = pytest.mark.loopback

DELETES = (
    "test_contract.py::TestDirectoryContract::test_writes[delete_account]",
    "test_contract.py::TestDirectoryContract::test_records[delete_account]",
    "test_contract.py::TestDirectoryContract::test_bad_credentials[delete_account]",
    "test_contract.py::TestDirectoryContract::test_missing_credentials[delete_account]",
    "test_contract.py::TestDirectoryContract::test_unknown_id[delete_account]",
    "test_contract.py::TestDirectoryContract::test_invalid_request[delete_account]",
    "test_contract.py::TestDirectoryContract::test_server_error[delete_account-500]",
)
WHY = "delete_account writes to {to}, and Upstream(writable_ids=...) lacks account_id: u2"
MAXIMUM = "test_contract.py::TestDirectoryContract::test_max_assignments"
WAIVED = '    waivers = {"writes[delete_account]": "no account to spare"}\n    read_requests = {'
ALL = ("u1", "u2", "u3", "u4", "u5", "new", "p1", "p2", "p1-admin", "p2-admin", "basic")


def recorded(project, server, *args, mode="once"):
    return project.run(f"--record-mode={mode}", f"--upstream-url={server.real}", *args)


def test_what_reads_is_recorded_and_replayed_without_a_write(directory):
    some = ("-k", "records or writes")
    with tenant(directory) as server:
        before = server.state()
        run = recorded(server.project, server, *some)
        assert server.state() == before
    run.had(passed=9, skipped=14, deselected=163)
    run.said(WHY.format(to=server.real))
    assert "put back" not in run.output
    assert not [name for name in run.project.recorded("cassettes") if "writes[" in name]
    replay = run.project.run(*some)
    replay.had(passed=9, skipped=14, deselected=163)
    replay.said(WHY.format(to="https://directory.example.com"))


def test_each_rule_that_calls_what_writes_is_skipped_before_it_sends_anything(directory):
    with tenant(directory) as server:
        run = recorded(server.project, server, *DELETES, MAXIMUM)
    # Of an unknown id, and of a request that the SDK refuses, nobody can lose anything.
    run.had(skipped=6, passed=2)
    names = {name.rpartition("/")[2] for name in run.project.recorded("cassettes")}
    assert names == {
        "TestDirectoryContract.test_unknown_id[delete_account].yaml",
        "TestDirectoryContract.test_invalid_request[delete_account].yaml",
    }
    run.said(f"max_assignments: it writes to {server.real}, and Upstream(writable_ids=...) declares nothing")


def test_what_is_declared_is_recorded_and_put_back(directory):
    with tenant(directory) as server:
        before = server.state()
        run = recorded(declaring(server.project, *ALL), server, "-k", "writes")
        after = server.state()
    run.had(passed=7, deselected=179)
    # What is deleted and what is updated stays so; all else is as it was.
    assert before["users"].keys() - after["users"].keys() == {"u2"}
    changed = {id_ for id_, user in after["users"].items() if user != before["users"][id_]}
    assert changed == {"u5"}
    assert after["grants"] == [each for each in before["grants"] if "'u2'" not in each]
    run.said(
        "put back: delete_account u8, after create_account new@example.com",
        "not put back: update_account u5: restore['update_account'] in the contract's class does not say how",
        "not put back: delete_account u2: a deletion cannot be undone",
    )
    run.project.run("-k", "writes").had(passed=7, deselected=179)


def test_what_was_recorded_while_it_was_declared_is_replayed_afterwards(directory):
    with tenant(directory) as server:
        run = recorded(declaring(server.project, *ALL), server, *DELETES)
        run.had(passed=7)
        forgotten = run.project.write("conftest.py", server.project.files["conftest.py"])
        forgotten.run(*DELETES).had(passed=7)
        recorded(forgotten, server, *DELETES).had(passed=7)
        before = server.state()
        again = recorded(forgotten, server, *DELETES, mode="rewrite")
        assert server.state() == before
    again.had(passed=2, skipped=5)
    kept = run.project.recorded("cassettes").items() & again.project.recorded("cassettes").items()
    assert len(kept) == len(run.project.recorded("cassettes"))


def test_a_maximum_is_tried_with_what_is_declared_alone(directory):
    """Which assignment that is, the lists say, which are recorded anyway."""
    with tenant(directory) as server:
        run = recorded(declaring(server.project, "u9"), server, MAXIMUM)
        run.had(skipped=1)
        run.said("assign_entitlement writes to", "lacks", "account_integration_specific_id: u1")
        assert all("reads[" in name for name in run.project.recorded("cassettes"))
        run.project.run(MAXIMUM).had(skipped=1)
        before = server.state()
        declared = recorded(declaring(server.project, "u1", "basic"), server, MAXIMUM)
        assert server.state() == before
    declared.had(passed=1)
    declared.project.run(MAXIMUM).had(passed=1)


def test_a_waiver_of_what_must_not_be_recorded_holds(directory):
    with tenant(directory) as server:
        project = server.project.edit("test_contract.py", "    read_requests = {", WAIVED)
        run = recorded(project, server, DELETES[0], "-rx")
    run.had(xfailed=1)
    run.said("waived: writes[delete_account]: no account to spare")
    run.project.run(DELETES[0]).had(xfailed=1)


def test_a_served_application_is_written_to_as_ever(directory):
    directory.run("--record-mode=once", *DELETES).had(passed=7)


def test_record_writes_skips_nothing(directory):
    with tenant(directory) as server:
        run = recorded(server.project, server, "--record-writes", DELETES[0])
        assert "u2" not in server.state()["users"]
    run.had(passed=1)
    run.said(
        "written, though writable_ids does not declare it: delete_account: account_id: u2",
        "not put back: delete_account u2: a deletion cannot be undone",
    )
