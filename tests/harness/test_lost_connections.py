"""A connection that fails in a replay raises in each HTTP client what it raises at a real socket."""

from __future__ import annotations

import asyncio
import http.client
import re
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import aiohttp
import httpx
import pytest
import requests
import tornado.httpclient
import urllib3
from replay_testing import called, replay, said
from scenario_testing import Connector

from connector_contract.recording.interactions import Response
from connector_contract.recording.played_changes import Lost, LostConnection

# The real ones run until this timeout, in seconds.
TIMEOUT = 0.2
BODY = b'{"accounts": ['
DROPPED = {
    "by its length": Response(200, "OK", (("content-length", "40"),), BODY),
    "in chunks": Response(200, "OK", (), BODY),
    "before its body": Response(200, "OK", (("content-length", "40"),), b""),
}
ON_THE_WIRE = {
    "by its length": b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + BODY,
    "in chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n" + BODY,
    "before its body": b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n",
}


@contextmanager
def server(answer: bytes | None) -> Iterator[str]:
    """A server that answers the first bytes of each request, and hangs up; or never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept = []

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    kept.append(connection)
                    connection.recv(65536)
                    if answer is not None:
                        connection.sendall(answer)
                        connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            # It wakes accept() up, which close() does not.
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
            thread.join()
            for each in kept:
                each.close()


def nobody() -> str:
    """A URL that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    return f"http://127.0.0.1:{port}"


async def async_httpx(origin):
    async with httpx.AsyncClient(timeout=TIMEOUT) as http:
        return (await http.get(f"{origin}/a")).content


async def httpx_stream(origin):
    async with httpx.AsyncClient(timeout=TIMEOUT) as http, http.stream("GET", f"{origin}/a") as response:
        parts = []
        try:
            async for part in response.aiter_bytes():
                parts.append(part)
        finally:
            assert b"".join(parts) in (BODY, b"")
        return parts


async def sync_httpx(origin):
    with httpx.Client(timeout=TIMEOUT) as http:
        return http.get(f"{origin}/a").content


async def of_aiohttp(origin):
    timeout = aiohttp.ClientTimeout(connect=TIMEOUT, sock_read=TIMEOUT)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{origin}/a") as response:
        return await response.read()


async def aiohttp_in_all(origin):
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{origin}/a") as response:
        return await response.read()


async def of_requests(origin):
    return requests.get(f"{origin}/a", timeout=TIMEOUT).content


async def requests_stream(origin):
    with requests.get(f"{origin}/a", timeout=TIMEOUT, stream=True) as response:
        return b"".join(response.iter_content(4))


async def of_urllib3(origin):
    with urllib3.PoolManager(timeout=TIMEOUT, retries=False) as pool:
        return pool.request("GET", f"{origin}/a").data


async def urllib3_with_retries(origin):
    with urllib3.PoolManager(timeout=TIMEOUT, retries=urllib3.Retry(1)) as pool:
        return pool.request("GET", f"{origin}/a").data


async def urllib3_stream(origin):
    with urllib3.PoolManager(timeout=TIMEOUT, retries=False) as pool:
        return b"".join(pool.request("GET", f"{origin}/a", preload_content=False).stream())


async def of_urllib(origin):
    with urllib.request.urlopen(f"{origin}/a", timeout=TIMEOUT) as response:  # noqa: S310 - it is http
        return response.read()


async def of_http_client(origin):
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=TIMEOUT)
    connection.request("GET", "/a")
    return connection.getresponse().read()


async def by_parts(origin):
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=TIMEOUT)
    connection.putrequest("GET", "/a")
    connection.putheader("accept", "*/*")
    connection.endheaders()
    return connection.getresponse().read()


async def of_tornado(origin):
    http = tornado.httpclient.AsyncHTTPClient(force_instance=True)
    try:
        asked = {"connect_timeout": TIMEOUT, "request_timeout": TIMEOUT}
        return (await http.fetch(f"{origin}/a", **asked)).body
    finally:
        http.close()


