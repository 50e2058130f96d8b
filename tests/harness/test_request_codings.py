"""A request's body is read in no content coding."""

from __future__ import annotations

import gzip
import zlib
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import differences, request_key
from connector_contract.recording.request_codings import decoded

BODY = b'{"name": "Ada"}'


def sent(coding, body):
    return Request("POST", "https://a.example/", (("content-encoding", coding),), body)


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def library(name, *args):
    """Compress with a library that may not be installed."""

    def compress(body):
        return pytest.importorskip(name, reason=f"{name} is not installed").compress(body, *args)

    return compress


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZip": lambda body: gzip.compress(body[:3]) + gzip.compress(body[3:]),
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "gzip, deflate": lambda body: zlib.compress(gzip.compress(body)),
    "identity, gzip": gzip.compress,
    "br": library("brotli"),
    "zstd": library("zstandard"),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_is_undone_once(coding):
    found = decoded(sent(coding, CODINGS[coding](BODY)))
    assert found == sent(coding, BODY)
    assert decoded(found) is found


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "https://a.example/"),
        Request("POST", "https://a.example/", (), gzip.compress(BODY)),
        sent("identity", BODY),
        sent("gzip", b""),
        sent("gzip", BODY),
        sent("gzip", gzip.compress(BODY)[:-9]),
        sent("gzip", gzip.compress(BODY) + b"more"),
        sent("deflate", BODY),
        sent("deflate", zlib.compress(BODY)[:-5]),
        sent("br", BODY),
        sent("zstd", BODY),
        sent("compress", BODY),
        sent("gzip, compress", BODY),
        # Read back, it would be taken for what was compressed once.
        sent("gzip", gzip.compress(gzip.compress(BODY))),
    ],
)
def test_what_is_in_no_coding_or_in_none_that_is_known_stays_as_it_is(request_):
    assert decoded(request_) is request_


def test_what_is_compressed_counts_and_in_which_coding():
    one, other = (sent("gzip", gzip.compress(BODY, mtime=each)) for each in (1, 2))
    assert request_key(one) == request_key(other) == request_key(decoded(one))
    changed = sent("gzip", gzip.compress(BODY.replace(b"Ada", b"Bob")))
    assert [str(each) for each in differences(one, changed)] == ['body.name: recorded "Ada", now "Bob"']
    assert request_key(one) != request_key(sent("deflate", zlib.compress(BODY)))


@given(st.binary(), st.sampled_from(["gzip", "deflate"]))
def test_whatever_is_compressed_is_decoded_once_and_for_all(body, coding):
    found = decoded(sent(coding, CODINGS[coding](body)))
    assert decoded(found) is found


def test_a_coding_whose_library_is_not_there_is_left_alone(monkeypatch):
    codings = import_module("connector_contract.clients.content_codings")
    monkeypatch.setattr(codings, "_module", lambda _names: None)
    assert decoded(sent("br", BODY)) == sent("br", BODY)
