"""What a secret says that is encoded as a whole: base64 of a pair, percent-encoding, hexadecimal of a text.

Any word can be decoded to something, so that only what says something itself is taken for what was encoded.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import unquote

# What is shorter may be anything.
_SHORTEST = 8
_SHORTEST_IN_HEX = 24

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_HEX = re.compile(r"(?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+")
_PERCENT = re.compile(r"(?=[^%]*%[0-9A-Fa-f]{2})(?:[\w.~*+!()'-]|%[0-9A-Fa-f]{2})+", re.ASCII)
_STARTS = ("{", "[", '"', "-----BEGIN ")


def decoded_value(value: str) -> str | None:
    """What an encoded value says; ``None`` if it is not encoded.

    Args:
        value: All of it; in base64, it is JSON, a key, a pair with a colon, or one of these in base64 again.
    """
    if _PERCENT.fullmatch(value):
        try:
            return unquote(value, errors="strict")
        except UnicodeDecodeError:
            return None
    return _of_hex(value) or _of_base64(value)


def _of_hex(value: str) -> str | None:
    if len(value) < _SHORTEST_IN_HEX or _HEX.fullmatch(value) is None:
        return None
    data = bytes.fromhex(value)
    return data.decode() if data.isascii() and data.decode().isprintable() else None


def _of_base64(value: str, *, once: bool = True) -> str | None:
    digits = value.rstrip("=")
    if len(digits) < _SHORTEST or not _BASE64.fullmatch(value):
        return None
    alphabet = b"-_" if "-" in digits or "_" in digits else b"+/"
    try:
        text = base64.b64decode(digits + "=" * (-len(digits) % 4), alphabet, validate=True).decode()
    except ValueError:
        return None
    if (text.isprintable() and ":" in text) or text.startswith(_STARTS[-1]) or _is_json(text):
        return text
    return text if once and _of_base64(text, once=False) is not None else None


def _is_json(text: str) -> bool:
    if text[:1] not in _STARTS:
        return False
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True
