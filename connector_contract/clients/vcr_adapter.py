"""Stand between the connector's HTTP client and the network, by way of vcrpy.

vcrpy patches the HTTP libraries, and asks its cassette for each request. ``TrafficCassette`` is such a
cassette: it passes the questions on to the scenario's ``Traffic``, and leaves files alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from unittest import mock
from weakref import WeakKeyDictionary

import vcr.patch
from vcr.cassette import Cassette as VcrCassette
from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.record_mode import RecordMode
from vcr.request import Request as VcrRequest

from connector_contract.clients import httpx_stubs, tornado_stubs
from connector_contract.clients.aiohttp_wire import aiohttp_intercepted
from connector_contract.clients.header_text import header_bytes, header_text
from connector_contract.clients.http_client_stubs import http_client_corrected
from connector_contract.clients.interception import Interception
from connector_contract.recording.interactions import Headers, Request, Response
from connector_contract.recording.recorder import Sent
from connector_contract.recording.traffic import Fate, Traffic


@contextmanager
def intercepted(traffic: Traffic) -> Iterator[None]:
    """Have ``traffic`` play or record every HTTP request of this process, as long as the context lasts."""
    # In mode NONE vcrpy leaves connections alone; requests would open them before it asks for anything.
    mode = RecordMode.ALL if traffic.records else RecordMode.NONE
    interception = Interception(traffic)
    with ExitStack() as stack:
        with _own_stubs(interception):
            options = {"path": "", "persister": _NoFiles, "record_mode": mode, **_only_installed()}
            cassette = stack.enter_context(TrafficCassette.use(**options))
        cassette.traffic, cassette.interception = traffic, interception
        stack.enter_context(http_client_corrected(interception))
        if _is_installed("aiohttp"):
            stack.enter_context(aiohttp_intercepted(interception))
        yield


@contextmanager
def _own_stubs(interception: Interception) -> Iterator[None]:
    """Have vcrpy, where it patches a client now, patch it with what is ours."""
    made: dict[tuple[str, str], Callable[..., Any]] = {
        ("httpx", "vcr_handle_request"): httpx_stubs.handle_request,
        ("httpx", "vcr_handle_async_request"): httpx_stubs.handle_async_request,
        ("tornado", "vcr_fetch_impl"): tornado_stubs.fetch_impl,
        # That is done on the wire.
        ("aiohttp", "vcr_request"): lambda _interception, real: real,
    }
    with ExitStack() as stack:
        for (client, name), make in made.items():
            if _is_installed(client):
                stubs = import_module(f"vcr.stubs.{client}_stubs")
                stack.enter_context(mock.patch.object(stubs, name, _without_cassette(interception, make)))
        yield


def _without_cassette(interception: Interception, make: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _cassette, *args: make(interception, *args)


@cache
def _is_installed(module: str) -> bool:
    return find_spec(module) is not None


@cache
def _only_installed() -> dict[str, tuple[str, ...]]:
    """Vcrpy's option to patch no library that is not there, for which it would look each time."""
    modules = {"httplib": "http", "boto3": "botocore"}
    names: tuple[str, ...] = getattr(vcr.patch, "PATCHER_NAMES", ())
    absent = tuple(name for name in names if not _is_installed(modules.get(name, name)))
    return {"skip_patchers": absent} if absent else {}


class TrafficCassette(VcrCassette):  # type: ignore[misc] # vcrpy has no types
    """A vcrpy cassette that asks the scenario's ``Traffic``."""

    traffic: Traffic
    interception: Interception

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take vcrpy's own arguments."""
        super().__init__(*args, **kwargs)
        # Of some clients' requests, vcrpy asks more than once. What is played has nothing sent.
        self._asked: WeakKeyDictionary[VcrRequest, tuple[Request, Sent | None]] = WeakKeyDictionary()

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Whether the request is not to reach the network."""
        if request not in self._asked:
            made = _request(request)
            fate = self.interception.fate(made)
            if fate is Fate.HOLD:
                raise self.interception.cannot_wait(made)
            self._asked[request] = made, self.traffic.send(made) if fate is Fate.SEND else None
        return self._asked[request][1] is None

    def play_response(self, request: VcrRequest) -> dict[str, Any]:
        """The recorded response, as vcrpy has it."""
        response = self.traffic.play(self._asked[request][0])
        headers: dict[str, list[str]] = {}
        for name, value in response.headers:
            headers.setdefault(name, []).append(_char_a_byte(value))
        return {
            "status": {"code": response.status, "message": _char_a_byte(response.reason)},
            "headers": headers,
            "body": {"string": response.body},
        }

    def append(self, request: VcrRequest, response: dict[str, Any]) -> None:
        """Keep a response of the network."""
        sent = self._asked[request][1]
        assert sent is not None  # noqa: S101 - what was played does not come from the network
        self.interception.keep(sent, _response(response))


class _NoFiles:
    """A persister for which nothing is stored and nothing is to be."""

    @staticmethod
    def load_cassette(*_args: Any, **_kwargs: Any) -> None:
        raise CassetteNotFoundError

    @staticmethod
    def save_cassette(*_args: Any, **_kwargs: Any) -> None:
        return None


def _request(request: VcrRequest) -> Request:
    body = request.body_bytes if hasattr(request, "body_bytes") else request.body
    return Request(request.method, request.uri, _headers(request.headers), _bytes(body))


def _response(response: dict[str, Any]) -> Response:
    status = response["status"]
    return Response(
        status["code"],
        _text(status["message"] or ""),
        _headers(response["headers"]),
        _bytes(response["body"]["string"]),
    )


def _headers(headers: Any) -> Headers:
    pairs = []
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            pairs.append((_text(name).lower(), _text(value)))
    return tuple(pairs)


def _text(value: Any) -> str:
    """What ``http.client`` sends or has read: text of a character a byte, bytes, or a number."""
    return header_text(value if isinstance(value, bytes) else header_bytes(str(value)))


def _char_a_byte(text: str) -> str:
    return header_bytes(text).decode("latin-1")


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)
