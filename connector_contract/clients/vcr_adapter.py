"""Stand between the connector's HTTP client and the network, by way of vcrpy.

vcrpy patches the HTTP libraries, and asks its cassette for each request. ``TrafficCassette`` is such a
cassette: it passes the questions on to the scenario's ``Traffic``, and leaves files alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import vcr.patch
from vcr.cassette import Cassette as VcrCassette
from vcr.record_mode import RecordMode
from vcr.request import Request as VcrRequest

from connector_contract.clients import aiohttp_wire, httpx_stubs, tornado_stubs
from connector_contract.clients.header_text import header_bytes, header_text
from connector_contract.clients.http_client_stubs import correct_connections, corrected_functions
from connector_contract.clients.interception import Interception, asked_by_stubs, current
from connector_contract.recording.interactions import Headers, Request, Response
from connector_contract.recording.played_changes import Loss
from connector_contract.recording.recorder import Sent
from connector_contract.recording.traffic import Fate, Traffic
from connector_contract.replaced import Attribute, own, replaced
from connector_contract.storage.canonical import readable_request


@contextmanager
def intercepted(traffic: Traffic) -> Iterator[None]:
    """Have ``traffic`` play or record every HTTP request of this process, as long as the context lasts."""
    with asked_by_stubs(Interception(traffic)), _stubs_in_place(records=traffic.records):
        yield


@contextmanager
def _stubs_in_place(*, records: bool) -> Iterator[None]:
    if not _made().fit():
        _made.cache_clear()
    with _made().in_place(records=records):
        yield


class Stubs:
    """What takes the place of the HTTP clients' own: made once for a process, as that takes milliseconds.

    Whatever somebody else had put in place of something by then is what a stub goes on to, so stubs fit only
    as long as that is there.
    """

    def __init__(self) -> None:
        self._cassette = TrafficCassette(path="", **_only_installed())
        with replaced(_own_makers()):
            patchers = list(vcr.patch.CassettePatcherBuilder(self._cassette).build())
        correct_connections(self._cassette)
        triples = [(each.getter(), each.attribute, each.new) for each in patchers if _is_patch(each)]
        # They take connections out of urllib3's pools.
        self._removers = [each for each in patchers if not _is_patch(each)]
        attributes = [*triples, *corrected_functions(), *_on_the_wire()]
        # Of two for one name, as vcrpy has them for urllib3 with requests and without, the last counts.
        self._attributes = list(
            {(id(owner), name): (owner, name, value) for owner, name, value in attributes}.values()
        )
        self._before = [own(owner, name) for owner, name, _ in self._attributes]

    def fit(self) -> bool:
        """Whether all that they take the place of is as it was."""
        now = (own(owner, name) for owner, name, _ in self._attributes)
        return all(one is other for one, other in zip(now, self._before, strict=True))

    @contextmanager
    def in_place(self, *, records: bool) -> Iterator[None]:
        """Put them in place.

        Args:
            records: Whether requests may reach the network.
        """
        # In mode NONE vcrpy leaves connections alone; requests would open them before it asks for anything.
        self._cassette.record_mode = RecordMode.ALL if records else RecordMode.NONE
        with replaced(self._attributes):
            try:
                yield
            finally:
                for remover in self._removers:
                    remover.__exit__(None, None, None)
                    # They are made for one use.
                    remover._connection_pool_to_connections.clear()


@cache
def _made() -> Stubs:
    """Those of this process."""
    return Stubs()


def _is_patch(patcher: Any) -> bool:
    return hasattr(patcher, "attribute")


def _own_makers() -> Iterator[Attribute]:
    """Have vcrpy, where it makes stubs, make ours."""
    makers: dict[tuple[str, str], Callable[..., Any]] = {
        ("httpx", "vcr_handle_request"): httpx_stubs.handle_request,
        ("httpx", "vcr_handle_async_request"): httpx_stubs.handle_async_request,
        ("tornado", "vcr_fetch_impl"): tornado_stubs.fetch_impl,
        # All else is done on the wire.
        ("aiohttp", "vcr_request"): aiohttp_wire.request,
    }
    for (client, name), make in makers.items():
        if _is_installed(client):
            yield import_module(f"vcr.stubs.{client}_stubs"), name, _without_cassette(make)


def _without_cassette(make: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _cassette, *args: make(*args)


def _on_the_wire() -> Iterator[Attribute]:
    if _is_installed("aiohttp"):
        connector = import_module("aiohttp").BaseConnector
        yield connector, "connect", aiohttp_wire.connect(connector.connect)


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
    """A vcrpy cassette that asks the ``Traffic`` of the scenario that runs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take vcrpy's own arguments."""
        super().__init__(*args, **kwargs)
        # Of some clients' requests, vcrpy asks more than once.
        self._asked: WeakKeyDictionary[VcrRequest, _Asked] = WeakKeyDictionary()

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Whether the request is not to reach the network."""
        if request not in self._asked:
            self._asked[request] = _asked(_request(request))
        return self._asked[request].sent is None

    def play_response(self, request: VcrRequest) -> dict[str, Any]:
        """The recorded response, as vcrpy has it."""
        asked = self._asked[request]
        response = asked.played or asked.interception.play(asked.made)
        assert isinstance(response, Response)  # noqa: S101 - a connection that fails has none
        headers: dict[str, list[str]] = {}
        for name, value in response.headers:
            headers.setdefault(name, []).append(_char_a_byte(value))
        return {
            "status": {"code": response.status, "message": _char_a_byte(response.reason)},
            "headers": headers,
            "body": {"string": response.body},
        }

    def loss(self, request: VcrRequest) -> Loss | None:
        """How the connection of a request fails in a replay; ``None`` if it does not."""
        if not current().loses:
            return None
        if self.can_play_response_for(request) and self._asked[request].played is None:
            asked = self._asked[request]
            self._asked[request] = asked._replace(played=asked.interception.play(asked.made))
        played = self._asked[request].played
        return played if isinstance(played, Loss) else None

    def append(self, request: VcrRequest, response: dict[str, Any]) -> None:
        """Keep a response of the network."""
        asked = self._asked[request]
        assert asked.sent is not None  # noqa: S101 - what was played does not come from the network
        asked.interception.keep(asked.sent, _response(response), decodes=vars(request).get("decodes", True))

    def lose(self, request: VcrRequest | None) -> None:
        """Note that a request, if it was sent, has ended without a response."""
        asked = None if request is None else self._asked.get(request)
        if asked is not None and asked.sent is not None:
            asked.interception.lose(asked.sent)


class _Asked(NamedTuple):
    """A request, whose it is, and how it went to the upstream; what is played has nothing sent.

    Attributes:
        played: What is played, where that is known before the client asks for the response.
    """

    interception: Interception
    made: Request
    sent: Sent | None
    played: Response | Loss | None = None


def _asked(made: Request) -> _Asked:
    interception = current()
    fate = interception.fate(made)
    if fate is Fate.HOLD:
        raise interception.cannot_wait(made)
    if fate is not Fate.SEND:
        return _Asked(interception, made, None)
    sent = interception.send(made)
    interception.wait()
    return _Asked(interception, made, sent)


def _request(request: VcrRequest) -> Request:
    body = request.body_bytes if hasattr(request, "body_bytes") else request.body
    return readable_request(Request(request.method, request.uri, _headers(request.headers), _bytes(body)))


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
