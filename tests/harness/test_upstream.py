"""What a served application does wrong is an error of the recording; what it answers on purpose is not."""

from __future__ import annotations

import asyncio
import functools
import logging
import subprocess
import sys
import threading
from contextlib import asynccontextmanager
from pathlib import Path

import fastapi
import httpcore
import httpx
import pytest
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.background import BackgroundTask
from starlette.middleware.base import BaseHTTPMiddleware

from connector_contract.config import Upstream
from connector_contract.errors import UpstreamFailure, UsageError
from connector_contract.upstream.deadline import Deadline
from connector_contract.upstream.routing import Route, routed
from connector_contract.upstream.server import serve, serving

HERE = Path(__file__).parent


def failures(app, *paths):
    """What is reported of an application that is asked for ``paths``, and what it answered."""
    told, answers = [], []
    with serving(app, HERE, report=told.append) as served, httpx.Client(base_url=served.url) as client:
        for path in paths or ["/"]:
            try:
                answers.append(client.get(path))
            except httpx.TransportError as error:
                answers.append(error)
    return told, answers


def failure(app, *paths):
    told, _ = failures(app, *paths)
    assert len(told) == 1, list(map(str, told))
    assert isinstance(told[0], UpstreamFailure)
    return str(told[0])


def not_served(app, **kwargs):
    with pytest.raises(UpstreamFailure) as caught, serving(app, HERE, report=list, **kwargs):
        raise AssertionError("it is served")
    return str(caught.value)


@pytest.mark.loopback
@pytest.mark.parametrize("app", ["app", "make"], ids=["application", "factory"])
def test_each_served_folder_has_modules_of_its_own(tmp_path, app):
    def served(folder):
        module = tmp_path / folder / "served_here.py"
        module.parent.mkdir()
        module.write_text(
            "import fastapi\napp = fastapi.FastAPI()\n"
            f"app.get('/')(lambda: {folder!r})\ndef make():\n    return app\n"
        )
        with serve(f"served_here:{app}", tmp_path / folder) as url:
            return httpx.get(url).json()

    before = list(sys.path)
    assert [served("first"), served("second")] == ["first", "second"]
    assert sys.path == before


def web(*handlers, **options):
    """A FastAPI application of endpoints, each at its name."""
    app = fastapi.FastAPI(**options)
    for handler in handlers:
        app.get(f"/{handler.__name__}")(handler)
    return app


async def bug():
    users = {}
    return users["id"]


def sync_bug():
    return int("many")


async def exits():
    raise SystemExit("no configuration")


async def fine():
    return {"fine": True}


