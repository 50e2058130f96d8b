"""Each encoding that a text may be in, undone until there is none left.

This is how a secret is looked for that nothing has replaced (``left_over``), so it has nothing in common with
what replaces (``rewritten``) but where base64 may stand.
"""

from __future__ import annotations

import binascii
import html
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from connector_contract.clients.content_codings import guesses
from connector_contract.secrets.base64_runs import (
    COMPRESSED,
    SHORTEST_RUN,
    digits_in,
    is_binary,
    standard,
    stretches,
)
from connector_contract.secrets.spellings import BASE64, HEX

DEPTH = 6
"""So many encodings are undone, one in the other. What is deeper is looked at as it is there."""

TIMES, FURTHER = 24, 1 << 24
"""So many bytes are looked at: 24 times those of the text, and 16 MB. What is beyond is not decoded."""

# Texts within what is decoded are looked at as one, from so many characters on: six, in base64 once more.
_BETWEEN, _SHORTEST = b"\n\0\n", 8
_SHORTEST_HEX = 12

_HEX_DIGITS = b"0123456789abcdefABCDEF"
_HEX_ALONE = bytes(byte if byte in _HEX_DIGITS else ord(" ") for byte in range(256))
# Pairs of digits with one of these between them, as programs show bytes.
_AS_PAIRS = bytes(ord("A" if byte in _HEX_DIGITS else ":" if byte in b":- " else " ") for byte in range(256))
_PAIRS = re.compile(rb"(?:[0-9a-fA-F]{2}[:\- ]){5,}[0-9a-fA-F]{2}")
_SEPARATORS = re.compile(rb"[-_/+]")
_NO_DIGIT = re.compile(rb"[^0-9a-fA-F]")
_ENTITIES = re.compile(rb"(?:&#?[A-Za-z0-9]{1,32};)+")
_ENTITY = re.compile(rb"&[^;]*;")
_NUMBERED = re.compile(r"&#(?:([xX])(?=[0-9a-fA-F]+;))?([0-9a-fA-F]{1,8});")
_SOFT_BREAKS = re.compile(rb"=(?:3D|[0189A-F][0-9A-F]|\r?\n)")
_ESCAPES = re.compile(rb"(?:\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[^uUx]))+")
_SHORT = 12
_ESCAPED = re.compile(r"\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)|\\u(....)|\\U(.{8})|\\x(..)|\\(.)", re.DOTALL)
_LETTERS = dict(zip("bfnrtav", "\b\f\n\r\t\a\v", strict=True))
_TEXT = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xf4]{40}|[\t\n\r\x20-\x7e]*\Z")
_MAGIC = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
# So many of them are looked at in one text, and so many separators in one token, of up to this length.
_FEW, _LONGEST_TOKEN = 8, 8192
_MAGIC_IN_HEX = (b"1f8b08", b"7801", b"785e", b"789c", b"78da", b"28b52f")


class Layer(NamedTuple):
    """A text, or what is left of it when encodings are undone.

    Attributes:
        data: The bytes.
        encodings: What has been undone, the outermost first.
    """

    data: bytes
    encodings: tuple[str, ...] = ()


def layers(data: bytes) -> Iterator[Layer]:
    """``data``, and each text that comes of it when encodings are undone, in any order, each once.

    What comes of it depends on ``data`` alone: on the bounds above, and never on time.
    """
    waiting, seen = deque([Layer(data)]), {_digest(data)}
    left = TIMES * len(data) + FURTHER
    while waiting:
        layer = waiting.popleft()
        yield layer
        if len(layer.encodings) == DEPTH or len(layer.data) < _SHORTEST:
            continue
        text = _as_text(layer.data)
        for name, undo in UNDONE.items():
            for plain in undo(text if undo in _OF_TEXT else layer.data):
                if plain and len(plain) <= left and (digest := _digest(plain)) not in seen:
                    seen.add(digest)
                    left -= len(plain)
                    waiting.append(Layer(plain, (*layer.encodings, name)))


def _as_text(data: bytes) -> bytes:
    """``data``, or what is text in it if it is none: it has escapes by chance, and each would be a text."""
    is_text = not is_binary(data) or _may_be_utf_16(data)
    return data if is_text else _BETWEEN.join(stretches(data, _SHORTEST))


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def _percent(data: bytes) -> Iterator[bytes]:
    if b"%" in data:
        yield from _shorter(unquote_to_bytes(data), data)


def _shorter(plain: bytes, data: bytes) -> Iterator[bytes]:
    """What has become shorter: nothing else was escaped."""
    if len(plain) < len(data):
        yield plain


def _form(data: bytes) -> Iterator[bytes]:
    # Elsewhere, a plus sign is one, and no space.
    if b"+" in data and b" " not in data:
        yield unquote_to_bytes(data.replace(b"+", b" "))


def _backslashes(data: bytes) -> Iterator[bytes]:
    if b"\\" in data:
        yield from _shorter(_ESCAPES.sub(_of_escapes, data), data)


def _of_escapes(found: re.Match[bytes]) -> bytes:
    return _short_escapes(found[0]) if len(found[0]) <= _SHORT else _characters(found[0])


def _characters(escapes: bytes) -> bytes:
    parts = (_character(found) for found in _ESCAPED.finditer(escapes.decode("latin-1")))
    return b"".join(parts)


