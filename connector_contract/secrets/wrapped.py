"""Values inside of a token: base64, as most APIs and connectors make it, or a page token of the SDK."""

from __future__ import annotations

import base64
import re
from typing import Any, Protocol
from urllib.parse import quote, unquote

# What is shorter has no value in it that is worth an alias.
_SHORTEST = 8

# A client may have percent-encoded the digits of base64 that are no letters, and what fills it up.
_BASE64 = re.compile(rb"(?:[A-Za-z0-9_+/-]|%2[BbFf]){8,}(?:(?:=|%3[Dd]){1,2})?")
# msgpack of a list, in hexadecimal: connector-py's NextPageToken.
_PAGE_TOKEN = re.compile(rb"(?<![A-Za-z0-9])(?:9[1-9a-f]|dc)(?:[0-9a-f]{2}){3,}(?![A-Za-z0-9])")


class Change(Protocol):
    """What is to be changed in the contents of tokens."""

    def data(self, data: bytes) -> bytes:
        """A text, changed."""

    def json(self, value: Any) -> Any:
        """A value, changed."""

    def has_alias(self, data: bytes) -> bool:
        """Whether a text has been changed, or would have been."""


def rewrapped(data: bytes, change: Change, *, in_url: bool = False) -> bytes:
    """``data`` with the contents of each token in it changed, and encoded again.

    base64 is filled up with ``=``, whether it was or not: of a token that needs none, nobody can see whether
    another one would be. Whoever decodes what is not filled up decodes what is.

    Args:
        data: Any text.
        change: What to change.
        in_url: Whether it is a URL, so that base64 is percent-encoded, for the same reason.
    """

    def of_page_token(found: re.Match[bytes]) -> bytes:
        return _of_page_token(found[0], change)

    def of_base64(found: re.Match[bytes]) -> bytes:
        changed = _of_base64(found[0], change, in_url)
        if changed is None and b"/" in found[0]:
            # The slash is a digit of base64, or parts the segments of a path.
            return b"/".join(_of_base64(part, change, in_url) or part for part in found[0].split(b"/"))
        return changed or found[0]

    if len(data) < _SHORTEST:
        return data
    return _BASE64.sub(of_base64, _PAGE_TOKEN.sub(of_page_token, data))


def _of_page_token(token: bytes, change: Change) -> bytes:
    # Only few scenarios have aliases, and msgpack comes with the SDK.
    from connector_contract.storage.snapshot_format import decode_page_token, encoded

    content = decode_page_token(token.decode())
    if isinstance(content, str):
        return token
    return str(encoded(change.json(content))).encode()


def _of_base64(token: bytes, change: Change, in_url: bool) -> bytes | None:
    """The token with its contents changed; ``None`` if it is none with an alias in it."""
    spelled = token.decode()
    digits = unquote(spelled)
    content = _decoded(digits)
    changed = None if content is None else change.data(content)
    if changed is None or not change.has_alias(changed):
        return None
    encode = base64.urlsafe_b64encode if _is_for_urls(digits) else base64.b64encode
    encoded = encode(changed).decode()
    return (quote(encoded, safe="") if in_url or spelled != digits else encoded).encode()


def _decoded(digits: str) -> bytes | None:
    """The text that is encoded; ``None`` if it is no text."""
    try:
        alphabet = b"-_" if _is_for_urls(digits) else b"+/"
        content = base64.b64decode(digits + "=" * (-len(digits) % 4), altchars=alphabet, validate=True)
        return content if content.decode().isprintable() else None
    except ValueError:
        return None


def _is_for_urls(digits: str) -> bool:
    return "-" in digits or "_" in digits
