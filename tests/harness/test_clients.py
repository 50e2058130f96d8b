"""HTTP clients: what each sends and gets is recorded and played, to the byte; a failure is a verdict."""

from __future__ import annotations

import asyncio
import http.client
import io
import socket
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import tornado.httpclient
import urllib3
from clients_testing import Script, both, run
from odd_server import FOLDED, ODD, OddServer, odd_server
from pace_testing import VirtualTime
from traffic_testing import recorded_by, traffic_for
from vcr.stubs import VCRConnection

from connector_contract.clients.vcr_adapter import intercepted
from connector_contract.errors import ForeignRequest, HarnessFailure, Unrecordable, UpstreamFailure
from connector_contract.recording.interactions import Cassette, Request, Response
from connector_contract.recording.traffic import Traffic
from connector_contract.storage.canonical import readable_request
from connector_contract.upstream.pace import Pace

pytestmark = pytest.mark.loopback
ORIGIN = "http://127.0.0.1:1"


@pytest.fixture
def server() -> Iterator[OddServer]:
    with odd_server() as running:
        yield running


def telling(headers: Any) -> list[tuple[bytes, bytes]]:
    """Headers as a cassette has them: in lower case and without how the body was sent."""
    pairs = [tuple(x if isinstance(x, bytes) else x.encode("latin-1") for x in pair) for pair in headers]
    framing = {b"content-length", b"transfer-encoding", b"content-encoding"}
    return sorted((name.lower(), value) for name, value in pairs if name.lower() not in framing)


def parts() -> Iterator[bytes]:
    yield b"a=1"
    yield b"&b=2"


async def async_parts() -> Any:
    for part in parts():
        yield part


def a_file() -> dict[str, Any]:
    return {"file": ("a.txt", io.BytesIO(b"\x00\xff"), "text/plain")}


