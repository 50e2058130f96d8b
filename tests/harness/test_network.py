"""No way to the network but the upstream's, and a verdict for each attempt."""

from __future__ import annotations

import asyncio
import ctypes.util
import inspect
import logging
import logging.handlers
import platform
import socket
import subprocess
import tempfile
import threading
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
import pytest
import requests
from scenario_testing import Connector, Project, application, client
from ways_out import NETWORK, WAYS, dial

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.errors import ContractError, NetworkAccess, UnprovenRecording, Verdict
from connector_contract.recording.ending import Ending
from connector_contract.recording.running import running
from connector_contract.recording.scenario import Session
from connector_contract.storage.files import scenario_files
from connector_contract.upstream.network import Reachable, origins_only
from connector_contract.upstream.server import serving

pytestmark = pytest.mark.loopback


class Leaving(Connector):
    """A connector that asks the application, and then does what it is told."""

    def __init__(self):
        self.leave = lambda: None
        self.swallows = False
        super().__init__(list_accounts=self.list_accounts)

    async def list_accounts(self, envelope):
        async with client() as http:
            (await http.get("/users")).raise_for_status()
        try:
            if inspect.isawaitable(left := self.leave()):
                await left
        except BaseException:
            if not self.swallows:
                raise
        return []


@pytest.fixture
def connector():
    return Leaving()


@pytest.fixture
def project(tmp_path, connector):
    return Project(tmp_path, connector, lambda asked: [])


@pytest.fixture
def replayable(project):
    project.record(once)
    return project


async def once(lumos):
    await lumos.call("list_accounts")


def verdict_of(run, *args, **options):
    with pytest.raises(ContractError) as caught:
        run(*args, **options)
    assert caught.value.verdict is Verdict.REQUEST_CHANGE
    return str(caught.value)


# ---- a replay


@pytest.mark.parametrize("swallows", [False, True], ids=["raised", "swallowed"])
@pytest.mark.parametrize("way", WAYS)
def test_each_way_out_of_a_replay_is_a_verdict(replayable, connector, way, swallows):
    connector.leave, connector.swallows = WAYS[way], swallows
    message = verdict_of(replayable.replay, once)
    why = "in a replay, which has no network" if way in NETWORK else "in a replay, which starts no process"
    assert "The connector tried to " in message
    assert f"{why}." in message
    assert "capability: list_accounts" in message
    assert 'not_http = {"list_accounts": "read ' in message


def test_it_names_the_line_of_the_connector(replayable, connector):
    def leave():
        socket.create_connection(("192.0.2.1", 9))

    connector.leave = leave
    line = inspect.getsourcelines(leave)[1] + 1
    assert f"asked in:   tests/harness/test_network.py:{line}\n" in verdict_of(replayable.replay, once)


def test_an_executor_s_attempt_names_the_line_that_waits_for_it(replayable, connector):
    async def leave():
        await asyncio.get_running_loop().getaddrinfo("acme.example", 443)

    connector.leave = leave
    line = inspect.getsourcelines(leave)[1] + 1
    assert f"asked in:   tests/harness/test_network.py:{line}\n" in verdict_of(replayable.replay, once)


def test_a_thread_that_nobody_waits_for_is_seen_to_the_end_of_the_test(replayable, connector):
    started = []

    def leave():
        started.append(threading.Thread(target=tried))
        started[0].start()

    def tried():
        with suppress(NetworkAccess):
            dial()

    connector.leave = leave

    async def test(lumos):
        await lumos.call("list_accounts")
        started[0].join()

    assert "connect to ('192.0.2.1', 9)" in verdict_of(replayable.replay, test)


def test_what_pytest_recording_blocks_is_a_verdict_too(replayable, connector):
    from pytest_recording.network import blocking_context

    connector.leave, connector.swallows = dial, True
    with blocking_context():
        assert "connect to ('192.0.2.1', 9)" in verdict_of(replayable.replay, once)


# ---- what is no alarm


def pair():
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, other:
        one.sendmsg([b"x"])
        assert other.recv(1) == b"x"


