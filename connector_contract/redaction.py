"""Keep secrets off the disk: every known secret becomes a placeholder, the same one wherever it appears.

A placeholder is named after the place of the secret in ``auth`` or ``credentials``, such as
``<token.token>``, and never after its value. So a replay that has other credentials, or none that are
real, still tells a connector that sends its token from one that does not.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

from connector_contract.interactions import Headers, Interaction, Request, Response

# Headers that authenticate, and are secret whatever their value is.
SECRET_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "api-key",
        "x-api-key",
        "x-auth-token",
        "x-access-token",
    }
)

# Pairs that HTTP basic authentication (RFC 7617) joins and encodes, so that neither can be seen.
_BASIC_PAIRS = (("username", "password"), ("client_id", "client_secret"))

_PLACEHOLDER = re.compile(r"<[\w.:-]+>")


@dataclass
class Secrets:
    """The secrets of one scenario: each value, and the name of its placeholder.

    They are collected call by call, because a scenario may send other credentials with each.
    """

    names: dict[str, str] = field(default_factory=dict)

    def add(self, auth: Mapping[str, Any] | None, credentials: Sequence[Mapping[str, Any]] | None) -> None:
        """Take in what a call to the connector carries.

        Args:
            auth: The request's ``auth``, as JSON.
            credentials: The request's ``credentials``, as JSON; the ``id`` of each names its secrets.
        """
        for path, value in _leaves(auth or {}, ()):
            self._name(".".join(path), value)
        for credential in credentials or ():
            secret = {key: value for key, value in credential.items() if key != "id"}
            for path, value in _leaves(secret, (str(credential.get("id", "credential")),)):
                self._name(".".join(path), value)

    def _name(self, name: str, value: str) -> None:
        if not value or value in self.names:
            return
        taken = set(self.names.values())
        candidates = [name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))]
        self.names[value] = next(candidate for candidate in candidates if candidate not in taken)

    def redactor(self) -> Redactor:
        """A redactor for the secrets known by now."""
        return Redactor(self.names)


class Redactor:
    """Replaces known secrets, in whatever encoding HTTP gives them.

    Args:
        names: The name of the placeholder for each secret value.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._placeholders = dict(_spellings(names))
        # Longest first, so that a secret that is a part of another does not tear it apart.
        longest = sorted(self._placeholders, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, longest))) if longest else None

    def bytes(self, data: bytes) -> bytes:
        """``data`` with each secret in it replaced by its placeholder."""
        if self._pattern is None:
            return data
        return self._pattern.sub(lambda found: self._placeholders[found[0]], data)

    def text(self, text: str) -> str:
        """``text`` with each secret in it replaced by its placeholder."""
        return self.bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def json(self, value: Any) -> Any:
        """``value`` with each secret in its strings replaced; keys and other values stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.json(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.json(item) for item in value]
        return value

    def headers(self, headers: Headers) -> Headers:
        """``headers`` without secrets; an unknown value of a secret header is hidden as a whole."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def request(self, request: Request) -> Request:
        """``request`` without secrets."""
        return Request(
            request.method, self.text(request.uri), self.headers(request.headers), self.bytes(request.body)
        )

    def response(self, response: Response) -> Response:
        """``response`` without secrets."""
        return Response(
            response.status,
            self.text(response.reason),
            self.headers(response.headers),
            self.bytes(response.body),
        )

    def interaction(self, interaction: Interaction) -> Interaction:
        """``interaction`` without secrets."""
        return Interaction(self.request(interaction.request), self.response(interaction.response))

    def _header(self, name: str, value: str) -> str:
        redacted = self.text(value)
        if name not in SECRET_HEADERS or _PLACEHOLDER.search(redacted):
            return redacted
        scheme, space, _ = value.partition(" ")
        return f"{scheme}{space}<{name}>" if space else f"<{name}>"


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*path, str(key)))
    elif isinstance(value, Sequence):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, str(index)))


def _spellings(names: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """Each way in which HTTP spells a secret, with its placeholder."""
    for value, name in _with_basic_pairs(names):
        placeholder = f"<{name}>".encode()
        percent = (quote(value, safe=""), quote(value), quote_plus(value))
        escaped = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
        for spelling in {value, *percent, *map(_lower_hex, percent), *escaped}:
            yield spelling.encode(), placeholder


def _with_basic_pairs(names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    yield from names.items()
    values = {name: value for value, name in names.items()}
    for name, user in values.items():
        group, dot, last = name.rpartition(".")
        for first, second in _BASIC_PAIRS:
            secret = values.get(f"{group}{dot}{second}")
            if last == first and secret is not None:
                pair = base64.b64encode(f"{user}:{secret}".encode()).decode()
                yield pair, f"{group}{dot}{first}:{second}"


def _lower_hex(text: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), text)
