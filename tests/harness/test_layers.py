import base64
import gzip
import tracemalloc

import pytest
from encodings_testing import BYTES, TEXTS

from connector_contract.secrets.layers import layers

SECRET = b"t0ken of the run?"


def texts(data):
    return [layer.data for layer in layers(data)]


@pytest.mark.parametrize("name", [*TEXTS, *BYTES])
def test_each_encoding_is_undone(name):
    data = {**TEXTS, **BYTES}[name](SECRET)
    assert any(SECRET in text for text in texts(data))


@pytest.mark.parametrize(
    "text", ["\\ud83d\\ude00", "\\U0001F600", "&#128512;", "&#x1F600;", "%F0%9F%98%80", "=F0=9F=98=80"]
)
def test_a_character_of_several_bytes_is_one(text):
    assert "a \U0001f600 b".encode() in texts(f"a {text} b".encode())


def test_bytes_are_shown_in_pairs():
    assert any(SECRET in text for text in texts(SECRET.hex(":").encode()))
    assert any(SECRET in text for text in texts(SECRET.hex(" ").upper().encode()))


def test_each_text_is_looked_at_once():
    found = texts(b"%41%42 &amp; \\u0043 " + base64.b64encode(SECRET))
    assert len(set(found)) == len(found)


def test_a_text_without_an_encoding_is_the_only_one():
    assert texts(b'{"name": "Ada", "n": 1234567, "mail": "ada@acme.com"}') == [
        b'{"name": "Ada", "n": 1234567, "mail": "ada@acme.com"}'
    ]


def test_a_word_before_base64_is_no_part_of_it():
    assert any(SECRET in text for text in texts(b"/files/" + base64.b64encode(gzip.compress(SECRET))))


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4000,
        base64.b64encode(bytes(range(256)) * 3000),
        b"caf%C3%A9 \\u0441\\u043b & " * 30_000,
    ],
    ids=["binary", "base64", "escapes"],
)
def test_a_large_body_takes_no_more_than_some_times_its_size(data):
    tracemalloc.start()
    try:
        assert sum(map(len, texts(data))) < 8 * len(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 24 * len(data)


@pytest.mark.parametrize("after", [b"users-of-today", b"more"])
def test_what_is_compressed_is_found_though_a_line_of_base64_seems_to_go_on(after):
    lines = (
        base64.b64encode(gzip.compress(SECRET + b"ABCDEFGHIJKLMNO"[:more], mtime=0)) for more in range(16)
    )
    line = next(each for each in lines if len(each) in (60, 64) and not each.endswith(b"="))
    assert any(SECRET in text for text in texts(line + b"\n" + after + b"\n"))
