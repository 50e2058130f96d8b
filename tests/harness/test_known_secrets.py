"""What is known as a secret is stored as a placeholder, and what is none is compared as it is."""

from __future__ import annotations

import base64
import gzip
import html
import itertools
import json
import re
from dataclasses import replace

import pytest
from clients_testing import once
from scenario_testing import ORIGIN, Connector, Project, client

from connector_contract import Upstream
from connector_contract.errors import UnmatchedRequest, UnprovenRecording
from connector_contract.recording.interactions import Request, Response
from connector_contract.recording.normalizer import Normalizer
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.secret_names import secret_names


@pytest.fixture
def project(tmp_path):
    def make(handle, read, *names, **options):
        made = Project(tmp_path, Connector(list_accounts=read), handle, options)
        return replace(made, secret_names=secret_names(names))

    return make


def sends(**headers):
    """A capability that sends these headers, and gives what the upstream responds."""

    async def read(_):
        async with client(headers=headers) as http:
            return (await http.get("/users")).json()

    return read


def users(_):
    return {"users": []}


def test_another_cookie_of_the_connector_is_a_request_change(project):
    assert "region=eu; lang=en" in project(users, sends(cookie="region=eu; lang=en")).record(once)
    project(users, sends(cookie="lang=en;region=eu")).replay(once)
    with pytest.raises(UnmatchedRequest) as raised:
        project(users, sends(cookie="region=us; lang=en")).replay(once)
    assert "\n  cookie region: recorded 'eu', now 'us'\n" in str(raised.value)


def logs_in(path="/en/1", **headers):
    async def read(_):
        async with client(headers=headers) as http:
            await http.get("/login")
            return (await http.get(path)).json()

    return read


def sets(cookie):
    def handle(asked):
        headers = {"set-cookie": cookie} if asked.path == "/login" else {}
        return 200, headers, {"lang": "en", "n": 1, "state": "active", "key": 1}

    return handle


@pytest.mark.parametrize("cookie", ["seen=1; Path=/", "n=0; Path=/", "lang=en; Path=/", "st=active; Path=/"])
def test_a_word_in_a_cookie_stays_a_word_elsewhere(project, cookie):
    made = project(sets(cookie), logs_in())
    stored = made.record(once)
    assert made.record(once) == stored
    assert len(re.findall(r"<[\w.]+>", stored)) == 2
    made.replay(once)
    name = cookie.partition("=")[0]
    # What the upstream sets is another each time, and so is what is set to it.
    project(sets(f"{name}=7"), logs_in()).replay(once)
    with pytest.raises(UnmatchedRequest):
        project(users, sends()).replay(once)


def test_what_the_connector_and_the_upstream_set_alike_is_recorded(project):
    made = project(sets("lang=en; Path=/"), logs_in(cookie="lang=en"))
    assert made.record(once) == made.record(once)
    made.replay(once)

    async def later(_):
        async with client() as http:
            await http.get("/login")
            http.cookies.clear()
            return (await http.get("/users", headers={"cookie": "lang=en"})).json()

    made = project(sets("lang=en; Path=/"), later)
    assert made.record(once).count("lang=<cookie.lang>") == 2
    made.replay(once)


def reads(field):
    async def read(_):
        async with client() as http:
            return [(await http.get("/users")).json()[field]]

    return read


def keys(_):
    return {"api_key": "active", "state": "active"}


def test_a_field_of_a_secret_name_does_not_pass_for_another_of_the_same_value(project):
    assert "state: active" not in (stored := project(keys, reads("state")).record(once))
    assert '"state": "active"' in stored
    with pytest.raises(UnprovenRecording) as raised:
        project(keys, reads("api_key")).record(once)
    message = str(raised.value)
    line = re.search(r"^ +(-[^ ].*)$", message, re.MULTILINE)
    assert line is not None, message
    # As it says.
    made = project(keys, reads("api_key"), line[1])
    made.record(once)
    made.replay(once)


