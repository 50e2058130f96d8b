"""Credentials of a replay that cannot be told from the rest of the recording: ``x``, ``password``, ``id``.

A replay needs no credential, so a developer gives it a word. If that word is also data in what is stored, or
if it is too short to be found in an encoding, the connector is given a longer one in its place. A recording
has the credential's placeholder for both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from connector_contract.clients.content_codings import plain
from connector_contract.recording.interactions import Cassette, Interaction, Response
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.oauth_values import asked_secrets
from connector_contract.secrets.ordinary import is_ordinary
from connector_contract.secrets.redaction import Redactor, stored_texts
from connector_contract.secrets.replacements import WORD_LENGTH
from connector_contract.secrets.secret_settings import named_settings
from connector_contract.secrets.spellings import traces
from connector_contract.secrets.user_names import is_place, is_user_name

# So many more characters make no word of it, and still a text in base64 or hexadecimal.
_FURTHER = 16
# Of what is in base64, base32 and hexadecimal, and reads as a name.
_LETTERS, _DIGITS = "abcdef", "234567"
_RUN = re.compile(r"\w+")


class Dummies:
    """The credentials of a replay.

    Args:
        stored: Gives what the recording has: bodies, URLs, headers, snapshots.
        secret_names: Normalized names whose values are secret.
    """

    def __init__(self, stored: Callable[[], Iterable[bytes]], secret_names: frozenset[str]) -> None:
        self._stored = stored
        self._secret_names = secret_names
        self._given: Callable[[str, tuple[tuple[str, str], ...]], str] = cache(self._of)

    def auth(self, auth: Mapping[str, Any] | None) -> Any:
        """The ``auth`` that the connector is given."""
        return auth if auth is None else self._leaves(auth, (), auth, "")

    def credentials(self, credentials: Iterable[Mapping[str, Any]] | None) -> Any:
        """The ``credentials`` that the connector is given."""
        if credentials is None:
            return None
        return [self._credential(each) for each in credentials]

    def _credential(self, credential: Any) -> Any:
        if not isinstance(credential, Mapping):
            # The SDK refuses it.
            return credential
        return {
            key: item if key == "id" else self._leaves(item, (_id(credential), key), credential, key)
            for key, item in credential.items()
        }

    def settings(self, settings: Mapping[str, Any]) -> Any:
        """The ``settings`` that the connector is given: a word is a secret there if the recording says so."""
        for path in named_settings(settings, self._secret_names):
            shown = f"<{'.'.join(map(str, ('settings', *path)))}>".encode()
            if any(shown in data for data in self._stored()):
                settings = _changed(settings, path, stand_in)
        return settings

    def request(self, capability: str, request: Any) -> Any:
        """A capability's own part of a request, which has secrets if it asks for a token."""
        given = {value: self.of(name, value) for name, value in asked_secrets(capability, request)}
        if all(value == each for value, each in given.items()):
            return request
        return {
            name: given.get(each, each) if isinstance(each, str) else each for name, each in request.items()
        }

    def _leaves(self, value: Any, path: tuple[str, ...], beside: Mapping[str, Any], key: str) -> Any:
        if isinstance(value, Mapping):
            return {
                name: self._leaves(item, (*path, str(name)), value, str(name)) for name, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._leaves(item, (*path, str(at)), beside, key) for at, item in enumerate(value)]
        if not isinstance(value, str) or not is_ordinary(value):
            return value
        if is_user_name(key, value, beside) or is_place(key, value):
            return value
        if value in _users(beside):
            # Nobody could tell which of the two a request has.
            return stand_in(value)
        return self.of(".".join(path), value)

    def of(self, name: str, value: str) -> str:
        """A secret that the connector is given, under the name of its placeholder."""
        if not value or not is_ordinary(value):
            return value
        secrets = Secrets(self._secret_names)
        secrets.name(name, value)
        return self._given(value, tuple(secrets.names.items()))

    def _of(self, value: str, names: tuple[tuple[str, str], ...]) -> str:
        return value if self._is_clear(dict(names)) else stand_in(value)

    def _is_clear(self, names: Mapping[str, str]) -> bool:
        """Whether secrets that are put into what is stored, and taken out again, leave it as it was."""
        redactor = Redactor(names)
        marks = {mark for value, name in names.items() for mark in (*traces(value), *traces(f"<{name}>"))}
        is_long = all(len(value) >= WORD_LENGTH for value in names)
        for data in self._stored():
            # A long one is found wherever it is put, but for where a word is a name.
            if is_long and not any(mark in data for mark in marks):
                continue
            text = data.decode("utf-8", "surrogateescape")
            if redactor.text(redactor.restored_json(text)) != text:
                return False
        return True


def texts_of(cassette: Cassette) -> Iterator[bytes]:
    """What a cassette has that a credential may be in, decoded."""
    for interaction in cassette.interactions:
        yield plain(interaction.response)
        yield from (data for _, data in stored_texts(interaction))
    yield from (
        data for each in cassette.given_up for _, data in stored_texts(Interaction(each.request, Response(0)))
    )
    yield from (
        json.dumps(call.asked, ensure_ascii=False).encode("utf-8", "surrogatepass") for call in cassette.calls
    )


def stand_in(value: str) -> str:
    """A credential that is like a dummy, and is nowhere else: each word in it goes on at its end."""
    return _RUN.sub(lambda found: found[0] + _further(found[0]), value) if _RUN.search(value) else value


def _further(word: str) -> str:
    digits = sha256(word.encode("utf-8", "surrogateescape")).digest()[:_FURTHER]
    letters = _DIGITS if word.isdigit() else _LETTERS
    further = "".join(letters[digit % len(letters)] for digit in digits)
    return further.upper() if word.isupper() else further


def _users(beside: Mapping[str, Any]) -> list[str]:
    return [
        each
        for name, each in beside.items()
        if isinstance(each, str) and is_user_name(str(name), each, beside)
    ]


def _id(credential: Mapping[str, Any]) -> str:
    return str(credential.get("id", "credential"))


def _changed(value: Any, path: tuple[Any, ...], change: Callable[[str], str]) -> Any:
    """A copy of a value of JSON with another text at a place."""
    if not path:
        return change(value)
    below = _changed(value[path[0]], path[1:], change)
    if isinstance(value, Mapping):
        return {**value, path[0]: below}
    return [below if at == path[0] else item for at, item in enumerate(value)]
