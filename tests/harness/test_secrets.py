"""No secret is stored or shown, and what a server makes up has an alias."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest

WALK = "cassettes/test_acme/test_walk.yaml"
CREATE = "cassettes/test_acme/test_create.yaml"


@pytest.mark.loopback
def test_no_secret_of_the_connector_is_on_disk(acme):
    run = acme.run("--record-mode=once")
    written = {**run.project.recorded("cassettes"), **run.project.recorded("snapshots")}
    assert written
    assert not [name for name, data in written.items() if b"open-sesame" in data or b"wrong\n" in data]
    assert b"Bearer <token.token-2>" in written["cassettes/test_acme/test_wrong_token.yaml"]


AWKWARD = ["a+b/c=d%25&e", 'quo"te\\d', "schlüssel ß", "line\nbreak-9", "x7", "sesame", "open-sesame-2"]


# A server that sends back all that it is sent.
ECHO = """
from acme_server import create_app as create
from fastapi import Request


def create_app():
    app = create()

    @app.post("/v1/echo")
    async def echo(request: Request):
        return {
            "url": str(request.url),
            "query": dict(request.query_params),
            "body": (await request.body()).decode(),
            "authorization": request.headers["authorization"],
        }

    return app
"""


# A connector that sends its secret wherever it can, logs it, and shows it in an error.
SENDS = """
    import base64, logging
    secret = get_token_auth(args).token
    basic = "Basic " + base64.b64encode(f"user:{secret}".encode()).decode()
    async with Client(args) as client:
        client._http_client.auth = None
        parts = {"params": {"q": secret}, "json": {"s": secret}, "headers": {"authorization": basic}}
        answer = await client._http_client.post("/echo", **parts)
    logging.getLogger("acme").error("sent %s", secret, exc_info=ValueError(secret))
    raise ValueError(f"{answer.text} {secret}")
"""


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.loopback
def test_no_awkward_secret_is_stored_or_shown_wherever_the_connector_sends_it(acme, secret):
    project = (
        acme.write("acme_echo.py", ECHO)
        .edit("conftest.py", "acme_server:create_app", "acme_echo:create_app")
        .edit("conftest.py", '"open-sesame"', repr(secret))
        .edit(
            "acme_connector.py",
            "    paginations = NextPageToken(get",
            SENDS + "    paginations = NextPageToken(get",
        )
        .write(
            "test_acme.py",
            "async def test_walk(lumos, snapshot):\n"
            "    assert await lumos.call('list_accounts') == snapshot\n    raise RuntimeError\n",
        )
    )
    failed = project.run("--record-mode=once")
    failed.had(failed=1)
    failed.said("sent <token.token>", "ValueError: <token.token>")
    run = project.edit("test_acme.py", "    raise RuntimeError\n", "").run("--record-mode=once")
    run.had(passed=1)
    (cassette,) = run.project.recorded("cassettes").values()
    (snapshot,) = run.project.recorded("snapshots").values()
    assert cassette.count(b"<token.token>") >= 5
    assert snapshot.count(b"<token.token>") >= 3
    logged = failed.output[failed.output.index("Captured log") :]
    for text in (cassette.decode(), snapshot.decode(), logged):
        for spelling in {secret, repr(secret)[1:-1], quote(secret, safe=""), json.dumps(secret)[1:-1]}:
            assert not re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", text), spelling
    run.project.run().had(passed=1)


@pytest.mark.loopback
def test_a_token_that_the_server_hands_out_is_a_placeholder_and_still_replays(acme):
    server = acme.files["acme_server.py"].decode()
    login = server.replace(
        "    return app\n",
        "    @app.post('/v1/login')\n    async def login():\n"
        "        return {'access_token': 'open-sesame'}\n\n    return app\n",
    )
    logs_in = (
        "        answer = await client._http_client.post('/login')\n"
        "        client._http_client.auth = BearerAuth(answer.json()['access_token'])\n        page = await"
    )
    project = (
        acme.write("acme_server.py", login)
        .edit("conftest.py", '"open-sesame"', '"something else"')
        .edit("acme_connector.py", "        page = await", logs_in)
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    assert b"open-sesame" not in run.project.files[WALK]
    assert run.project.files[WALK].count(b"Bearer <access_token>") == 2
    run.project.run("test_acme.py::test_walk").had(passed=1)


@pytest.mark.loopback
def test_a_recording_that_would_still_hold_a_secret_is_not_saved(acme):
    hides = acme.edit(
        "acme_server.py",
        'return {"users": users[start',
        'import base64; x = "v" + base64.b64encode(b"..open-sesame..").decode(); '
        'return {"x": x, "users": users[start',
    )
    run = hides.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said("The recording was not saved, because the secret token.token is still in it: GET https://acme")
    assert run.project == hides


COMPRESSES = """
import gzip
from acme_server import create_app as create
from fastapi import Request, Response


def create_app():
    app = create()

    @app.middleware("http")
    async def compress(request: Request, call_next):
        # The upstream is asked for what the connector's client asks for.
        assert "gzip" in request.headers["accept-encoding"]
        answer = await call_next(request)
        body = b"".join([part async for part in answer.body_iterator])
        return Response(gzip.compress(body, mtime=0), answer.status_code, {"content-encoding": "gzip"},
                        "application/json")

    return app