async def start(send, length=None):
    headers = [] if length is None else [(b"content-length", b"%d" % length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


def only_http(app):
    """A plain ASGI application, as most are written: it knows nothing of lifespans."""

    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        await app(scope, receive, send)

    return asgi


@only_http
async def raises(scope, receive, send):
    raise RuntimeError("at once")


@only_http
async def says_nothing(scope, receive, send):
    pass


@only_http
async def breaks_off(scope, receive, send):
    await start(send, 1000)
    await send({"type": "http.response.body", "body": b"half", "more_body": True})


@only_http
async def too_short(scope, receive, send):
    await start(send, 1000)
    await send({"type": "http.response.body", "body": b"half"})


@only_http
async def cancels_itself(scope, receive, send):
    asyncio.current_task().cancel()
    await asyncio.sleep(0)


@only_http
async def answers(scope, receive, send):
    await start(send)
    await send({"type": "http.response.body", "body": b"as a whole"})


pytestmark = pytest.mark.loopback


@pytest.mark.parametrize(
    ("app", "path", "said"),
    [
        (raises, "/", "raised RuntimeError: at once"),
        (says_nothing, "/", "sent no response to a request"),
        (breaks_off, "/", "did not finish its response to a request"),
        (too_short, "/", "raised LocalProtocolError: Too little data for declared Content-Length"),
        (cancels_itself, "/", "raised CancelledError"),
        (lambda: web(bug), "/bug", "raised KeyError: 'id'"),
        (lambda: web(bug, debug=True), "/bug", "raised KeyError: 'id'"),
        (lambda: web(sync_bug), "/sync_bug", "raised ValueError: invalid literal"),
        (lambda: web(exits), "/exits", "raised SystemExit: no configuration"),
    ],
)
def test_what_an_application_raises_is_a_failure(app, path, said):
    told = failure(app, path)
    assert told.startswith(f"The upstream application {said}")
    assert f"request: GET {path}\n" in told


def test_the_traceback_is_the_authors_own():
    told = failure(web(bug), "/bug?page=2")
    line = bug.__code__.co_firstlineno + 2
    assert told == (
        "The upstream application raised KeyError: 'id'\n"
        "  app:     FastAPI\n"
        "  request: GET /bug?page=2\n"
        f"  test_upstream.py:{line}, in bug\n"
        '    return users["id"]\n'
        "  KeyError: 'id'\n"
        "An exception is not a response, and cannot be recorded. Fix the application; or the\n"
        "connector, if it should not ask for that. If the application should fail, have it send a response:\n"
        "by an HTTPException, or by a handler of the exception's class."
    )


def test_causes_and_groups_are_shown_as_well():
    async def caused():
        try:
            sync_bug()
        except ValueError as error:
            raise LookupError("no page") from error

    async def handling():
        try:
            sync_bug()
        except ValueError:
            await bug()

    async def grouped():
        error = RuntimeError("several")
        # An ExceptionGroup, which Python 3.10 does not have.
        error.exceptions = (KeyError("a"), KeyError("b"))
        raise error

    told = failure(web(caused), "/caused")
    assert told.index("LookupError: no page") < told.index("because of:") < told.index("in sync_bug")
    told = failure(web(handling), "/handling")
    assert told.index("in bug") < told.index("while this was handled:") < told.index("in sync_bug")
    told = failure(web(grouped), "/grouped")
    assert told.index("RuntimeError: several") < told.index("KeyError: 'a'") < told.index("KeyError: 'b'")


def test_what_a_message_shows_has_no_secrets():
    told = []

    def redact(text):
        return text.replace("open-sesame", "<token>")

    async def leaks(token: str):
        raise RuntimeError(f"bad token {token}")

    with serving(web(leaks), HERE, report=told.append, redact=redact) as served:
        httpx.get(f"{served.url}/leaks?token=open-sesame")
    assert "open-sesame" not in str(told[0])
    assert "RuntimeError: bad token <token>" in str(told[0])


def test_an_application_goes_on_after_a_failure():
    told, answers = failures(web(bug, exits, fine), "/bug", "/exits", "/fine", "/bug")
    assert len(told) == 3
    assert answers[2].json() == {"fine": True}


class Deliberate(Exception):
    pass


async def deliberate():
    raise Deliberate("out of order")


async def out_of_order(request, error):
    return JSONResponse({"error": "out of order"}, 500)


async def broken_handler(request, error):
    raise RuntimeError("in the handler")


async def http_exception():
    raise fastapi.HTTPException(503, "out of order")


def catches(reraises):
    """A middleware of the author's own, which answers for what the application raises."""

    def application():
        inner = only_http(raises)

        @only_http
        async def middleware(scope, receive, send):
            try:
                await inner(scope, receive, send)
            except RuntimeError:
                await answers(scope, receive, send)
                if reraises:
                    raise

        return middleware

    return application


def behind_a_middleware_of_another_task(app):
    async def passes_on(request, call_next):
        return await call_next(request)

    return BaseHTTPMiddleware(app, passes_on)


@pytest.mark.parametrize("handled", [Deliberate, Exception, 500])
@pytest.mark.parametrize("wrap", [lambda app: app, behind_a_middleware_of_another_task])
def test_what_a_handler_of_the_authors_answers_is_no_failure(handled, wrap):
    app = wrap(web(deliberate, exception_handlers={handled: out_of_order}))
    told, (answer, again) = failures(app, "/deliberate", "/deliberate")
    assert told == []
    assert answer.json() == again.json() == {"error": "out of order"}


@pytest.mark.parametrize(
    ("app", "path", "status"),
    [
        (web(http_exception), "/http_exception", 503),
        (web(fine), "/nowhere", 404),
        (catches(reraises=False), "/", 200),
        (catches(reraises=True), "/", 200),
    ],
)
def test_what_is_answered_on_purpose_is_no_failure(app, path, status):
    told, (answer,) = failures(app, path)
    assert (told, answer.status_code) == ([], status)


async def in_the_middle():
    def parts():
        yield b"half"
        raise RuntimeError("in the middle")

    return StreamingResponse(parts())


async def afterwards():
    return JSONResponse({}, 201, background=BackgroundTask(sync_bug))


@pytest.mark.parametrize("handlers", [{}, {Exception: out_of_order}])
@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        (in_the_middle, "raised RuntimeError: in the middle"),
        (afterwards, "raised, after a response of 201: ValueError: invalid literal"),
    ],
)
def test_a_handler_that_was_not_in_time_has_not_answered(handlers, endpoint, said):
    told = failure(web(endpoint, exception_handlers=handlers), f"/{endpoint.__name__}")
    assert told.startswith(f"The upstream application {said}")


