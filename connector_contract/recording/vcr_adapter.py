"""Stand between the connector's HTTP client and the network, by way of vcrpy.

vcrpy patches the HTTP libraries, and asks its cassette for each request. ``Tape`` is such a cassette: it
passes the questions on to a ``Deck``, and leaves files alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any

import vcr.patch
from vcr.cassette import Cassette as VcrCassette
from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.record_mode import RecordMode
from vcr.request import Request as VcrRequest

from connector_contract.recording.interactions import Headers, Interaction, Request, Response
from connector_contract.recording.player import Deck


@contextmanager
def intercepted(deck: Deck) -> Iterator[None]:
    """Have ``deck`` answer or record every HTTP request of this process, as long as the context lasts."""
    # In mode NONE vcrpy leaves connections alone; requests would open them before it asks for anything.
    mode = RecordMode.ALL if deck.records else RecordMode.NONE
    with Tape.use(path="", persister=_NoFiles, record_mode=mode, **_only_installed()) as tape:
        tape.deck = deck
        yield


@cache
def _only_installed() -> dict[str, tuple[str, ...]]:
    """Vcrpy's option to patch no library that is not there, for which it would look each time."""
    modules = {"httplib": "http", "boto3": "botocore"}
    names: tuple[str, ...] = getattr(vcr.patch, "PATCHER_NAMES", ())
    absent = tuple(name for name in names if find_spec(modules.get(name, name)) is None)
    return {"skip_patchers": absent} if absent else {}


class Tape(VcrCassette):  # type: ignore[misc] # vcrpy has no types
    """A vcrpy cassette that asks a ``Deck``."""

    deck: Deck

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take vcrpy's own arguments."""
        super().__init__(*args, **kwargs)
        self._sent: list[tuple[VcrRequest, Request]] = []
        self._asked: tuple[VcrRequest, Request] | None = None

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Whether the request is not to reach the network."""
        # What vcrpy asks next is to play the same one; of some clients' requests, it asks this twice.
        again = self._asked is not None and self._asked[0] is request
        self._asked = asked = request, _request(request)
        answers = self.deck.answers(asked[1], again=again)
        if not answers:
            self._sent.append(asked)
        return answers

    def play_response(self, request: VcrRequest) -> dict[str, Any]:
        """The recorded response, as vcrpy has it."""
        asked = self._asked
        made = asked[1] if asked is not None and asked[0] is request else _request(request)
        response = self.deck.play(made)
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
        count = len(self._sent)
        position = next((n for n in reversed(range(count)) if self._sent[n][0] is request), count)
        # aiohttp's redirects are recorded without having been asked for.
        made = self._sent[position][1] if position < count else _request(request)
        self.deck.record(Interaction(made, _response(response)), position)


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