"""


@pytest.mark.loopback
def test_what_is_compressed_is_recorded_as_what_is_not(acme, recorded):
    project = acme.write("acme_gzip.py", COMPRESSES).edit(
        "conftest.py", "acme_server:create_app", "acme_gzip:create_app"
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    assert run.project.files[WALK] == recorded.files[WALK]
    run.project.run("test_acme.py::test_walk").had(passed=1)
    leaks = project.edit("acme_server.py", '"mail": "ada@example.com"', '"mail": "open-sesame"')
    run = leaks.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    assert b'"mail": "<token.token>"' in run.project.files[WALK]


@pytest.mark.loopback
def test_names_that_are_secret_can_be_added_with_a_reason(acme):
    ini = "[pytest]\ncontract_secret_names =\n    mail: is private\n"
    run = acme.write("pytest.ini", ini).run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    assert b"ada@example.com" not in run.project.files[WALK]
    assert b'"mail": "<mail-2>"' in run.project.files[WALK]
    assert b'"email": "<mail-2>"' in run.project.files["snapshots/test_acme/test_walk.json"]


def test_a_secret_name_without_a_reason(recorded):
    run = recorded.write("pytest.ini", "[pytest]\ncontract_secret_names = mail\n").run()
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said("The ini option contract_secret_names has the line 'mail': it is not a name and a reason.")


# A server that makes its ids and times up again for each state.
UNSTEADY = """
import datetime, itertools, uuid
from acme_server import create_app as create

STATES = itertools.count(1)


def create_app():
    app = create()
    state = next(STATES)

    @app.middleware("http")
    async def unsteady(request, call_next):
        import fastapi, json
        if request.url.path != "/v1/users" or request.method != "POST":
            return await call_next(request)
        now = datetime.datetime(2026, 1, 1) + datetime.timedelta(days=state, microseconds=state)
        made = {"id": str(uuid.UUID(int=state * 7919)), "serial": 41000 + state, "at": now.isoformat() + "Z"}
        return fastapi.responses.JSONResponse({**made, "state": "on"})

    @app.get("/v1/users/{user_id}")
    async def read(user_id: str):
        return {"id": user_id, "serial": 41000 + state, "state": "on", "old": "2020-02-02T02:02:02Z"}

    return app
"""


READS_BACK = """
    async with Client(args) as client:
        again = await client.get(f"/users/{user['id']}", serial=user["serial"])
    assert again["id"] == user["id"] and again["serial"] == user["serial"], again
    user["id"] = f"{user['id']} {again['serial']} {user['at']}"
    return CreateAccountResponse("""


def _unsteady(acme):
    return (
        acme.write("acme_unsteady.py", UNSTEADY)
        .edit("conftest.py", "acme_server:create_app", "acme_unsteady:create_app")
        .edit("conftest.py", "integration=", 'aliases={"user": "[id, serial]", "time": "at"}, integration=')
        .edit("acme_connector.py", "\n    return CreateAccountResponse(", READS_BACK)
        .edit("test_acme.py", 'page={"size": 100}) == snapshot(name="read back")', ") is not None")
    )


@pytest.mark.loopback
def test_what_a_server_makes_up_anew_has_a_stand_in_wherever_it_appears(acme):
    first = _unsteady(acme).run("--record-mode=once", "-k", "create")
    first.had(passed=1)
    cassette = first.project.files[CREATE].decode()
    assert (
        "uri: https://acme.example.com/v1/users/00000000-0000-4000-8000-000000000001?serial=9000002"
        in cassette
    )
    assert '"serial": 9000002' in cassette
    assert '"at": "2000-01-01T00:00:03.000000Z"' in cassette
    assert '"old": "2020-02-02T02:02:02Z"' in cassette
    snapshot = first.project.files["snapshots/test_acme/test_create[created].json"].decode()
    assert '"id": "00000000-0000-4000-8000-000000000001 9000002 2000-01-01T00:00:03.000000Z"' in snapshot
    again = first.project.write("acme_unsteady.py", UNSTEADY.replace("count(1)", "count(5)")).run(
        "--record-mode=rewrite", "-k", "create"
    )
    again.had(passed=1)
    assert again.project.recorded("cassettes") == first.project.recorded("cassettes")
    again.project.run("-k", "create").had(passed=1)


@pytest.mark.parametrize(
    ("aliases", "complaint"),
    [
        ('{"user": "items[]["}', "'user': 'items[][': "),
        ('{"a b": "id"}', "its name may have letters, digits and hyphens only"),
        ('{"page": "next"}', "it finds 2: a number this short may be anything"),
        ('{"user": "users[0]"}', "and only texts and numbers have aliases"),
    ],
)
@pytest.mark.loopback
def test_aliases_that_cannot_be(acme, aliases, complaint):
    project = acme.edit("conftest.py", "integration=", f"aliases={aliases}, integration=")
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    assert run.exit_code == 1
    run.said("ConnectorUnderTest(aliases=...) has", complaint, "Give a JMESPath")
    assert run.project == project


LOGIN = """
from acme_server import create_app as create
from fastapi import Request, Response


def create_app():
    app = create()

    @app.post("/v1/login")
    async def login(response: Response):
        response.set_cookie("session", "a-cookie-of-a-login", max_age=3600)
        return {}

    @app.get("/v1/me")
    async def me(request: Request, response: Response):
        response.status_code = 200 if request.cookies.get("session") == "a-cookie-of-a-login" else 401
        return {}

    return app
"""


@pytest.mark.loopback
def test_a_login_by_cookie_is_recorded_without_the_cookie_and_replayed(acme):
    logs_in = '        await client.post("/login", {})\n        await client.get("/me")\n        page = await'
    project = (
        acme.write("acme_login.py", LOGIN)
        .edit("conftest.py", "acme_server:create_app", "acme_login:create_app")
        .edit("acme_connector.py", "        page = await", logs_in)
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    cassette = run.project.files[WALK]
    assert b"a-cookie-of-a-login" not in cassette
    assert b"session=<cookie.session>" in cassette
    assert b'"is_error"' not in run.project.files["snapshots/test_acme/test_walk.json"]
    run.project.run("test_acme.py::test_walk").had(passed=1)
