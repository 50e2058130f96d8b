"""Where the name of a user authenticates: there it has a placeholder, so that a replay may have another.

That is half of a pair of basic authentication, a URL, a header that carries a secret, and a field, parameter
or header that says so by its name and has a secret beside it in the same request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from connector_contract.secrets.ordinary import reads_as_words
from connector_contract.secrets.url_logins import bytes_without_logins
from connector_contract.secrets.user_names import names_a_user

_PAIR = re.compile(r"(?<![^?&])([^=&?#]+)=([^&#]*)")
_FIELD = re.compile(r'"([^"\\]{1,64})"(\s*:\s*)"((?:[^"\\]|\\.)*+)"')
_ELEMENT = re.compile(r"<((?:[\w-]+:)?[\w-]{1,64})((?:\s[^<>]*)?)>([^<>]{1,256})</\1\s*>")
_PART = re.compile(r'(;\s*name="?([^";\r\n]{1,64})"?\r\n(?:[^\r\n]+\r\n)*\r\n)([^\r\n]*)(?=\r\n--)')


class UserPlaces:
    """Replaces the names of users where they authenticate.

    Args:
        names: The name of the placeholder of each.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self._words = {user: _as_word(user) for user in names}

    def __bool__(self) -> bool:
        """Whether there is anything to replace."""
        return bool(self.names)

    def logins(self, data: bytes) -> bytes:
        """``data`` without users and passwords in URLs."""
        return bytes_without_logins(data, self.names)

    def words(self, text: str) -> str:
        """A text that authenticates, with a placeholder for each name in it."""
        for user, name in self.names.items():
            if user in text:
                text = self._words[user].sub(f"<{name}>", text)
        return text

    def pair(self, text: str, redact: Callable[[str], str]) -> str:
        """User and password of basic authentication without secrets, and with a placeholder for the user.

        A client's id is encoded as in a form before it becomes half of a pair (RFC 6749, 2.3.1).

        Args:
            text: The pair. Who has a colon in the name can use it all the same.
            redact: Takes the secrets out of a text. A user may be called as the password is.
        """
        for known, name in self.names.items():
            if text.startswith(f"{known}:"):
                return f"<{name}>:{redact(text[len(known) + 1 :])}"
        user, colon, password = text.partition(":")
        for spelled in (user, unquote_plus(user)):
            if (shown := self.words(spelled)) != spelled:
                return f"{shown}{colon}{redact(password)}"
        return redact(text)

    def header(self, name: str, value: str) -> str:
        """The value of a header beside one that carries a secret: ``X-Auth-Email``, say."""
        return self._shown(name, value)

    def uri(self, uri: str) -> str:
        """A URI beside a secret: the parameters of its query."""
        path, mark, query = uri.partition("?")
        return f"{path}{mark}{_PAIR.sub(self._pair, query)}" if mark and self else uri

    def path(self, uri: str) -> str:
        """A URI, with a placeholder for each part of its path that is such a name and no word."""
        path, mark, query = uri.partition("?")
        for user, name in self.names.items():
            if user in path and not reads_as_words(user) and "@" not in user:
                path = re.sub(rf"(?<=/){re.escape(quote(user, safe=''))}(?=[/.]|\Z)", f"<{name}>", path)
        return f"{path}{mark}{query}"

    def body(self, body: bytes) -> bytes:
        """The body of a request that has a secret in it: JSON, a form, parts, or XML."""
        if not any(user.encode("utf-8", "surrogateescape") in body for user in self._spelled()):
            return body
        text = body.decode("utf-8", "surrogateescape")
        start = text.lstrip()[:1]
        if start in ("{", "["):
            text = _FIELD.sub(self._field, text)
        elif start == "<":
            text = _ELEMENT.sub(self._element, text)
        elif start == "-":
            text = _PART.sub(lambda found: found[1] + self._shown(found[2], found[3]), text)
        else:
            text = _PAIR.sub(self._pair, text)
        return text.encode("utf-8", "surrogateescape")

    def beside(self, value: Any) -> Any:
        """A value of JSON: in each object that has a placeholder, the names beside it."""
        if isinstance(value, list):
            return [self.beside(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        has_secret = any(isinstance(item, str) and item[:1] == "<" for item in value.values())
        return {
            key: self._shown(key, item) if has_secret and isinstance(item, str) else self.beside(item)
            for key, item in value.items()
        }

    def _spelled(self) -> list[str]:
        return [text for user in self.names for text in (user, quote_plus(user), json.dumps(user)[1:-1])]

    def _shown(self, name: str, value: str) -> str:
        return f"<{self.names[value]}>" if value in self.names and names_a_user(name) else value

    def _pair(self, found: re.Match[str]) -> str:
        name, value = (unquote_plus(part, errors="surrogateescape") for part in found.groups())
        shown = self._shown(name, value)
        return found[0] if shown == value else f"{found[1]}={shown}"

    def _field(self, found: re.Match[str]) -> str:
        try:
            value = json.loads(f'"{found[3]}"')
        except ValueError:
            return found[0]
        shown = self._shown(found[1], value)
        return found[0] if shown == value else f'"{found[1]}"{found[2]}"{shown}"'

    def _element(self, found: re.Match[str]) -> str:
        shown = self._shown(found[1].rpartition(":")[2], found[3])
        return found[0] if shown == found[3] else f"<{found[1]}{found[2]}>{shown}</{found[1]}>"


def _as_word(user: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(user)}(?![A-Za-z0-9])")
