"""What the rules server_error and partial_read ask: each replays a good call with a part of it broken."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.loopback

CONTRACT = """
from connector_contract import ConnectorContract


class TestAcme(ConnectorContract):
    page_sizes = (1,)
"""
RULES = "-k(partial_read or server_error) and list_accounts"

GET = """\
        response = await self._http_client.get(path, params=params)
        response.raise_for_status()
        return response.json()
"""
PAGE = '        page = await client.get("/users", limit=size, start=start)\n'

# A server that wants to be asked twice for each page, but for the first.
BUSY = """
from acme_server import create_app as create
from fastapi.responses import JSONResponse


def create_app():
    app, asked = create(), {"start=0"}

    @app.middleware("http")
    async def busy(request, call_next):
        start = request.url.query.rpartition("&")[2]
        if start not in asked:
            asked.add(start)
            return JSONResponse({"wait": True}, 429, {"retry-after": "1"})
        return await call_next(request)

    return app
"""
TRIES_AGAIN = """\
        import asyncio
        response = await self._http_client.get(path, params=params)
        if response.status_code == 429:
            await asyncio.sleep(0.001)
            response = await self._http_client.get(path, params=params)
        response.raise_for_status()
        return response.json()
"""
LOGIN = """
from acme_server import create_app as create


def create_app():
    app = create()

    @app.post("/v1/login")
    async def login():
        return {"access_token": "open-sesame"}

    return app
"""
LOGS_IN = """\
        if not TOKENS:
            TOKENS.append((await client.post("/login", {}))["access_token"])
        client._http_client.auth = BearerAuth(TOKENS[0])
"""
GATHERS = """\
        import asyncio
        page, *_ = await asyncio.gather(
            client.get("/users", limit=size, start=start),
            *(client.get("/users", limit=size, start=start, beside=beside) for beside in range(3)),
        )
"""
CACHES = """\
        key = (size, start)
        page = CACHE[key] = CACHE.get(key) or await client.get("/users", limit=size, start=start)
"""


@pytest.fixture
def contract(acme):
    return acme.remove("test_acme.py").write("test_acme.py", CONTRACT)


def tries_again(contract):
    project = contract.write("acme_busy.py", BUSY).edit("conftest.py", "acme_server", "acme_busy")
    return project.edit("acme_connector.py", GET, TRIES_AGAIN)


def logs_in_once(contract):
    project = contract.write("acme_login.py", LOGIN).edit("conftest.py", "acme_server", "acme_login")
    project = project.edit("conftest.py", '"open-sesame"', '"another-secret"')
    project = project.edit("acme_connector.py", "\nSTATUSES", "\nTOKENS = []\nSTATUSES")
    project = project.edit("acme_connector.py", PAGE, LOGS_IN + PAGE)
    project = project.edit(
        "conftest.py", "    from acme", "    from acme_connector import TOKENS\n    from acme"
    )
    return project.edit("conftest.py", "integration=", "reset=TOKENS.clear, integration=")


def gathers(contract):
    return contract.edit("acme_connector.py", PAGE, GATHERS)


@pytest.mark.parametrize("kind", [tries_again, logs_in_once, gathers], ids=lambda kind: kind.__name__)
def test_right_connectors_are_checked_and_not_skipped(contract, kind):
    recorded = kind(contract).run("--record-mode=once", RULES)
    recorded.had(passed=5)
    replayed = recorded.project.run(RULES)
    replayed.had(passed=5)
    assert replayed.project == recorded.project


SWALLOWS = """\
        try:
{page}        except httpx.HTTPStatusError:
            if start == 0:
                raise
            page = {{"users": [], "next": None}}
"""


@pytest.mark.parametrize("kind", [tries_again, logs_in_once, gathers], ids=lambda kind: kind.__name__)
def test_a_connector_that_swallows_the_error_of_a_page_is_caught(contract, kind):
    project = kind(contract)
    asks = GATHERS if kind is gathers else PAGE
    indented = "".join(f"    {line}\n" for line in asks.splitlines())
    project = project.edit("acme_connector.py", asks, SWALLOWS.format(page=indented))
    run = project.run("--record-mode=once", "-kpartial_read and list_accounts")
    assert run.outcomes["failed"] == 1, run.output
    run.said(
        "errors: list_accounts: an upstream that failed at page 2 gave 1 record, as a success.",
        "- broken: GET https://acme.example.com/v1/users?limit=1&start=1, by 403, 429, 500, 503",
        "an upstream that failed at page 3 gave 2 records, as a success",
    )


def test_what_was_broken_and_is_not_asked_for_is_a_failure(contract):
    """A connector that keeps what it has read in the process."""
    recorded = contract.run("--record-mode=once", "-kpartial_read and list_accounts").project
    project = recorded.edit("acme_connector.py", PAGE, CACHES)
    project = project.edit("acme_connector.py", "\nSTATUSES", "\nCACHE = {}\nSTATUSES")
    run = project.run("-kpartial_read and list_accounts")
    assert run.outcomes["failed"] == 1, run.output
    run.said(
        "errors: list_accounts, replayed alone, did not make the request that was to fail.",
        "broken: GET https://acme.example.com/v1/users?limit=1&start=1",
        "So nothing is proved: the call makes other requests than recorded.",
        "ConnectorUnderTest(reset=...)",
    )
    imports = "    from acme_connector import CACHE\n    from acme"
    reset = project.edit("conftest.py", "    from acme", imports)
    reset = reset.edit("conftest.py", "integration=", "reset=CACHE.clear, integration=")
    assert reset.run("-kpartial_read and list_accounts").outcomes["passed"] == 1
