"""A token that the server hands out in a field of any name is no more stored than one of ``auth``."""

from __future__ import annotations

import base64
import json

import pytest

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.known_secrets import Secrets

WALK = "cassettes/test_acme/test_walk.yaml"
ISSUED = "Zk3v-Qw7_rT9pLx2mB8nYc4dHs6fGj1a"
ANOTHER = "a4dHs6fGj1-Qw7_rT9pLx2mB8nYcZk3v"

# A server that lets nobody in but with the token of a login.
SERVER = """
from base64 import b64encode
from acme_server import create_app as create
from fastapi.responses import JSONResponse


def create_app():
    app = create()
    token = {token!r}

    @app.middleware("http")
    async def check(request, call_next):
        if request.url.path == "/v1/login":
            return JSONResponse({{"id": 4711, "token": token}})
        if request.headers.get({header!r}) != {value}:
            return JSONResponse({{}}, 401)
        request.scope["headers"] = [(b"authorization", b"Bearer open-sesame")]
        return await call_next(request)

    return app
"""

CONNECTOR = """\
        from base64 import b64encode
        token = (await client.post("/login", {{}}))["token"]
        client._http_client.auth = None
        client._http_client.headers[{header!r}] = {value}
        page = await"""

# Header, value as both sides make it, and as it is stored.
WAYS = {
    "a scheme of any name": ("authorization", "f'Session {token}'", "Session <issued.authorization>"),
    "no scheme": ("authorization", "token", "<issued.authorization>"),
    "a parameter": (
        "authorization",
        "f'Tok token=\"{token}\"'",
        'Tok <authorization><issued.authorization>"',
    ),
    "a password": (
        "authorization",
        "'Basic ' + b64encode(f'open-sesame:{token}'.encode()).decode()",
        "Basic <token.token>:<issued.authorization>",
    ),
    "a header of a well-known name": ("x-session-token", "token", "<issued.x-session-token>"),
    "a header that ends like a token's": ("acme-ticket", "token", "<issued.acme-ticket>"),
    "a header of any name": ("x-acme", "token", "<issued.x-acme>"),
    "a cookie": ("cookie", "f'sid={token}'", "sid=<issued.cookie>"),
}


def logging_in(acme, way, token=ISSUED):
    header, value, _ = WAYS[way]
    return (
        acme.write("acme_login.py", SERVER.format(token=token, header=header, value=value))
        .edit("conftest.py", "acme_server:create_app", "acme_login:create_app")
        .edit("acme_connector.py", "        page = await", CONNECTOR.format(header=header, value=value))
    )


@pytest.mark.loopback
@pytest.mark.parametrize("way", WAYS)
def test_a_token_of_a_login_is_not_stored_whatever_way_it_is_sent(acme, way):
    header, _, shown = WAYS[way]
    run = logging_in(acme, way).run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    stored = b"".join(
        [*run.project.recorded("cassettes").values(), *run.project.recorded("snapshots").values()]
    )
    pair = base64.b64encode(f"open-sesame:{ISSUED}".encode())
    assert ISSUED.encode() not in stored
    assert pair not in stored
    assert stored.count(f"      {header}:\n      - {shown}\n".encode()) == 2
    assert f'"token": "<issued.{header}>"'.encode() in stored
    run.project.run("test_acme.py::test_walk").had(passed=1)


@pytest.mark.loopback
@pytest.mark.parametrize("way", WAYS)
def test_a_connector_that_does_not_send_the_token_of_its_login_is_found_out(acme, way):
    project = logging_in(acme, way).run("--record-mode=once", "test_acme.py::test_walk").project
    header, value, _ = WAYS[way]
    sends = f"client._http_client.headers[{header!r}] = {value}"
    another = project.edit("acme_connector.py", sends, f"token = {ANOTHER!r}; {sends}")
    for broken in (another, project.edit("acme_connector.py", sends, "pass")):
        run = broken.run("test_acme.py::test_walk")
        run.had(failed=1)
        run.said("cookie sid: recorded" if header == "cookie" else f"header {header}: recorded")


@pytest.mark.loopback
def test_a_recording_is_the_same_whatever_token_is_handed_out(acme):
    once = logging_in(acme, "no scheme").run("--record-mode=once", "test_acme.py::test_walk")
    again = logging_in(acme, "no scheme", ANOTHER).run("--record-mode=once", "test_acme.py::test_walk")
    assert once.project.recorded("cassettes") == again.project.recorded("cassettes") != {}


def issued(header, value, answer, answer_headers=()):
    """What is taken for a token when an answer comes first, and then a request with a header."""
    secrets = Secrets()
    secrets.learn(Request("POST", "https://a.example/login"), Response(200, "OK", answer_headers, answer))
    secrets.learn(Request("GET", "https://a.example/", ((header, value),)))
    return set(secrets.names)


PLUS = "Zk3v/Qw7+rT9pLx2mB8nYc4dHs6fGj1aQQ=="


@pytest.mark.parametrize("header", ["acme-session-id", "pagerduty-token", "acme-key", "x-acme"])
def test_a_header_that_authenticates_is_known_by_its_name_or_its_value(header):
    assert issued(header, ISSUED, ISSUED.encode()) == {ISSUED}


@pytest.mark.parametrize(
    "answer",
    [
        json.dumps({"a": [{"b": PLUS}]}).encode(),
        json.dumps({"a": [{"b": PLUS}]}, separators=(",", ":")).encode().replace(b"/", b"\\/"),
        f'"{PLUS}"'.encode(),
        PLUS.encode(),
        f"<login><id>{PLUS}</id></login>".encode(),
        f"<login id='{PLUS}'/>".encode(),
        b"id=1&t=Zk3v%2FQw7%2BrT9pLx2mB8nYc4dHs6fGj1aQQ%3D%3D&z=1",
    ],
)
def test_a_token_is_found_in_an_answer_of_any_form(answer):
    assert issued("authorization", f"Session {PLUS}", answer) == {PLUS}


def test_a_token_is_found_in_a_header_of_an_answer():
    headers = (("acme-session", ISSUED),)
    assert issued("acme-session", ISSUED, b"", headers) == {ISSUED}


ID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-account-id", ID),
        ("x-account-id", ISSUED),
        ("x-tenant", ID),
        ("if-match", f'"{ISSUED}"'),
        ("if-none-match", ISSUED),
        ("idempotency-key", ID),
        ("x-page-token", ISSUED),
        ("content-type", "application/vnd.acme.users+json"),
        ("user-agent", "Acme-Client/1.2-with-a-long-name"),
        ("x-acme-ticket", "short-Token-15c"),
        ("authorization", f'Digest realm="{ID}", uri="/users/{ID}"'),
    ],
)
def test_what_else_a_server_hands_out_is_no_token(header, value):
    answer = json.dumps({"a": value.strip('"'), "b": ID, "c": f"/users/{ID}"})
    found = issued(header, value, answer.encode())
    # The whole of an Authorization is a secret in any case.
    assert found <= {value.removeprefix("Digest ")}
    assert not found or header == "authorization"


def test_what_was_sent_before_it_was_answered_was_not_handed_out():
    secrets = Secrets()
    for _ in range(2):
        request = Request("GET", "https://a.example/", (("x-acme-ticket", ISSUED),))
        secrets.learn(request, Response(200, "OK", (), json.dumps({"you_sent": ISSUED}).encode()))
    assert secrets.names == {}
