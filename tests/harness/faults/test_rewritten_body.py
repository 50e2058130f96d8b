"""Pure: a response's body that is changed and written again."""

from __future__ import annotations

import gzip
import json

import pytest

from connector_contract.faults.rewritten_body import Form, NotRewritable, body_of
from connector_contract.recording.interactions import Interaction, Request, Response


def said(body, content_type="application/json", *headers, path="/users"):
    request = Request("GET", f"https://acme.example.com{path}")
    return Interaction(request, Response(200, "OK", (("content-type", content_type), *headers), body))


def test_json_is_written_in_ascii_whatever_its_charset():
    body = body_of(said('{"name": "Zoë"}'.encode("utf-16")))
    assert body.data == {"name": "Zoë"}
    assert body.response_with({"name": "Zoë", "a": [1]}).body == b'{"name":"Zo\\u00eb","a":[1]}'


def test_a_body_stays_in_its_content_coding_with_the_length_that_it_has():
    coded = gzip.compress(b'{"a":1}')
    lengths = ("content-length", str(len(coded)))
    changed = body_of(said(coded, "application/json", ("content-encoding", "gzip"), lengths)).response_with(
        {}
    )
    assert gzip.decompress(changed.body) == b"{}"
    assert dict(changed.headers)["content-length"] == str(len(changed.body))
    assert (changed.status, changed.reason, changed.headers[1]) == (200, "OK", ("content-encoding", "gzip"))


def test_json_lines_stay_lines():
    body = body_of(said(b'{"id":1}\n{"id":2}\n', "application/x-ndjson"))
    assert (body.form, body.data) == (Form.JSON_LINES, [{"id": 1}, {"id": 2}])
    assert body.response_with([{"id": 3}]).body == b'{"id":3}\n'
    assert body.response_with([]).body == b""


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_keeps_its_delimiter(mark):
    text = f'id{mark}"name"\r\n1{mark}Ann\r\n'
    body = body_of(said(text.encode(), "text/csv"))
    assert (body.form, body.data) == (Form.CSV, [{"id": "1", "name": "Ann"}])
    assert body.response_with(body.data).body.decode() == text.replace('"', "")
    assert body.response_with([{"id": "1"}]).body.decode() == "id\r\n1\r\n"
    assert body.response_with([]).body.decode() == f"id{mark}name\r\n"


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (b" ", "application/json", "its response has no body"),
        (b"\x89PNG", "image/png", "its body is no data that can be read"),
        (b"<html></html>", "text/html", "its body is no data that can be read"),
        (
            b"<users><user/></users>",
            "application/xml",
            "its body is XML, whose fields are not broken one by one",
        ),
        ("id,name\n1,Zoë".encode("latin-1"), "text/csv", "its body cannot be written again as it was"),
        (b"id,name\n", "text/csv", "its body cannot be written again as it was"),
    ],
)
def test_what_cannot_be_written_again_says_why(body, content_type, why):
    with pytest.raises(NotRewritable) as raised:
        body_of(said(body, content_type))
    assert str(raised.value) == why


def test_what_is_written_is_what_is_read():
    data = {"a": [1, 2.5, None, True, "\ud800", "ü"], "b": {"c": {}}}
    assert json.loads(body_of(said(b"{}")).response_with(data).body) == data