def test_a_handler_or_a_middleware_that_raises_is_a_failure():
    told = failure(web(deliberate, exception_handlers={Exception: broken_handler}), "/deliberate")
    assert "raised RuntimeError: in the handler" in told
    assert "while this was handled:" in told

    async def raises_in_dispatch(request, call_next):
        raise RuntimeError("in a middleware")

    app = web(fine)
    app.middleware("http")(raises_in_dispatch)
    assert "raised RuntimeError: in a middleware" in failure(app, "/fine")


def test_a_bug_of_a_mounted_application_is_not_answered_by_the_outer_handler():
    app = web(fine, exception_handlers={Exception: out_of_order})
    app.mount("/inner", web(bug))
    assert "raised KeyError" in failure(app, "/inner/bug")


def test_a_task_that_the_application_starts_and_nobody_waits_for():
    tasks = []

    async def starts():
        tasks.append(asyncio.create_task(bug()))

    async def forgets():
        tasks.clear()

    told = failure(web(starts, forgets), "/starts", "/forgets")
    assert told.startswith("The upstream application started a task that raised KeyError: 'id'")


@pytest.mark.parametrize("is_async", [True, False])
def test_a_thread_that_the_application_starts(is_async):
    def starts():
        thread = threading.Thread(target=sync_bug)
        thread.start()
        thread.join()

    async def starts_from_the_loop():
        starts()

    starts_from_the_loop.__name__ = "starts"
    told = failure(web(starts_from_the_loop if is_async else starts), "/starts")
    assert told.startswith(
        "The upstream application started a thread that raised ValueError: invalid literal"
    )
    assert "in sync_bug" in told


def test_a_thread_of_the_connectors_is_none_of_the_applications(monkeypatch):
    raised = []
    monkeypatch.setattr(threading, "excepthook", raised.append)

    async def ends_its_thread():
        thread = threading.Thread(target=sys.exit)
        thread.start()
        thread.join()

    told = []
    with serving(web(ends_its_thread), HERE, report=told.append) as served:
        httpx.get(f"{served.url}/ends_its_thread")
        thread = threading.Thread(target=sync_bug)
        thread.start()
        thread.join()
    assert told == []
    assert [each.exc_type for each in raised] == [ValueError]


LOGS = """
import logging

async def app(scope, receive, send, status, handle, author_logs):
    try:
        handle()
    except Exception:
        if not author_logs:
            logging.getLogger("the_app").error("Exception on %s", scope["path"], exc_info=True)
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b"Internal Server Error"})
"""


@pytest.mark.parametrize(
    ("status", "author_logs", "count"), [(500, False, 1), (500, True, 0), (404, False, 0)]
)
def test_a_framework_that_answers_500_and_only_logs_what_was_raised(tmp_path, status, author_logs, count):
    """As Flask, Quart and Django do."""
    library = tmp_path / "site-packages" / "framework.py"
    names = {}
    exec(compile(LOGS, str(library), "exec"), names)  # noqa: S102 - a library of this test's own

    def handle():
        try:
            sync_bug()
        except ValueError:
            if author_logs:
                logging.getLogger("the_app").exception("meant to be so")
            raise

    @only_http
    async def app(scope, receive, send):
        await names["app"](scope, receive, send, status, handle, author_logs)

    told, (answer,) = failures(app)
    assert answer.status_code == status
    assert len(told) == count
    assert all("in sync_bug" in str(failure) for failure in told)


