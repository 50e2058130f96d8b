"""Secrets in texts that are encoded in any way: encodings are undone, and what is found is replaced in place.

Escapes (of percent-encoding, JSON, HTML, quoted-printable) stay as they are around it. What is in base64 is
encoded again, also if it is compressed. Whatever cannot be encoded again as it was stays, and is refused
(``left_over``).
"""

from __future__ import annotations

import html
import re
import zlib
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from itertools import repeat
from typing import NamedTuple, Protocol
from urllib.parse import quote_from_bytes

from connector_contract.secrets.base64_runs import (
    SHORTEST_RUN,
    Run,
    contents,
    digits_in,
    encode_text,
    encoded,
    has_run,
    has_text,
    is_binary,
    is_hex,
    runs,
    without_prefix,
)
from connector_contract.secrets.replacements import Edit, applied
from connector_contract.secrets.spellings import BASE64, HEX

DEPTH = 6
"""So many encodings are undone, one in the other."""

# In all of them, so many times the text is looked at, and so many bytes more.
_TIMES, _FURTHER = 24, 1 << 20
# What comes out of a compressed text, at most, so that a small one cannot become a huge one.
_LARGEST = 1 << 26

# What is shorter encodes nothing that is as long as a secret.
_SHORTEST = 8

_GZIP, _ZLIB = b"\x1f\x8b\x08", re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
# A block of deflate (RFC 1951) that is stored as it is.
_BLOCK = 65_535


class Known(Protocol):
    """What is to be replaced.

    Attributes:
        has_spaces: Whether a space may be in it.
        has_other_letters: Whether it may have letters that are not in ASCII.
    """

    has_spaces: bool
    has_other_letters: bool

    def edits(self, data: bytes) -> list[Edit]:
        """Where something is to be replaced in a plain text, in order and apart."""

    def whole(self, content: bytes, form: str) -> bytes | None:
        """What stands for ``content`` in a form, such as base64, if it is a secret as a whole."""

    def may_be_in_base64(self, data: bytes) -> bool:
        """Whether base64 in ``data`` has something to be replaced that is as short as a word."""


class _Escapes(NamedTuple):
    """A way of escaping that stands for one byte or character after the other.

    Attributes:
        mark: What each text has in it that is escaped so.
        unit: What stands for one.
        runs: Some in a row.
        plain: What a unit stands for.
        spelled: What stands in such a text for a replacement.
    """

    mark: bytes
    unit: re.Pattern[bytes]
    runs: re.Pattern[bytes]
    plain: Callable[[bytes], bytes]
    spelled: Callable[[bytes], bytes] = bytes


def rewritten(data: bytes, known: Known) -> bytes:
    """``data``, which has nothing known in plain text, with everything known in encodings replaced."""
    return applied(data, _Search(data, known).edits(data, DEPTH))


def may_be_encoded(data: bytes, known: Known) -> bool:
    """Whether ``data`` has something in it that looks as if it were encoded."""
    if len(data) < _SHORTEST:
        return False
    if any(map(_are_in, _ESCAPES, repeat(data))) or known.may_be_in_base64(data):
        return True
    return has_run(data) and (known.has_other_letters or encode_text(digits_in(data)))


