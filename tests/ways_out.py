"""Ways out of a process, for tests that close each: functions and coroutines that take one.

None of the addresses is anybody's (RFC 5737, 3849 and 2606), and no program does anything.
"""

from __future__ import annotations

import _socket
import _thread
import asyncio
import concurrent.futures
import contextlib
import ftplib
import http.client
import imaplib
import multiprocessing
import os
import poplib
import pty
import smtplib
import socket
import ssl
import subprocess
import threading
import urllib.request
from collections.abc import Callable
from typing import Any

import aiohttp
import httpx
import requests
import tornado.tcpclient
import urllib3
from requests.adapters import BaseAdapter

ELSEWHERE = ("192.0.2.1", 9)
ELSEWHERE_6 = ("2001:db8::1", 9)
NAME = "acme.example"
# As a library keeps it that is imported before the first scenario.
_KEPT_CONNECT, _KEPT_LOOK_UP = socket.socket.connect, socket.getaddrinfo
_KEPT_CONNECTION = http.client.HTTPConnection
_TRUE = "/bin/true"


def dial(*_: Any, **__: Any) -> None:
    """Connect, whoever asks for what."""
    with socket.socket() as sock:
        sock.connect(ELSEWHERE)


def _datagram(send: Callable[[socket.socket], object], family: int = socket.AF_INET) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        send(sock)


def _with_socket(
    use: Callable[[Any], object], family: int = socket.AF_INET, make: Any = socket.socket
) -> None:
    sock = make(family, socket.SOCK_STREAM)
    with contextlib.closing(sock):
        use(sock)


def _tls() -> None:
    context = ssl.create_default_context()
    with socket.socket() as plain, context.wrap_socket(plain, server_hostname=NAME) as sock:
        sock.connect(ELSEWHERE)


async def _sock_connect() -> None:
    with socket.socket() as sock:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ELSEWHERE)


async def _datagram_endpoint() -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=ELSEWHERE)


async def _sock_sendto() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_sendto(sock, b"x", ELSEWHERE)