def test_a_request_that_the_client_gave_up_is_no_failure_of_the_application():
    asked, released = threading.Event(), threading.Event()

    @only_http
    async def waits(scope, receive, send):
        await receive()
        asked.set()
        assert (await receive())["type"] == "http.disconnect"
        released.set()
        raise RuntimeError("nobody is there any more")

    @only_http
    async def hangs(scope, receive, send):
        asked.set()
        await asyncio.Event().wait()

    async def gives_up(url):
        async with httpx.AsyncClient() as client:
            request = asyncio.create_task(client.get(url))
            await asyncio.to_thread(asked.wait)
            request.cancel()
            await asyncio.gather(request, return_exceptions=True)

    told = []
    with serving(waits, HERE, report=told.append) as served:
        asyncio.run(gives_up(served.url))
        assert released.wait(5)
    asked.clear()
    with serving(hangs, HERE, report=told.append) as served:
        asyncio.run(gives_up(served.url))
    assert told == []


def lifespan(before=None, after=None):
    @asynccontextmanager
    async def span(app):
        if before is not None:
            await before()
        yield
        if after is not None:
            await after()

    return span


def test_a_failure_at_the_end_of_the_application():
    told = failure(web(fine, lifespan=lifespan(after=bug)), "/fine")
    assert told.startswith("The upstream application failed to shut down: KeyError: 'id'")
    assert "in bug" in told


def test_a_start_that_fails_has_the_authors_line():
    told = not_served(web(lifespan=lifespan(before=bug)))
    assert told.startswith("The upstream application did not start: KeyError: 'id'.")
    line = f"test_upstream.py:{bug.__code__.co_firstlineno + 2}, in bug"
    assert line in told

    def create_app():
        return sync_bug()

    assert "test_upstream.py:" in not_served(create_app)


def test_a_plain_application_that_exits_when_it_starts():
    async def app(scope, receive, send):
        await exits()

    told = not_served(app)
    assert "did not start: SystemExit: no configuration" in told
    assert "in exits" in told


class Object:
    async def __call__(self, scope, receive, send):
        await answers(scope, receive, send)


class Decorated:
    async def __call__(self, *args, **kwargs):
        await answers(*args, **kwargs)


class Asgi2:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await answers(self.scope, receive, send)


async def extended(extra, scope, receive, send):
    await answers(scope, receive, send)


async def with_defaults(scope=None, receive=None, send=None):
    await answers(scope, receive, send)


def factory_with_defaults(config=None, debug=False):
    return answers


def needs(config, region, debug=False):
    return answers


async def async_factory():
    asyncio.get_running_loop()
    return answers


@pytest.mark.parametrize(
    "app",
    [
        answers,
        Object(),
        Object,
        Decorated(),
        Asgi2,
        functools.partial(extended, "x"),
        with_defaults,
        factory_with_defaults,
        functools.partial(needs, "config", region="eu"),
        async_factory,
        lambda: lambda scope, receive, send: answers(scope, receive, send),
    ],
)
def test_what_can_be_served(app):
    told, (answer,) = failures(app)
    assert (told, answer.text) == ([], "as a whole")


def wsgi(environ, start_response):
    start_response("200 OK", [])
    return [b""]


class Wsgi:
    def __call__(self, environ, respond):
        return wsgi(environ, respond)


async def broken_async_factory():
    await bug()


@pytest.mark.parametrize(
    ("app", "reason", "remedy"),
    [
        (wsgi, "wsgi is a WSGI application", "a2wsgi.WSGIMiddleware("),
        (Wsgi, "Wsgi is a WSGI application", "asgiref.wsgi.WsgiToAsgi("),
        (lambda: wsgi, "wsgi is a WSGI application", "a2wsgi"),
        (needs, "as a factory of one it needs config, region.", "app=functools.partial(create_app, ...)"),
        (lambda config: answers, "as a factory of one it needs config.", "functools.partial"),
        (lambda: None, "it is None, which is not an ASGI application", "--upstream-url"),
        (lambda: lambda: answers, "which is not an ASGI application", "--upstream-url"),
        (lambda a, b, c: answers, "which cannot be awaited", "--upstream-url"),
        (broken_async_factory, "KeyError: 'id'.", "in bug"),
    ],
)
def test_what_cannot_be_served(app, reason, remedy):
    told = not_served(app)
    assert told.startswith("The upstream application did not start: ")
    assert reason in told.splitlines()[0]
    assert remedy in told