class _Search:
    """One search for what is known.

    Args:
        data: The text.
        known: What to look for.
    """

    def __init__(self, data: bytes, known: Known) -> None:
        self._known = known
        self._left = _TIMES * len(data) + _FURTHER
        # What was found in each text; the same one may stand in several places.
        self._found: dict[bytes, list[Edit]] = {}

    def edits(self, data: bytes, depth: int) -> list[Edit]:
        """What is to be replaced in ``data``, in order and apart."""
        key = blake2b(data, digest_size=16).digest()
        if key not in self._found:
            self._found[key] = []
            self._left -= len(data)
            if self._left >= 0:
                self._found[key] = self._edits(data, depth)
        return self._found[key]

    def _edits(self, data: bytes, depth: int) -> list[Edit]:
        # What is plain in the text itself has been replaced.
        edits = [] if depth == DEPTH else self._known.edits(data)
        if depth == 0:
            return edits
        for escapes in _ESCAPES if self._known.has_spaces else _ESCAPES[1:]:
            # What is no text has escapes by chance.
            if _are_in(escapes, data) and not is_binary(data):
                edits += self._escaped(data, escapes, depth)
        return _apart([*edits, *self._in_base64(data, depth)])

    def _escaped(self, data: bytes, escapes: _Escapes, depth: int) -> list[Edit]:
        inner = self.edits(_unescaped(data, escapes), depth - 1)
        if not inner:
            return []
        places = _Places(data, escapes)
        return [
            (places.start(start), places.end(end), escapes.spelled(replacement))
            for start, end, replacement in inner
        ]

    def _in_base64(self, data: bytes, depth: int) -> list[Edit]:
        shortest = 8 if self._known.may_be_in_base64(data) else SHORTEST_RUN
        if not self._known.has_other_letters and not encode_text(digits_in(data, shortest)):
            return []
        edits = []
        for run in runs(data, shortest):
            changed = self._of_run(run, depth)
            if changed is not None:
                edits.append((run.start, run.end, changed))
            elif b"/" in run.digits and len(run.digits) == run.end - run.start:
                edits += self._of_segments(run, depth)
        return edits

    def _of_segments(self, run: Run, depth: int) -> list[Edit]:
        """The slash is a digit of base64, or parts the segments of a path."""
        edits, start = [], run.start
        for digits in run.digits.split(b"/"):
            changed = self._of_run(Run(start, start + len(digits), digits), depth)
            if changed is not None:
                edits.append((start, start + len(digits), changed))
            start += len(digits) + 1
        return edits

    def _of_run(self, run: Run, depth: int) -> bytes | None:
        """A run with what is in it replaced; ``None`` if nothing is, or if it cannot be encoded again."""
        if is_hex(run.digits):
            changed = self._of_hex(run.digits, depth)
            if changed is not None:
                return changed
        content = contents(run.digits)
        if not content or not (self._known.has_other_letters or has_text(content) or _is_compressed(content)):
            return None
        if (whole := self._known.whole(content, BASE64)) is not None:
            return whole
        # A digit too many has bits of its own.
        if encoded(content, run.digits).rstrip(b"=") != run.digits:
            return None
        changed = self._of_content(content, depth - 1)
        return None if changed is None else encoded(changed, run.digits)

    def _of_hex(self, run: bytes, depth: int) -> bytes | None:
        digits = without_prefix(run)
        prefix = run[: len(run) - len(digits)]
        content = bytes.fromhex(digits.decode())
        if (whole := self._known.whole(content, HEX)) is not None:
            return prefix + whole
        # Of digits in both cases, nobody could write the same again.
        changed = self._of_content(content, depth - 1) if digits in (digits.lower(), digits.upper()) else None
        if changed is None:
            return None
        in_hex = changed.hex().encode()
        return prefix + (in_hex if digits == digits.lower() else in_hex.upper())

    def _of_content(self, content: bytes, depth: int) -> bytes | None:
        for undo, redo in ((_ungzipped, _gzipped), (_uncompressed, _compressed)):
            if (plain := undo(content)) is not None:
                edits = self.edits(plain, depth - 1) if depth else []
                return redo(applied(plain, edits)) if edits else None
        edits = self.edits(content, depth)
        return applied(content, edits) if edits else None


class _Places:
    """Where what is unescaped stands in the escaped text.

    Args:
        data: The escaped text.
        escapes: How it is escaped.
    """

    def __init__(self, data: bytes, escapes: _Escapes) -> None:
        # Of each escape: where its plain text begins and ends, and where it itself does.
        self._plain, self._escapes = [0], [(0, 0, 0)]
        shift = 0
        for found in escapes.unit.finditer(data):
            plain = escapes.plain(found[0])
            start = found.start() - shift
            self._plain.append(start)
            self._escapes.append((start + len(plain), found.start(), found.end()))
            shift += len(found[0]) - len(plain)

    def start(self, place: int) -> int:
        """Where the escaped text of a place begins."""
        end, start, stop = self._at(place)
        return start if place < end else stop + place - end

    def end(self, place: int) -> int:
        """Where the escaped text ends of what ends at a place."""
        end, _, stop = self._at(place - 1)
        return stop if place <= end else stop + place - end

    def _at(self, place: int) -> tuple[int, int, int]:
        return self._escapes[bisect_right(self._plain, place) - 1]


