"""Texts within page tokens that are bytes as a whole, in base64 or hexadecimal, perhaps compressed."""

from __future__ import annotations

import re
import zlib
from base64 import b64decode, b64encode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable
from typing import Any

import msgpack

# A longer one is an image, or another file.
_HEX = re.compile(r"(?<![A-Za-z0-9])(?:[0-9A-Fa-f]{2}){8,2048}+(?![A-Za-z0-9])")
_BASE64 = re.compile(r"(?<![A-Za-z0-9_+/-])[A-Za-z0-9_+/-]{16,4096}+(?![A-Za-z0-9_+/-])")
# As many letters as make a word that is hardly there by chance.
_READABLE = re.compile(rb"[ -~]{5,}|(?:[ -~]|[\xc2-\xdf][\x80-\xbf]){5,}")
_WORD = re.compile(rb"@|[A-Za-z\x80-\xff]{5}")
_SHORTEST = 16
_MOST = 1 << 20
_ZLIB = (b"x\x01", b"x\x9c", b"x\xda")


def with_texts(text: str, change: Callable[[str], str]) -> str:
    """A text with the readable parts of such tokens changed.

    Args:
        text: The text.
        change: Has what a part becomes.
    """
    text = _HEX.sub(lambda found: _of_hex(found[0], change), text)
    return _BASE64.sub(lambda found: _of_base64(found[0], change), text)


def as_text(data: bytes) -> bytes:
    """The bytes of a token; of a page token of the SDK, what is in it: a length before it is no letter."""
    found = _unpacked(data)
    return data if found is None else str(found).encode()


def _of_hex(token: str, change: Callable[[str], str]) -> str:
    data = bytes.fromhex(token)
    made = _of_bytes(data, change)
    return token if made == data else made.hex().upper() if token.isupper() else made.hex()


def _of_base64(token: str, change: Callable[[str], str]) -> str:
    # The slash is a digit of base64, or parts the segments of a path.
    parts = token.split("/")
    for start in range(len(parts)):
        made = _of_digits(end := "/".join(parts[start:]), change)
        if made != end:
            return "/".join([*parts[:start], made])
    return "/".join(_of_digits(part, change) for part in parts)


def _of_digits(token: str, change: Callable[[str], str]) -> str:
    is_for_urls = "-" in token or "_" in token
    if len(token) < _SHORTEST or (is_for_urls and ("/" in token or "+" in token)):
        return token
    data = _decoded(token)
    # What is a text as a whole is another's to change: its base64 is filled up.
    if data is None or _is_text(data) or (made := _of_bytes(data, change)) == data:
        return token
    # What fills it up stays after it, in a URL and elsewhere: nobody but the server decodes it.
    encode = urlsafe_b64encode if is_for_urls else b64encode
    return encode(made).decode().rstrip("=")


def _decoded(token: str) -> bytes | None:
    digits = token.replace("-", "+").replace("_", "/")
    try:
        return b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except Error:
        return None


def _is_text(data: bytes) -> bool:
    try:
        return data.decode().isprintable()
    except UnicodeDecodeError:
        return False


def _of_bytes(data: bytes, change: Callable[[str], str]) -> bytes:
    """Bytes with what is readable in them changed."""
    if data.startswith(_ZLIB):
        return _of_compressed(data, change)
    if (packed := _unpacked(data)) is not None:
        # Each text in it has its length before it.
        return bytes(msgpack.packb(_within(packed, change)))
    return _READABLE.sub(lambda found: _part(found[0], change), data)


def _unpacked(data: bytes) -> list[Any] | dict[Any, Any] | None:
    """What is in msgpack of a list or a mapping, as the SDK makes page tokens; ``None`` if it is none."""
    try:
        found = msgpack.unpackb(data, strict_map_key=False)
        is_same = isinstance(found, (list, dict)) and msgpack.packb(found) == data
    except (ValueError, TypeError, msgpack.exceptions.UnpackException):
        return None
    return found if is_same else None


def _within(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_within(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _within(item, change) for key, item in value.items()}
    return value


def _of_compressed(data: bytes, change: Callable[[str], str]) -> bytes:
    try:
        plain = zlib.decompressobj().decompress(data, _MOST)
        made = change(plain.decode()).encode()
    except (zlib.error, UnicodeDecodeError):
        return data
    return data if made == plain else zlib.compress(made)


def _part(part: bytes, change: Callable[[str], str]) -> bytes:
    return change(part.decode()).encode() if _WORD.search(part) else part
