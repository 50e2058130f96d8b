"""Words in place of credentials: a scenario that is recorded with real ones replays with each of them."""

from __future__ import annotations

import base64
import gzip
import json
import re

import pytest
from scenario_testing import ORIGIN, Connector, Project, client, once

from connector_contract import Upstream
from connector_contract.errors import ContractError
from connector_contract.secrets.dummies import Dummies, stand_in
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.ordinary import is_ordinary
from connector_contract.secrets.secret_names import WELL_KNOWN

REAL = "Zq7v" + "B2nM9xKd"
TOKEN = "csrf-" + "4f7d" * 8
WORDS = ["x", "password", "form", "csrf_token", "admin", "connect", "ok", "id", "role", "valid-token", "no"]
PAGE = (
    f'<html><meta name="csrf-token" content="{TOKEN}"><form><input name="csrf_token" value="{TOKEN}">'
    '<input name="password" type="password"></form>&lt;b&gt;</html>'
)


async def app(scope, receive, send):
    """A server with a form to log in, and one that repeats what it is sent."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    kind, answer = "application/json", {"ok": True, "role": "admin", "user": "admin", "items": ["form", "x"]}
    if scope["path"] == "/page":
        kind, answer = "text/html", PAGE
    if scope["path"] == "/echo":
        token = headers["authorization"].removeprefix("Bearer ")
        plain = f"you sent {token} to us".encode()
        claims = json.dumps({"sub": "ada", "token": token, "kind": "none at all"}).encode()
        answer = {
            "base64": base64.b64encode(plain).decode(),
            "gzip": base64.b64encode(gzip.compress(plain, mtime=0)).decode(),
            "body": base64.urlsafe_b64encode(claims).decode().rstrip("="),
            "token": f"a{token}b",
        }
    text = answer if isinstance(answer, str) else json.dumps(answer)
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind.encode())]}
    await send(start)
    await send({"type": "http.response.body", "body": text.encode()})


def project(tmp_path, list_accounts, **options) -> Project:
    upstream = Upstream(origin=ORIGIN, app=lambda: app)
    return Project(
        tmp_path, Connector(list_accounts=list_accounts), lambda _: {}, {"upstream": upstream, **options}
    )


async def log_in(envelope):
    auth = envelope["auth"]["basic"]
    async with client() as http:
        page = (await http.get("/page")).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        form = {"username": auth["username"], "password": auth["password"], "csrf_token": found[1]}
        return (await http.post("/login", data=form)).json()


async def echoed(envelope):
    token = envelope["auth"]["token"]["token"]
    async with client() as http:
        answer = (await http.get("/echo", headers={"authorization": f"Bearer {token}"})).json()
        return (await http.post("/again", json=answer)).json()


def basic(password: str) -> dict[str, object]:
    return {"auth": {"basic": {"username": "admin", "password": password}}}


def token(value: str) -> dict[str, object]:
    return {"auth": {"token": {"token": value}}}


@pytest.mark.loopback
def test_a_login_by_a_form_replays_with_any_word(tmp_path):
    made = project(tmp_path, log_in, **basic(REAL))
    text = made.record(once)
    assert "body: username=<basic.username>&password=<basic.password>&csrf_token=<csrf-token>" in text
    for word in WORDS:
        made.with_(**basic(word)).replay(once)


@pytest.mark.loopback
def test_a_token_in_encodings_replays_with_any_word(tmp_path):
    made = project(tmp_path, echoed, **token(REAL))
    assert REAL not in made.record(once)
    for word in WORDS:
        made.with_(**token(word)).replay(once)


@pytest.mark.loopback
def test_a_connector_that_sends_something_else_is_found_out_with_a_word(tmp_path):
    made = project(tmp_path, echoed, **token(REAL))
    made.record(once)

    async def other(envelope):
        return await echoed({"auth": {"token": {"token": envelope["auth"]["token"]["token"] + "-2"}}})

    with pytest.raises(ContractError):
        project(tmp_path, other, **token("x")).replay(once)


@pytest.mark.loopback
@pytest.mark.parametrize("word", ["password", "username", "key"])
def test_a_real_password_that_is_a_word(tmp_path, word):
    made = project(tmp_path, log_in, **basic(word))
    text = made.record(once)
    assert "body: username=<basic.username>&password=<basic.password>&csrf_token=<csrf-token>" in text
    for other in ("hunter", word, REAL):
        made.with_(**basic(other)).replay(once)


@pytest.mark.loopback
def test_html_that_is_passed_on_as_a_text(tmp_path):
    async def passed_on(_):
        async with client() as http:
            page = (await http.get("/page")).text
            await http.post("/render", json={"html": page})
            found = re.search(r'content="([^"]+)"', page)
            await http.post("/render", data={"html": page, "csrf": found[1]})
            return {"html": page}

    made = project(tmp_path, passed_on, **basic(REAL))
    text = made.record(once)
    assert TOKEN not in text
    assert "&lt;b&gt;" in text
    made.replay(once)


def dummies(*stored: str) -> Dummies:
    return Dummies(lambda: [each.encode() for each in stored], WELL_KNOWN)


def given(value: str, *stored: str) -> str:
    return dummies(*stored).auth({"token": {"token": value}})["token"]["token"]


def test_a_word_is_given_as_it_is_where_it_can_be_told():
    assert given("valid", "Bearer <token.token>", '{"a": "invalid"}') == "valid"
    assert given("us-6", "https://a.example/<token.token>") == "us-6"
    assert given("password", '{"m": "<token.token>"}', "https://a.example/<token.token>?a=1") == "password"
    assert given("password", '{"password": "hunter"}') == "password"


@pytest.mark.parametrize(
    "stored",
    ['{"a": "valid"}', "/valid/x", "a<token.token>", base64.b64encode(b"a <token.token> b").decode()],
)
def test_a_word_that_cannot_be_told_has_a_stand_in(stored):
    made = given("valid", stored)
    assert made == stand_in("valid") != "valid"
    assert not is_ordinary(made)


@pytest.mark.parametrize("stored", ["https://a.example/?<token.token>=1", '{"m": {"<token.token>": 1}}'])
def test_a_word_that_would_be_a_name_has_a_stand_in(stored):
    assert given("password", stored) == stand_in("password")


def test_what_is_no_word_is_given_as_it_is():
    assert given(REAL, f'{{"a": "{REAL}"}}') == REAL
    assert given("", "a") == ""


def test_users_and_places_are_given_as_they_are():
    auth = {
        "basic": {"username": "admin", "password": "admin"},
        "oauth": {"scopes": ["read"], "region": "eu"},
    }
    made = dummies("admin read eu").auth(auth)
    assert made["basic"] == {"username": "admin", "password": stand_in("admin")}
    assert made["oauth"] == auth["oauth"]


def test_credentials_and_settings():
    made = dummies("<settings.api_key> basic")
    assert made.credentials([{"id": "basic", "token": {"token": "basic"}}]) == [
        {"id": "basic", "token": {"token": stand_in("basic")}}
    ]
    settings = {"api_key": "key", "secret": "word", "url": "basic"}
    assert made.settings(settings) == {**settings, "api_key": stand_in("key")}
    assert made.credentials(None) is None
    assert made.auth(None) is None


def test_a_request_for_a_token():
    asked = {"client_id": "app", "client_secret": "ok", "scopes": ["ok"]}
    made = dummies('{"ok": true, "a": "ok"}').request("handle_client_credentials_request", asked)
    assert made == {**asked, "client_secret": stand_in("ok")}
    assert dummies("a").request("handle_client_credentials_request", asked) == asked
    assert dummies('"ok"').request("list_accounts", asked) == asked


@pytest.mark.parametrize("word", ["ab12", "YWJj", "key", "KEY", "4711", "id:key", "us-6"])
def test_a_stand_in_is_of_the_same_kind(word):
    made = stand_in(word)
    assert made.startswith(re.match(r"\w+", word)[0])
    assert re.sub(r"\w+", "", made) == re.sub(r"\w+", "", word)
    assert made.isdigit() == word.isdigit()
    assert made.isupper() == word.isupper()
    assert len(made) - len(word) == 16 * len(re.findall(r"\w+", word))


def test_messages_of_a_replay_have_the_words_of_the_harness():
    secrets = Secrets()
    secrets.add({"token": {"token": "connect"}}, None)
    assert secrets.in_messages().text("The connector") == "The <token.token>or"
    secrets.is_replay = True
    assert secrets.in_messages().text("The connector") == "The connector"
    assert "connect" in secrets.everywhere
    assert "connect" not in secrets.hidden
    secrets.add({"token": {"token": REAL}}, None)
    assert secrets.in_messages().text(f"The connector {REAL}") == "The connector <token.token-2>"


@pytest.mark.loopback
def test_a_placeholder_of_a_name_with_brackets_of_an_earlier_release_replays(tmp_path):
    async def asked(envelope):
        async with client() as http:
            return (await http.post("/users", data={"user[token]": "4f7d" * 8, "a": "b"})).json()

    made = project(tmp_path, asked, **basic(REAL))
    text = made.record(once)
    assert "<user_token>" in text
    assert "<user[token]>" not in text
    made.replay(once)
    (path,) = (tmp_path / "cassettes").rglob("*.yaml")
    path.write_text(text.replace("<user_token>", "<user[token]>"))
    made.replay(once)
