"""A replay that fails can be understood: by its message, and by ``--contract-trace``."""

from __future__ import annotations

import pytest

from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.recording.open_call import OpenCall
from connector_contract.recording.trace import trace_lines

CONNECTOR = "acme_connector.py"
WALK = "test_acme.py::test_walk"


def traced(call, redact=lambda text: text):
    return list(trace_lines([call], lambda interaction: interaction, redact))


def test_what_was_asked_sent_received_and_answered():
    call = OpenCall(2, "create_account", {"request": {"name": "Zoë"}})
    asked = Request("POST", "https://x.test/users", body=b'{"name":"Zo\xc3\xab"}')
    call.said.append((((1, ""),), Interaction(asked, Response(201, "Created", body=b'{"id":7}'))))
    call.unmatched.append("GET https://x.test/users/7")
    call.response = {"response": {"id": "7"}}
    assert traced(call) == [
        "call 2: create_account",
        "    asked:",
        "      {",
        '        "request": {',
        '          "name": "Zoë"',
        "        }",
        "      }",
        "  POST https://x.test/users",
        "    sent:",
        "      {",
        '        "name": "Zoë"',
        "      }",
        "  -> 201 Created",
        "    received:",
        "      {",
        '        "id": 7',
        "      }",
        "  GET https://x.test/users/7",
        "  -> not recorded",
        "    answered:",
        "      {",
        '        "response": {',
        '          "id": "7"',
        "        }",
        "      }",
    ]


def test_a_page_and_a_call_without_a_response():
    assert traced(OpenCall(1, "list_accounts", {}, page=3)) == [
        "call 1: list_accounts, page 3",
        "  Lumos got no response.",
    ]


def test_a_long_body_is_shortened():
    call = OpenCall(1, "info", {})
    body = "\n".join(f"{number} " + "x" * 200 for number in range(40)).encode()
    call.said.append((((1, ""),), Interaction(Request("GET", "https://x.test/"), Response(200, body=body))))
    lines = traced(call)
    assert lines[3] == "    received:"
    assert len(lines[4:-2]) == 30
    assert all(len(line) == 166 for line in lines[4:-2])
    assert lines[-2] == "      and 10 more lines"


def test_no_part_of_a_secret_is_left_where_a_line_is_shortened():
    secret = "s3cr3t-" * 30
    call = OpenCall(1, "info", {"auth": {"token": {"token": secret}}})
    call.response = {"error": {"message": "x" * 120 + secret}}
    shown = "\n".join(traced(call, lambda text: text.replace(secret, "<token>")))
    assert "s3cr3t" not in shown
    assert '"token": "<token>"' in shown


# ---- end to end


def connector_asks(project, lines):
    body = "".join(f"        {line}\n" for line in lines)
    return project.edit(
        CONNECTOR,
        "        response.raise_for_status()\n        return response.json()\n\n    async def post",
        body + "        response.raise_for_status()\n        return response.json()\n\n    async def post",
    )


def test_the_trace_of_those_that_fail(recorded):
    broken = recorded.edit(CONNECTOR, 'username=user["login"]', 'username=user["mail"]')
    for more in ((), ("-n2",)):
        run = broken.run(
            "--contract-trace", *more, "test_acme.py::test_walk", "test_acme.py::test_wrong_token"
        )
        run.had(failed=1, passed=1)
        run.said(
            "- contract trace -",
            "call 1: list_accounts, page 1",
            "asked:",
            '"size": 2',
            "GET https://acme.example.com/v1/users?limit=2&start=0",
            "-> 200 OK",
            "received:",
            '"login": "ada",',
            "answered:",
            '"username": "ada@example.com",',
            "call 2: list_accounts, page 2",
            '"start": 2',
        )
        assert run.output.count("contract trace") == 1
        assert "-> 401" not in run.output
        assert "open-sesame" not in run.output


def test_no_trace_unless_it_is_asked_for(recorded):
    broken = recorded.edit(CONNECTOR, 'username=user["login"]', 'username=user["mail"]')
    run = broken.run(WALK)
    run.had(failed=1)
    assert "contract trace" not in run.output


def test_the_trace_shows_what_is_not_recorded(recorded):
    run = recorded.edit(CONNECTOR, "limit=size", "limit=size, then=1").run("--contract-trace", WALK)
    run.had(failed=1)
    run.said(
        "call 1: list_accounts, page 1",
        "GET https://acme.example.com/v1/users?limit=2&then=1&start=0",
        "-> not recorded",
        "Lumos got no response.",
    )