CLIENTS = {
    each.__name__: each
    for each in (
        async_httpx,
        httpx_stream,
        sync_httpx,
        of_aiohttp,
        aiohttp_in_all,
        of_requests,
        requests_stream,
        of_urllib3,
        urllib3_with_retries,
        urllib3_stream,
        of_urllib,
        of_http_client,
        by_parts,
        of_tornado,
    )
}
clients = pytest.mark.parametrize("client", CLIENTS)


async def raised(client, origin):
    """What a client raises, with what that is because of: kinds and texts, without ports and addresses."""
    try:
        got = await CLIENTS[client](origin)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return shown(error)
    raise AssertionError(f"it got {got!r}")


def shown(error):
    kinds = [f"{each.__module__}.{each.__qualname__}" for each in type(error).__mro__]
    return kinds, re.sub(r"0x[0-9a-f]+|(?<=\D)\d{4,5}(?=\D)", "*", f"{error} ")


def really(client, origin):
    return asyncio.run(raised(client, origin))


def replayed(client, lost, origin="http://127.0.0.1:4321"):
    found = []

    async def read(_):
        found.append(await raised(client, origin))
        return len(found)

    recorded = [said("/a", origin=origin)]
    result = replay(Connector(read=read), recorded, called(1), {1: lost}, origin=origin)
    assert result.response == {"response": 1}, result
    assert result.off_script == []
    return found[0], result


@clients
@pytest.mark.loopback
def test_a_connection_that_is_refused(client):
    error, result = replayed(client, LostConnection(Lost.REFUSED))
    assert error == really(client, nobody())
    assert result.fired[1] == (2 if client == "urllib3_with_retries" else 1)


@clients
@pytest.mark.loopback
def test_a_response_that_does_not_come_in_time(client):
    with server(None) as origin:
        expected = really(client, origin)
    error, result = replayed(client, LostConnection(Lost.READ_TIMEOUT))
    assert error == expected
    assert result.fired[1] == (2 if client == "urllib3_with_retries" else 1)


@clients
@pytest.mark.parametrize("how", DROPPED)
@pytest.mark.loopback
def test_a_body_that_breaks_off(client, how):
    with server(ON_THE_WIRE[how]) as origin:
        expected = really(client, origin)
    error, _ = replayed(client, LostConnection(Lost.DROPPED, DROPPED[how]))
    assert error == expected


CONNECT_TIMEOUTS = {
    "async_httpx": "httpx.ConnectTimeout",
    "httpx_stream": "httpx.ConnectTimeout",
    "sync_httpx": "httpx.ConnectTimeout",
    "of_aiohttp": "aiohttp.client_exceptions.ConnectionTimeoutError",
    "aiohttp_in_all": "builtins.TimeoutError",
    "of_requests": "requests.exceptions.ConnectTimeout",
    "requests_stream": "requests.exceptions.ConnectTimeout",
    "of_urllib3": "urllib3.exceptions.ConnectTimeoutError",
    "urllib3_with_retries": "urllib3.exceptions.MaxRetryError",
    "urllib3_stream": "urllib3.exceptions.ConnectTimeoutError",
    "of_urllib": "urllib.error.URLError",
    "of_http_client": "builtins.TimeoutError",
    "by_parts": "builtins.TimeoutError",
    "of_tornado": "tornado.simple_httpclient.HTTPTimeoutError",
}


@clients
def test_a_connection_that_is_not_made_in_time(client):
    """Not every system has a local socket to wait for: this is what the libraries' code raises."""
    (kinds, _), result = replayed(client, LostConnection(Lost.CONNECT_TIMEOUT))
    assert kinds[0] == CONNECT_TIMEOUTS[client]
    assert result.fired[1] == (2 if client == "urllib3_with_retries" else 1)