@pytest.mark.parametrize("loop_runs", [True, False])
def test_a_start_that_does_not_end(monkeypatch, loop_runs):
    release = threading.Event()
    monkeypatch.setattr("connector_contract.upstream.server.STOP_TIMEOUT", 5 if loop_runs else 0.01)

    async def waits():
        if loop_runs:
            await asyncio.Event().wait()
        release.wait()

    told = not_served(web(lifespan=lifespan(before=waits)), timeout=0.01)
    release.set()
    assert "did not start: it has not started within 0.01 seconds." in told
    assert "Upstream(timeout=...)" in told


def test_a_server_that_does_not_stop_is_left_behind(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr("connector_contract.upstream.server.STOP_TIMEOUT", 0.01)

    async def blocks():
        release.wait()

    told = failure(web(fine, lifespan=lifespan(after=blocks)), "/fine")
    release.set()
    assert told.startswith("The upstream application has not stopped within 0.01 seconds.")


def test_without_a_report_the_failure_is_raised():
    with pytest.raises(UpstreamFailure, match="raised KeyError"), serve(web(bug), HERE) as url:
        httpx.get(f"{url}/bug")


ORIGIN = "https://acme.example.com"


def route(url, told, timeout):
    return Route(
        ORIGIN,
        url,
        serves_app=True,
        report=told.append,
        redact=str,
        timeout=timeout,
    )


@only_http
async def echoes_host(scope, receive, send):
    headers = dict(scope["headers"])
    body = b" ".join([headers[b"host"], scope["path"].encode(), headers.get(b"x-forwarded-proto", b"-")])
    await start(send, len(body))
    await send({"type": "http.response.body", "body": body})


FURTHER = "http://login.example.com:8080"


@pytest.mark.parametrize("serves_app", [True, False])
def test_a_further_origin_is_answered_by_the_same_server(serves_app):
    told = []
    with serving(echoes_host, HERE, report=told.append) as served:
        way = Route(
            f"{ORIGIN}/api",
            served.url,
            serves_app=serves_app,
            report=told.append,
            redact=str,
            further_origins=[FURTHER],
        )
        with routed(way):
            answers = [httpx.get(url).text for url in (f"{FURTHER}/token", f"{ORIGIN}/api/users")]
    if serves_app:
        # It sees which server is meant.
        assert answers == ["login.example.com:8080 /token http", "acme.example.com /users https"]
    else:
        host = served.url.removeprefix("http://")
        assert answers == [f"{host} /token -", f"{host} /users -"]
    assert told == []


def test_from_real_servers_each_origin_is_itself():
    told = []
    with serving(echoes_host, HERE, report=told.append) as served:
        way = Route(
            ORIGIN,
            ORIGIN,
            serves_app=False,
            report=told.append,
            redact=str,
            further_origins=[served.url, FURTHER],
        )
        with routed(way):
            assert httpx.get(f"{served.url}/token").text == f"{served.url.removeprefix('http://')} /token -"
        with serving(echoes_host, HERE, report=told.append) as gone:
            pass
        way = Route(
            ORIGIN, ORIGIN, serves_app=False, report=told.append, redact=str, further_origins=[gone.url]
        )
        with routed(way), pytest.raises(UpstreamFailure) as caught:
            httpx.get(f"{gone.url}/token")
    assert f"origin:   {gone.url}" in str(caught.value)


@only_http
async def hangs(scope, receive, send):
    await asyncio.Event().wait()


@only_http
async def hangs_in_the_middle(scope, receive, send):
    await start(send, 1000)
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    await asyncio.Event().wait()


@pytest.mark.parametrize("app", [hangs, hangs_in_the_middle])
@pytest.mark.parametrize("own", [None, 60.0])
@pytest.mark.parametrize("is_async", [True, False])
def test_a_request_that_is_not_answered_in_time(app, own, is_async):
    told, of_the_app = [], []

    async def ask():
        async with httpx.AsyncClient(timeout=own) as client:
            await client.get(f"{ORIGIN}/users?page=2")

    with (
        serving(app, HERE, report=of_the_app.append) as served,
        routed(route(served.url, told, 0.05)),
        pytest.raises(httpx.ReadTimeout),
    ):
        asyncio.run(ask()) if is_async else httpx.get(f"{ORIGIN}/users?page=2", timeout=own)
    (failure,) = map(str, told)
    assert failure.startswith(
        f"The upstream did not answer GET {ORIGIN}/users?page=2 as a whole within 0.05 seconds."
    )
    assert "Upstream(timeout=...)" in failure
    assert of_the_app == []


def test_a_timeout_of_the_connectors_own_stays_its_own():
    told = []
    with (
        serving(hangs, HERE, report=told.append) as served,
        routed(route(served.url, told, 60.0)),
        pytest.raises(httpx.ReadTimeout),
    ):
        httpx.get(f"{ORIGIN}/users", timeout=0.01)
    assert told == []


def test_a_client_that_the_connector_closes_has_not_failed():
    told, asked = [], asyncio.Event()

    @only_http
    async def reads_and_hangs(scope, receive, send):
        loop.call_soon_threadsafe(asked.set)
        await asyncio.Event().wait()

    async def closes():
        client = httpx.AsyncClient()
        request = asyncio.create_task(client.get(f"{ORIGIN}/users"))
        await asked.wait()
        await client.aclose()
        with pytest.raises(httpx.ReadError):
            await request

    loop = asyncio.new_event_loop()
    with (
        serving(reads_and_hangs, HERE, report=told.append) as served,
        routed(route(served.url, told, 60.0)),
    ):
        loop.run_until_complete(closes())
    loop.close()
    assert told == []


def test_a_transport_that_is_used_again_after_it_was_closed_may_fail():
    told, transport = [], httpx.HTTPTransport()
    with (
        serving(breaks_off, HERE, report=lambda _: None) as served,
        routed(route(served.url, told, 60.0)),
        httpx.Client(transport=transport) as client,
    ):
        transport.close()
        with pytest.raises(UpstreamFailure):
            client.get(f"{ORIGIN}/users")
    assert len(told) == 1


@pytest.mark.parametrize("is_async", [True, False])
def test_a_response_that_breaks_off_is_a_failure(is_async):
    told = []

    async def ask():
        async with httpx.AsyncClient() as client:
            await client.get(f"{ORIGIN}/users")

    with (
        serving(breaks_off, HERE, report=lambda _: None) as served,
        routed(route(served.url, told, 60.0)),
        pytest.raises(UpstreamFailure),
    ):
        asyncio.run(ask()) if is_async else httpx.get(f"{ORIGIN}/users")
    (failure,) = map(str, told)
    assert failure.startswith("The upstream did not answer: RemoteProtocolError: peer closed connection")


def test_an_answer_that_comes_in_drops_does_not_put_the_deadline_off():
    now, told = [0.0], []
    deadline = Deadline(10.0, lambda: told.append(now[0]), lambda: now[0])
    request = httpcore.Request("GET", ORIGIN, extensions={"timeout": {"read": 7.0, "connect": None}})
    deadline.shorten(request)
    timeouts = request.extensions["timeout"]
    assert (timeouts.get("read"), timeouts.get("connect"), timeouts.get("pool")) == (7.0, 10.0, 10.0)
    response = deadline.watch(httpcore.Response(200, content=iter([b"a", b"b", b"c"])))
    parts = iter(response.stream)
    now[0] = 6.0
    assert (next(parts), timeouts.get("read")) == (b"a", 4.0)
    now[0] = 10.0
    with pytest.raises(httpcore.ReadTimeout):
        next(parts)
    with pytest.raises(httpcore.ReadTimeout):
        deadline.watch(response)
    assert told == [10.0]


def test_a_timeout_that_was_shortened_counts_though_the_clocks_differ_by_a_little():
    now, told = [0.0], []
    deadline = Deadline(10.0, lambda: told.append(now[0]), lambda: now[0])
    now[0] = 9.999
    assert deadline.left(0.0005) == 0.0005
    deadline.check(httpcore.ReadTimeout())
    assert deadline.left(7.0) == pytest.approx(0.001)
    deadline.check(httpcore.ReadError())
    assert told == []
    with pytest.raises(httpcore.ReadTimeout):
        deadline.check(httpcore.ReadTimeout())
    assert told == [9.999]


@pytest.mark.parametrize("timeout", [0, -1, "30", None, True, float("nan"), float("inf")])
def test_a_timeout_is_a_positive_number(timeout):
    with pytest.raises(UsageError, match="which is not a positive number"):
        Upstream(ORIGIN, timeout=timeout)
    assert Upstream(ORIGIN).timeout == 30.0


BROKEN = """
import asyncio, threading
from acme_server import create_app as create


def create_app():
    app = create()
    calls = []

    @app.middleware("http")
    async def breaks(request, call_next):
        calls.append(request)
        {breaks}
        return await call_next(request)

    return app
"""


def broken(acme, breaks, timeout=30.0):
    return acme.write("acme_broken.py", BROKEN.format(breaks=breaks)).edit(
        "conftest.py", '"acme_server:create_app"', f'"acme_broken:create_app", timeout={timeout}'
    )


@pytest.mark.parametrize("mode", ["once", "rewrite"])
def test_a_bug_in_the_application_is_not_recorded(recorded, mode):
    """Whatever the connector and the test make of the answer."""
    test = "async def test_walk(lumos):\n    await lumos.call('list_accounts')\n"
    project = broken(recorded.remove("cassettes").remove("snapshots"), "calls[7]").write("test_acme.py", test)
    run = project.run(f"--record-mode={mode}")
    run.had(failed=1)
    run.said(
        "The upstream application raised IndexError: list index out of range",
        "app: acme_broken:create_app",
        "request: GET /v1/users?limit=2&start=0",
        "acme_broken.py:13, in breaks",
        "calls[7]",
        "IndexError: list index out of range",
        "Fix the application; or the",
    )
    assert "starlette" not in run.output
    assert run.project == project


ENDS_BADLY = """
import contextlib
from acme_server import create_app as create


def create_app():
    @contextlib.asynccontextmanager
    async def lifespan(app):
        yield
        raise RuntimeError("not saved")

    app = create()
    app.router.lifespan_context = lifespan
    return app
"""


def test_what_goes_wrong_after_the_last_answer_is_seen_before_anything_is_saved(acme):
    project = acme.write("acme_ends.py", ENDS_BADLY).edit(
        "conftest.py", "acme_server:create_app", "acme_ends:create_app"
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said("failed to shut down: RuntimeError: not saved", "acme_ends.py:10")
    assert run.project == project


def test_an_endpoint_that_hangs_ends_after_the_timeout(acme):
    project = broken(acme, "await asyncio.Event().wait()", timeout=0.05)
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said(
        "The upstream did not answer GET https://acme.example.com/v1/users?limit=2&start=0",
        "as a whole within 0.05 seconds",
        "Upstream(timeout=...)",
    )
    assert run.project == project


def test_an_endpoint_that_hangs_longer_than_the_client_waits_is_no_response(acme):
    project = broken(acme, "await asyncio.Event().wait()")
    project = project.edit(
        "acme_connector.py",
        "response = await self._http_client.get(path, params=params)",
        "response = await self._http_client.get(path, params=params, timeout=0.05)",
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said(
        "The upstream did not respond within the timeout of the connector's own client: "
        "GET https://acme.example.com/v1/users?limit=2&start=0",
        "capability: list_accounts, page 1",
        "Find out what the upstream waits for, and record again.",
    )
    assert run.project == project


THREAD_HANGS = """
import asyncio, pathlib, threading
import httpx
from connector_contract.upstream.server import serving

started = threading.Event()


def hangs():
    started.set()
    threading.Event().wait()


async def app(scope, receive, send):
    assert scope["type"] == "http"
    await asyncio.to_thread(hangs)


async def gives_up(url):
    async with httpx.AsyncClient() as client:
        request = asyncio.create_task(client.get(url))
        await asyncio.to_thread(started.wait)
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)


with serving(app, pathlib.Path.cwd(), report=print) as served:
    asyncio.run(gives_up(served.url))
print("ended")
"""


def test_a_thread_that_hangs_does_not_keep_the_run():
    """Python waits for the threads of a pool when it ends."""
    command = [sys.executable, "-c", THREAD_HANGS]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "ended\n"
