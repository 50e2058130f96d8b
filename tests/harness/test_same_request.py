"""Which requests are the same, seen from outside: recorded twice to the same bytes, replayed, found out."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import uuid
import zlib
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from email.parser import BytesParser
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import httpx
import pytest
import requests
from scenario_testing import ORIGIN, Connector, Project, application
from vcr.serializers import yamlserializer

from connector_contract import Upstream
from connector_contract.errors import ForeignRequest, UnmatchedRequest, UnprovenRecording
from connector_contract.upstream.server import serving

pytestmark = pytest.mark.loopback

Send = Callable[..., Awaitable[tuple[int, Any]]]


async def by_httpx(method, path, origin=ORIGIN, data=None, files=None, content=None, headers=None):
    async with httpx.AsyncClient() as client:
        response = await client.request(
            method, origin + path, data=data, files=files, content=content, headers=headers
        )
    return response.status_code, response.json()


async def by_requests(method, path, origin=ORIGIN, data=None, files=None, content=None, headers=None):
    with requests.Session() as session:
        response = session.request(
            method, origin + path, data=content or data, files=files, headers=headers, timeout=5
        )
    return response.status_code, response.json()


async def by_aiohttp(method, path, origin=ORIGIN, data=None, files=None, content=None, headers=None):
    body = content or data
    if files is not None:
        body = aiohttp.FormData(data or {})
        for name, (filename, text, kind) in files.items():
            body.add_field(name, text, filename=filename, content_type=kind)
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, origin + path, data=body, headers=headers) as response,
    ):
        return response.status, await response.json(content_type=None)


CLIENTS: dict[str, Send] = {"httpx": by_httpx, "requests": by_requests, "aiohttp": by_aiohttp}


@pytest.fixture(params=CLIENTS)
def project(request, tmp_path):
    """Makes a project whose connector asks with one of the clients; what serves requests is a real server."""
    with ExitStack() as stack:

        def make(ask, app, **options):
            upstream = Upstream(origin=ORIGIN, app=lambda: app)
            if request.param == "requests":
                served = serving(lambda: app, tmp_path, report=lambda _error: None)
                upstream = Upstream(origin=stack.enter_context(served).url)
            send = partial(CLIENTS[request.param], origin=upstream.origin)
            connector = Connector(list_accounts=lambda envelope: ask(send, envelope))
            return Project(tmp_path, connector, None, {"upstream": upstream, **options})

        yield make


async def anything(scope, receive, send):
    """An upstream that takes whatever it gets."""
    while scope["type"] == "lifespan":
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
    while (await receive()).get("more_body"):
        continue
    kind = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": kind})
    await send({"type": "http.response.body", "body": b"{}"})


class Broken:
    """What a test breaks in its connector: one value in place of another."""

    def __init__(self) -> None:
        self._other: tuple[Any, ...] | None = None

    def __call__(self, usual: Any) -> Any:
        return usual if self._other is None else self._other[0]

    def by(self, other: Any) -> None:
        self._other = (other,)


@pytest.fixture
def broken():
    return Broken()


async def once(lumos):
    return await lumos.call("list_accounts")


async def created(lumos):
    return await lumos.call("create_account")


def recorded_twice(project, test=once):
    """The text of a cassette that two recordings give, and a replay takes."""
    text = project.record(test)
    assert project.record(test) == text
    project.replay(test)
    return text


def request_change(project, test=once):
    """What a replay says of a changed connector."""
    with pytest.raises(UnmatchedRequest) as caught:
        project.replay(test)
    return str(caught.value)


FIRST = "first-" + "x" * 20


def rotating():
    """A server whose refresh tokens are good once; all its tokens are new in each recording."""
    state = {"refresh": FIRST, "access": ""}

    def handle(asked):
        if asked.path == "/token":
            if dict(parse_qsl(asked.body))["refresh_token"] not in (FIRST, state["refresh"]):
                return 400, {}, {"error": "invalid_grant"}
            state.update(refresh="r-" + uuid.uuid4().hex + "/+", access="a-" + uuid.uuid4().hex)
            return {"access_token": state["access"], "refresh_token": state["refresh"], "expires_in": 1}
        if asked.headers["authorization"] != f"Bearer {state['access']}":
            return 401, {}, {}
        return {"users": [{"id": "1"}]}

    return application(handle)


def test_oauth_refresh_with_rotation(project, broken):
    async def ask(send, envelope):
        refresh, found = envelope["auth"]["oauth"]["refresh_token"], []
        for _ in range(3):
            form = {"grant_type": "refresh_token", "refresh_token": refresh}
            _, tokens = await send("POST", "/token", data=form)
            refresh = tokens[broken("refresh_token")]
            bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
            _, body = await send("GET", "/users", headers=bearer)
            found.append(body["users"])
        return found

    made = project(ask, rotating(), auth={"oauth": {"refresh_token": FIRST}})
    text = recorded_twice(made)
    assert "grant_type=refresh_token&refresh_token=<refresh_token>" in text
    assert FIRST not in text
    broken.by("access_token")
    message = request_change(made)
    assert "form field refresh_token: recorded '<refresh_token>', now '<access_token>'" in message


def test_a_form_that_differs_is_shown_by_its_fields(project, broken):
    async def ask(send, _):
        return await send("POST", "/search", data={"q": broken("a b"), "page": "1"})

    made = project(ask, anything)
    recorded_twice(made)
    broken.by("a+b")
    assert "form field q: recorded 'a b', now 'a+b'" in request_change(made)


def test_a_multipart_body_is_compared_by_its_parts(project, broken):
    async def ask(send, _):
        file = (broken("users.csv"), "id,name\n1,Ada\n", "text/csv")
        return await send("POST", "/import", data={"mode": "all"}, files={"file": file})

    made = project(ask, anything)
    recorded_twice(made)
    # Stock vcrpy reads a body that fits its content type.
    (stored,) = yamlserializer.deserialize(made.text())["interactions"]
    (kind,) = stored["request"]["headers"]["content-type"]
    body = stored["request"]["body"]
    text = f"Content-Type: {kind}\r\n\r\n".encode() + (body if isinstance(body, bytes) else body.encode())
    parts = BytesParser().parsebytes(text).get_payload()
    assert [part.get_param("name", header="content-disposition") for part in parts] == ["mode", "file"]
    broken.by("people.csv")
    message = request_change(made)
    assert "part file, filename: recorded 'users.csv', now 'people.csv'" in message
    assert "boundary" not in message


def test_a_secret_in_a_part_is_found_by_its_name(project):
    password = "hunter2-" + "x" * 12

    async def ask(send, _):
        file = ("a.txt", "text", "text/plain")
        return await send("POST", "/login", data={"password": password}, files={"file": file})

    made = project(ask, anything)
    text = recorded_twice(made)
    assert password not in text
    assert "<password>" in text


NOW = itertools.count(1)
CODINGS = {
    # A gzip header has the time in seconds.
    "gzip": lambda body: gzip.compress(body, mtime=next(NOW)),
    "deflate": zlib.compress,
    "gzip, deflate": lambda body: zlib.compress(gzip.compress(body)),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_compressed_body_is_compared_by_what_it_holds(project, broken, coding):
    password = "hunter2-" + "x" * 12

    async def ask(send, _):
        body = json.dumps({"name": broken("Ada"), "password": password}).encode()
        headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
        return await send("POST", "/search", content=CODINGS[coding](body), headers=headers)

    made = project(ask, anything)
    text = recorded_twice(made)
    assert '"name": "Ada"' in text
    assert '"password": "<password>"' in text
    broken.by("Bob")
    assert 'body.name: recorded "Ada", now "Bob"' in request_change(made)


def test_another_coding_is_another_request(project, broken):
    async def ask(send, _):
        coding = broken("gzip")
        headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
        return await send("POST", "/search", content=CODINGS[coding](b'{"a": 1}'), headers=headers)

    made = project(ask, anything)
    recorded_twice(made)
    broken.by("deflate")
    message = request_change(made)
    assert "header content-encoding: recorded 'gzip', now 'deflate'" in message
    assert "body" not in message


def writing(tmp_path, *orders, capability="create_account"):
    """A project whose connector makes its requests in another order in each call, at last in the last one.

    Of a list, it does all at the same time; of a tuple, one after another.
    """
    calls = itertools.chain(orders, itertools.repeat(orders[-1]))

    async def do(step):
        if isinstance(step, str):
            await by_httpx(*step.split())
        elif isinstance(step, list):
            await asyncio.gather(*map(do, step))
        else:
            for each in step:
                await do(each)

    async def ask(_):
        await do(tuple(next(calls)))
        return {}

    project = Project(tmp_path, Connector(**{capability: ask}), lambda asked: {"path": asked.path})

    async def test(lumos):
        return await lumos.call(capability)

    return project, test


POST, DELETE, PATCH, GET = "POST /users", "DELETE /old", "PATCH /users/1", "GET /job"


@pytest.mark.parametrize(
    ("recorded", "made", "early", "first"),
    [
        ([POST, DELETE], [DELETE, POST], DELETE, POST),
        ([POST, GET, GET, DELETE], [GET, DELETE, GET, POST], DELETE, POST),
        # It tries again, and polls.
        ([POST, POST, GET, DELETE], [POST, GET, DELETE, POST], DELETE, POST),
        # Concurrent in part.
        ([POST, ["PUT /a", "PUT /b"], DELETE], [DELETE, ["PUT /b", "PUT /a"], POST], DELETE, POST),
        ([POST, ["PUT /a", "PUT /b"], DELETE], [POST, "PUT /b", DELETE, "PUT /a"], DELETE, "PUT /a"),
        ([POST, ["PUT /a", "PUT /b"], DELETE], ["PUT /a", POST, "PUT /b", DELETE], "PUT /a", POST),
        # In lanes that are concurrent.
        (
            [[("PUT /a", "POST /a"), ("PUT /b", "POST /b")]],
            [[("PUT /a", "POST /a"), ("POST /b", "PUT /b")]],
            "POST /b",
            "PUT /b",
        ),
        ([[(POST, DELETE), (GET, "GET /x")]], [[(DELETE, POST), (GET, "GET /x")]], DELETE, POST),
        (
            [["PUT /a", "PUT /b"], ["POST /a", "POST /b"]],
            [["PUT /a", "POST /b"], ["POST /a", "PUT /b"]],
            "POST /b",
            "PUT /b",
        ),
        (
            [[("PUT /a", ["POST /a", PATCH], "DELETE /a"), "PUT /b"]],
            [[("PUT /a", [PATCH], "DELETE /a", "POST /a"), "PUT /b"]],
            "DELETE /a",
            "POST /a",
        ),
        # A login in each lane.
        (
            [[("POST /login", "PUT /a"), ("POST /login", "PUT /b")]],
            [[("PUT /a", "POST /login"), ("POST /login", "PUT /b")]],
            "PUT /a",
            "POST /login",
        ),
    ],
)
def test_a_write_that_comes_too_early_is_a_request_change(tmp_path, recorded, made, early, first):
    project, test = writing(tmp_path, recorded, recorded, made)
    project.record(test)
    message = request_change(project, test)
    early, first = (each.replace(" /", f" {ORIGIN}/") for each in (early, first))
    assert message.startswith(
        f"Request change: The connector made {early} before {first}, which was recorded first."
    )
    assert "httpx" not in message


@pytest.mark.parametrize(
    ("recorded", "made", "capability"),
    [
        # What reads may go in any order, also where a search is a POST.
        ([POST, DELETE], [DELETE, POST], "list_accounts"),
        ([GET, POST, "GET /x"], ["GET /x", POST, GET], "create_account"),
        (
            [POST, ["PUT /a", "PUT /b", "PUT /c"], DELETE],
            [POST, "PUT /c", ["PUT /b", "PUT /a"], DELETE],
            "create_account",
        ),
        # Concurrent lanes, in another order, or one after another.
        ([[(POST, DELETE), ("PUT /a", PATCH)]], [[("PUT /a", PATCH), (POST, DELETE)]], "create_account"),
        ([[(POST, DELETE), ("PUT /a", PATCH)]], ["PUT /a", POST, DELETE, PATCH], "create_account"),
        # What is equal in several lanes.
        (
            [[("POST /login", "PUT /a"), ("POST /login", "PUT /b")]],
            [[("POST /login", "PUT /b"), ("POST /login", "PUT /a")]],
            "create_account",
        ),
        (
            [[("PUT /a", "POST /log"), ("PUT /b", "POST /log")]],
            [[("PUT /b", "POST /log"), ("PUT /a", "POST /log")]],
            "create_account",
        ),
    ],
)
def test_what_may_go_in_any_order(tmp_path, recorded, made, capability):
    project, test = writing(tmp_path, recorded, recorded, made, capability=capability)
    project.record(test)
    project.replay(test)


@pytest.mark.parametrize(
    ("recorded", "made", "then", "first"),
    [
        ([POST, DELETE], [[POST, DELETE]], DELETE, POST),
        ([POST, GET, DELETE], [[(POST, GET), DELETE]], DELETE, POST),
        ([[(POST, DELETE), "PUT /a"]], [[POST, DELETE, "PUT /a"]], DELETE, POST),
        (
            [["PUT /a", "PUT /b"], ["POST /a", "POST /b"]],
            [["PUT /a", "PUT /b", "POST /a", "POST /b"]],
            "POST /a",
            "PUT /a",
        ),
    ],
)
def test_a_write_that_does_not_wait_for_the_one_before_is_a_request_change(
    tmp_path, recorded, made, then, first
):
    project, test = writing(tmp_path, recorded, recorded, made)
    project.record(test)
    message = request_change(project, test)
    then, first = (each.replace(" /", f" {ORIGIN}/") for each in (then, first))
    assert message.startswith(
        f"Request change: The connector made {then} at the same time as {first}, which was answered first"
    )


@pytest.mark.parametrize(
    ("recorded", "lanes"),
    [
        ([POST, DELETE], ()),
        ([[POST, DELETE]], (1, 2)),
        ([[("PUT /a", "POST /a"), ("PUT /b", "POST /b")]], ((1, 2), (3, 4))),
        ([["PUT /a", "PUT /b"], ["POST /a", "POST /b"]], (((1, 2), (3, 4)),)),
        # The order of what is read does not count.
        ([[(GET, "PUT /a"), ("GET /x", "PUT /b")]], (1, 2, 3, 4)),
        ([POST, [("PUT /a", ["POST /a", PATCH]), (GET, "GET /x")], DELETE], ((2, (3, 4)), 5, 6)),
    ],
)
def test_a_call_has_the_lanes_of_what_it_asks_at_the_same_time(tmp_path, recorded, lanes):
    project, test = writing(tmp_path, recorded)
    text = project.record(test)
    assert project.cassette().calls[0].concurrent == lanes
    assert project.record(test) == text
    project.replay(test)


def writing_in_a_pool(tmp_path, recorded, made):
    """The same, whose connector gives each request to a pool of threads."""
    calls = itertools.chain([recorded] * 2, itertools.repeat(made))

    async def ask(_):
        loop = asyncio.get_running_loop()
        for step in next(calls):
            pieces = [partial(httpx.request, *each) for each in map(at_origin, step)]
            await asyncio.gather(*(loop.run_in_executor(None, piece) for piece in pieces))
        return {}

    def at_origin(one):
        method, path = one.split()
        return method, ORIGIN + path

    return Project(tmp_path, Connector(create_account=ask), lambda asked: {"path": asked.path})


def test_a_write_in_a_pool_that_comes_too_early_is_a_request_change(tmp_path):
    project = writing_in_a_pool(tmp_path, [[POST], [DELETE]], [[DELETE], [POST]])
    project.record(created)
    message = f"The connector made DELETE {ORIGIN}/old before POST {ORIGIN}/users, which was recorded first."
    assert message in request_change(project, created)


@pytest.mark.parametrize("made", [[[POST], [DELETE]], [[POST, DELETE]]])
def test_writes_in_a_pool_that_may_go_so(tmp_path, made):
    project = writing_in_a_pool(tmp_path, made, [each[::-1] for each in made])
    project.record(created)
    project.replay(created)


def test_writes_in_an_order_of_chance_cannot_be_recorded(tmp_path):
    project, test = writing(tmp_path, [POST, DELETE], [DELETE, POST])
    with pytest.raises(UnprovenRecording, match="Have the connector write in\nthe same order each time"):
        project.record(test)


def test_what_is_recorded_in_the_midst_of_what_was_is_in_its_place(tmp_path):
    project, test = writing(tmp_path, [POST, DELETE], [POST, DELETE], [POST, PATCH, DELETE])
    project.record(test)
    project.run("new_episodes", test)
    assert [call.interactions for call in project.cassette().calls] == [(1, 3, 2)]
    project.replay(test)


DECLARED = {
    "https://bücher.example": "https://xn--bcher-kva.example",
    "https://XN--bcher-kva.example:443": "https://xn--bcher-kva.example",
    "https://Acme.Example.com": "https://acme.example.com",
    "https://acme.example.com.": "https://acme.example.com",
    "https://[2001:db8:0:0::1]": "https://[2001:db8::1]",
}


@pytest.mark.parametrize("origin", DECLARED)
@pytest.mark.parametrize("further", [False, True])
@pytest.mark.parametrize("send", [by_httpx, by_aiohttp])
def test_an_origin_is_one_however_it_is_written(tmp_path, send, origin, further):
    stored = DECLARED[origin]
    asked = itertools.cycle([origin, stored])

    async def list_accounts(_):
        return await send("GET", "/users", origin=next(asked))

    api = "https://api.example.com"
    upstream = Upstream(
        origin=api if further else origin,
        further_origins=[origin] if further else [],
        app=lambda: application(lambda asked: {"path": asked.path}),
    )
    project = Project(tmp_path, Connector(list_accounts=list_accounts), None, {"upstream": upstream})
    project.record(once)
    assert f"uri: {stored}/users\n" in project.text().replace("'", "")
    project.replay(once)
    project.replay(once)


def test_another_origin_is_refused_by_the_declared_ones_name(tmp_path):
    async def list_accounts(_):
        return await by_httpx("GET", "/users", origin="https://other.example")

    upstream = Upstream(origin="https://bücher.example", app=lambda: application(lambda asked: {}))
    project = Project(tmp_path, Connector(list_accounts=list_accounts), None, {"upstream": upstream})
    with pytest.raises(ForeignRequest, match=r"https://bücher\.example"):
        project.record(once)


def test_what_is_never_sent_is_not_stored(project):
    password = "hunter2-" + "x" * 12

    async def ask(send, _):
        origin = send.keywords["origin"].replace("//", f"//ada:{password}@")
        return await send("GET", "/users#top", origin=origin)

    made = project(ask, anything)
    text = recorded_twice(made)
    assert "/users\n" in text
    assert "@" not in text.partition("uri:")[2].partition("\n")[0]
    assert password not in text
