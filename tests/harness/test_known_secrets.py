"""What is known as a secret is stored as a placeholder, and what is none is compared as it is."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

import pytest
from clients_testing import once
from scenario_testing import Connector, Project, client

from connector_contract.errors import UnmatchedRequest, UnprovenRecording
from connector_contract.recording.interactions import Request, Response
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