@pytest.fixture
def one_boundary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each client make up the same boundary each time."""
    monkeypatch.setattr("os.urandom", lambda size: bytes(size))
    monkeypatch.setattr("uuid.uuid4", lambda: uuid.UUID(int=7))


def form() -> aiohttp.FormData:
    data = aiohttp.FormData({"a": "ü"})
    data.add_field("file", io.BytesIO(b"\x00\xff"), filename="a.txt", content_type="text/plain")
    return data


AIOHTTP: dict[str, Callable[[], dict[str, Any]]] = {
    "json": lambda: {"json": {"a": ["ü", 1, None]}},
    "json list": lambda: {"json": [1, 2]},
    "json number": lambda: {"json": 5},
    "form": lambda: {"data": {"a": "1", "b": "ü"}},
    "bytes": lambda: {"data": b"\x00\xff"},
    "text": lambda: {"data": "ü"},
    "pairs": lambda: {"data": [("a", "1"), ("a", "2")]},
    "FormData": lambda: {"data": form()},
    "file": lambda: {"data": io.BytesIO(b"abc")},
    "generator": lambda: {"data": async_parts()},
    "params": lambda: {"params": [("a", "1"), ("a", "ü/&")]},
    "auth": lambda: {"headers": {"Authorization": "Basic eDp5"}},
    "cookies": lambda: {"cookies": {"a": "chocolate"}},
    "compressed": lambda: {"data": b"abc" * 9, "compress": "deflate"},
    "expect": lambda: {"data": b"abc", "expect100": True},
    "nothing": dict,
}


def aiohttp_script(method: str, path: str, **kwargs: Any) -> Script:
    async def ask(url: str) -> Any:
        made = {name: value() if callable(value) else value for name, value in kwargs.items()}
        options = made.pop("options", {})
        async with (
            aiohttp.ClientSession(url) as session,
            session.request(method, path, **made, **options) as response,
        ):
            return (
                response.status,
                response.reason,
                telling(response.raw_headers),
                await response.read(),
                str(response.url),
                response.method,
                [str(before.url) for before in response.history],
                dict(response.cookies),
            )

    return ask


@pytest.mark.parametrize("kind", AIOHTTP)
@pytest.mark.usefixtures("one_boundary")
def test_what_aiohttp_sends(server, kind):
    (status, *_), cassette = both(aiohttp_script("POST", "/echo?x=%2F1", options=AIOHTTP[kind]), server)
    assert status == 200
    (made,) = cassette.interactions
    sent = Request("", "", (("content-type", server.seen[0][2].get("Content-Type", "")),), server.seen[0][3])
    assert dict(made.request.headers).get("content-type", "") == readable_request(sent).headers[0][1]


@pytest.mark.parametrize("path", sorted(ODD.keys() - {"/away", "/socket"}))
def test_what_aiohttp_gets(server, path):
    both(aiohttp_script("GET", path), server)


def test_aiohttp_heads(server):
    assert both(aiohttp_script("HEAD", "/echo"), server)[0][0] == 200


@pytest.mark.parametrize(("path", "after"), [("/see", "GET"), ("/moved", "POST")])
def test_each_redirect_of_aiohttp_is_asked_for_and_kept(server, path, after):
    live, cassette = both(aiohttp_script("POST", path, json={"a": 1}), server)
    assert [str(one.request) for one in cassette.interactions] == [
        f"POST {server.origin}{path}",
        f"{after} {server.origin}/echo?after={'303' if after == 'GET' else '307'}",
    ]
    assert live[0] == 200


def test_aiohttp_is_not_redirected_away(server):
    traffic = traffic_for(server.origin)
    with pytest.raises(ForeignRequest):
        run(aiohttp_script("GET", "/away"), traffic, server.origin)
    assert [type(verdict) for verdict in traffic.verdicts] == [ForeignRequest]


def test_text_that_aiohttp_decodes_by_its_charset(server):
    async def ask(url):
        async with aiohttp.ClientSession() as session, session.get(f"{url}/text") as response:
            return await response.text()

    assert both(ask, server)[0] == "für"


def test_a_refusal_that_aiohttp_raises(server):
    async def ask(url):
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            with pytest.raises(aiohttp.ClientResponseError) as caught:
                await session.get(f"{url}/500")
        return caught.value.status, caught.value.message

    assert both(ask, server)[0] == (500, "Broken")


def test_a_session_of_aiohttp_from_before_and_after_is_no_way_around(server):
    async def ask(url):
        async with aiohttp.ClientSession() as session:
            get = lambda: session.get(f"{url}/echo")  # noqa: E731
            await (await get()).read()
            traffic = traffic_for(server.origin)
            with intercepted(traffic):
                await (await get()).read()
            await (await get()).read()
            return traffic

    traffic = asyncio.run(ask(server.origin))
    assert len(recorded_by(traffic).interactions) == 1
    assert len(server.seen) == 3


@pytest.mark.parametrize("client", [requests.Session, urllib3.PoolManager])
def test_a_pool_of_connections_that_outlives_scenarios_asks_the_one_that_runs(server, client):
    pool = client()
    first, second = traffic_for(server.origin), traffic_for(server.origin)
    for traffic in (first, None, second):
        with nullcontext() if traffic is None else intercepted(traffic):
            pool.request("GET", f"{server.origin}/echo")
    assert [len(recorded_by(traffic).interactions) for traffic in (first, second)] == [1, 1]
    assert first.verdicts == second.verdicts == []
    assert len(server.seen) == 3


def test_a_stub_that_is_kept_after_its_scenario_says_so(server):
    with intercepted(traffic_for(server.origin)):
        kept = http.client.HTTPConnection("127.0.0.1", int(server.origin.rpartition(":")[2]))
    with pytest.raises(RuntimeError, match="has ended"):
        kept.request("GET", "/echo")


def test_stubs_are_made_once_and_again_if_something_else_is_in_the_place_of_a_client(server, monkeypatch):
    def stub():
        with intercepted(traffic_for(server.origin)):
            return httpx.HTTPTransport.handle_request

    own = httpx.HTTPTransport.handle_request
    made = stub()
    assert made is not own
    assert stub() is made
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda *_: None)
    assert stub() is not made
    monkeypatch.undo()
    assert httpx.HTTPTransport.handle_request is own
    assert stub() is not own


def test_a_web_socket_is_refused(server):
    async def ask(url):
        async with aiohttp.ClientSession() as session:
            await session.ws_connect(f"{url}/socket")

    traffic = traffic_for(server.origin)
    with pytest.raises(Unrecordable, match="asked to leave HTTP"):
        run(ask, traffic, server.origin)
    assert [type(verdict) for verdict in traffic.verdicts] == [Unrecordable]
    assert server.seen == []


def test_requests_of_aiohttp_that_are_made_at_once(server):
    async def ask(url):
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=2)) as session:

            async def one(number):
                async with session.get(f"{url}/echo", params={"n": number}) as response:
                    return await response.json()

            return await asyncio.gather(*(one(number) for number in range(9)))

    async def in_order(url):
        return [answer["path"] for answer in await ask(url)]

    recording = traffic_for(server.origin)
    live = run(in_order, recording, server.origin)
    replay = traffic_for(server.origin, recorded_by(recording))
    assert run(in_order, replay, server.origin) == live == [f"/echo?n={number}" for number in range(9)]


def requests_script(method: str, path: str, options: Callable[[], dict[str, Any]] = dict) -> Script:
    def ask(url: str) -> Any:
        with requests.Session() as session:
            answer = session.request(method, url + path, allow_redirects=True, **options())
            return (
                answer.status_code,
                answer.reason,
                telling(answer.headers.items()),
                answer.content,
                answer.url,
                session.cookies.get_dict(),
            )

    return ask


BODIES: dict[str, Callable[[], dict[str, Any]]] = {
    "json": lambda: {"json": {"a": ["ü", 1]}},
    "form": lambda: {"data": {"a": "1", "b": "ü"}},
    "files": lambda: {"files": a_file(), "data": {"a": "ü"}},
    "params": lambda: {"params": [("a", "1"), ("a", "ü/&")]},
    "nothing": dict,
}
REQUESTS = {
    **BODIES,
    "bytes": lambda: {"data": b"\x00\xff"},
    "text": lambda: {"data": "ü"},
    "file": lambda: {"data": io.BytesIO(b"abc")},
    "generator": lambda: {"data": parts()},
    "auth": lambda: {"auth": ("ada", "x")},
}


@pytest.mark.parametrize("kind", REQUESTS)
@pytest.mark.usefixtures("one_boundary")
def test_what_requests_sends(server, kind):
    assert both(requests_script("POST", "/echo?x=%2F1", REQUESTS[kind]), server)[0][0] == 200


@pytest.mark.parametrize("path", sorted(ODD.keys() - {"/away", "/socket"}))
def test_what_requests_gets(server, path):
    both(requests_script("GET", path), server)


def test_requests_heads(server):
    assert both(requests_script("HEAD", "/echo"), server)[0][0] == 200


def urllib3_script(method: str, path: str, options: Callable[[], dict[str, Any]] = dict) -> Script:
    def ask(url: str) -> Any:
        with urllib3.PoolManager() as pool:
            answer = pool.request(method, url + path, **options())
            return answer.status, answer.reason, telling(answer.headers.items()), answer.data

    return ask


URLLIB3: dict[str, Callable[[], dict[str, Any]]] = {
    "json": lambda: {"json": {"a": ["ü", 1]}},
    "form": lambda: {"fields": {"a": "ü"}, "encode_multipart": False},
    "fields": lambda: {"fields": {"a": "ü"}},
    "bytes": lambda: {"body": b"\x00\xff"},
    "text": lambda: {"body": "ü"},
    "file": lambda: {"body": io.BytesIO(b"abc")},
    "text file": lambda: {"body": io.StringIO("ü")},
    "generator": lambda: {"body": parts()},
    "text generator": lambda: {"body": iter(["a", "ü"])},
    "view": lambda: {"body": memoryview(b"abc")},
    "nothing": dict,
}


@pytest.mark.parametrize("kind", URLLIB3)
@pytest.mark.usefixtures("one_boundary")
def test_what_urllib3_sends(server, kind):
    assert both(urllib3_script("POST", "/echo", URLLIB3[kind]), server)[0][0] == 200


@pytest.mark.parametrize("path", sorted(ODD.keys() - {"/away", "/socket"}))
def test_what_urllib3_gets(server, path):
    both(urllib3_script("GET", path), server)


def test_what_urllib3_decoded_is_recorded_without_its_encoding(server):
    live, cassette = both(urllib3_script("GET", "/gzip"), server)
    (made,) = cassette.interactions
    assert made.response.body == live[3] == b'{"packed": true}'
    assert "content-encoding" not in dict(made.response.headers)


HTTP_CLIENT: dict[str, Callable[[http.client.HTTPConnection], None]] = {
    "text": lambda it: it.request("POST", "/echo", "ü"),
    "file": lambda it: it.request("POST", "/echo", body=io.BytesIO(b"abc")),
    "generator": lambda it: it.request("POST", "/echo", parts()),
    "chunks": lambda it: it.request(
        "POST", "/echo", parts(), {"Transfer-Encoding": "chunked"}, encode_chunked=True
    ),
    "number": lambda it: it.request("POST", "/echo", b"abc", {"X-Number": 5, "X-Bytes": b"abc"}),
}


def by_parts(connection: http.client.HTTPConnection) -> None:
    connection.putrequest("POST", "/echo")
    connection.putheader("Content-Type", "text/plain")
    connection.putheader("Content-Length", 6)
    connection.endheaders(b"ab")
    connection.send(io.BytesIO(b"cd"))
    connection.send(bytearray(b"ef"))


@pytest.mark.parametrize("ask", [*HTTP_CLIENT.values(), by_parts], ids=[*HTTP_CLIENT, "parts"])
def test_what_http_client_sends(server, ask):
    def script(url):
        connection = http.client.HTTPConnection(url.removeprefix("http://"))
        ask(connection)
        response = connection.getresponse()
        got = response.status, response.read()
        connection.close()
        return got

    assert both(script, server)[0][0] == 200


@pytest.mark.parametrize("path", sorted(ODD.keys() - {"/away", "/socket", "/reason", "/500", "/304"}))
def test_what_urllib_gets(server, path):
    def script(url):
        with urllib.request.urlopen(f"{url}{path}") as response:  # noqa: S310 - its own server
            return response.status, response.reason, response.headers.get_all("X-Name"), response.read()

    both(script, server)


def httpx_script(method: str, path: str, options: Callable[[], dict[str, Any]] = dict) -> Script:
    def ask(url: str) -> Any:
        with httpx.Client(follow_redirects=True) as client:
            return _as_httpx_has_it(client.request(method, url + path, **options()))

    return ask


def async_httpx_script(method: str, path: str, options: Callable[[], dict[str, Any]] = dict) -> Script:
    async def ask(url: str) -> Any:
        async with httpx.AsyncClient(follow_redirects=True) as client:
            return _as_httpx_has_it(await client.request(method, url + path, **options()))

    return ask


def _as_httpx_has_it(answer: httpx.Response) -> Any:
    reason = answer.extensions["reason_phrase"]
    headers = telling(answer.headers.raw)
    return answer.status_code, reason, answer.reason_phrase, headers, answer.content, str(answer.url)


HTTPX = {
    **BODIES,
    "bytes": lambda: {"content": b"\x00\xff"},
    "text": lambda: {"content": "ü"},
}


@pytest.mark.parametrize("script", [httpx_script, async_httpx_script])
@pytest.mark.parametrize("kind", HTTPX)
@pytest.mark.usefixtures("one_boundary")
def test_what_httpx_sends(server, script, kind):
    assert both(script("POST", "/echo?x=%2F1", HTTPX[kind]), server)[0][0] == 200


@pytest.mark.parametrize(
    ("script", "body"),
    [(httpx_script, parts), (httpx_script, lambda: io.BytesIO(b"abc")), (async_httpx_script, async_parts)],
)
def test_what_httpx_streams(server, script, body):
    assert both(script("POST", "/echo", lambda: {"content": body()}), server)[0][0] == 200


@pytest.mark.parametrize("script", [httpx_script, async_httpx_script])
@pytest.mark.parametrize("path", sorted(ODD.keys() - {"/away", "/socket"}))
def test_what_httpx_gets(server, script, path):
    both(script("GET", path), server)


def tornado_script(path: str, **options: Any) -> Script:
    async def ask(url: str) -> Any:
        client = tornado.httpclient.AsyncHTTPClient(force_instance=True)
        try:
            answer = await client.fetch(url + path, raise_error=False, **options)
        finally:
            client.close()
        if answer.code == 599:
            raise answer.error
        return answer.code, answer.reason, telling(answer.headers.get_all()), answer.body

    return ask


@pytest.mark.parametrize("path", sorted(ODD.keys() - {"/away", "/socket", "/see", "/moved"}))
def test_what_tornado_gets(server, path):
    both(tornado_script(path), server)


@pytest.mark.parametrize(
    "options", [{"method": "POST", "body": "ü"}, {"auth_username": "ada", "auth_password": "x"}]
)
def test_what_tornado_sends(server, options):
    _, cassette = both(tornado_script("/echo", **options), server)
    kept = dict(cassette.interactions[0].request.headers)
    assert ("authorization" in kept) == ("Authorization" in server.seen[0][2]) == ("body" not in options)


@pytest.mark.parametrize(
    ("path", "options", "says"),
    [("/see", {}, "follows a redirect"), ("/echo", {"streaming_callback": print}, "streams its body")],
)
def test_what_tornado_does_that_cannot_be_recorded_is_a_verdict(server, path, options, says):
    traffic = traffic_for(server.origin)
    with suppress(Unrecordable):
        run(tornado_script(path, **options), traffic, server.origin)
    (verdict,) = traffic.verdicts
    assert isinstance(verdict, Unrecordable)
    assert says in verdict.what


SCRIPTS = {
    "aiohttp": aiohttp_script("POST", "/echo", json={"a": 1}),
    "requests": requests_script("POST", "/echo"),
    "urllib3": urllib3_script("POST", "/echo"),
    "tornado": tornado_script("/echo", method="POST", body=b""),
    "httpx": httpx_script("POST", "/echo"),
    "async httpx": async_httpx_script("POST", "/echo"),
}
scripts = pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)


@scripts
def test_a_request_waits_for_its_turn(server, script):
    time = VirtualTime()
    traffic = traffic_for(server.origin)
    traffic.pace = Pace(time.clock, 1.0)
    for _ in range(3):
        run(script, traffic, server.origin)
    assert time.waits == [1.0, 1.0]
    assert (len(server.seen), len(recorded_by(traffic).interactions)) == (3, 3)
    assert traffic.verdicts == []


@scripts
def test_a_request_that_would_wait_too_long_is_a_verdict(server, script):
    time = VirtualTime()
    traffic = traffic_for(server.origin)
    traffic.pace = Pace(time.clock)
    traffic.pace.heed(Response(503, "", (("retry-after", "3600"),), b""))
    with pytest.raises(UpstreamFailure) as caught:
        run(script, traffic, server.origin)
    assert traffic.verdicts[0] is caught.value
    assert (server.seen, time.waits) == ([], [])


class Broken(Traffic):
    """Fails by itself in one of its methods."""

    at = ""

    def fate(self, request):
        self.fail("fate")
        return super().fate(request)

    def play(self, request):
        self.fail("play")
        return super().play(request)

    def record(self, sent, response):
        self.fail("record")
        super().record(sent, response)

    def fail(self, method):
        if method == self.at:
            raise TypeError("unhashable type: 'list'")


@scripts
@pytest.mark.parametrize("at", ["fate", "play", "record"])
def test_a_failure_of_the_harness_is_a_verdict(server, script, at):
    traffic = traffic_for(server.origin, Cassette() if at == "play" else None)
    traffic.__class__, traffic.at = Broken, at
    with pytest.raises(HarnessFailure) as caught:
        run(script, traffic, server.origin)
    assert traffic.verdicts == [caught.value]
    assert caught.value.what == (
        f"The harness failed while it intercepted POST {server.origin}/echo: "
        "TypeError: unhashable type: 'list'"
    )


@pytest.mark.parametrize("script", [SCRIPTS["requests"], SCRIPTS["urllib3"]])
@pytest.mark.parametrize("stub", ["VCRHTTPResponse.__init__", "VCRFakeSocket", "CannotOverwrite"])
def test_a_failure_of_vcrpy_is_a_verdict(server, monkeypatch, script, stub):
    def fail(*_args, **_kwargs):
        raise UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range(128)")

    if stub == "CannotOverwrite":
        monkeypatch.setattr("vcr.cassette.Cassette.write_protected", property(fail))
    else:
        monkeypatch.setattr(f"vcr.stubs.{stub}", fail)
    traffic = traffic_for(server.origin)
    with pytest.raises(HarnessFailure, match="UnicodeEncodeError: 'ascii' codec") as caught:
        run(script, traffic, server.origin)
    assert traffic.verdicts == [caught.value]
    label, line = caught.value.where[-1]
    assert label == "line"
    assert line.startswith("vcr/stubs/__init__.py:")


def test_what_the_traffic_raises_without_a_report_is_a_verdict_once(server, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise Unrecordable("No.", remedy="Do not.")

    monkeypatch.setattr(Traffic, "record", refuse)
    traffic = traffic_for(server.origin)
    with pytest.raises(Unrecordable) as caught:
        run(SCRIPTS["requests"], traffic, server.origin)
    assert traffic.verdicts == [caught.value]


ERRORS = {
    "tornado": OSError,
    "aiohttp": aiohttp.ClientConnectionError,
    "requests": requests.ConnectionError,
    "urllib3": urllib3.exceptions.HTTPError,
    "httpx": httpx.ConnectError,
    "async httpx": httpx.ConnectError,
}


@pytest.mark.parametrize("client", SCRIPTS)
def test_an_upstream_that_is_not_there_is_no_failure_of_the_harness(client):
    with odd_server() as server:
        gone = server.origin
    traffic = traffic_for(gone)
    with pytest.raises(ERRORS[client]):
        run(SCRIPTS[client], traffic, gone)
    assert traffic.verdicts == []


@pytest.mark.parametrize("client", SCRIPTS)
def test_an_upstream_that_hangs_up_is_no_failure_of_the_harness(client):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"

        def hang_up() -> None:
            while True:
                try:
                    taken, _ = listening.accept()
                except OSError:
                    return
                with taken:
                    taken.recv(9999)

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        traffic = traffic_for(origin)
        kinds = (OSError, tornado.httpclient.HTTPError, aiohttp.ClientError, urllib3.exceptions.HTTPError)
        try:
            with pytest.raises((*kinds, httpx.HTTPError)):
                run(SCRIPTS[client], traffic, origin)
        finally:
            listening.shutdown(socket.SHUT_RDWR)
        assert traffic.verdicts == []
        # Of httpx's, upstream.routing says what the upstream has failed to answer.
        assert [sent.failed for sent in traffic.recorder.sent] == ["httpx" not in client]


@pytest.mark.parametrize("client", ["requests", "urllib3"])
def test_another_thread_finds_the_stubs_while_a_connection_is_made(server, monkeypatch, client):
    """Else its own requests went to the network unseen."""
    connect, found = urllib3.util.connection.create_connection, []

    def notes(*args, **kwargs):
        found.append(urllib3.connectionpool.HTTPConnectionPool.ConnectionCls)
        return connect(*args, **kwargs)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", notes)
    made = urllib3.connection.HTTPConnection.__init__

    def notes_making(*args, **kwargs):
        found.append(urllib3.connectionpool.HTTPConnectionPool.ConnectionCls)
        made(*args, **kwargs)

    monkeypatch.setattr(urllib3.connection.HTTPConnection, "__init__", notes_making)
    run(SCRIPTS[client], traffic_for(server.origin), server.origin)
    assert len(found) == 2
    assert all(issubclass(each, VCRConnection) for each in found)


def test_another_thread_finds_the_stubs_while_pythons_own_client_connects(server, monkeypatch):
    connect, found = socket.create_connection, []

    def notes(*args, **kwargs):
        found.append(http.client.HTTPConnection)
        return connect(*args, **kwargs)

    monkeypatch.setattr("socket.create_connection", notes)
    with intercepted(traffic_for(server.origin)):
        urllib.request.urlopen(f"{server.origin}/echo").close()  # noqa: S310 - its own server
    assert len(found) == 1
    assert issubclass(found[0], VCRConnection)


def test_a_connection_with_tls_finds_its_own_class_while_a_stub_has_its_name(monkeypatch):
    made, real = [], http.client.HTTPSConnection
    create = http.client.HTTPConnection.__init__

    def notes(*args, **kwargs):
        made.append(http.client.HTTPSConnection)
        create(*args, **kwargs)

    monkeypatch.setattr(http.client.HTTPConnection, "__init__", notes)
    init = real.__init__
    with intercepted(traffic_for("https://a.example")):
        connection = http.client.HTTPSConnection("a.example", 8443, timeout=3)
        assert type(connection.real_connection) is real
        assert (connection.real_connection.port, connection.real_connection.timeout) == (8443, 3)
    assert issubclass(made[0], VCRConnection)
    assert real.__init__ is init


def test_requests_of_several_threads_are_recorded_and_replayed(server):
    def ask_at_once(url):
        all_there = threading.Barrier(4)

        def ask(number):
            all_there.wait()
            return requests.post(f"{url}/echo", json={"number": number}, timeout=60).content

        with ThreadPoolExecutor(4) as pool:
            return sorted(pool.map(ask, range(4)))

    recording = traffic_for(server.origin)
    live = run(ask_at_once, recording, server.origin)
    cassette = recorded_by(recording)
    assert len(cassette.interactions) == 4
    assert run(ask_at_once, traffic_for(server.origin, cassette), server.origin) == live


def bad_parts() -> Iterator[bytes]:
    yield b"a"
    raise LookupError("the connector's own")


async def bad_async_parts() -> Any:
    yield b"a"
    raise LookupError("the connector's own")


@pytest.mark.parametrize(
    "script",
    [
        requests_script("POST", "/echo", lambda: {"data": bad_parts()}),
        urllib3_script("POST", "/echo", lambda: {"body": bad_parts()}),
        httpx_script("POST", "/echo", lambda: {"content": bad_parts()}),
        async_httpx_script("POST", "/echo", lambda: {"content": bad_async_parts()}),
        aiohttp_script("POST", "/echo", data=bad_async_parts),
    ],
    ids=["requests", "urllib3", "httpx", "async httpx", "aiohttp"],
)
def test_a_body_that_the_connector_fails_to_make_is_no_failure_of_the_harness(server, script):
    traffic = traffic_for(server.origin)
    with pytest.raises((LookupError, aiohttp.ClientError)):
        run(script, traffic, server.origin)
    assert traffic.verdicts == []
    assert server.seen == []


@pytest.mark.parametrize("client", ["aiohttp", "async httpx"])
def test_a_request_that_the_connector_gives_up_is_no_failure_of_the_harness(client):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"

        async def give_up(url):
            task = asyncio.ensure_future(SCRIPTS[client](url))
            taken, _ = await asyncio.get_running_loop().run_in_executor(None, silent.accept)
            task.cancel()
            with taken, pytest.raises(asyncio.CancelledError):
                await task

        traffic = traffic_for(origin)
        run(give_up, traffic, origin)
        assert traffic.verdicts == []


def test_a_secret_is_not_in_the_message(server):
    traffic = traffic_for(server.origin)
    traffic.__class__, traffic.at = Broken, "fate"
    with pytest.raises(HarnessFailure) as caught:
        run(requests_script("GET", "/echo?token=hush"), traffic, server.origin)
    assert "hush" not in str(caught.value)


BY_AIOHTTP = """
    async def post(self, path, body):
        import aiohttp
        request = self._http_client.build_request("POST", path)
        sent = next(self._http_client.auth.auth_flow(request))
        headers = {"Authorization": sent.headers["Authorization"]}
        async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
            async with session.post(str(request.url), json=body) as response:
                return await response.json()

    async def old_post(self, path, body):"""


def test_a_connector_on_aiohttp_is_recorded_from_the_application_and_replayed(acme, recorded):
    project = acme.edit("acme_connector.py", "\n    async def post(self, path, body):", BY_AIOHTTP)
    run = project.run("--record-mode=once", "-k", "create")
    run.had(passed=1)
    run.project.run("-k", "create").had(passed=1)
    # It asks the same as by httpx.
    kept = recorded.recorded("cassettes")
    assert all(kept[name] == data for name, data in run.project.recorded("cassettes").items())


def test_a_failure_of_the_harness_that_the_connector_swallows_fails_the_scenario(acme, monkeypatch):
    monkeypatch.setattr(Traffic, "record", Broken.record)
    monkeypatch.setattr(Traffic, "fail", Broken.fail, raising=False)
    monkeypatch.setattr(Traffic, "at", "record", raising=False)
    run = acme.run("--record-mode=once", "-k", "create")
    run.had(failed=1)
    run.said(
        "The harness failed while it intercepted POST https://acme.example.com/v1/users: TypeError:",
        "Please report it, with this message.",
    )
    assert run.project == acme


# Tornado does not read such a header, and aiohttp's own parser leaves more of its spaces than httpcore's.
@pytest.mark.parametrize("script", [httpx_script, requests_script, urllib3_script])
def test_a_header_of_several_lines(server, script):
    server.answers = {"/folded": FOLDED}
    both(script("GET", "/folded"), server)
