"""Texts that are encoded in another one, as far as a secret that only its form tells may be in them.

To undo every encoding, as ``layers`` does, takes many times as long as all else that is done with a page. So
an encoding is undone only where it has something that a form is made of: a letter or digit that nobody has to
escape, or base64 that is as long as the shortest form. What is not mostly text once it is decoded, such as a
picture, could have a form by chance alone, and is left out.
"""

from __future__ import annotations

import binascii
import re
import zlib
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import accumulate

from connector_contract.secrets.base64_runs import COMPRESSED, is_binary
from connector_contract.secrets.layers import DEPTH, UNDONE
from connector_contract.secrets.secret_forms import SHORTEST_FORM

# So many bytes are looked at: so many times those of the text, and so many more.
_TIMES, _FURTHER = 8, 1 << 22
# So many digits of base64, or of hexadecimal, the shortest form has.
_IN_BASE64, _IN_HEX = -(-SHORTEST_FORM * 4 // 3), SHORTEST_FORM * 2
# What is longer is no segment of a path, nor an id with something before it.
_LONGEST_PATH = 8192

BETWEEN = b"\n\0\n"
"""What is between several texts; it is in no secret."""

_DIGIT = "[A-Za-z0-9+/_-]"
_LONG = f"{_DIGIT}{{{_IN_BASE64}}}"
# The characters of forms and of base64, letters, digits and + - . / = _ ~, in hexadecimal and as numbers; and
# what further encodings, compression and UTF-16 begin with.
_CODE = (
    r"(?:00|1[fF]|2[5bdefBDEF]|26(?=#|%23|\\u0023|amp)|3[0-9dD]|[46][1-9a-fA-F]|[57][0-9aA]|5[cfCF]|7[eE])"
)
_NUMBER = "0*(?:3[78]|4[3-9]|5[0-7]|6[15-9]|[78][0-9]|9[0257-9]|1[01][0-9]|12[0-6])"
_ENTITY = "plus|sol|lowbar|equals|period|bsol|percnt"
# For each encoding: a byte that all have that are spelled so, and what is worth undoing it.
_CLUES = {
    name: (mark, re.compile(clue.encode()))
    for name, mark, clue in (
        ("percent-encoding", b"%", rf"%(?:{_CODE}|(?<=x%)(?:01|9[cC]|[dD][aA])|[0-9a-fA-F]{{2}}(?={_LONG}))"),
        (
            "escapes",
            b"\\",
            rf"\\(?:(?:u00|U000000|x){_CODE}|[bfnrt](?={_LONG})|[nr](?:(?<={_DIGIT}{{60}}\\[nr])|(?<==\\[nr]))"
            rf"|/(?:(?<={_DIGIT}{{12}}\\/)(?={_DIGIT})|(?<={_DIGIT}\\/)(?={_DIGIT}{{12}})))",
        ),
        ("HTML escapes", b"&", rf"&(?:amp;)*+(?:#(?:{_NUMBER}|[xX]0*{_CODE})|{_ENTITY});"),
        ("quoted-printable", b"=", r"=(?:3D|5F|\r?\n(?=\S))"),
    )
}
# Mail cuts base64 into lines.
_LINE_END = re.compile(rf"\n(?<={_DIGIT}{{60}}\n)[ \t]*+(?!--)(?={_DIGIT})".encode())

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_SHOWN = bytes(byte for byte in range(256) if byte in b"\t\n\r" or 32 <= byte < 127)
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
# What decodes to no text, behind digits of each length; one digit too many is of something else.
_ENDS = (b"////", b"", b"AA", b"A")
_HEX_END = b"ff"
_MAGIC = re.compile(rb"\x1f\x8b\x08|\x78(?<![0-9A-Za-z]\x78)[\x01\x9c\xda]|\x78(?<=\A\x78)\x5e")
_MAGIC_IN_HEX = (b"1f8b08", b"7801", b"785e", b"789c", b"78da")


def _marks(some: bytes) -> bytes:
    """A table by which bytes are one letter, so that a run of them is found as fast as a text."""
    return bytes(ord("A") if byte in some else ord(" ") for byte in range(256))


_AS_BASE64, _AS_HEX, _AS_TEXT = map(_marks, (_BASE64, b"0123456789abcdefABCDEF", _SHOWN))


def encoded_texts(data: bytes) -> Iterator[bytes]:
    """Each text that is encoded in ``data``, in up to 6 encodings within each other.

    It takes time that is linear in the size of ``data``, and not much where nothing is encoded. Several texts
    are one, with something between them that is in no secret.

    Args:
        data: What was sent, without a content coding.
    """
    waiting: deque[tuple[bytes, int]] = deque([(data, 0)])
    seen, left = set(), _TIMES * len(data) + _FURTHER
    while waiting:
        text, depth = waiting.popleft()
        if depth:
            yield text
        if depth == DEPTH or len(text) < SHORTEST_FORM:
            continue
        for plain in _undone(text, left):
            digest = blake2b(plain, digest_size=16).digest()
            if digest not in seen and len(plain) <= left:
                seen.add(digest)
                left -= len(plain)
                waiting.append((plain, depth + 1))


def _undone(data: bytes, most: int) -> Iterator[bytes]:
    # What is no text has escapes by chance.
    if not is_binary(data):
        for name, (mark, clue) in _CLUES.items():
            if mark in data and clue.search(data) is not None:
                yield from UNDONE[name](data)
    together = [[*_of_base64(data, most), *_of_hex(data, most), *_of_bytes(data, most)]]
    # A key without its line ends would be another one, so that nothing but base64 is looked for in this.
    together += [[*_of_base64(joined, most)] for joined in _without_line_ends(data)]
    yield from (BETWEEN.join(texts) for texts in together if texts)


def _without_line_ends(data: bytes) -> Iterator[bytes]:
    data = data.replace(b"\r\n", b"\n")
    if b"\n" in data and _LINE_END.search(data) is not None:
        yield _LINE_END.sub(b"", data)


def _of_base64(data: bytes, most: int) -> Iterator[bytes]:
    runs = [run.translate(_TO_STANDARD) for run in _runs(data, _AS_BASE64, _IN_BASE64)]
    runs += [part for run in runs if len(run) <= _LONGEST_PATH for part in _parts(run)]
    runs = [run[:-1] if len(run) % 4 == 1 else run for run in runs]
    spelled = [run + _ENDS[len(run) % 4] for run in runs]
    yield from _texts(
        binascii.a2b_base64(b"".join(spelled)),
        [len(run) * 3 // 4 for run in runs],
        [len(each) * 3 // 4 for each in spelled],
    )
    for run, each in zip(runs, spelled, strict=True):
        # UTF-16 has a zero in each character.
        if run.startswith(COMPRESSED) or run.count(b"A") * 5 > len(run):
            yield from _of_bytes(binascii.a2b_base64(each)[: len(run) * 3 // 4], most)


def _parts(run: bytes) -> Iterator[bytes]:
    """What is behind the separators in a run: they are digits, or part base64 from the rest of a path."""
    parts = run.replace(b"+", b"/").split(b"/")
    if len(parts) == 1:
        return
    at = 0
    for part in parts:
        if at and part.startswith(COMPRESSED):
            yield run[at:]
        elif len(part) >= _IN_BASE64:
            yield part
        at += len(part) + 1


def _of_hex(data: bytes, most: int) -> Iterator[bytes]:
    runs = [run[: len(run) & ~1] for run in _runs(data, _AS_HEX, _IN_HEX)]
    yield from _texts(
        binascii.a2b_hex(b"".join([run + _HEX_END for run in runs])),
        [len(run) // 2 for run in runs],
        [len(run) // 2 + 1 for run in runs],
    )
    for run in runs:
        if run.count(b"00") * 5 > len(run) or run[:6].lower().startswith(_MAGIC_IN_HEX):
            yield from _of_bytes(binascii.a2b_hex(run), most)


def _runs(data: bytes, as_runs: bytes, shortest: int) -> Iterator[bytes]:
    shown = data.translate(as_runs)
    sought, end = b"A" * shortest, 0
    while (start := shown.find(sought, end)) >= 0:
        end = shown.find(b" ", start)
        end = len(shown) if end < 0 else end
        yield data[start:end]


def _texts(decoded: bytes, lengths: Sequence[int], strides: Sequence[int]) -> Iterator[bytes]:
    """Those that are texts of what was decoded at once.

    Args:
        decoded: All of it.
        lengths: How long each is.
        strides: The same, with what is behind each.
    """
    shown, ends, at = decoded.translate(_AS_TEXT), [*accumulate(strides)], 0
    while (start := shown.find(b"A" * SHORTEST_FORM, at)) >= 0:
        number = bisect_right(ends, start)
        at = ends[number]
        first = at - strides[number]
        text = decoded[first : first + lengths[number]]
        if _is_text(text):
            yield text


def _of_bytes(data: bytes, most: int) -> Iterator[bytes]:
    """What is compressed, or in UTF-16, of which a secret has the letters of ASCII alone."""
    if not data.isascii() and (found := _MAGIC.search(data)) is not None:
        # Something else may begin in the same way.
        with suppress(zlib.error):
            plain = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data[found.start() :], max(most, 1))
            if _is_text(plain):
                yield plain
    elif data.count(0) * 4 > len(data):
        plain = data.replace(b"\0", b"")
        if _is_text(plain):
            yield plain


def _is_text(data: bytes) -> bool:
    """Whether most bytes are shown in ASCII, or all are UTF-8."""
    if len(data.translate(None, _SHOWN)) * 8 <= len(data):
        return True
    return not is_binary(data) and _is_utf_8(data)


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
