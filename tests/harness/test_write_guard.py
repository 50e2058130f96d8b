"""A call that writes to a real tenant is refused before anything is sent, unless it is declared."""

from __future__ import annotations

import pytest
from scenario_testing import Connector
from tenant_testing import declaring, tenant

from connector_contract import ConnectorContract, ConnectorUnderTest, Upstream
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.errors import UsageError
from connector_contract.safety.ledger import Safety
from connector_contract.safety.write_guard import WriteGuard

pytestmark = pytest.mark.loopback

PLAIN = """
async def test_plain(lumos, snapshot):
    await lumos.walk("list_accounts", page_size=100)
    assert await lumos.call("deactivate_account", {"account_id": "u1"}) == snapshot
"""
SWALLOWS = """
async def test_swallows(lumos):
    await lumos.call("list_accounts")
    try:
        await lumos.call("delete_account", {"account_id": "u2"})
    except Exception:
        pass
"""
CREATES = """
async def test_creates(lumos):
    created = await lumos.call("create_account", {"email": "new@example.com", "username": "new"})
    id_ = created["response"]["id"]
    await lumos.call("activate_account", {"account_id": id_})
    await lumos.call("deactivate_account", {"account_id": "u1"})
"""
CUSTOM = '''
from connector.oai.capability import CustomRequest, CustomResponse
from pydantic import BaseModel

class Purge(BaseModel):
    where: str
    team_id: str | None = None

class Done(BaseModel):
    done: bool

async def get_rid(args: CustomRequest[Purge]) -> CustomResponse[Done]:
    async with Client(args) as client:
        await client.get("/me")
    return CustomResponse(response=Done(done=True))

async def purge(args: CustomRequest[Purge]) -> CustomResponse[Done]:
    """Nobody says whether it writes."""
    async with Client(args) as client:
        await client.get("/me")
    return CustomResponse(response=Done(done=True))
'''


@pytest.mark.parametrize("mode", ["--record-mode=once", "--record-mode=rewrite", "--disable-recording"])
def test_a_plain_test_fails_with_the_list_and_the_remedy(directory, mode):
    with tenant(directory) as server:
        before = server.state()
        project = server.project.write("test_plain.py", PLAIN)
        run = project.run(mode, f"--upstream-url={server.real}", "test_plain.py")
        assert server.state() == before
    run.had(failed=1)
    run.said(
        "deactivate_account writes to a real tenant, to what nobody has declared as writable.",
        "Nothing was sent.",
        f"upstream: {server.real}",
        "scenario: test_plain.py::test_plain",
        "not declared: account_id: u1",
        'declare it: Upstream(..., writable_ids=["u1"]).',
        "--upstream-url, or serve an application with app=.",
        "--record-writes",
    )
    assert "Traceback" not in run.output
    assert run.project.recorded("cassettes") == run.project.recorded("snapshots") == {}


def test_the_origin_counts_where_there_is_no_other_address(directory):
    """It is never reached: there is no such server."""
    with tenant(directory) as server:
        run = server.project.write(
            "test_swallows.py", SWALLOWS.replace('    await lumos.call("list', "    #")
        ).run("--record-mode=once", "test_swallows.py")
    run.had(failed=1)
    run.said("upstream: https://directory.example.com", "not declared: account_id: u2")


def test_a_test_cannot_swallow_it(directory):
    with tenant(directory) as server:
        before = server.state()
        project = server.project.write("test_swallows.py", SWALLOWS)
        run = project.run("--record-mode=once", f"--upstream-url={server.real}", "test_swallows.py")
        assert server.state() == before
    run.had(failed=1)
    run.said("delete_account writes to a real tenant", "not declared: account_id: u2")
    assert run.project.recorded("cassettes") == {}


def test_what_is_declared_is_recorded_and_put_back_and_replayed(directory):
    with tenant(directory) as server:
        before = server.state()
        project = declaring(server.project, "u1").write("test_plain.py", PLAIN)
        run = project.run("--record-mode=once", f"--upstream-url={server.real}", "test_plain.py")
        assert server.state() == before
    run.had(passed=1)
    run.said("put back: activate_account u1, after deactivate_account u1")
    (cassette,) = run.project.recorded("cassettes").values()
    assert b"capability: activate_account" not in cassette
    replay = run.project.run("test_plain.py")
    replay.had(passed=1)
    assert "put back" not in replay.output


def test_this_machine_is_no_real_tenant(directory):
    with tenant(directory) as server:
        before = server.state()
        project = server.project.write("test_plain.py", PLAIN)
        run = project.run("--record-mode=once", f"--upstream-url={server.url}", "test_plain.py")
        assert server.state() == before
    run.had(passed=1)


def test_what_the_run_has_created_may_be_written_to_and_what_it_has_not_may_not(directory):
    with tenant(directory) as server:
        before = server.state()
        project = declaring(server.project, "new@example.com").write("test_creates.py", CREATES)
        run = project.run("--record-mode=once", f"--upstream-url={server.real}", "test_creates.py")
        # Of a test that fails, too, what was written is put back.
        assert server.state() == before
    run.had(failed=1)
    run.said(
        "not declared: account_id: u1", "put back: delete_account u8, after create_account new@example.com"
    )
    assert "account_id: u8" not in run.output


