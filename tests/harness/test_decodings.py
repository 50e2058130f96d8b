import json
import tracemalloc
from gzip import compress
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.secrets.decodings import decodings

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]))


@given(TEXTS, st.binary())
def test_each_encoding_is_undone_whatever_is_around_it(text, around):
    plain = text.encode()
    for spelt in (quote(text, safe=""), quote_plus(text)):
        assert plain in b"".join(decodings(spelt.encode()))
    once = json.dumps(text)
    for spelt in (once, json.dumps(text, ensure_ascii=False), json.dumps(once)):
        # What precedes must not be half of an escape.
        assert any(plain in each for each in decodings(around.rstrip(b"\\") + b" " + spelt.encode()))


def test_what_is_compressed_twice_is_undone():
    assert b"open sesame" in list(decodings(compress(compress(b"open+sesame"))))


def test_what_has_no_encoding_is_not_looked_into_again():
    assert list(decodings(b"open sesame")) == [b"open sesame"]


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 4000, b"caf%C3%A9+\\u0441\\u043b\\u043e\\u0432\\u043e" * 20_000],
    ids=["binary", "escapes"],
)
def test_a_large_body_takes_no_more_than_some_times_its_size_in_memory(data):
    tracemalloc.start()
    try:
        assert len(list(map(len, decodings(data)))) > 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * len(data)
