"""Undo the content coding of a request's body (RFC 9110, 8.4): what it holds counts.

gzip says when a body was compressed, and each library compresses in a way of its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from connector_contract.recording.interactions import Headers, Request

_HEADER = "content-encoding"
_GZIP, _RAW = 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS


def decoded(request: Request) -> Request:
    """A request whose body is in no coding; its header says as before in which one it is sent.

    What cannot be decoded stays as it is: a body that is no such, or needs a package that is not installed.
    """
    if not request.body:
        return request
    codings = _codings(request.headers)
    if not codings:
        return request
    body = _undone(request.body, codings)
    # Decoded, it has to be recognised as decoded: what was compressed twice stays compressed.
    if body is None or _undone(body, codings) is not None:
        return request
    return replace(request, body=body)


# The requests of a walk have the same headers.
@lru_cache(64)
def _codings(headers: Headers) -> tuple[str, ...]:
    """The codings of a body, the outermost first."""
    values = [value for name, value in headers if name == _HEADER]
    names = [name.strip().lower() for value in values for name in value.split(",")]
    return tuple(name for name in reversed(names) if name not in ("", "identity"))


def _undone(body: bytes, codings: tuple[str, ...]) -> bytes | None:
    found: bytes | None = body
    for coding in codings:
        undo = _UNDO.get(coding)
        found = undo(found) if undo is not None and found else None
    return found


def _inflated(body: bytes, wbits: int) -> bytes | None:
    parts = []
    # gzip allows several ones behind each other.
    while body:
        member = zlib.decompressobj(wbits)
        try:
            parts.append(member.decompress(body))
        except zlib.error:
            return None
        if not member.eof:
            return None
        body = member.unused_data
    return b"".join(parts)


def _deflated(body: bytes) -> bytes | None:
    """HTTP means zlib (RFC 1950); some clients send what is within it alone (RFC 1951)."""
    found = _inflated(body, zlib.MAX_WBITS)
    return _inflated(body, _RAW) if found is None else found


def _with(*names: str) -> Callable[[bytes], bytes | None]:
    """Decompress with the first module that is installed."""

    def undo(body: bytes) -> bytes | None:
        module = _module(names)
        if module is None:
            return None
        try:
            return _whole_frame(module, body) if module.__name__ == "zstandard" else _all(module, body)
        except Exception:  # noqa: BLE001 - each library has errors of its own, and nothing of ours runs in it
            return None

    return undo


def _all(module: Any, body: bytes) -> bytes:
    found: bytes = module.decompress(body)
    return found


def _whole_frame(zstandard: Any, body: bytes) -> bytes | None:
    frame = zstandard.ZstdDecompressor().decompressobj()
    found: bytes = frame.decompress(body)
    return found if frame.eof and not frame.unused_data else None


@cache
def _module(names: tuple[str, ...]) -> Any:
    return next((import_module(name) for name in names if _is_there(name)), None)


def _is_there(name: str) -> bool:
    parent = name.rpartition(".")[0]
    return (not parent or find_spec(parent) is not None) and find_spec(name) is not None


_UNDO: dict[str, Callable[[bytes], bytes | None]] = {
    "gzip": lambda body: _inflated(body, _GZIP),
    "x-gzip": lambda body: _inflated(body, _GZIP),
    "deflate": _deflated,
    "br": _with("brotli", "brotlicffi"),
    "zstd": _with("compression.zstd", "backports.zstd", "zstandard"),
}
