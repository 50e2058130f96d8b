import base64
import gzip
import json
import zlib
from urllib.parse import quote

import pytest

from connector_contract.secrets.rewritten import may_be_encoded, rewritten

SECRET, SHOWN = b"t0ken/of+the run", b"<token>"


class Known:
    has_spaces = True
    has_other_letters = False

    def edits(self, data):
        start = data.find(SECRET)
        return [] if start < 0 else [(start, start + len(SECRET), SHOWN)]

    def whole(self, content, form):
        return b"<token.%b>" % form.encode() if content == SECRET else None

    def may_be_in_base64(self, data):
        return False


def changed(data):
    assert may_be_encoded(data, Known())
    return rewritten(data, Known())


ESCAPED = {
    b"/x?t=t0ken%2fof%2Bthe%20run&n=1": b"/x?t=<token>&n=1",
    b"t=%740ken/of%2Bthe+run": b"t=<token>",
    b'{"a": "\\u0074\\u0030ken\\/of\\u002bthe run\\n"}': b'{"a": "<token>\\n"}',
    b"<a>t0ken&#47;of&plus;the&#x20;run</a> &amp;": b"<a><token></a> &amp;",
    b"a=3D t0ken/of=\r\n+the run b": b"a=3D <token> b",
    b"x %2574%2530ken%252Fof%252Bthe%2520run": b"x <token>",
    b"'t0ken\\x2fof\\x2bthe run' \\'": b"'<token>' \\'",
}


@pytest.mark.parametrize("data", ESCAPED)
def test_what_is_escaped_is_replaced_where_it_is_and_all_else_stays(data):
    assert changed(data) == ESCAPED[data]


CONTENTS = [b"a: %b, b", b'{"key": "%b", "n": 1}', b"\x93\x01\xa4%b\x00\xff"]


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize(
    "encode", [base64.b64encode, base64.urlsafe_b64encode, lambda text: text.hex().encode()]
)
def test_what_is_encoded_is_encoded_again(content, encode):
    before, after = encode(content % SECRET), encode(content % SHOWN)
    assert changed(b'{"a": "%b", "b": "%b"}' % (before, before)) == b'{"a": "%b", "b": "%b"}' % (after, after)


def test_base64_of_the_secret_alone_has_a_placeholder():
    assert changed(b"a: " + base64.b64encode(SECRET)) == b"a: <token.base64>"
    assert changed(b"a: " + base64.b64encode(SECRET).rstrip(b"=")) == b"a: <token.base64>"
    assert changed(b"a: 0x" + SECRET.hex().encode()) == b"a: 0x<token.hex>"


def test_base64_in_a_url_is_escaped_again():
    before, after = (base64.b64encode(b"??>%b" % each).decode() for each in (SECRET, SHOWN))
    assert (
        changed(f"/x?t={quote(before, safe='')}&n=1".encode()) == f"/x?t={quote(after, safe='')}&n=1".encode()
    )


def test_a_segment_of_a_path_is_encoded_alone():
    before, after = (base64.urlsafe_b64encode(b"a: %b" % each) for each in (SECRET, SHOWN))
    assert changed(b"/files/%b/download" % before.rstrip(b"=")) == b"/files/%b/download" % after


@pytest.mark.parametrize(
    ("pack", "unpack"), [(gzip.compress, gzip.decompress), (zlib.compress, zlib.decompress)]
)
def test_what_is_compressed_in_base64_is_there_again_in_the_same_bytes_everywhere(pack, unpack):
    content = json.dumps({"a": SECRET.decode(), "b": "x" * 100_000}).encode()
    after = base64.b64decode(changed(base64.b64encode(pack(content))))
    assert unpack(after) == content.replace(SECRET, SHOWN)
    # Nothing of it depends on how this zlib compresses.
    assert content[-1000:] in after


@pytest.mark.parametrize(
    "data",
    [
        b"any text &amp; %41 \\n " + base64.b64encode(b"that has none in it"),
        # A digit too many has bits that would be lost.
        base64.b64encode(b"a: %b, bc" % SECRET).rstrip(b"=")[:-1] + b"Z",
        # What follows the compressed text would be lost, too.
        base64.b64encode(gzip.compress(SECRET, mtime=0) + b"more"),
        # So would the cases of these digits.
        (b"a: %b" % SECRET).hex().encode()[:-2] + b"6E",
    ],
)
def test_what_cannot_be_written_again_stays(data):
    assert rewritten(data, Known()) == data


def test_a_plain_text_is_not_looked_into():
    for data in (b"a plain text of words", b'{"a": 1, "name": "Ada"}', b"short"):
        assert not may_be_encoded(data, Known())


def test_six_encodings_are_undone():
    before, after = b"a: " + SECRET, b"a: " + SHOWN
    for _ in range(5):
        before, after = base64.b64encode(before), base64.b64encode(after)
    assert changed(before) == after


def test_binary_data_has_escapes_by_chance():
    data = bytes(range(256)) * 4 + b"t0ken%2Fof%2Bthe%20run"
    assert rewritten(data, Known()) == data