def test_record_writes_goes_on_and_lists_what_is_not_declared(directory):
    with tenant(directory) as server:
        project = server.project.write("test_plain.py", PLAIN + SWALLOWS)
        run = project.run(
            "--record-mode=once", f"--upstream-url={server.real}", "--record-writes", "test_plain.py"
        )
        assert "u2" not in server.state()["users"]
    run.had(passed=2)
    run.said(
        "written, though writable_ids does not declare it: deactivate_account: account_id: u1",
        "written, though writable_ids does not declare it: delete_account: account_id: u2",
        "put back: activate_account u1, after deactivate_account u1",
        "not put back: delete_account u2: a deletion cannot be undone",
    )
    assert run.output.count("does not declare it: deactivate_account") == 1


@pytest.mark.parametrize(
    ("capability", "request_", "lacks"),
    [
        ("purge", {"where": "u1"}, "no id in its request says what it writes to"),
        ("purge", {"where": "x", "team_id": "t2"}, "team_id: t2"),
        ("purge", {"where": "x", "team_id": "t1"}, None),
        ("get_rid", {"where": "u1"}, None),
        ("info", None, None),
        ("validate_credentials", None, None),
    ],
)
def test_what_is_not_known_to_read_writes(directory, capability, request_, lacks):
    with tenant(directory) as server:
        custom = server.project.files["directory_connector.py"].decode().partition("\nintegration = ")
        code = f"{custom[0]}{CUSTOM}\n{''.join(custom[1:])}"
        code += "\nintegration.register_custom_capabilities({'purge': purge, 'get_rid': get_rid})\n"
        test = f"async def test_custom(lumos):\n    await lumos.call({capability!r}, {request_!r})\n"
        project = declaring(server.project, "t1").write("directory_connector.py", code)
        run = project.write("test_custom.py", test).run(
            "--record-mode=once", f"--upstream-url={server.real}", "test_custom.py"
        )
    if lacks is None:
        run.had(passed=1)
    else:
        run.had(failed=1)
        run.said(f"not declared: {lacks}")


@pytest.mark.parametrize("ids", ["u1", ["u1", ""], [7], None, {"u1": True}])
def test_writable_ids_are_a_list_of_strings(ids):
    with pytest.raises(UsageError) as caught:
        Upstream("https://acme.example.com", writable_ids=ids)
    assert (
        caught.value.what
        == f"Upstream(writable_ids=...) is {ids!r}, which is not a list of non-empty strings."
    )
    assert "writable_ids=[" in caught.value.remedy


def guard(url="https://acme.example.com", safety=None, *, writable=(), sends=True, **facts):
    async def untold():
        """It says nothing of what it takes."""

    connector = ConnectorUnderTest(
        integration=Connector(purge=untold, get_rid=untold, fulfill_arbitrary_endpoint=untold),
        upstream=Upstream(url, writable_ids=writable),
    )
    made = WriteGuard(connector, None, safety or Safety(), "test_x.py::test_x", sends=sends)
    made.heed(ContractConfig.of(type("TestContract", (ConnectorContract,), facts)))
    return made


def test_the_author_says_of_a_custom_capability_whether_it_writes():
    assert guard().writes("purge", {}) is True
    assert guard(read_requests={"purge": {}}).writes("purge", {}) is False
    assert guard().writes("get_rid", {}) is False
    assert guard(write_requests={"get_rid": {}}).writes("get_rid", {}) is True


@pytest.mark.parametrize(
    ("request_", "writes"), [({}, False), ({"method": "GET"}, False), ({"method": "post"}, True)]
)
def test_what_sends_any_request_writes_if_it_does_not_get(request_, writes):
    assert guard().writes("fulfill_arbitrary_endpoint", request_) is writes
    reads = guard(read_requests={"fulfill_arbitrary_endpoint": {}})
    assert reads.writes("fulfill_arbitrary_endpoint", request_) is writes


def test_the_id_that_nothing_has_may_be_written_to():
    request = {"account_id": "none-such", "team_id": "t1"}
    assert guard(unknown_id="none-such", writable=["t1"]).undeclared("purge", request) == []
    assert guard(unknown_id="none-such").undeclared("purge", request) == ["team_id: t1"]


def test_a_rule_is_told_why_it_must_not_write():
    assert guard().why_not("purge", {"id": "u1"}) == (
        "purge writes to https://acme.example.com, and Upstream(writable_ids=...) lacks id: u1"
    )
    assert guard().why_nothing() is not None
    lets = Safety(record_writes=True)
    for let in (guard("http://localhost"), guard(safety=lets), guard(writable=["u1"])):
        assert let.why_not("purge", {"id": "u1"}) is let.why_nothing() is None
    assert lets.written == {}


def test_a_replay_sends_nothing_so_nothing_is_refused():
    assert guard().refusal("purge", {"id": "u1"}) is not None
    assert guard(sends=False).refusal("purge", {"id": "u1"}) is None


def test_what_a_creation_has_created_is_known_by_its_response():
    safety = Safety()
    creates = guard(safety=safety)
    request = {"email": "new@example.com", "username": "new"}
    creates.learn("create_account", request, {"is_error": True, "error": {"error_code": "conflict"}})
    creates.learn("create_account", request, {"response": {"id": "u1", "created": False}})
    creates.learn("list_accounts", {}, {"response": {"id": "u2"}})
    assert safety.created == set()
    creates.learn("create_account", request, {"response": {"id": "u8", "created": True}})
    assert safety.created == {"u8", "new@example.com", "new"}
