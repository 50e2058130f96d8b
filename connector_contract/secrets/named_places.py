"""Placeholders for values that are replaced where a name says that they are secret, and nowhere else.

These are the ordinary ones: ``{"api_key": "active", "state": "active"}`` has one placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from connector_contract.recording.interactions import Request, is_form
from connector_contract.recording.multipart import is_multipart
from connector_contract.secrets.issued_tokens import names_a_token
from connector_contract.secrets.named_formats import with_named_values
from connector_contract.secrets.schemes import split_scheme
from connector_contract.secrets.secret_names import COOKIE, is_secret_cookie, is_secret_name, names_one
from connector_contract.secrets.set_cookie import with_values

# A pair of a query or a form.
_PAIR = re.compile(rb"(?<=[?&])([^=&#]+)=([^&#]*)")
# A part of a multipart body that is a field.
_PART = re.compile(rb'(?s)([;\s]name="?([^";\r\n]+)"?\r\n(?:[^\r\n]+\r\n)*\r\n)(.*?)(?=\r\n--)')


class NamedPlaces:
    """Replaces values in headers, parameters and fields of secret names.

    Args:
        placeholders: What stands for each value.
        secret_names: Normalized names whose values are secret.
        data: Name and value of the cookies that are no secrets, because the connector sets them itself.
    """

    def __init__(
        self,
        placeholders: Mapping[str, str],
        secret_names: frozenset[str],
        data: Collection[tuple[str, str]] = (),
    ) -> None:
        self._placeholders = placeholders
        self._names = secret_names
        self._data = data

    def __contains__(self, value: object) -> bool:
        """Whether a value is replaced in such places alone."""
        return value in self._placeholders

    def __bool__(self) -> bool:
        """Whether there is anything to replace."""
        return bool(self._placeholders)

    def header(self, name: str, value: str) -> str:
        """A header's value."""
        if not self or not (self._is_secret(name) or names_a_token(name)):
            is_json = value[:1] in ("{", "[")
            return _as_bytes(value, self.body) if self and is_json else value
        if name in ("cookie", "set-cookie"):
            return with_values(name, value, self._cookie)
        scheme, credential = split_scheme(name, value)
        return scheme + self._placeholders.get(credential, credential)

    def uri(self, uri: str) -> str:
        """A URI, with its query."""
        if not self or "?" not in uri:
            return uri
        return _as_bytes(uri, lambda data: _PAIR.sub(self._pair, data))

    def request_body(self, request: Request) -> bytes:
        """The body of a request: JSON, a form, or parts."""
        body = request.body
        if not self or not body:
            return body
        if is_form(request):
            body = _PAIR.sub(self._pair, b"&" + body)[1:]
        elif any(name == "content-type" and is_multipart(value) for name, value in request.headers):
            body = _PART.sub(self._part, body)
        return self.body(body)

    def body(self, body: bytes) -> bytes:
        """A body of any format."""
        if not self or not names_one(body, self._names):
            return body
        return with_named_values(body, self._is_secret, lambda _, value: self._placeholders.get(value, value))

    def fields(self, value: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
        """The fields of an object of JSON."""
        if not self:
            return value.items()
        return ((name, self._value(name, item)) for name, item in value.items())

    def _value(self, name: str, value: Any) -> Any:
        if type(value) not in (str, int) or not self._is_secret(name):
            return value
        return self._placeholders.get(str(value), value)

    def _is_secret(self, name: str) -> bool:
        return is_secret_name(name, self._names)

    def _cookie(self, name: str, value: str) -> str:
        named = COOKIE + name, value
        if named in self._data or not is_secret_cookie(name, self._names):
            return value
        return self._placeholders.get(value, value)

    def _pair(self, found: re.Match[bytes]) -> bytes:
        name, value = (unquote_plus(_text(part), errors="surrogateescape") for part in found.groups())
        if not self._is_secret(name) or value not in self._placeholders:
            return found[0]
        return found[1] + b"=" + self._placeholders[value].encode()

    def _part(self, found: re.Match[bytes]) -> bytes:
        if not self._is_secret(_text(found[2])) or b"filename" in found[1]:
            return found[0]
        return found[1] + self._placeholders.get(_text(found[3]), _text(found[3])).encode(
            "utf-8", "surrogateescape"
        )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _as_bytes(text: str, changed: Callable[[bytes], bytes]) -> str:
    return _text(changed(text.encode("utf-8", "surrogateescape")))