class _Transport(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.open_connection(*ELSEWHERE)
        return httpx.Response(200)


async def _httpx_with_a_transport() -> None:
    async with httpx.AsyncClient(transport=_Transport()) as client:
        await client.get("http://acme.example")


class _Adapter(BaseAdapter):
    def send(self, *args: Any, **kwargs: Any) -> Any:
        dial()

    def close(self) -> None:
        pass


def _requests_with_an_adapter() -> None:
    with requests.Session() as session:
        session.mount("app://", _Adapter())
        session.get("app://acme.example")


class _Connector(aiohttp.TCPConnector):
    async def connect(self, *args: Any, **kwargs: Any) -> Any:
        await asyncio.open_connection(*ELSEWHERE)


async def _aiohttp_with_a_connector() -> None:
    async with aiohttp.ClientSession(connector=_Connector()) as session, session.get("http://acme.example"):
        pass


async def _aiohttp_resolver() -> None:
    await aiohttp.ThreadedResolver().resolve(NAME)


async def _tornado() -> None:
    await tornado.tcpclient.TCPClient().connect(*ELSEWHERE)


def _urllib_handler() -> None:
    class Handler(urllib.request.BaseHandler):
        def app_open(self, request: Any) -> None:
            dial()

    urllib.request.build_opener(Handler()).open("app://acme.example")


def _process(method: str) -> None:
    process = multiprocessing.get_context(method).Process(target=print)
    process.start()
    process.join()


def _process_pool() -> None:
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        pool.submit(print).result()


def _forked() -> None:
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _forked_terminal() -> None:
    child, terminal = os.forkpty()
    if child == 0:
        os._exit(0)
    os.close(terminal)
    os.waitpid(child, 0)


async def _async_program() -> None:
    await (await asyncio.create_subprocess_exec("true")).wait()


async def _async_shell() -> None:
    await (await asyncio.create_subprocess_shell("true")).wait()


def _in(start: Callable[[Callable[[], None]], Any]) -> Callable[[], None]:
    """Take a way out in a thread, and raise what comes of it."""

    def run() -> None:
        done: concurrent.futures.Future[None] = concurrent.futures.Future()

        def work() -> None:
            try:
                done.set_result(dial())
            except BaseException as error:  # noqa: BLE001 - who has started it gets it
                done.set_exception(error)

        start(work)
        done.result()

    return run


def _pool() -> None:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(dial).result()


async def _to_thread() -> None:
    await asyncio.to_thread(dial)


async def _in_executor() -> None:
    await asyncio.get_running_loop().run_in_executor(None, dial)


async def _task() -> None:
    async def dialled() -> None:
        dial()

    await asyncio.create_task(dialled())


async def _async_look_up() -> None:
    await asyncio.get_running_loop().getaddrinfo(NAME, 443)


async def _async_name() -> None:
    await asyncio.get_running_loop().getnameinfo(ELSEWHERE)


NETWORK: dict[str, Callable[[], Any]] = {
    "getaddrinfo": lambda: socket.getaddrinfo(NAME, 443),
    "kept getaddrinfo": lambda: _KEPT_LOOK_UP(NAME, 443),
    "_socket.getaddrinfo": lambda: _socket.getaddrinfo(NAME, 443),
    "gethostbyname": lambda: socket.gethostbyname(NAME),
    "gethostbyname_ex": lambda: socket.gethostbyname_ex(NAME),
    "gethostbyaddr": lambda: socket.gethostbyaddr("192.0.2.1"),
    "getnameinfo": lambda: socket.getnameinfo(ELSEWHERE, 0),
    "loop.getaddrinfo": _async_look_up,
    "loop.getnameinfo": _async_name,
    "aiohttp's resolver": _aiohttp_resolver,
    "connect": dial,
    "connect_ex": lambda: _with_socket(lambda sock: sock.connect_ex(ELSEWHERE)),
    "kept connect": lambda: _with_socket(lambda sock: _KEPT_CONNECT(sock, ELSEWHERE)),
    "_socket.socket": lambda: _with_socket(lambda sock: sock.connect(ELSEWHERE), make=_socket.socket),
    "connect by name": lambda: _with_socket(lambda sock: sock.connect((NAME, 443))),
    "create_connection": lambda: socket.create_connection(ELSEWHERE),
    "create_connection by name": lambda: socket.create_connection((NAME, 443)),
    "this machine": lambda: socket.create_connection(("127.0.0.1", 9)),
    "IPv6": lambda: _with_socket(lambda sock: sock.connect(ELSEWHERE_6), socket.AF_INET6),
    "docker.sock": lambda: _with_socket(lambda sock: sock.connect("/var/run/docker.sock"), socket.AF_UNIX),
    "abstract unix socket": lambda: _with_socket(lambda sock: sock.connect(b"\0x"), socket.AF_UNIX),
    "sendto": lambda: _datagram(lambda sock: sock.sendto(b"x", ELSEWHERE)),
    "sendto with flags": lambda: _datagram(lambda sock: sock.sendto(b"x", 0, ELSEWHERE)),
    "sendmsg": lambda: _datagram(lambda sock: sock.sendmsg([b"x"], [], 0, ELSEWHERE)),
    "sendto IPv6": lambda: _datagram(lambda sock: sock.sendto(b"x", ELSEWHERE_6), socket.AF_INET6),
    "sendto unix": lambda: _datagram(lambda sock: sock.sendto(b"x", "/dev/log"), socket.AF_UNIX),
    "connected datagram": lambda: _datagram(lambda sock: sock.connect(ELSEWHERE)),
    "listen to all": lambda: _with_socket(lambda sock: sock.bind(("", 0))),
    "TLS": _tls,
    "open_connection": lambda: asyncio.open_connection(*ELSEWHERE),
    "open_connection by name": lambda: asyncio.open_connection(NAME, 443),
    "open_unix_connection": lambda: asyncio.open_unix_connection("/var/run/docker.sock"),
    "sock_connect": _sock_connect,
    "sock_sendto": _sock_sendto,
    "create_datagram_endpoint": _datagram_endpoint,
    "kept http.client": lambda: _KEPT_CONNECTION("192.0.2.1", 9).request("GET", "/"),
    "urllib handler": _urllib_handler,
    "smtplib": lambda: smtplib.SMTP("192.0.2.1", 9),
    "ftplib": lambda: ftplib.FTP("192.0.2.1"),  # noqa: S321 - it is what is tried
    "imaplib": lambda: imaplib.IMAP4("192.0.2.1", 9),
    "poplib": lambda: poplib.POP3("192.0.2.1", 9),
    "httpx with a transport": _httpx_with_a_transport,
    "requests with an adapter": _requests_with_an_adapter,
    "aiohttp with a connector": _aiohttp_with_a_connector,
    "urllib3's create_connection": lambda: urllib3.util.connection.create_connection(ELSEWHERE),
    "tornado's TCPClient": _tornado,
    "thread": _in(lambda work: threading.Thread(target=work).start()),
    "raw thread": _in(lambda work: _thread.start_new_thread(work, ())),
    "timer": _in(lambda work: threading.Timer(0, work).start()),
    "pool of threads": _pool,
    "to_thread": _to_thread,
    "run_in_executor": _in_executor,
    "task": _task,
}
"""By what reaches the network."""

PROCESSES: dict[str, Callable[[], Any]] = {
    "subprocess": lambda: subprocess.run(["true"], check=True),
    "shell": lambda: subprocess.run("true", shell=True, check=True),  # noqa: S602 - it is what is tried
    "os.system": lambda: os.system("true"),  # noqa: S605
    "os.popen": lambda: os.popen("true").close(),  # noqa: S605
    "os.fork": _forked,
    "os.forkpty": _forked_terminal,
    "os.spawnv": lambda: os.spawnv(os.P_WAIT, _TRUE, ["true"]),  # noqa: S606
    "os.posix_spawn": lambda: os.waitpid(os.posix_spawn(_TRUE, ["true"], {}), 0),
    "pty.spawn": lambda: pty.spawn(["true"]),
    "create_subprocess_exec": _async_program,
    "create_subprocess_shell": _async_shell,
    "multiprocessing by fork": lambda: _process("fork"),
    "multiprocessing by spawn": lambda: _process("spawn"),
    "multiprocessing by forkserver": lambda: _process("forkserver"),
    "ProcessPoolExecutor": _process_pool,
}
"""By what starts a process."""

WAYS = NETWORK | PROCESSES