@pytest.mark.parametrize("value", ["abcdefghijkl.12", "4f7d0c1e22aa9b83d0", "en"])
def test_a_cookie_that_the_connector_reads_is_recorded_as_the_message_says(project, value):
    async def read(_):
        async with client() as http:
            await http.get("/login")
            return (await http.get("/users", params={"q": http.cookies["visit"][-2:]})).json()

    with pytest.raises(UnprovenRecording) as raised:
        project(sets(f"visit={value}; Path=/"), read).record(once)
    line = re.search(r"^ +(-[^ ].*)$", str(raised.value), re.MULTILINE)
    assert line is not None, raised.value
    assert line[1].startswith("-cookie.visit: ")
    made = project(sets(f"visit={value}; Path=/"), read, line[1])
    assert f"visit={value}" in made.record(once)
    made.replay(once)


def test_another_value_in_place_of_a_cookies_is_shown(project):
    """The header is kept because it has a secret; where it has none, the message has what it has."""

    def checks(value):
        async def read(_):
            async with client() as http:
                await http.get("/login")
                shown = http.cookies["check"] if value is None else value
                return (await http.get("/users", headers={"x-sent-back": shown})).json()

        return read

    upstream = sets("check=4f7d0c1e22aa9b83d0; Path=/")
    project(upstream, checks(None)).record(once)
    for value, shown in (("none", "'none'"), ("8c1e22aa9b83d04f7d", "'<x-sent-back>'")):
        with pytest.raises(UnmatchedRequest) as raised:
            project(upstream, checks(value)).replay(once)
        line = f"header x-sent-back: recorded '<cookie.check>', now {shown}"
        assert line in raised.value.details


def test_a_cookie_that_the_connector_makes_up_is_recorded_as_the_message_says(project):
    numbers = itertools.count(1)

    async def read(_):
        async with client() as http:
            headers = {"cookie": f"visit={next(numbers)}; lang=en"}
            return (await http.get("/users", headers=headers)).json()

    with pytest.raises(UnprovenRecording) as raised:
        project(users, read).record(once)
    line = re.search(r"^ +(cookie\..*)$", str(raised.value), re.MULTILINE)
    assert line is not None, raised.value
    made = project(users, read, line[1])
    assert "visit=<cookie.visit>; lang=en" in made.record(once)
    made.replay(once)


HANDED_OUT = "s3same-0pen-s3same"
LOGINS = {
    "XML": (f"<r><session_key>{HANDED_OUT}</session_key></r>", r"<session_key>([^<]+)</session_key>"),
    "CDATA": (f"<r><session_key><![CDATA[{HANDED_OUT}]]></session_key></r>", r"CDATA\[(.+?)\]\]"),
    "HTML": (f'<form><input name="csrf_token" value="{HANDED_OUT}"></form>', r'value="([^"]+)"'),
    "form": (f"session_key={HANDED_OUT}&n=1", r"session_key=([^&]+)"),
    "lines": (f'{{"n": 1}}\n{{"session_key": "{HANDED_OUT}"}}\n', r'session_key": "([^"]+)"'),
    "events": (f'data: {{"session_key": "{HANDED_OUT}"}}\n\n', r'session_key": "([^"]+)"'),
    "CSV": (f"n,session_key\n1,{HANDED_OUT}\n", r"1,(.+)\n"),
    "settings": (f"n: 1\nsession_key: {HANDED_OUT}\n", r"session_key: (.+)\n"),
}


@pytest.mark.parametrize("login", LOGINS)
def test_a_token_of_any_format_is_a_placeholder_and_comes_back(project, login):
    answer, pattern = LOGINS[login]

    async def app(scope, receive, send):
        if scope["type"] == "http":
            body = answer if scope["path"] == "/login" else json.dumps({"users": []})
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body.encode()})

    async def read(_):
        async with client() as http:
            token = html.unescape(re.search(pattern, (await http.get("/login")).text)[1])
            return (await http.get("/users", params={"s": token})).json()

    made = project(users, read, upstream=Upstream(origin=ORIGIN, app=lambda: app))
    stored = made.record(once)
    assert HANDED_OUT not in stored
    assert made.record(once) == stored
    made.replay(once)


LOOKS_SECRET = "gh" + "p_" + "a1B2" * 9


