"""Logins in URLs (RFC 3986, 3.2.1): ``https://user:password@host``, also for a database or a proxy.

The password is a secret wherever it is. The user is replaced where it is in such a URL, for it may be a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from connector_contract.clients.content_codings import plain
from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.ordinary import reads_as_words
from connector_contract.secrets.shown_placeholders import PLACEHOLDER

USER, PASSWORD = "url.user", "url.password"
"""The names of the placeholders of both parts."""

# As it is, as JSON may have it, and as a URL has another one in its query.
_SEPARATORS = ("://", r":\/\/", "%3A%2F%2F", "%3a%2f%2f")
_AUTHORITY = re.compile(r"(?:<[\w.:-]+>|[^\s/?#\"'<>\\`])*")
_ENCODED = re.compile(r"(?:<[\w.:-]+>|(?!%2[Ff]|%3[Ff]|%2[23])[^\s/?#&\"'<>\\`])*")
# A port, and what else is in the sentence: "http://localhost:8000,ada@a.example".
_PORT = re.compile(r"\d{1,5}[,;)]")
_COLON, _AT = re.compile(":"), re.compile("@")
_ENCODED_COLON, _ENCODED_AT = re.compile(r":|%3[Aa]"), re.compile(r"@|%40")
_PLACEHOLDERS = re.compile(f"(?:{PLACEHOLDER.pattern})+")


class Login(NamedTuple):
    """What stands before the "@" of a URL, as it is spelled.

    Attributes:
        user: The user's name; may be empty.
        password: The password; empty if there is none.
        start: Where it begins in the text.
        end: Where the "@" is.
        colon: What is between both; empty if there is no password at all.
        encoded: How often it is percent-encoded.
    """

    user: str
    password: str
    start: int
    end: int
    colon: str
    encoded: int

    @property
    def shown_user(self) -> bool:
        """Whether its user is a name that says nothing, such as the ``git`` of ``ssh://git@host``."""
        return not self.password and reads_as_words(self.user)

    @property
    def is_hidden(self) -> bool:
        """Whether placeholders stand for all of it that is to be hidden."""
        parts = (self.user, self.password)
        return self.shown_user or all(not part or _PLACEHOLDERS.fullmatch(part) for part in parts)


def logins(text: str) -> Iterator[Login]:
    """Each login in the URLs of a text, from the first to the last."""
    for start, is_encoded in _authorities(text) if may_have_login(text) else ():
        authority = (_ENCODED if is_encoded else _AUTHORITY).match(text, start)
        if authority is None:
            continue
        ats = [*(_ENCODED_AT if is_encoded else _AT).finditer(authority[0])]
        if ats:
            login = _login(authority[0][: ats[-1].start()], start, is_encoded=is_encoded)
            if not _PORT.match(login.password):
                yield login


def _authorities(text: str) -> list[tuple[int, bool]]:
    """Where an authority begins behind a scheme, and whether it is encoded."""
    found = []
    for separator in _SEPARATORS:
        is_encoded = separator[0] == "%"
        # A plain search takes a tenth of the time of a pattern.
        at, login = text.find(separator), -1
        while at >= 0:
            end = at + len(separator)
            if login < end and not is_encoded:
                login = text.find("@", end)
            # Most URLs have a path before the next "@" of the text.
            has_login = is_encoded or (login >= 0 and text.find("/", end, login) < 0)
            if has_login and at and text[at - 1].isalnum():
                found.append((end, is_encoded))
            at = text.find(separator, end) if is_encoded or login >= 0 else -1
    return sorted(found)


def may_have_login(text: str) -> bool:
    """Whether a text has the characters of a login; almost none has."""
    return ("@" in text or "%40" in text) and ("//" in text or "\\/\\/" in text or "%2" in text)


def url_passwords(text: str) -> Iterator[tuple[str, str]]:
    """User and password of each login, decoded; what is a placeholder by now is empty."""
    for login in logins(text):
        if not login.shown_user:
            yield _decoded(login.user, login.encoded), _decoded(login.password, login.encoded)


def without_logins(text: str, users: Mapping[str, str] | None = None) -> str:
    """``text`` with placeholders in place of users and passwords in URLs.

    Args:
        text: What may have some; known secrets in it are placeholders already.
        users: The name of the placeholder of each user who is known.
    """
    shown, at = [], 0
    for login in logins(text):
        if login.is_hidden or login.start < at:
            continue
        known = (users or {}).get(_decoded(login.user, login.encoded), USER)
        user = _placeholder(login.user, known)
        shown += [text[at : login.start], user, login.colon, _placeholder(login.password, PASSWORD)]
        at = login.end
    return "".join([*shown, text[at:]]) if shown else text


def bytes_without_logins(data: bytes, users: Mapping[str, str] | None = None) -> bytes:
    """The same of bytes."""
    if b"@" not in data and b"%40" not in data:
        return data
    text = data.decode("utf-8", "surrogateescape")
    safe = without_logins(text, users)
    return data if safe is text else safe.encode("utf-8", "surrogateescape")


def login_texts(request: Request, response: Response | None) -> Iterator[str]:
    """What of a request and its response may have a login in a URL."""
    parts: list[bytes | str] = [request.uri, request.body, *(value for _, value in request.headers)]
    if response is not None:
        parts += [plain(response), *(value for _, value in response.headers)]
    for part in parts:
        if isinstance(part, str):
            if may_have_login(part):
                yield part
        elif b"@" in part or b"%40" in part:
            text = part.decode("utf-8", "surrogateescape")
            if may_have_login(text):
                yield text


def in_settings(value: Any, name: str = "settings") -> Iterator[tuple[str, str, str]]:
    """The path of each URL with a login in a value of JSON, with its user and its password."""
    if isinstance(value, str):
        yield from ((name, user, password) for user, password in url_passwords(value))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from in_settings(item, f"{name}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from in_settings(item, f"{name}.{index}")


def _login(userinfo: str, start: int, *, is_encoded: bool) -> Login:
    colon = (_ENCODED_COLON if is_encoded else _COLON).search(_hidden(userinfo))
    end = start + len(userinfo)
    encoded = 2 if is_encoded else 1
    if colon is None:
        return Login(userinfo, "", start, end, "", encoded)
    return Login(userinfo[: colon.start()], userinfo[colon.end() :], start, end, colon[0], encoded)


def _hidden(userinfo: str) -> str:
    """What has no colon of a placeholder's own: ``<basic.username:password>``."""
    return PLACEHOLDER.sub(lambda found: "_" * len(found[0]), userinfo)


def _placeholder(part: str, name: str) -> str:
    return part if not part or _PLACEHOLDERS.fullmatch(part) else f"<{name}>"


def _decoded(part: str, times: int) -> str:
    if PLACEHOLDER.search(part):
        return ""
    for _ in range(times):
        part = unquote(part, errors="surrogateescape")
    return part
