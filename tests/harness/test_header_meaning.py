"""A header of a request in another spelling is the same; in another meaning it is not."""

from __future__ import annotations

import gzip

import pytest

from connector_contract.recording.header_meaning import content_codings, meant, parameters
from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import differences, request_key

PART = "--x\r\nContent-Disposition: {0}\r\nContent-Type: {1}\r\n{3}\r\n{2}\r\n--x--\r\n"
NAMED = 'form-data; name="meta"; filename="users.json"'

SAME = {
    "content-type": [
        ("text/plain; charset=UTF-8", "text/plain;charset=utf-8", 'Text/Plain; Charset="utf-8" '),
        ('application/soap+xml; action="urn:a"; charset=utf-8',
         'application/soap+xml; charset="UTF-8" ;action="urn:a"'),
        ("text/plain", "text/plain;", "TEXT/PLAIN ; "),
        (r'text/x; a="b\c"', "text/x; a=bc"),
    ],
    "content-encoding": [("gzip", "x-gzip", "GZIP", "identity, gzip"), ("gzip, br", "gzip,br", "x-gzip ,BR")],
    "authorization": [("Bearer <token>", "bearer <token>", "BEARER  <token>")],
}  # fmt: skip
OTHER = {
    "content-type": [
        ("text/plain; charset=utf-8", "text/plain; charset=latin-1"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/x; profile=A", "text/x; profile=a"),
        ('text/x; a="b; c=d"', "text/x; a=b; c=d"),
        ('text/x; a="B"; broken', 'text/x; a="b"; broken'),
        ("application/json", "application/scim+json"),
    ],
    "content-encoding": [("gzip", "br"), ("gzip, br", "br, gzip"), ("gzip", "gzip, gzip")],
    "authorization": [
        ("Bearer <token>", "Basic <token>"), ("Bearer AbC", "Bearer abc"), ("<token>", "Bearer <token>"),
        ("Token", "token"),
    ],
    "x-kind": [("Text/Plain", "text/plain"), ("gzip", "x-gzip")],
}  # fmt: skip


def with_header(name, value):
    return Request("POST", "https://a.example/", ((name, value),), b"\x00")


def pairs(table):
    return [(name, *values) for name, rows in table.items() for values in rows]


@pytest.mark.parametrize(("name", "values"), [(name, values) for name, *values in pairs(SAME)])
def test_another_spelling_is_the_same_request(name, values):
    assert len({request_key(with_header(name, value)) for value in values}) == 1
    assert differences(with_header(name, values[0]), with_header(name, values[-1])) == []


@pytest.mark.parametrize(("name", "old", "new"), pairs(OTHER))
def test_another_meaning_is_another_request(name, old, new):
    found = differences(with_header(name, old), with_header(name, new))
    assert [each.part for each in found] == [f"header {name}"]


def test_an_order_of_headers_says_nothing_and_none_is_lost():
    assert meant((("x-b", "2"), ("content-type", "A/B"), ("x-b", "1"))) == (
        ("content-type", "a/b"),
        ("x-b", "1"),
        ("x-b", "2"),
    )
    assert meant((("content-encoding", "identity"),)) == ()
    assert content_codings([("content-encoding", "x-compress"), ("content-encoding", "br")]) == (
        "compress",
        "br",
    )


def test_parameters_are_read_with_and_without_quotes():
    assert parameters('form-data; NAME=a; filename="b; \\"c\\""') == {"name": "a", "filename": 'b; "c"'}
    assert parameters("form-data; name") == {}


def test_a_compressed_body_is_read_whatever_its_coding_is_called():
    names = ("gzip", "x-gzip", "X-GZIP")
    requests = [
        Request(
            "POST", "https://a.example/", (("content-encoding", name),), gzip.compress(b"[1]", mtime=time)
        )
        for time, name in enumerate(names)
    ]
    assert len(set(map(request_key, requests))) == 1


def part(disposition=NAMED, kind="application/json", content='{"a":1,"b":[2]}', further="", boundary="x"):
    body = PART.format(disposition, kind, content, further).replace("--x", f"--{boundary}").encode()
    content_type = f"multipart/form-data; boundary={boundary}"
    return Request("POST", "https://a.example/", (("content-type", content_type),), body)


@pytest.mark.parametrize(
    "other",
    [
        part(content='{ "b": [2],\n "a": 1 }', boundary="y"),
        part("form-data; name=meta; filename=users.json"),
        part('Form-Data;filename="users.json";Name="meta"'),
        part(kind="Application/JSON"),
        part(further="Content-Length: 15\r\n"),
    ],
)
def test_another_spelling_within_a_part_is_the_same_request(other):
    assert request_key(part()) == request_key(other)
    assert differences(part(), other) == []


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (part(content='{"a":1,"b":[3]}'), ["part meta.b[0]: recorded 2, now 3"]),
        (part(content='{"a":"1","b":[2]}'), ['part meta.a: recorded 1, now "1"']),
        (part(NAMED.replace("users", "Users")),
         ["part meta, filename: recorded 'users.json', now 'Users.json'"]),
        (part(further="Content-Length: 9\r\n"), ["part meta, content-length: recorded none, now '9'"]),
        (part(kind="application/json; charset=utf-16"),
         ["part meta, content-type: recorded 'application/json', now 'application/json; charset=utf-16'"]),
    ],
)  # fmt: skip
def test_another_meaning_within_a_part_is_another_request(other, found):
    assert request_key(part()) != request_key(other)
    assert [str(each) for each in differences(part(), other)] == found


def test_what_is_no_json_in_a_part_counts_to_the_byte():
    one, other = (part(kind="text/csv", content=text) for text in ("a, b", "a,b"))
    assert request_key(one) != request_key(other)


def test_each_line_of_a_part_is_json():
    one, other = (part(content=f'{{"a": 1}}\n{{"a":{n}}}') for n in (2, 3))
    assert [str(each) for each in differences(one, other)] == ["part meta, line 2.a: recorded 2, now 3"]
