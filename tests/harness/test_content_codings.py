"""Content codings: undone, done again, and left alone where nobody could."""

from __future__ import annotations

import gzip
import zlib

import pytest
from codings_testing import CODINGS
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.clients import content_codings
from connector_contract.clients.content_codings import (
    MissingDecoder,
    Undecodable,
    decoded,
    guesses,
    legible,
    plain,
    steady,
    within,
    without_time,
)
from connector_contract.recording.interactions import Response

BODY = b'{"access_token": "open-sesame", "scopes": ["a", "b", "open-sesame"]}'


def coded(coding, body, *more):
    return Response(
        200, "OK", (("content-encoding", coding), ("content-length", "9"), ("etag", "1"), *more), body
    )


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
def test_a_coding_is_undone_and_its_headers_are_dropped(coding, pack):
    response = coded(coding, pack(BODY))
    assert decoded(response) == legible(response) == Response(200, "OK", (("etag", "1"),), BODY)
    assert plain(response) == BODY


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
def test_a_body_is_changed_within_its_coding(coding, pack):
    response = coded(coding, pack(BODY))
    changed = within(response, lambda body: body.replace(b"open-sesame", b"<token>"))
    assert b"open-sesame" not in changed
    assert decoded(coded(coding, changed)).body == BODY.replace(b"open-sesame", b"<token>")
    assert within(response, lambda body: body) is response.body


@pytest.mark.parametrize(("coding", "pack"), [each for each in CODINGS if each.id != "identity"])
def test_a_body_that_is_cut_off_is_not_changed_and_is_searched_all_the_same(coding, pack):
    response = coded(coding, pack(BODY * 9)[:-1])
    with pytest.raises(Undecodable):
        decoded(response)
    assert legible(response) is response
    assert within(response, lambda _: b"x") is response.body
    plain(response)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "identity, gzip"])
def test_a_body_that_is_not_in_the_coding_that_it_says(coding):
    with pytest.raises(Undecodable):
        decoded(coded(coding, b"\xff" + BODY))


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_an_answer_without_a_body_keeps_the_length_that_it_says(coding):
    assert decoded(coded(coding, b"")).headers == (("content-length", "9"), ("etag", "1"))


@pytest.mark.parametrize("coding", ["utf-8", "aws-chunked", "", "compress"])
def test_what_no_client_undoes_is_left_alone(coding):
    response = coded(coding, BODY)
    assert decoded(response) is response
    assert within(response, lambda body: body[:1]) == b"{"


def test_of_several_codings_the_unknown_one_stays():
    response = decoded(coded("utf-8, gzip", gzip.compress(BODY)))
    assert response == Response(200, "OK", (("etag", "1"), ("content-encoding", "utf-8")), BODY)


def test_several_headers_are_one_list():
    body = zlib.compress(gzip.compress(BODY))
    assert decoded(coded("gzip", body, ("content-encoding", "deflate"))).body == BODY


@pytest.mark.parametrize(("coding", "package"), [("br", "brotli"), ("zstd", "zstandard")])
def test_a_decoder_that_is_missing_is_named(monkeypatch, coding, package):
    monkeypatch.setattr(content_codings, "_module", lambda _: None)
    response = coded(f"gzip, {coding}", b"\x28\xb5\x2f\xfd")
    with pytest.raises(MissingDecoder) as missing:
        decoded(response)
    assert (missing.value.coding, missing.value.package) == (coding, package)
    assert within(response, lambda _: b"x") is response.body
    assert plain(response) is response.body
    assert not any(guesses(response.body))


def test_a_file_that_is_gzip_stays_one():
    file = Response(200, "OK", (("content-type", "application/gzip"),), gzip.compress(BODY, mtime=1))
    assert decoded(file) is file
    assert plain(file) == BODY
    assert within(file, lambda body: body) is file.body
    assert gzip.decompress(within(file, bytes.upper)) == BODY.upper()


def test_when_a_body_was_compressed_is_not_kept():
    old, new = (Response(200, "", (), gzip.compress(BODY, mtime=time)) for time in (1, 2))
    assert old != new
    assert steady(old) == steady(new)
    assert gzip.decompress(steady(old).body) == BODY
    for body in (BODY, b"\x1f\x8b\x08", b"\x1f\x8b\x08\x02" + bytes(16)):
        assert steady(Response(200, "", (), body)).body == body


def test_when_each_of_several_members_was_compressed_is_not_kept():
    def packed(time):
        return gzip.compress(BODY, mtime=time) + gzip.compress(b"more", mtime=time + 1) + bytes(3)

    assert without_time(packed(1)) == without_time(packed(1_000))
    assert gzip.decompress(without_time(packed(1))) == BODY + b"more"
    # What is no member stays: a text that has the first bytes of one, and one that is cut off.
    for more in (b"\x1f\x8b\x08 and more", gzip.compress(BODY, mtime=7)[:-4]):
        plain = gzip.compress(BODY, mtime=0) + b"-" + more
        assert without_time(plain) == plain
    assert without_time(BODY) is BODY


def test_deflate_stays_what_it_was():
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    for packed, window in ((zlib.compress(BODY), 15), (raw.compress(BODY) + raw.flush(), -15)):
        assert zlib.decompress(within(coded("deflate", packed), bytes.upper), window) == BODY.upper()


@given(st.binary())
def test_any_bytes_may_be_looked_into(data):
    list(guesses(data))
    for coding in ("gzip", "deflate", "br", "zstd"):
        plain(coded(coding, data))
        legible(coded(coding, data))