def _character(found: re.Match[str]) -> bytes:
    high, low, short, long, byte, letter = found.groups()
    if byte:
        return bytes.fromhex(byte)
    if letter is not None:
        return _LETTERS.get(letter, letter).encode("latin-1")
    if high:
        return bytes.fromhex(high + low).decode("utf-16-be").encode()
    code = int(short or long, 16)
    return chr(code).encode("utf-8", "surrogatepass") if code < 0x110000 else b""


_short_escapes = lru_cache(1024)(_characters)


def _html(data: bytes) -> Iterator[bytes]:
    if b"&" in data:
        yield from _shorter(_ENTITIES.sub(_of_entities, data), data)


def _of_entities(found: re.Match[bytes]) -> bytes:
    return b"".join(map(_of_entity, _ENTITY.findall(found[0])))


def _of_entity(entity: bytes) -> bytes:
    text = entity.decode()
    number = _NUMBERED.fullmatch(text)
    if number is None:
        return html.unescape(text).encode("utf-8", "surrogatepass")
    code = int(number[2], 16 if number[1] else 10)
    return chr(code).encode("utf-8", "surrogatepass") if code < 0x110000 else entity


def _quoted_printable(data: bytes) -> Iterator[bytes]:
    if b"=" in data and _SOFT_BREAKS.search(data) is not None:
        yield from _shorter(binascii.a2b_qp(data), data)


def _base64(data: bytes) -> Iterator[bytes]:
    found = digits_in(data)
    yield from _texts(standard(b"".join(map(_of_whole_bytes, found))))
    # What is behind a letter or two is base64 from the next separator on.
    tokens = [digits for digits in found if not digits.isalnum() and len(digits) <= _LONGEST_TOKEN]
    ends = [digits[start:] for digits in tokens for start in _after_separators(digits)]
    yield from _texts(standard(b"".join(map(_of_whole_bytes, ends))))
    yield from (standard(digits) for digits in (*found, *ends) if _may_be_bytes(digits))


def _may_be_bytes(digits: bytes) -> bool:
    """Whether digits encode what is compressed, or UTF-16, which has a zero in each character."""
    return digits.startswith(COMPRESSED) or digits.count(b"A") * 5 > len(digits)


def _after_separators(digits: bytes) -> Iterator[int]:
    for found in islice(_SEPARATORS.finditer(digits), _FEW):
        if len(digits) - found.end() >= SHORTEST_RUN:
            yield found.end()


def _of_whole_bytes(digits: bytes) -> bytes:
    rest = len(digits) % 4
    if rest == 0:
        return digits
    return digits[:-1] if rest == 1 else digits + b"AA"[: 4 - rest]


def _hexadecimal(data: bytes) -> Iterator[bytes]:
    found = [digits for digits in data.translate(_HEX_ALONE).split() if len(digits) >= _SHORTEST_HEX]
    if b"AA:AA:AA:AA:AA:AA" in data.translate(_AS_PAIRS):
        found += [_NO_DIGIT.sub(b"", run) for run in _PAIRS.findall(data)]
    pairs = [digits if len(digits) % 2 == 0 else digits[:-1] for digits in found]
    yield from _texts(bytes.fromhex(b"".join(pairs).decode()))
    yield from (
        bytes.fromhex(digits.decode()) for digits in pairs if digits[:6].lower().startswith(_MAGIC_IN_HEX)
    )


def _texts(data: bytes) -> Iterator[bytes]:
    """What is text in what may be any bytes, and all of it if it may be UTF-16."""
    if texts := list(stretches(data, _SHORTEST)):
        yield _BETWEEN.join(texts)
    if _may_be_utf_16(data):
        yield data


def _may_be_utf_16(data: bytes) -> bool:
    return data.count(0) * 4 > len(data)


def _utf_16(data: bytes) -> Iterator[bytes]:
    if _may_be_utf_16(data):
        for start in range(2):
            for coding in ("utf-16-le", "utf-16-be"):
                yield data[start:].decode(coding, "ignore").encode("utf-8", "ignore")


def _latin_1(data: bytes) -> Iterator[bytes]:
    """Bytes that are shown as characters, each of which UTF-8 has two bytes for."""
    if b"\xc2" in data or b"\xc3" in data:
        with suppress(UnicodeDecodeError):
            yield from _shorter(data.decode().encode("latin-1", "ignore"), data)


def _compression(data: bytes) -> Iterator[bytes]:
    # What begins as a text is not compressed, but may have something compressed in it.
    if _TEXT.match(data) is None:
        yield from guesses(data)
    if data.isascii():
        return
    for found in islice(_MAGIC.finditer(data), _FEW):
        # Something else may follow.
        with suppress(zlib.error):
            yield zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data[found.start() :], TIMES * len(data))


UNDONE: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "compression": _compression,
    "percent-encoding": _percent,
    "form encoding": _form,
    "escapes": _backslashes,
    "HTML escapes": _html,
    "quoted-printable": _quoted_printable,
    BASE64: _base64,
    HEX: _hexadecimal,
    "UTF-16": _utf_16,
    "Latin-1": _latin_1,
}
"""What undoes each encoding."""

# Of what is no text, they are undone in the texts that are in it.
_OF_TEXT = (_percent, _form, _backslashes, _html, _quoted_printable, _base64, _hexadecimal)
