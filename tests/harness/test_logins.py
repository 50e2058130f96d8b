"""Logins in URLs, users' names and settings in scenarios: recorded without them, replayed with others."""

from __future__ import annotations

import base64
import json

import httpx
import pytest
from scenario_testing import ORIGIN, Asked, Connector, Project, client, once

from connector_contract.errors import ContractError

PASSWORD = "pw-" + "7Qz9" * 3
ROLES = {"roles": [{"name": "admin", "owner": "ada@a.example"}]}


def basic(user: str, password: str) -> dict[str, object]:
    return {"auth": {"basic": {"username": user, "password": password}}}


def project(tmp_path, list_accounts, handle=lambda _: ROLES, **options) -> Project:
    return Project(tmp_path, Connector(list_accounts=list_accounts), handle, options)


def url_of(login: str) -> str:
    return ORIGIN.replace("://", f"://{login}@")


async def by_url(envelope):
    auth = envelope["auth"]["basic"]
    async with httpx.AsyncClient() as plain:
        response = await plain.get(url_of(f"{auth['username']}:{auth['password']}") + "/roles")
        return response.json()


def test_a_login_in_the_url_that_is_called(tmp_path):
    made = project(tmp_path, by_url, **basic("admin", PASSWORD))
    text = made.record(once)
    assert PASSWORD not in text
    assert "Basic <basic.username>:<basic.password>" in text
    assert '"admin"' in text
    made.with_(**basic("ci", "other-" + "9Kx2" * 3)).replay(once)


def test_another_kind_of_login_does_not_replay(tmp_path):
    made = project(tmp_path, by_url, **basic("admin", PASSWORD))
    made.record(once)

    async def without(envelope):
        async with client() as plain:
            return (await plain.get("/roles")).json()

    other = Project(tmp_path, Connector(list_accounts=without), made.handle, made.options)
    with pytest.raises(ContractError):
        other.replay(once)


def test_a_login_of_nobody_s_credentials(tmp_path):
    async def fixed(_):
        async with httpx.AsyncClient() as plain:
            return (await plain.get(url_of(f"svc:{PASSWORD}") + "/roles")).json()

    made = project(tmp_path, fixed)
    text = made.record(once)
    assert PASSWORD not in text
    assert base64.b64encode(f"svc:{PASSWORD}".encode()).decode() not in text
    made.replay(once)


def test_a_redirect_with_a_login_is_followed(tmp_path):
    def handle(asked: Asked):
        if asked.path == "/start":
            return 302, {"location": url_of(f"svc:{PASSWORD}") + "/roles"}, {}
        expected = "Basic " + base64.b64encode(f"svc:{PASSWORD}".encode()).decode()
        assert asked.headers.get("authorization") == expected
        return {"dsn": f"postgres://svc:{PASSWORD}@db/x", "note": PASSWORD, "svc": "svc"}

    async def follow(_):
        async with client() as first:
            location = (await first.get("/start")).headers["location"]
        async with httpx.AsyncClient() as plain:
            return (await plain.get(location)).json()

    made = project(tmp_path, follow, handle)
    text = made.record(once)
    assert PASSWORD not in text
    assert "https://<url.user>:<url.password>@app.example.com/roles" in text
    assert '"postgres://<url.user>:<url.password>@db/x"' in text
    assert '"svc": "svc"' in text
    made.replay(once)


def test_the_user_is_data_in_data_and_a_placeholder_where_he_logs_in(tmp_path):
    def handle(asked: Asked):
        if asked.path == "/login":
            return {"session": "none"}
        return {**ROLES, "mail": "ada@a.example", "username": "ada@a.example"}

    async def login(envelope):
        auth = envelope["auth"]["basic"]
        form = {"username": auth["username"], "password": auth["password"], "role": "admin"}
        async with client() as plain:
            await plain.post("/login", data=form)
            await plain.post("/login", json={"email": auth["username"], "password": auth["password"]})
            return (await plain.get("/roles", params={"role": "admin"})).json()

    made = project(tmp_path, login, handle, **basic("ada@a.example", PASSWORD))
    text = made.record(once)
    assert "username=<basic.username>&password=<basic.password>&role=admin" in text
    assert '"email": "<basic.username>"' in text
    assert text.count("ada@a.example") == 3
    assert made.outcome.user_names == ["ada@a.example (basic.username)"]
    made.with_(**basic("ci@b.example", "other-" + "9Kx2" * 3)).replay(once)


