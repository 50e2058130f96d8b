"""Stand between the connector's HTTP client and the network, by way of vcrpy.

vcrpy patches the HTTP libraries, and asks its cassette for each request. ``TrafficCassette`` is such a
cassette: it passes the questions on to the scenario's ``Traffic``, and leaves files alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any
from weakref import WeakKeyDictionary

import vcr.patch
from vcr.cassette import Cassette as VcrCassette
from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.record_mode import RecordMode
from vcr.request import Request as VcrRequest

from connector_contract.recording.held import hold
from connector_contract.recording.interactions import Headers, Request, Response
from connector_contract.recording.recorder import Sent
from connector_contract.recording.traffic import Fate, Traffic


@contextmanager
def intercepted(traffic: Traffic) -> Iterator[None]:
    """Have ``traffic`` play or record every HTTP request of this process, as long as the context lasts."""
    # In mode NONE vcrpy leaves connections alone; requests would open them before it asks for anything.
    mode = RecordMode.ALL if traffic.records else RecordMode.NONE
    options = {"path": "", "persister": _NoFiles, "record_mode": mode, **_only_installed()}
    with TrafficCassette.use(**options) as cassette:
        cassette.traffic = traffic
        yield


@cache
def _only_installed() -> dict[str, tuple[str, ...]]:
    """Vcrpy's option to patch no library that is not there, for which it would look each time."""
    modules = {"httplib": "http", "boto3": "botocore"}
    names: tuple[str, ...] = getattr(vcr.patch, "PATCHER_NAMES", ())
    absent = tuple(name for name in names if find_spec(modules.get(name, name)) is None)
    return {"skip_patchers": absent} if absent else {}


@dataclass(eq=False)
class _Asked:
    """A request that vcrpy has asked about.

    Attributes:
        request: As it is compared and kept.
        plays: Whether it is played.
        sent: Its way to the upstream, if it is not played.
    """

    request: Request
    plays: bool = True
    sent: Sent | None = None


class TrafficCassette(VcrCassette):  # type: ignore[misc] # vcrpy has no types
    """A vcrpy cassette that asks the scenario's ``Traffic``."""

    traffic: Traffic

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take vcrpy's own arguments."""
        super().__init__(*args, **kwargs)
        # Of some clients' requests, vcrpy asks more than once.
        self._asked: WeakKeyDictionary[VcrRequest, _Asked] = WeakKeyDictionary()

    @property
    def write_protected(self) -> bool:
        """Never, for vcrpy: what is not played is sent, or waits."""
        return False

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Whether the request is not to reach the network."""
        asked = self._asked.get(request)
        if asked is None:
            asked = self._asked[request] = _Asked(_request(request))
            self.traffic.count(asked.request)
            fate = self.traffic.fate(asked.request)
            asked.plays = fate is Fate.PLAY
            asked.sent = self.traffic.send(asked.request) if fate is Fate.SEND else None
            hold(fate is Fate.HOLD)
        return asked.plays

    def play_response(self, request: VcrRequest) -> dict[str, Any]:
        """The recorded response, as vcrpy has it."""
        asked = self._asked.get(request) or _Asked(_request(request))
        response = self.traffic.play(asked.request)
        headers: dict[str, list[str]] = {}
        for name, value in response.headers:
            headers.setdefault(name, []).append(value)
        return {
            "status": {"code": response.status, "message": response.reason},
            "headers": headers,
            "body": {"string": response.body},
        }

    def append(self, request: VcrRequest, response: dict[str, Any]) -> None:
        """Keep a response of the network."""
        asked = self._asked.get(request)
        # aiohttp's redirects are recorded without having been asked for.
        sent = asked.sent if asked is not None else None
        self.traffic.record(sent or self.traffic.send(_request(request)), _response(response))


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
        status["message"] or "",
        _headers(response["headers"]),
        _bytes(response["body"]["string"]),
    )


def _headers(headers: Any) -> Headers:
    pairs = []
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            pairs.append((_text(name).lower(), _text(value)))
    return tuple(pairs)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)
