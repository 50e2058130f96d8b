"""Content codings (RFC 9110, 8.4): what a server compresses a body with; to undo that, and to do it again.

These are the codings that httpx, urllib3 and aiohttp know. A coding that none of them knows is left alone:
they hand such a body on as it is.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from connector_contract.recording.interactions import Headers, Response

_HEADER = "content-encoding"
_GZIP_MAGIC = b"\x1f\x8b\x08"
# Where gzip (RFC 1952) has its flags, and the time at which a body was compressed.
_FLAGS, _TIME, _HEADER_CHECKSUM = 3, slice(4, 8), 2
_RAW = -zlib.MAX_WBITS
_GZIP = zlib.MAX_WBITS | 16


class Undecodable(ValueError):
    """A body is not in the coding that its header says."""


class MissingDecoder(Exception):
    """A package is not installed that a coding needs.

    Args:
        coding: The coding.
        package: The package.
    """

    def __init__(self, coding: str, package: str) -> None:
        self.coding, self.package = coding, package
        super().__init__(f"{coding} needs {package}")


@dataclass(frozen=True)
class _Coding:
    """One coding.

    Attributes:
        undo: Gives the decoded body, and whether it is whole. Of one that is cut off it gives the beginning.
        redo: Gives a body in the coding again, from the plain one and the one that it was.
        modules: What it is done with, the first that is there; none if Python has it.
        package: What to install for that.
    """

    undo: Callable[[bytes], tuple[bytes, bool]]
    redo: Callable[[bytes, bytes], bytes]
    modules: tuple[str, ...] = ()
    package: str = ""


def decoded(response: Response) -> Response:
    """A response whose body is in no coding, and without the headers that are then wrong.

    Args:
        response: As the upstream sent it.

    Returns:
        The response itself if its body is in no coding, or in one that no client knows.

    Raises:
        Undecodable: The body is not in the coding that its header says.
        MissingDecoder: What the coding needs is not installed.
    """
    codings, unknown = _split(response.headers)
    if not codings:
        return response
    body = undone(response.body, codings)
    # The length of the answer to a HEAD is that of another body, which is not here.
    wrong = {_HEADER, "content-length"} if response.body else {_HEADER}
    headers = tuple(pair for pair in response.headers if pair[0] not in wrong)
    if unknown:
        headers = (*headers, (_HEADER, ", ".join(unknown)))
    return replace(response, headers=headers, body=body)


def legible(response: Response) -> Response:
    """A response decoded if it can be, to be looked into."""
    try:
        return decoded(response)
    except (Undecodable, MissingDecoder):
        return response


def steady(response: Response) -> Response:
    """A response in its coding without the time at which it was compressed, which gzip may say."""
    body = without_time(response.body)
    return response if body is response.body else replace(response, body=body)


def without_time(body: bytes) -> bytes:
    """A body, or a file, without the times at which it was compressed: gzip may say one for each member."""
    members, rest = [], body
    while rest.startswith(_GZIP_MAGIC):
        after = _after_member(rest)
        member = rest[: len(rest) - len(after)]
        if len(member) >= _TIME.stop and not member[_FLAGS] & _HEADER_CHECKSUM:
            member = member[: _TIME.start] + bytes(4) + member[_TIME.stop :]
        members.append(member)
        rest = after
    return b"".join([*members, rest]) if members else body


def _after_member(body: bytes) -> bytes:
    """What comes after the first member of a body in gzip."""
    # Most have one: there is no need to decompress them to see that.
    if body.find(_GZIP_MAGIC, 1) < 0:
        return b""
    member = zlib.decompressobj(_GZIP)
    try:
        member.decompress(body)
    except zlib.error:
        return b""
    return member.unused_data


def within(response: Response, change: Callable[[bytes], bytes]) -> bytes:
    """A response's body, changed within its coding; a file that is gzip is in one, too.

    What cannot be decoded is not changed: a part of it that is replaced would break the rest.

    Args:
        response: As it is stored or sent.
        change: Changes a body that is in no coding.
    """
    codings = _codings(response)
    if not codings:
        return change(response.body)
    try:
        layers = [response.body]
        for coding in reversed(codings):
            layers.append(undone(layers[-1], (coding,)))
    except (Undecodable, MissingDecoder):
        return response.body
    body = change(layers[-1])
    if body == layers[-1]:
        return response.body
    for coding, was in zip(codings, reversed(layers[:-1]), strict=True):
        body = _KNOWN[coding].redo(body, was)
    return body


def plain(response: Response) -> bytes:
    """A response's body, decoded. Of one that is cut off, it is the beginning."""
    body = response.body
    for coding in reversed(_codings(response)):
        try:
            body, _ = _undo(body, coding)
        except (Undecodable, MissingDecoder):
            return body
    return body


def guesses(data: bytes) -> Iterator[bytes]:
    """``data`` decoded by each coding that it may be in. Of data that is cut off, it is the beginning."""
    for name in _COMPRESSING:
        with suppress(Undecodable, MissingDecoder):
            yield _undo(data, name)[0]