def test_a_secret_by_its_form_is_a_placeholder_in_what_lumos_is_answered(project):
    async def read(envelope):
        return [{"id": "1", "note": f"made with {LOOKS_SECRET}"}]

    made = project(users, read)

    async def asks(lumos):
        return await lumos.call("list_accounts", {"label": "gl" + "pat-" + "a1B2" * 5})

    stored = made.record(asks)
    assert "glpat" not in stored
    assert '"label": "<gitlab-token>"' in stored
    made.replay(asks)
    secrets = Secrets()
    response = {"response": [{"note": f"made with {LOOKS_SECRET}", "webhook_secret": "s3same-0pen"}]}
    secrets.add_handed_out("list_accounts", response)
    assert secrets.redactor().json(response) == {
        "response": [{"note": "made with <github-token>", "webhook_secret": "<webhook_secret>"}]
    }


def test_a_jwt_that_is_made_again_with_each_request_replays(project):
    """One in a header has no number, and one in a body is what a recording has there."""
    counts = itertools.count()

    def signed():
        parts = ({"alg": "HS256"}, {"n": next(counts)}, {"a signature of it": "a1B2" * 9})
        return ".".join(
            base64.urlsafe_b64encode(json.dumps(part).encode()).decode().strip("=") for part in parts
        )

    async def read(_):
        async with client() as http:
            for _ in range(12):
                await http.post(
                    "/x", headers={"authorization": f"Bearer {signed()}"}, json={"proof": signed()}
                )
            return (await http.get("/users")).json()

    made = project(users, read)
    stored = made.record(once)
    assert "eyJ" not in stored
    made.replay(once)


def test_a_page_of_keys_is_learned_one_by_one():
    """A new redactor for each would take four times as long for twice as many."""
    secrets = Secrets()
    before = secrets.redactor()
    keys = [f"k3y-{number:04}-of-a-record" for number in range(100)]
    body = json.dumps([{"api_key": key} for key in keys]).encode()
    response = Response(200, "OK", (), body)
    secrets.learn(Request("GET", "https://a.example/keys"), response)
    secrets.settle()
    assert secrets.redactor() is before
    stored = before.response(response)
    assert [item["api_key"] for item in json.loads(stored.body)] == [
        "<api_key>",
        *(f"<api_key-{number}>" for number in range(2, 101)),
    ]
    assert before.restored(stored) == response


def test_a_number_that_is_free_again_is_taken_again():
    secrets = Secrets()
    for key in ("k3y-of-the-one", "k3y-of-the-other", "k3y-of-another"):
        secrets.name("api_key", key)
    secrets.rename({"k3y-of-the-other": "<recorded>"})
    secrets.name("api_key", "k3y-of-the-last")
    assert secrets.names["k3y-of-the-last"] == "api_key-2"


def test_what_calls_carry_is_replaced_everywhere_from_then_on():
    secrets = Secrets()
    secrets.learn(Request("GET", "https://a.example/?password=winter"))
    assert secrets.redactor().text("winter") == "winter"
    secrets.name("basic.password", "winter")
    assert secrets.redactor().text("winter") == "<password>"


def test_the_placeholders_of_secrets_in_other_forms_are_known():
    secrets = Secrets()
    secrets.name("token", "k3y-of-the-one")
    assert secrets.shown == {"token", "token.base64", "token.hex", "token.utf-8"}


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        (b'{"password": "k3y-of-the-one"}', b'{"password": "<password>"}'),
        (b'{"note": "%b"}' % (b"gh" + b"p_" + b"a1B2" * 9), b'{"note": "<github-token>"}'),
        (
            b'{"db": "https://svc:s3cr3t-pw@a.example"}',
            b'{"db": "https://<url.user>:<url.password>@a.example"}',
        ),
    ],
)
def test_what_a_compressed_request_has_is_known_by_itself(body, stored):
    headers = (("content-encoding", "gzip"), ("content-type", "application/json"))
    request = Request("POST", "https://a.example/", headers, gzip.compress(body))
    secrets = Secrets()
    secrets.learn(request)
    assert Normalizer(secrets).request(request).body == stored