def pair_of_a_connection():
    """As where there is no socketpair; event loops are made by it."""
    source = "def socketpair():\n    sock = socket()\n    with socket() as listener:\n"
    source += "        listener.bind(('127.0.0.1', 0))\n        listener.listen()\n"
    source += "        sock.connect(listener.getsockname())\n    sock.close()\n"
    module = dict(vars(socket))
    exec(source, module)  # noqa: S102 - the text above
    module["socketpair"]()


def bind_here():
    with (
        socket.socket() as sock,
        socket.socket(socket.AF_UNIX) as unix,
        tempfile.TemporaryDirectory() as folder,
    ):
        sock.bind(("127.0.0.1", 0))
        unix.bind(f"{folder}/x")


def new_loop():
    threading.Thread(target=asyncio.run, args=(asyncio.sleep(0),)).start()


def know_the_processor():
    platform._Processor.get()
    platform.platform()


HARMLESS = {
    "a pair of sockets": pair,
    "a pair of sockets by a connection": pair_of_a_connection,
    "listening here": bind_here,
    "this machine's names": lambda: [socket.getaddrinfo("localhost", 1), socket.gethostbyname("127.0.0.1")],
    "an address": lambda: socket.getaddrinfo("192.0.2.1", 1),
    "an event loop": new_loop,
    "the kernel": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
    "the processor": know_the_processor,
    "a library's file": lambda: ctypes.util.find_library("c"),
    "a temporary file": lambda: tempfile.NamedTemporaryFile().close(),
    "a pool": lambda: asyncio.to_thread(len, ""),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_stays_within_the_process_is_no_alarm(replayable, connector, monkeypatch, what):
    monkeypatch.setattr(platform, "_uname_cache", None)
    connector.leave = HARMLESS[what]
    replayable.replay(once)


@pytest.fixture
def here():
    """The address of a server on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


OTHER = """
import threading

def other(go, connect, errors):
    go.wait()
    inner = threading.Thread(target=connected, args=(connect, errors))
    inner.start()
    inner.join()
    connected(connect, errors)

def connected(connect, errors):
    try:
        connect()
    except Exception as error:
        errors.append(error)
"""


@pytest.mark.parametrize(
    ("package", "refused"),
    [
        # A debugger's, or that of a server that a fixture runs.
        ("debugger", 0),
        # As one that the connector has from when it was imported, and gives what to do.
        (__name__.partition(".")[0], 2),
    ],
)
def test_threads_that_run_already_are_refused_only_what_the_connector_s_code_does(
    replayable, here, package, refused
):
    module = {"__name__": package}
    exec(OTHER, module)  # noqa: S102 - the text above
    go, errors = threading.Event(), []
    args = (go, partial(socket.create_connection, here), errors)
    thread = threading.Thread(target=module["other"], args=args)
    thread.start()

    async def test(lumos):
        await lumos.call("list_accounts")
        go.set()
        thread.join()

    if refused:
        verdict_of(replayable.replay, test)
    else:
        replayable.replay(test)
    assert len(errors) == refused


def test_logs_are_not_sent_and_are_no_alarm(replayable, connector, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    with socket.socket(type=socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        handler = logging.handlers.SysLogHandler(listener.getsockname())
        logger = logging.Logger("theirs")
        logger.addHandler(handler)
        connector.leave = lambda: logger.error("a line")
        replayable.replay(once)
        with pytest.raises(BlockingIOError):
            listener.recv(1)
        logger.error("a line")
        assert listener.recv(99)
        handler.close()


def test_before_and_after_a_scenario_everything_is_free(replayable, here):
    socket.create_connection(here).close()
    replayable.replay(once)
    socket.create_connection(here).close()
    subprocess.run(["true"], check=True)


# ---- a recording


@pytest.mark.parametrize("swallows", [False, True], ids=["raised", "swallowed"])
def test_a_recording_of_an_application_reaches_no_other_port_of_this_machine(
    project, connector, here, swallows
):
    connector.leave, connector.swallows = partial(socket.create_connection, here), swallows
    message = verdict_of(project.record, once)
    assert f"tried to connect to {here!r}, and not to the application that is recorded." in message
    assert project.text() == ""


@pytest.mark.parametrize("way", NETWORK)
def test_each_way_to_the_network_is_a_verdict_on_a_recording_of_an_application(project, connector, way):
    connector.leave, connector.swallows = NETWORK[way], True
    with pytest.raises(ContractError, match="he connector tried to "):
        project.record(once)
    assert project.text() == ""


@pytest.mark.parametrize("swallows", [False, True], ids=["raised", "swallowed"])
@pytest.mark.parametrize("way", ["subprocess", "os.fork", "multiprocessing by spawn"])
def test_a_recording_that_starts_a_process_does_not_prove_itself(project, connector, way, swallows):
    connector.leave, connector.swallows = WAYS[way], swallows
    with pytest.raises(
        UnprovenRecording, match=r"the connector tried to start .*, in a replay, which starts no process\."
    ):
        project.record(once)


def test_the_application_itself_reaches_what_it_needs(tmp_path, connector, here):
    def handle(asked):
        socket.create_connection(here).close()
        thread = threading.Thread(target=lambda: socket.create_connection(here).close())
        thread.start()
        thread.join()
        return []

    Project(tmp_path, connector, handle).record(once)


def test_the_recording_s_guard_decides_again_after_the_proof(project, here):
    async def during(scenario):
        await scenario.lumos.call("list_accounts")
        scenario.conclude(Ending.PASSED, update_snapshots=False)
        await scenario.prove()
        subprocess.run(["true"], check=True)
        socket.create_connection(here)

    message = verdict_of(project.run, "rewrite", once, during=during)
    assert f"tried to connect to {here!r}, and not to the application" in message


@contextmanager
def real_server():
    """The URL of a server whose every answer is the path that it was asked for."""
    app = application(lambda asked: asked.path)
    with serving(lambda: app, Path(), report=lambda error: error) as served:
        yield served.url


def record(tmp_path, origin, connector, upstream_url=None):
    under_test = ConnectorUnderTest(integration=connector, upstream=Upstream(origin=origin))
    files = scenario_files(tmp_path, "test_x.py::test_x")
    with running(under_test, files, "test_x.py::test_x", "rewrite", upstream_url, Session()) as scenario:
        asyncio.run(once(scenario.lumos))
        scenario.conclude(Ending.PASSED, update_snapshots=False)


def asks(url, leave=lambda: None, **options):
    async def list_accounts(_):
        async with httpx.AsyncClient(base_url=url, **options) as http:
            (await http.get("/users")).raise_for_status()
        with suppress(Exception):
            leave()
        return []

    return Connector(list_accounts=list_accounts)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_recording_of_a_real_server_reaches_that_alone(tmp_path, here, host):
    with real_server() as url:
        origin = url.replace("127.0.0.1", host)
        record(tmp_path, origin, asks(origin))
        record(tmp_path, origin, asks(origin, lambda: requests.get(f"{origin}/x", timeout=9)))
        leave = partial(socket.create_connection, here)
        message = verdict_of(record, tmp_path, origin, asks(origin, leave))
        assert f"tried to connect to {here!r}, and not to {origin}." in message
        leave = partial(socket.getaddrinfo, "acme.example", 443)
        message = verdict_of(record, tmp_path, origin, asks(origin, leave))
        assert f"tried to look up 'acme.example', and needs no name but that of {origin}." in message


def test_with_upstream_url_the_origin_itself_is_not_reached(tmp_path):
    """By a client that is not routed: what it wrote there nobody would have declared."""
    with real_server() as url, real_server() as origin:
        leave = partial(requests.post, f"{origin}/x", timeout=9)
        message = verdict_of(record, tmp_path, origin, asks(origin, leave), url)
    assert f"and not to {url}." in message


def test_a_real_server_is_reached_by_a_proxy_of_the_environment(tmp_path, monkeypatch):
    with real_server() as url:
        monkeypatch.setenv("http_proxy", url)
        # requests has the proxy's address by itself.
        leave = partial(requests.get, "http://acme.example/x", timeout=9)
        record(tmp_path, "http://acme.example", asks("http://acme.example", leave))


def test_a_real_server_is_reached_by_a_proxy_that_the_connector_names(tmp_path):
    with real_server() as url:
        record(tmp_path, "http://acme.example", asks("http://acme.example", proxy=url))


def test_an_address_that_a_client_has_looked_up_by_other_means_is_known(here):
    """As by a function that it kept, whose answers nobody sees."""
    reachable = Reachable([f"http://localhost:{here[1]}"])
    with origins_only(lambda verdict: verdict, reachable):
        socket.create_connection(here).close()
        with pytest.raises(NetworkAccess):
            socket.create_connection((here[0], 9))


def test_each_address_that_a_name_server_gave_is_known(monkeypatch, here):
    """One that takes turns gives others the next time."""
    answers = iter([here])

    def look_up(host, port, *_args):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", next(answers, ("192.0.2.1", port)))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with origins_only(lambda verdict: verdict, Reachable([f"http://acme.example:{here[1]}"])):
        socket.create_connection(("acme.example", here[1])).close()


def test_a_declared_origin_of_this_machine_is_reached_beside_the_application(tmp_path, connector):
    with real_server() as origin:
        app = application(lambda asked: [])
        under_test = ConnectorUnderTest(
            integration=asks(origin, partial(requests.get, f"{origin}/x", timeout=9)),
            upstream=Upstream(origin=origin, app=lambda: app),
        )
        files = scenario_files(tmp_path, "test_x.py::test_x")
        with running(under_test, files, "test_x.py::test_x", "rewrite", None, Session()) as scenario:
            asyncio.run(once(scenario.lumos))
            scenario.check()


def test_a_proxy_that_is_no_url_is_reached_by_nobody():
    assert Reachable([], ["http://[", "http://p:x", "", "p:1"])._endpoints == {("p", 1)}


# ---- what outlives its scenario

LATE = """
import socket, threading, time
LEFT, GO = [], []
def late():
    while not GO:
        time.sleep(0.001)
    try:
        socket.create_connection(("192.0.2.1", 9))
    except Exception:
        pass
def leave():
    if not LEFT:
        LEFT.append(threading.Thread(target=late))
        LEFT[0].start()
class Settings("""
GOES_ON = "    import acme_connector\n    acme_connector.GO.append(1)\n    acme_connector.LEFT[0].join()\n"
WALK = "test_acme.py::test_walk"


@pytest.fixture
def leaves_a_thread(recorded):
    """A connector whose walk leaves a thread running, which waits for a word to go on."""
    return recorded.edit("acme_connector.py", "class Settings(", LATE).edit(
        "acme_connector.py", "    paginations = Next", "    leave()\n    paginations = Next"
    )


def said_late(run, during):
    assert run.exit_code == 1
    run.said(
        "a scenario that had passed has failed:",
        "The connector has left a task or a thread running, which tried after its scenario to connect to "
        "('192.0.2.1', 9).",
        "asked in: acme_connector.py:",
        f"scenario: {WALK}",
        *([f"during: {during}"] if during else []),
        "Have it wait for its tasks",
    )


def test_a_thread_that_outlives_its_scenario_fails_it_from_a_test_that_is_none(leaves_a_thread):
    run = leaves_a_thread.write("test_plain.py", f"def test_plain():\n{GOES_ON}").run(WALK, "test_plain.py")
    run.had(passed=2)
    said_late(run, "test_plain.py::test_plain")


def test_a_thread_that_outlives_its_scenario_fails_it_from_another(leaves_a_thread):
    goes_on = "    GO.append(1)\n    LEFT[0].join()\n    async with Client(args) as client:\n        user"
    run = leaves_a_thread.edit(
        "acme_connector.py", "    async with Client(args) as client:\n        user", goes_on
    ).run(WALK, "test_acme.py::test_create")
    run.had(passed=2)
    said_late(run, "test_acme.py::test_create")


@pytest.mark.parametrize("options", [[], ["-n1"]])
def test_a_thread_that_outlives_the_last_test_fails_its_scenario(leaves_a_thread, options):
    conftest = leaves_a_thread.files["conftest.py"].decode()
    conftest += "\n\ndef pytest_sessionfinish():\n    import sys\n"
    conftest += "    if 'acme_connector' in sys.modules and sys.modules['acme_connector'].LEFT:\n"
    conftest += GOES_ON.replace("    ", "        ")
    run = leaves_a_thread.write("conftest.py", conftest).run(WALK, *options, subprocess=bool(options))
    run.had(passed=1)
    said_late(run, "")