def _apart(edits: list[Edit]) -> list[Edit]:
    """Edits in order, without those that begin within another."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept


def _are_in(escapes: _Escapes, data: bytes) -> bool:
    return escapes.mark in data and escapes.unit.search(data) is not None


def _unescaped(data: bytes, escapes: _Escapes) -> bytes:
    # Piece by piece: a list of all pieces takes many times as much memory.
    plain, end = bytearray(), 0
    for found in escapes.runs.finditer(data):
        plain += data[end : found.start()]
        plain += _of_escapes(found[0], escapes)
        end = found.end()
    plain += data[end:]
    return bytes(plain)


@lru_cache(1024)
def _of_escapes(run: bytes, escapes: _Escapes) -> bytes:
    return escapes.unit.sub(lambda found: escapes.plain(found[0]), run)


def _escapes(
    mark: bytes, unit: bytes, plain: Callable[[bytes], bytes], spelled: Callable[[bytes], bytes] = bytes
) -> _Escapes:
    # A short run is likely to come again.
    some = re.compile(rb"(?:%b){1,4}" % unit)
    return _Escapes(mark, re.compile(unit), some, lru_cache(1024)(plain), spelled)


def _of_percent(unit: bytes) -> bytes:
    return b" " if unit == b"+" else bytes.fromhex(unit[1:].decode())


def _in_percent(replacement: bytes) -> bytes:
    # A placeholder is shown as it is.
    return replacement if replacement.startswith(b"<") else quote_from_bytes(replacement, safe="").encode()


_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"v": b"\v"}


def _of_backslash(unit: bytes) -> bytes:
    kind, digits = unit[1:2], unit[2:]
    if kind == b"x":
        return bytes.fromhex(digits.decode())
    if kind not in (b"u", b"U"):
        return _LETTERS.get(kind, kind)
    codes = [int(each, 16) for each in digits.split(b"\\u")]
    if len(codes) == 2:
        codes = [0x10000 + ((codes[0] & 0x3FF) << 10) + (codes[1] & 0x3FF)]
    return chr(codes[0]).encode("utf-8", "surrogatepass") if codes[0] < 0x110000 else unit


def _of_entity(unit: bytes) -> bytes:
    return html.unescape(unit.decode()).encode("utf-8", "surrogatepass")


def _of_quoted_printable(unit: bytes) -> bytes:
    return bytes.fromhex(unit[1:].strip().decode())


_PERCENT = rb"%[0-9A-Fa-f]{2}"
_BACKSLASH = (
    rb"\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}"
    rb"|x[0-9A-Fa-f]{2}|[\"'\\/abfnrtv])"
)
_ENTITY = rb"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_QUOTED_PRINTABLE = rb"=(?:3D|[0189A-F][0-9A-F]|\r?\n)"
_ESCAPES = (
    # In a form, a space is a plus sign.
    _escapes(b"+", _PERCENT + rb"|\+", _of_percent, _in_percent),
    _escapes(b"%", _PERCENT, _of_percent, _in_percent),
    _escapes(b"\\", _BACKSLASH, _of_backslash),
    _escapes(b"&", _ENTITY, _of_entity),
    _escapes(b"=", _QUOTED_PRINTABLE, _of_quoted_printable),
)


def _is_compressed(content: bytes) -> bool:
    return content.startswith(_GZIP) or _ZLIB.match(content) is not None


def _ungzipped(content: bytes) -> bytes | None:
    return _inflated(content, zlib.MAX_WBITS | 16) if content.startswith(_GZIP) else None


def _uncompressed(content: bytes) -> bytes | None:
    return _inflated(content, zlib.MAX_WBITS) if _ZLIB.match(content) else None


def _inflated(content: bytes, format_: int) -> bytes | None:
    unpacker = zlib.decompressobj(format_)
    with suppress(zlib.error):
        plain = unpacker.decompress(content, _LARGEST)
        # What goes on behind it, or is cut off, cannot be made again.
        return plain if unpacker.eof and not unpacker.unused_data else None
    return None


def _gzipped(plain: bytes) -> bytes:
    # Not compressed: each zlib does it in its own way, and a replay may have another one.
    end = zlib.crc32(plain).to_bytes(4, "little") + (len(plain) & 0xFFFFFFFF).to_bytes(4, "little")
    return _GZIP_HEAD + _stored(plain) + end


def _compressed(plain: bytes) -> bytes:
    return b"\x78\x01" + _stored(plain) + zlib.adler32(plain).to_bytes(4, "big")


def _stored(plain: bytes) -> bytes:
    blocks = [plain[start : start + _BLOCK] for start in range(0, len(plain), _BLOCK)] or [b""]
    return b"".join(_block(block, is_last=block is blocks[-1]) for block in blocks)


def _block(block: bytes, *, is_last: bool) -> bytes:
    size = len(block)
    return bytes([is_last]) + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + block