def test_a_user_that_is_no_data_is_not_noted(tmp_path):
    made = project(tmp_path, by_url, lambda _: {"administrators": []}, **basic("admin", PASSWORD))
    made.record(once)
    assert made.outcome.user_names == []


def test_settings_that_are_secret_have_placeholders_and_others_have_not(tmp_path):
    key = "k7" + "Qz9x" * 5

    async def ask(envelope):
        settings = envelope["settings"]
        headers = {"x-app": settings["sso"]["signing_key"]}
        async with client(headers=headers) as plain:
            return (await plain.get(f"/{settings['region']}")).json()

    handle = lambda asked: {"echo": asked.headers["x-app"], "region": asked.path}  # noqa: E731
    made = project(tmp_path, ask, handle, settings={"region": "eu-1", "sso": {"signing_key": key}})
    text = made.record(once)
    assert key not in text
    assert '"echo": "<settings.sso.signing_key>"' in text
    assert '"/eu-1"' in text
    made.with_(settings={"region": "eu-1", "sso": {"signing_key": key[::-1]}}).replay(once)


def test_a_secret_that_is_not_ascii_is_echoed_in_a_header(tmp_path):
    password = "pä§-" + "7Qz9" * 3

    def handle(asked: Asked):
        pair = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        return 200, {"x-echo": pair.partition(":")[2]}, {}

    async def ask(envelope):
        auth = envelope["auth"]["basic"]
        async with client(auth=(auth["username"], auth["password"])) as plain:
            response = await plain.get("/")
            return {"same": response.headers["x-echo"] == auth["password"]}

    made = project(tmp_path, ask, handle, **basic("admin", password)).with_(keep_headers=["x-echo"])
    text = made.record(once)
    assert "7Qz9" not in text
    made.replay(once)
    made.with_(**basic("ci", "ö-" + "9Kx2" * 3)).replay(once)


def test_a_secret_in_the_name_of_a_test_is_refused_before_anything_is_asked(tmp_path):
    asked = []
    token = "tk9" + "Qz7Xw2" * 5

    def handle(request: Asked):
        asked.append(request)
        return {}

    async def ask(_):
        async with client() as plain:
            return (await plain.get("/")).json()

    made = project(tmp_path, ask, handle, auth={"token": {"token": token}})
    with pytest.raises(ContractError) as refused:
        made.record(once, f"test_x[{token}]")
    assert "test_x[<token.token>]" in str(refused.value)
    assert "ids=[...]" in str(refused.value)
    assert token not in str(refused.value)
    assert asked == []
    assert not [*tmp_path.rglob("*.yaml")]
    made.record(once, "test_x[an-id]")


def test_a_call_with_another_login_is_stored_with_placeholders(tmp_path):
    made = project(tmp_path, by_url, **basic("admin", PASSWORD))
    other = {"basic": {"username": "zoe", "password": "qw-" + "8Rt5" * 3}}

    async def both(lumos):
        await lumos.call("list_accounts")
        await lumos.call("list_accounts", auth=other)

    text = made.record(both)
    asked = json.dumps(made.cassette().calls[1].asked)
    assert "zoe" not in text
    assert "<basic.username-2>" in asked
    made.replay(both)


def test_the_login_of_a_proxy_is_known(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://svc:{PASSWORD}@proxy.example")
    monkeypatch.setenv("NO_PROXY", "*")

    async def ask(_):
        async with client(trust_env=False) as plain:
            return (await plain.get("/")).json()

    text = project(tmp_path, ask, lambda _: {"proxy": PASSWORD}).record(once)
    assert '"proxy": "<proxy.https.password>"' in text