def _codings(response: Response) -> Sequence[str]:
    """The codings that a body is in, the outermost last."""
    if any(name == _HEADER for name, _ in response.headers):
        return _split(response.headers)[0]
    return ("gzip",) if response.body.startswith(_GZIP_MAGIC) else ()


def _split(headers: Headers) -> tuple[list[str], list[str]]:
    """The codings of a body that clients know, the outermost last, and those that none knows."""
    values = [value for name, value in headers if name == _HEADER]
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    known = [name.lower() for name in names if name.lower() in _KNOWN]
    return known, [name for name in names if name.lower() not in _KNOWN]


def undone(body: bytes, codings: Sequence[str]) -> bytes:
    """A body without its codings.

    Args:
        body: As it was sent.
        codings: What it is in, the outermost last.

    Raises:
        Undecodable: It is in none of them, or in one that no client knows.
        MissingDecoder: What a coding needs is not installed.
    """
    for coding in reversed(codings):
        body, is_whole = _undo(body, coding)
        if not is_whole:
            raise Undecodable(f"a body in {coding} is cut off")
    return body


def _undo(body: bytes, name: str) -> tuple[bytes, bool]:
    coding = _KNOWN.get(name)
    if coding is None:
        raise Undecodable(f"{name} is no coding that a client knows")
    if not body:
        return body, True
    if not _is_there(coding):
        raise MissingDecoder(name, coding.package)
    try:
        return coding.undo(body)
    except Undecodable:
        raise
    except Exception as error:
        # Each library has an error of its own; nothing of ours runs in it.
        raise Undecodable(f"a body is not {name}: {error}") from error


def _is_there(coding: _Coding) -> bool:
    return not coding.modules or _module(coding.modules) is not None


@cache
def _module(names: tuple[str, ...]) -> Any:
    """The first module that is installed; ``None`` if none is."""
    for name in names:
        parent = name.rpartition(".")[0]
        if (not parent or find_spec(parent)) and find_spec(name):
            return import_module(name)
    return None


def _all_members(body: bytes, start: Callable[[], Any]) -> tuple[bytes, bool]:
    """What a body holds that may be several ones behind each other, as gzip and zstd allow."""
    parts = []
    while True:
        member = start()
        parts.append(member.decompress(body))
        body = member.unused_data
        # Some servers fill the rest with zeros.
        if not member.eof or not body.strip(b"\0"):
            return b"".join(parts), member.eof


def _undo_deflate(body: bytes) -> tuple[bytes, bool]:
    """HTTP means zlib (RFC 1950); some servers send what is within it alone (RFC 1951)."""
    try:
        return _all_members(body, zlib.decompressobj)
    except zlib.error:
        return _all_members(body, lambda: zlib.decompressobj(_RAW))


def _redo_deflate(body: bytes, was: bytes) -> bytes:
    try:
        zlib.decompressobj().decompress(was)
    except zlib.error:
        packer = zlib.compressobj(wbits=_RAW)
        return packer.compress(body) + packer.flush()
    return zlib.compress(body)


_BROTLI = ("brotli", "brotlicffi")
_ZSTD = ("compression.zstd", "backports.zstd", "zstandard")


def _undo_brotli(body: bytes) -> tuple[bytes, bool]:
    brotli = _module(_BROTLI)
    decompressor = brotli.Decompressor()
    process = getattr(decompressor, "process", None) or decompressor.decompress
    found: bytes = process(body)
    return found, bool(decompressor.is_finished())


def _redo_brotli(body: bytes, _was: bytes) -> bytes:
    compressed: bytes = _module(_BROTLI).compress(body)
    return compressed


def _undo_zstd(body: bytes) -> tuple[bytes, bool]:
    module = _module(_ZSTD)
    if module.__name__ == "zstandard":
        return _all_members(body, lambda: module.ZstdDecompressor().decompressobj())
    return _all_members(body, module.ZstdDecompressor)


def _redo_zstd(body: bytes, _was: bytes) -> bytes:
    compressed: bytes = _module(_ZSTD).compress(body)
    return compressed


_GZIP_CODING = _Coding(
    lambda body: _all_members(body, lambda: zlib.decompressobj(_GZIP)),
    lambda body, _: gzip.compress(body, mtime=0),
)
_KNOWN = {
    "gzip": _GZIP_CODING,
    "x-gzip": _GZIP_CODING,
    "deflate": _Coding(_undo_deflate, _redo_deflate),
    "br": _Coding(_undo_brotli, _redo_brotli, _BROTLI, "brotli"),
    "zstd": _Coding(_undo_zstd, _redo_zstd, _ZSTD, "zstandard"),
    "identity": _Coding(lambda body: (body, True), lambda body, _: body),
}
_COMPRESSING = ("gzip", "deflate", "br", "zstd")