@pytest.mark.loopback
def test_the_trace_of_a_recording_that_fails(acme):
    failing = acme.edit("test_acme.py", ' == snapshot(name="created")', " == 1")
    run = failing.run("--contract-trace", "--record-mode=once", "test_acme.py::test_create")
    run.had(failed=1)
    run.said("call 1: create_account", "POST https://acme.example.com/v1/users", '"login": "new"', "-> 201")
    assert "open-sesame" not in run.output


@pytest.mark.loopback
def test_the_trace_of_a_rule_that_fails(directory):
    from broken_connectors import BROKEN

    broken = BROKEN["the first page alone is read"]
    rule = "-kcomplete and [list_accounts]"
    project = directory.edit("directory_connector.py", broken.old, broken.new)
    run = project.run("--contract-trace", "--record-mode=once", rule)
    for each in (run, run.project.run("--contract-trace", rule)):
        assert each.outcomes["failed"] == 1
        each.said(
            "call 1: list_accounts, page 1", "GET https://directory.example.com/users?", '"has_more": true'
        )
        assert "open-sesame" not in each.output


def test_the_trace_of_what_a_clean_up_finds(recorded):
    test = """
import contextlib, socket
import pytest

@pytest.fixture
def fixture(lumos):
    yield
    with contextlib.suppress(Exception), socket.socket() as it:
        it.connect(("192.0.2.1", 9))

async def test_walk(lumos, fixture, snapshot):
    assert await lumos.walk("list_accounts", page_size=2) == snapshot
"""
    run = recorded.write("test_acme.py", test).run("--contract-trace")
    run.had(passed=1, errors=1)
    run.said("call 2: list_accounts, page 2")


# Each with what the connector does before it reads its response, and what the message says.
ASKS = {
    "more": (
        'await self._http_client.get("/more")',
        "The connector made a request that is not recorded: GET https://acme.example.com/v1/more",
    ),
    "in a thread": (
        'import asyncio; await asyncio.to_thread(httpx.get, "https://acme.example.com/v1/more")',
        "The connector made a request that is not recorded: GET https://acme.example.com/v1/more",
    ),
    "in a task": (
        'import asyncio; await asyncio.create_task(self._http_client.get("/more"))',
        "The connector made a request that is not recorded: GET https://acme.example.com/v1/more",
    ),
    "synchronously": (
        'httpx.get("https://acme.example.com/v1/more")',
        "The connector made a request that is not recorded: GET https://acme.example.com/v1/more",
    ),
    "of the network": (
        'import socket; socket.create_connection(("192.0.2.1", 9))',
        "The connector tried to connect to ('192.0.2.1', 9), in a replay, which has no network.",
    ),
}


@pytest.mark.parametrize("what", ASKS)
@pytest.mark.parametrize("swallowed", [False, True])
def test_a_message_names_capability_page_and_line(recorded, what, swallowed):
    line, says = ASKS[what]
    if swallowed:
        line = f"import contextlib\n        with contextlib.suppress(Exception):\n            {line}"
    get = "        response = await self._http_client.get(path, params=params)\n"
    asks = recorded.edit(CONNECTOR, get, f"{get}        {line}\n")
    number = next(
        i
        for i, text in enumerate(asks.files[CONNECTOR].decode().splitlines(), 1)
        if line.splitlines()[-1].strip() in text
    )
    run = asks.run(WALK)
    run.had(failed=1)
    run.said(says, "capability: list_accounts, page 1", f"asked in: acme_connector.py:{number}")


@pytest.mark.loopback
def test_a_request_elsewhere_names_them_too(acme):
    asks = acme.edit(
        CONNECTOR,
        "await self._http_client.get(path, params=params)",
        'await self._http_client.get("https://other.example.com/")',
    )
    run = asks.run("--record-mode=once", WALK)
    run.had(failed=1)
    run.said(
        "which is not at its declared origin.",
        "capability: list_accounts, page 1",
        "asked in: acme_connector.py:39",
    )


def test_what_is_never_asked_is_named_with_its_call(recorded):
    less = recorded.edit(
        "test_acme.py",
        '    assert await lumos.call("list_accounts", page={"size": 100}) == snapshot(name="read back")\n',
        "",
    )
    run = less.run("test_acme.py::test_create")
    run.had(failed=1)
    run.said("number 2 of call 2, list_accounts: GET https://acme.example.com/v1/users?limit=100&start=0")
