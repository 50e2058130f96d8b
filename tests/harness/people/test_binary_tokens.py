from __future__ import annotations

import base64
import zlib

import msgpack
import pytest

from connector_contract.people.binary_tokens import as_text, with_texts

EMAIL = b"ottavine@norvel.io"
GRAPH = b"DSpt\x02\x00\x01\x00\x00\x00\x1c:" + EMAIL
PROTOBUF = b"\x08\x01\x12\x12" + EMAIL + b"\x1a\x04\xff\xfe\x00\x80"


def change(text):
    return text.replace("ottavine", "olubymiqa").replace("Zoë", "Zöbumika")


def b64(data):
    return base64.b64encode(data).decode()


def url(data):
    return base64.urlsafe_b64encode(data).decode()


@pytest.mark.parametrize("data", [GRAPH, PROTOBUF, b"\xff\xfa\xfb\xff" * 3 + EMAIL])
@pytest.mark.parametrize(
    "encode",
    [b64, url, lambda data: url(data).rstrip("="), bytes.hex, lambda data: data.hex().upper()],
)
@pytest.mark.parametrize("around", ["{}", "https://x.example/users?$skiptoken={}&a=b", "/page/{}", "x: {} y"])
def test_who_is_in_bytes_is_changed(data, encode, around):
    text = around.format(encode(data))
    made = with_texts(text, change)
    expected = data.replace(b"ottavine", b"olubymiqa")
    # What fills it up stays as it was.
    assert made.replace("=", "") == around.format(encode(expected)).replace("=", "")
    assert made.count("=") == text.count("=")


@pytest.mark.parametrize("encode", [b64, bytes.hex])
def test_a_page_token_of_the_sdk_is_one_with_other_texts(encode):
    def token(name):
        # The bytes of the number and of the length after it read as a letter.
        return encode(
            msgpack.packb([{"endpoint": f"/Users/{name}", "skip": 455, "filters": [name, 1, None]}])
        )

    assert with_texts(token("ottavine"), change).rstrip("=") == token("olubymiqa").rstrip("=")
    assert with_texts(token("filters"), lambda text: text.replace("ǧfilters", "gilyqics")) == token("filters")


def test_what_is_in_a_page_token_of_the_sdk_is_read_as_it_is_meant():
    token = msgpack.packb([{"skip": 455, "filters": ["Zoë"]}])
    assert as_text(token) == "[{'skip': 455, 'filters': ['Zoë']}]".encode()
    assert as_text(GRAPH) == GRAPH


def test_compressed_data_is_changed():
    made = with_texts(b64(zlib.compress(b"after\nottavine@norvel.io")), change)
    assert zlib.decompress(base64.b64decode(f"{made}==")) == b"after\nolubymiqa@norvel.io"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ottavine",
        b64(b"\x00\x01ott\x02avine\x03" * 3),
        b64(bytes(range(256))),
        b64(b"x\x9c" + bytes(range(100))),
        "0e44c92412d34b01ace61e80a47aaf6d",
        "users/ottavine/things/of/nobody/at/all",
        b64(b"\x00" * 5_000 + EMAIL),
        # A text, of which base64 is filled up where it is changed.
        b64(b"after " + EMAIL),
    ],
)
def test_what_is_nobodys_stays(text):
    assert with_texts(text, change) == text
