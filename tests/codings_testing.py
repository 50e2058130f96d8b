"""Content codings for tests: how each is made, and which need a package that may not be there."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import pytest


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def brotli(data: bytes) -> bytes:
    return import_module("brotli").compress(data)


def zstd(data: bytes) -> bytes:
    # As a server streams it: the frame does not say how long it is.
    return import_module("zstandard").ZstdCompressor(write_content_size=False).compress(data)


def members(data: bytes) -> bytes:
    """Gzip of two members."""
    return gzip.compress(data[:9]) + gzip.compress(data[9:])


def plain(data: bytes) -> bytes:
    return data


def needs(package: str, reason: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(find_spec(package) is None, reason=reason)


BROTLI = needs("brotli", "a client decodes br only with the package brotli")
ZSTD = needs("zstandard", "httpx decodes zstd only with the package zstandard")
Pack = Callable[[bytes], bytes]

# What each coding is called, and what makes it.
CODINGS = [
    pytest.param("gzip", gzip.compress, id="gzip"),
    pytest.param("GZip", gzip.compress, id="upper case"),
    pytest.param("x-gzip", gzip.compress, id="x-gzip"),
    pytest.param("gzip", members, id="two members"),
    pytest.param("deflate", zlib.compress, id="zlib"),
    pytest.param("deflate", raw_deflate, id="raw deflate"),
    pytest.param("identity", plain, id="identity"),
    pytest.param("gzip, deflate", lambda data: zlib.compress(gzip.compress(data)), id="two codings"),
    pytest.param("br", brotli, id="br", marks=BROTLI),
    pytest.param("zstd", zstd, id="zstd", marks=ZSTD),
    pytest.param("br, gzip", lambda data: gzip.compress(brotli(data)), id="br in gzip", marks=BROTLI),
]
