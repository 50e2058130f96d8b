"""The people of a tenant in HTTP: learned from what was really said, made up in what is stored or shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, NamedTuple

from connector_contract.clients.content_codings import plain, within
from connector_contract.people.documents import decoded
from connector_contract.people.emails import EMAIL
from connector_contract.people.known_people import People
from connector_contract.people.leftovers import unescaped
from connector_contract.people.recalled import as_real
from connector_contract.people.words import WORD, folded
from connector_contract.recording.interactions import Headers, Interaction, Request, Response

# Scheme and authority of a URI: the declared origin is nobody's name.
_ORIGIN = re.compile(r"[^:/?#]+://[^/?#]*")


class Said(NamedTuple):
    """What tests say themselves.

    Attributes:
        requests: What they have Lumos ask.
        texts: Further texts, such as e-mail addresses.
    """

    requests: tuple[Any, ...] = ()
    texts: frozenset[str] = frozenset()


class PeopleInHttp:
    """Makes up the people of one tenant, in what its connector asks and is answered.

    Args:
        people: Those who are known by now.
        has_key: Whether they come from a key, and not in order.
    """

    def __init__(self, people: People, *, has_key: bool = True) -> None:
        self.people = people
        self.has_key = has_key
        # What stands for whom in answers; addresses in a reserved domain stand for themselves.
        self._real: dict[str, str] = {}
        # Bodies as they were made up with what is known; the same are asked for again and again.
        self._made: dict[tuple[bytes, str], bytes] = {}
        self._known = -1
        # Which words the upstream has said, and what it has said that was not looked through yet.
        self._said: set[str] = set()
        self._unread: list[tuple[bytes, str]] = []

    def keep(self, said: Said) -> None:
        """Have what tests say stay as it is."""
        for text in said.texts:
            self.people.keep(text)
        for request in said.requests:
            self.people.keep_request(request, lambda _: True)

    def learn(self, request: Request, response: Response | None = None) -> None:
        """Take in whom a response is about, and what of a request is the connector's own."""
        uri = _below_origin(request.uri)[1]
        if response is None:
            self.people.keep_unknown(request.body, _content_type(request.headers), uri)
            self.people.learn_uri(uri)
        else:
            said = plain(response), _content_type(response.headers)
            self.people.learn_body(*said)
            self._unread.append(said)

    def learn_stored(self, interaction: Interaction) -> None:
        """Take in who is in a stored interaction, where everybody is made up."""
        response = interaction.response
        body, kind = as_real(plain(response)), _content_type(response.headers)
        self.people.learn_uri(_below_origin(interaction.request.uri)[1])
        # Many scenarios read the same.
        if (body, kind) not in self._made:
            self._made[body, kind] = body
            self.people.learn_body(body, kind)
            self._unread.append((body, kind))

    def request(self, request: Request) -> Request:
        """``request`` with made-up people."""
        origin, uri = _below_origin(request.uri)
        body = self._body(request.body, _content_type(request.headers))
        return Request(request.method, origin + self.people.uri(uri), self._headers(request.headers), body)

    def response(self, response: Response) -> Response:
        """``response`` with made-up people."""
        kind = _content_type(response.headers)
        return Response(
            response.status,
            self.people.text(response.reason),
            self._headers(response.headers),
            within(response, lambda body: self._body(body, kind)),
        )

    def interaction(self, interaction: Interaction) -> Interaction:
        """``interaction`` with made-up people."""
        return Interaction(self.request(interaction.request), self.response(interaction.response))

    def answered(self, response: Any) -> Any:
        """What the test sees of a response of the connector: what a replay would give it."""
        self.people.keep_own_words(response, self._is_said)
        self.people.learn_json(response)
        shown = self.people.json(response)
        self._real.update(_people_in(response, shown))
        return shown

    def asked(self, request: Any) -> Any:
        """What a test asks for, with the people that its answers were really about.

        What no answer has had is the author's own: it stays as it is, also in what is stored.
        """
        real = self.real(request)
        self.people.keep_request(request, lambda value: value not in self._real and self.real(value) == value)
        return real

    def real(self, value: Any) -> Any:
        """A value that a test has, or a part of one, with the people that it is really about."""
        if isinstance(value, str):
            return self._real[value] if value in self._real else self.people.restored_json(value)
        if isinstance(value, Mapping):
            return {self.real(key): self.real(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.real(item) for item in value]
        return value

    def _is_said(self, word: str) -> bool:
        for body, kind in self._unread:
            text = unescape(unescaped(decoded(body, kind)[0]))
            self._said.update(map(folded, WORD.findall(text)))
        self._unread.clear()
        return word in self._said

    def _body(self, body: bytes, kind: str) -> bytes:
        if self._known != self.people.known:
            self._made.clear()
            self._known = self.people.known
        if (body, kind) not in self._made:
            self._made[body, kind] = self.people.body(body, kind)
        return self._made[body, kind]

    def _headers(self, headers: Headers) -> Headers:
        return tuple((name, self.people.header(name, value)) for name, value in headers)


def _below_origin(uri: str) -> tuple[str, str]:
    origin = _ORIGIN.match(uri)
    end = 0 if origin is None else origin.end()
    return uri[:end], uri[end:]


def _content_type(headers: Headers) -> str:
    return next((value for name, value in headers if name == "content-type"), "")


def _people_in(answer: Any, shown: Any) -> Iterator[tuple[str, str]]:
    """Each text that is another one where it is shown, and each address: as it is shown, and as it was."""
    if isinstance(answer, str):
        if answer != shown or EMAIL.fullmatch(answer):
            yield shown, answer
    elif isinstance(answer, Mapping):
        for (key, value), (shown_key, shown_value) in zip(answer.items(), shown.items(), strict=True):
            yield from _people_in(key, shown_key)
            yield from _people_in(value, shown_value)
    elif isinstance(answer, list):
        for value, shown_value in zip(answer, shown, strict=True):
            yield from _people_in(value, shown_value)
