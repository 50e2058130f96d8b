"""A recording proves itself: what cannot be replayed is not saved, and what stands in the way is named."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import subprocess
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import formatdate

import pytest
from scenario_testing import Connector, Project, client

from connector_contract.errors import UnprovenRecording

pytestmark = pytest.mark.loopback


def echo(asked):
    """An upstream that sends back what it was sent."""
    return {"path": asked.path, "query": asked.query, "body": asked.body}


@pytest.fixture
def project(tmp_path):
    """A project for a connector of one capability, or several, and an upstream."""

    def make(handle=echo, **capabilities):
        return Project(tmp_path, Connector(**capabilities), handle)

    return make


async def once(lumos):
    return await lumos.call("list_accounts")


async def twice(lumos):
    return [await lumos.call("list_accounts"), await lumos.call("list_accounts")]


def refused(project, test=once, name="test_x"):
    """The message of a recording that was refused; no file is left of it."""
    before = project.text(name)
    with pytest.raises(UnprovenRecording) as caught:
        project.record(test, name)
    assert project.text(name) == before
    return str(caught.value)


def pasted(message):
    """The aliases that a message proposes."""
    _, _, rest = message.partition("ConnectorUnderTest(aliases=")
    return eval(rest.rpartition(")")[0])  # noqa: S307 - it is Python, to be pasted


# What the connector makes up, where it sends it, and the aliases that the message has.
MADE_UP = {
    "body": (lambda value: {"json": {"key": value}}, {"key": "request.body.key"}),
    "deep in the body": (
        lambda value: {"json": {"users": [{"initial-code": value}]}},
        {"initial-code": 'request.body.users[]."initial-code"'},
    ),
    "form": (lambda value: {"data": {"key": value, "a": "b"}}, {"key": "request.body.key"}),
    "query": (lambda value: {"params": {"nonce": value}}, {"nonce": "request.query.nonce"}),
    "header": (
        lambda value: {"headers": {"X-Request-Id": value}},
        {"x-request-id": 'request.headers."x-request-id"'},
    ),
}


@pytest.mark.parametrize("where", MADE_UP)
def test_what_the_connector_makes_up_is_named_with_an_alias_that_works(project, where):
    sends, aliases = MADE_UP[where]

    async def create(_):
        value = str(uuid.uuid4())
        async with client() as http:
            echoed = (await http.post("/users", **sends(value))).text
            assert where == "header" or value in echoed
            return value

    made = project(list_accounts=create).with_(match_headers=["X-Request-Id"])
    message = refused(made)
    assert (
        "because it cannot be replayed: the connector makes a request that differs from before: POST"
        in message
    )
    assert "The connector makes the value up each time. Give it an alias" in message
    assert pasted(message) == aliases
    aliased = made.with_(aliases=pasted(message))
    stored = aliased.record(twice)
    assert stored.count("00000000-0000-4000-8000-000000000001") == stored.count(
        "00000000-0000-4000-8000-000000000002"
    )
    assert aliased.record(twice) == stored
    aliased.replay(twice)


@pytest.mark.parametrize("made", [lambda: uuid.uuid4().hex, lambda: str(uuid.uuid4())], ids=["hex", "UUID"])
def test_what_the_connector_makes_up_is_one_with_what_it_makes_of_it(project, made):
    """A state with a nonce in it, as base64, which the server hands back."""

    async def log_in(_):
        nonce = made()
        state = base64.b64encode(f'{{"nonce": "{nonce}"}}'.encode()).decode()
        async with client() as http:
            echoed = (await http.post(f"/{nonce}?state={state}", json={"nonce": nonce})).json()
        assert json.loads(base64.b64decode(echoed["query"]["state"])) == {"nonce": nonce}
        return echoed["path"] == f"/{nonce}"

    aliased = project(list_accounts=log_in).with_(aliases={"nonce": "request.body.nonce"})
    stored = aliased.record(twice)
    assert aliased.record(twice) == stored
    aliased.replay(twice)


def test_aliases_that_there_are_stay_in_what_is_proposed(project):
    async def create(_):
        async with client() as http:
            return (await http.post("/users", json={"key": uuid.uuid4().hex})).status_code

    made = project(list_accounts=create).with_(aliases={"key": "created.id"})
    assert pasted(refused(made)) == {"key": "created.id", "key-2": "request.body.key"}


def test_a_generated_password_is_a_secret_by_its_name_and_replays(project):
    async def create(_):
        password = uuid.uuid4().hex
        async with client() as http:
            response = await http.post("/users", json={"password": password})
            assert response.json()["body"]["password"] == password
            return password

    for made in (project(list_accounts=create), project(list_accounts=create).with_(aliases=PASSWORD)):
        stored = made.record(twice)
        assert stored.count('"password": "<password>"') == stored.count('"password": "<password-2>"') > 0
        made.replay(twice)


PASSWORD = {"password": "request.body.password"}


def test_a_value_of_a_path_has_no_alias(project):
    async def create(_):
        async with client() as http:
            return (await http.put(f"/users/{uuid.uuid4()}")).status_code

    assert "makes a part of the path up each time" in refused(project(list_accounts=create))


HEADERS = {
    "X-RateLimit-Remaining": lambda: "7",
    "Date": lambda: formatdate(usegmt=True),
    "X-Request-Id": lambda: "r-1",
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_is_left_out_and_read_is_named_with_keep_headers(project, name):
    async def read(_):
        async with client() as http:
            return (await http.get("/users")).headers[name]

    made = project(lambda _: (200, {name: HEADERS[name](), "x-runtime": "1"}, {}), list_accounts=read)
    message = refused(made)
    assert f"it can be replayed with the response header {name.lower()}, which is left out" in message
    assert message.endswith(f"Keep it: ConnectorUnderTest(keep_headers=['{name.lower()}']).")
    kept = made.with_(keep_headers=[name])
    kept.record(once)
    kept.replay(once)


def test_a_header_that_the_author_drops_and_the_connector_reads(project):
    async def read(_):
        async with client() as http:
            return (await http.get("/users")).headers["etag"]

    made = project(lambda _: (200, {"ETag": "v1"}, {}), list_accounts=read)
    assert "Take it out of ConnectorUnderTest(drop_headers=['ETag'])." in refused(
        made.with_(drop_headers=["ETag"])
    )


class Kept:
    """A connector that logs in once in a process, and the server that hands the token out."""

    def __init__(self):
        self.token = None
        self.tokens = (f"T{number}-{uuid.uuid4().hex}" for number in itertools.count(1))

    def serve(self, asked):
        if asked.path == "/login":
            return {"access_token": next(self.tokens)}
        return 200 if asked.headers["authorization"].startswith("Bearer T") else 401

    async def list_accounts(self, _):
        async with client() as http:
            if self.token is None:
                self.token = (await http.post("/login")).json()["access_token"]
            response = await http.get("/users", headers={"authorization": f"Bearer {self.token}"})
            assert response.json() == 200
            return response.json()

    def forget(self):
        self.token = None


FORGETS = (
    "Give a function that makes\n"
    "it forget that, for each scenario and each replayed call: ConnectorUnderTest(reset=...)."
)


def test_a_login_that_is_kept_in_the_process_is_named_with_reset(project):
    kept = Kept()
    made = project(kept.serve, list_accounts=kept.list_accounts)
    message = refused(made, twice)
    assert "header authorization: recorded 'Bearer <access_token>', now 'Bearer <authorization>'" in message
    assert message.endswith(FORGETS)
    assert "aliases" not in message


def test_a_token_of_an_earlier_scenario_is_named_with_reset(project):
    kept = Kept()
    made = project(kept.serve, list_accounts=kept.list_accounts)
    refused(made, once, "test_first")
    message = refused(made, once, "test_second")
    assert (
        "nothing in it hands out the token that the connector sends in the header authorization." in message
    )
    assert message.endswith(FORGETS)
    assert kept.token not in message


def test_with_reset_scenarios_replay_alone_together_and_in_any_order(project):
    kept = Kept()
    made = project(kept.serve, list_accounts=kept.list_accounts).with_(reset=kept.forget)
    names = ["test_first", "test_second", "test_third"]
    for name in names:
        assert made.record(twice, name).count("uri: https://app.example.com/login") == 1
    for order in itertools.permutations(names):
        for name in order:
            made.replay(twice, name)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (
            "0 11",
            "the connector makes a request that it did not make before: POST https://app.example.com/login",
        ),
        ("11 0000", "the connector does not make 2 requests again"),
        ("1 22", "the connector makes a request once more than before: POST https://app.example.com/login"),
    ],
)
def test_fewer_and_more_logins_are_told_with_reset(project, pattern, told):
    """A connector that logs in by what it has counted in the process."""
    logins = iter(pattern.replace(" ", ""))

    async def read(_):
        async with client() as http:
            if next(logins) == "1":
                await http.post("/login")
            return (await http.get("/users")).status_code

    test = {"0 11": once, "11 0000": twice, "1 22": once}[pattern]
    if pattern == "1 22":
        # Twice within the replay of its one call.
        async def read_again(_):
            async with client() as http:
                for _ in range(int(next(counts))):
                    await http.post("/login")
                return (await http.get("/users")).status_code

        counts = iter("122")
        read = read_again
    message = refused(project(list_accounts=read), test)
    assert told in message
    assert message.endswith(FORGETS)


def test_a_cookie_that_cannot_be_played_is_named(project):
    async def read(_):
        async with client() as http:
            await http.post("/login")
            # The cookie's own form is of use to nobody, and this one reads it.
            return int(http.cookies["session"].rpartition(".")[2])

    made = project(lambda _: (200, {"set-cookie": "session=abcdefghijkl.12"}, {}), list_accounts=read)
    message = refused(made)
    assert "it can be replayed with the value that has the placeholder <cookie.session>" in message
    assert "contract_secret_names" in message


def test_an_alias_that_cannot_be_played_is_named(project):
    async def read(_):
        async with client() as http:
            user = (await http.post("/users")).json()
            return int(user["id"].partition("/")[2])

    ids = itertools.count(1000)
    made = project(lambda _: {"id": f"users/{next(ids)}", "at": "2020-02-02"}, list_accounts=read)
    message = refused(made.with_(aliases={"time": "at", "user": "id"}))
    assert "it can be replayed with the values that have the alias user" in message
    assert "Take user out of\nConnectorUnderTest(aliases=...)" in message
    made.record(once)


def test_an_answer_that_is_random_is_told_value_by_value(project):
    numbers = itertools.count(1)

    async def read(_):
        async with client() as http:
            await http.get("/users")
        return [{"id": "u1", "shown": f"n{next(numbers)}"}]

    message = refused(project(list_accounts=read))
    assert "from the same responses, the connector makes another one" in message
    assert '[0].shown: recorded "n1", now "n3"' in message


def signs(now):
    return {"authorization": f"HMAC id:{now.timestamp()}{uuid.uuid4().hex}"}


async def answers_with_the_time(http, now):
    await http.get("/users")
    return [now.isoformat(), f"as of {now:%Y-%m-%dT%H:%M:%SZ}", now.timestamp(), formatdate(usegmt=True)]


async def asks_with_the_date(http, now):
    return (await http.get("/users", params={"day": now.date().isoformat()})).json()


async def signs_with_the_time(http, now):
    return (await http.get("/users", headers=signs(now))).status_code


async def tries_again(http, now):
    for _ in range(3):
        await asyncio.sleep(0)
        response = await http.get("/users")
    return response.status_code


async def gathers(http, now):
    found = await asyncio.gather(*(http.get(f"/users/{number}") for number in range(5)))
    return [response.json()["path"] for response in found]


async def fails(http, now):
    raise ValueError((await http.get("/users")).json())


@pytest.mark.parametrize(
    "asks",
    [answers_with_the_time, asks_with_the_date, signs_with_the_time, tries_again, gathers, fails],
    ids=lambda function: function.__name__,
)
def test_no_false_alarm(project, asks):
    async def read(_):
        async with client() as http:
            return await asks(http, datetime.now(UTC))

    made = project(list_accounts=read)
    made.record(twice)
    if asks is not answers_with_the_time:
        made.replay(twice)


def test_other_auth_settings_and_tokens_of_pages_are_asked_again(project):
    async def read(envelope):
        async with client() as http:
            secret = envelope["auth"]["token"]["token"]
            headers = {"authorization": f"Bearer {secret}", "x-again": f"key {secret}"}
            body = {"page": envelope.get("page"), "settings": envelope["settings"]}
            return (await http.post("/users", json=body, headers=headers)).json()["body"]

    async def ask(lumos):
        await lumos.call("list_accounts", auth={"token": {"token": "another-secret-2"}})
        await lumos.call("list_accounts", settings={"url": "other"}, page={"size": 3, "token": "abc/+="})
        await lumos.call("list_accounts", page={"token": "9181a573746172740a"})
        await lumos.call("list_accounts", auth={"token": {"token": "x7"}})

    made = project(list_accounts=read).with_(
        auth={"token": {"token": "a-good-secret-1"}}, settings={"url": "here"}
    )
    stored = made.record(ask)
    assert "secret-" not in stored
    made.replay(ask)


def test_credentials_of_several_kinds(project):
    async def read(envelope):
        async with client() as http:
            one, other = envelope["credentials"]
            auth = (other["basic"]["username"], other["basic"]["password"])
            headers = {"x-api-key": one["token"]["token"]}
            return (await http.get("/users", auth=auth, headers=headers)).json()

    credentials = [
        {"id": "api", "token": {"token": "a-good-secret-1"}},
        {"id": "scim", "basic": {"username": "ann", "password": "a-good-secret-2"}},
    ]
    made = project(list_accounts=read).with_(credentials=credentials)

    async def ask(lumos):
        await once(lumos)
        other = [credentials[0], {"id": "scim", "basic": {"username": "bob", "password": "bad-secret"}}]
        await lumos.call("list_accounts", credentials=other)

    assert "secret" not in made.record(ask)
    made.replay(ask)


def test_what_is_asked_outside_of_calls_is_not_missed(project):
    async def read(_):
        async with client() as http:
            return (await http.get("/users")).json()["path"]

    async def ask(lumos):
        async with client() as http:
            await http.get("/users")
            await http.get("/set-up")
        await once(lumos)

    made = project(list_accounts=read)
    made.record(ask)
    made.replay(ask)


def test_a_test_may_change_what_it_has_passed_and_what_it_was_answered(project):
    async def read(envelope):
        async with client() as http:
            return (await http.post("/users", json=envelope["request"])).json()["body"]["ids"]

    async def ask(lumos):
        request = {"ids": ["b", "a"]}
        response = await lumos.call("list_accounts", request)
        request["ids"].append("c")
        response["response"].clear()
        await lumos.call("list_accounts", request)

    made = project(list_accounts=read)
    stored = made.record(ask)
    assert '"success": 2' in stored
    assert '"success": 3' in stored
    made.replay(ask)


def test_an_endless_call_is_ended_in_the_proof(project):
    times = itertools.count(1)

    async def read(_):
        async with client() as http:
            if next(times) == 1:
                return (await http.get("/users")).status_code
            while True:
                try:
                    await http.get("/other")
                except Exception:  # noqa: BLE001 - as connectors do
                    await asyncio.sleep(1)

    message = refused(project(list_accounts=read))
    assert (
        "the connector makes a request that it did not make before: GET https://app.example.com/other"
        in message
    )


def test_the_clock_of_the_proof_is_that_of_a_day_later_and_if_that_differs_the_recordings(project):
    """Each call sees a time that does not depend on how long the recording took."""
    seen = []

    async def read(_):
        async with client() as http:
            seen.append(datetime.now(UTC).timestamp())
            await asyncio.sleep(3600 if len(seen) > 1 else 0)
            await http.get("/users")
            return seen[-1] if differs else 200

    differs = False
    made = project(list_accounts=read)
    made.record(once)
    assert len(seen) == 2
    assert 86_400 < seen[1] - seen[0] < 2 * 86_400
    seen.clear()
    differs = True
    made.record(once)
    assert len(seen) == 4
    assert abs(seen[2] - seen[0]) < 1


def test_concurrent_requests_with_made_up_values_are_recorded_alike_and_replay(project):
    """The upstream is asked in another order each time, and keys are numbered as the tasks were started."""
    orders = iter([[2, 0, 1], [1, 2, 0], [0, 1, 2]])

    async def create(_):
        order = next(orders, [0, 1, 2])
        gates = [asyncio.Event() for _ in order]
        gates[order[0]].set()

        async def post(number, http):
            await gates[number].wait()
            key = uuid.uuid4().hex
            echoed = (await http.post(f"/users/{number}", json={"key": key})).json()["body"]["key"]
            following = order.index(number) + 1
            if following < len(order):
                gates[order[following]].set()
            again = await http.post(f"/users/{number}/again", json={"key": uuid.uuid4().hex})
            return echoed == key and again.status_code

        async with client() as http:
            return await asyncio.gather(*(post(number, http) for number in range(3)))

    made = project(list_accounts=create).with_(aliases={"key": "request.body.key"})
    stored = made.record(once)
    assert [f'"key": "key-{number}"' in stored for number in range(1, 8)] == [True] * 6 + [False]
    assert made.record(once) == stored
    made.replay(once)


def test_new_values_beside_recorded_ones_have_stand_ins_of_their_own(project):
    async def create(envelope):
        body = {"key": uuid.uuid4().hex, "login": envelope["request"]["login"]}
        async with client() as http:
            return (await http.post("/users", json=body)).json()["body"]["key"] == body["key"]

    async def two(lumos):
        await lumos.call("list_accounts", {"login": "new"})
        assert (await lumos.call("list_accounts", {"login": "old"}))["response"] is True

    made = project(list_accounts=create).with_(aliases={"key": "request.body.key"})
    made.record(lambda lumos: lumos.call("list_accounts", {"login": "old"}))
    made.run("new_episodes", two)
    assert made.text().count('"key": "key-1"') == made.text().count('"key": "key-2"') > 0
    made.replay(two)


@pytest.mark.parametrize("swallows", [False, True])
@pytest.mark.parametrize("in_a_thread", [False, True])
def test_a_process_is_refused_as_in_a_replay(project, swallows, in_a_thread):
    """A recording lets it start, as the application may need to."""

    def start():
        with suppress(Exception if swallows else ()):
            subprocess.run(["true"], check=True)

    async def listed(_):
        async with client() as http:
            (await http.get("/users")).raise_for_status()
        await asyncio.to_thread(start) if in_a_thread else start()
        return []

    message = refused(project(list_accounts=listed))
    assert message.startswith(
        "The recording was not saved, because it cannot be replayed: the connector tried to start the "
        "program 'true', in a replay, which starts no process."
    )
    assert "capability: list_accounts" in message
    assert 'not_http = {"list_accounts": "read by a program"}' in message


def test_names_of_headers_in_another_case_are_told(project):
    async def read(_):
        # As requests and aiohttp give them.
        async with client() as http:
            headers = (await http.get("/users")).headers.raw
            return [{name.decode(): value.decode() for name, value in headers if name.lower() == b"x-plan"}]

    message = refused(project(lambda _: (200, {"X-Plan": "pro"}, {}), list_accounts=read))
    assert 'response[0].X-Plan: recorded "pro", now nothing' in message
    assert "lower case" in message
