"""What a body says, by its kind; a difference is shown by the names in it."""

from __future__ import annotations

import pytest

from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import differences, request_key
from connector_contract.recording.multipart import text_parts
from connector_contract.recording.request_bodies import said, with_stable_boundary

FORM = "application/x-www-form-urlencoded"
PARTS = (
    '--{0}\r\nContent-Disposition: form-data; name="mode"\r\n\r\nall\r\n'
    '--{0}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n1\r\n--{0}--\r\n'
)


def sent(body, kind=""):
    headers = (("content-type", kind),) if kind else ()
    return Request("POST", "https://a.example/", headers, body if isinstance(body, bytes) else body.encode())


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"", "", ""),
        (b"", "application/json", ""),
        (b'{"a": 1}', "", "JSON"),
        (b" [1]", "text/plain", "JSON"),
        (b'{"a": 1}', FORM, "JSON"),
        (b'{"a": 1}', "application/octet-stream", "JSON"),
        (b"1", "application/json", "JSON"),
        (b'"a"', "application/scim+json; charset=utf-8", "JSON"),
        (b"1", "", "bytes"),
        (b"1", FORM, "form"),
        (b"{", "application/json", "bytes"),
        (b"{=1", FORM, "form"),
        (b'{"a":1}\n{"b":2}\n', "application/x-ndjson", "JSON lines"),
        (b"1\n2\n", "application/jsonl", "JSON lines"),
        (b'{"a":1}\n{"b":2}', "", "JSON lines"),
        (b"1\n2", "", "bytes"),
        (b"&", FORM, "bytes"),
        (PARTS.format("x").encode(), "multipart/form-data; boundary=x", "multipart"),
        (PARTS.format("x").encode(), "multipart/form-data; boundary=y", "bytes"),
        (b"<a/>", "application/xml", "bytes"),
        (b"\xff{", "", "bytes"),
    ],
)
def test_the_kind_of_a_body(body, content_type, kind):
    assert said(sent(body, content_type)).kind == kind


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (sent("a=1&b=;", FORM), sent("b=;&a=2", FORM), ["form field a: recorded '1', now '2'"]),
        (sent("a=1", FORM), sent("a", FORM), ["form field a: recorded '1', now no \"=\""]),
        (sent("a=", FORM), sent("a", FORM), ["form field a: recorded '', now no \"=\""]),
        (sent("a=x;y", FORM), sent("a=x%3By", FORM), ["form field a: recorded 'x;y', now 'x%3By'"]),
        (sent("a=%zz", FORM), sent("a=%25zz", FORM), ["form field a: recorded '%zz', now '%25zz'"]),
        (sent('{"a": 1}'), sent('{"a": 1.0}'), ["body.a: recorded 1, now 1.0"]),
        (sent('{"a": 1}'), sent('{"a": true}'), ["body.a: recorded 1, now true"]),
        (sent('{"a": 1, "a": 2}'), sent('{"a": 2, "a": 1}'), ["body.a: recorded 1, 2, now 2, 1"]),
        (sent('{"a": NaN}'), sent('{"a": null}'), ["body.a: recorded NaN, now null"]),
        (
            sent('{"a": 1}\n{"b": 2}\n'),
            sent('{"a": 1}\n{"b": 3}\n'),
            ["body, line 2.b: recorded 2, now 3"],
        ),
        (
            sent('{"a": 1}\n{"b": 2}\n'),
            sent('{"a": 1}\n{"b": 2}'),
            [r"""body: recorded '{"a": 1}\n{"b": 2}\n', now '{"a": 1}\n{"b": 2}'"""],
        ),
        (sent("<a>1</a>", "text/xml"), sent("<a/>", "text/xml"), ["body: recorded '<a>1</a>', now '<a/>'"]),
        (sent("<a/>", "a/soap+xml"), sent("<a />", "a/soap+xml"), ["body: recorded '<a/>', now '<a />'"]),
        (sent("%E9=1", FORM), sent("%E9=2", FORM), [r"form field \udce9: recorded '1', now '2'"]),
        (sent(b"\x00"), sent(b"\x01"), [r"body: recorded b'\x00', now b'\x01'"]),
        (
            sent("a=1", FORM),
            sent('{"a": 1}', FORM),
            ["form field a: recorded '1', now none", "body.a: recorded none, now 1"],
        ),
        (
            sent(PARTS.format("x"), "multipart/form-data; boundary=x"),
            sent(PARTS.format("y").replace("all", "some"), "multipart/form-data; boundary=y"),
            ["part mode: recorded 'all', now 'some'"],
        ),
        (
            sent(PARTS.format("x"), "multipart/form-data; boundary=x"),
            sent(PARTS.format("y"), "multipart/mixed; boundary=y"),
            ["header content-type: recorded 'multipart/form-data', now 'multipart/mixed'"],
        ),
    ],
)  # fmt: skip
def test_a_difference_is_shown_by_the_names_in_it(old, new, found):
    assert request_key(old) != request_key(new)
    assert [str(each) for each in differences(old, new)] == found
    assert differences(old, old) == []


def test_a_difference_that_no_name_shows_is_shown_as_it_was_sent():
    kinds = [f"multipart/form-data; boundary={each}" for each in "xy"]
    old, new = (
        sent(PARTS.format("x"), kinds[0]),
        sent(PARTS.format("y").replace("form-data", "attachment", 1), kinds[1]),
    )
    (found,) = differences(old, new)
    assert found.part == "body"
    assert "form-data; name" in found.recorded
    assert "attachment; name" in found.made
    assert "--boundary" in found.recorded
    assert "--boundary" in found.made


def test_a_boundary_is_stored_as_one_that_is_the_same_each_time():
    one, other = (
        with_stable_boundary(sent(PARTS.format(each), f"multipart/form-data; boundary={each}"))
        for each in "xy"
    )
    assert one == other == sent(PARTS.format("boundary"), "multipart/form-data; boundary=boundary")
    assert with_stable_boundary(one) is one
    plain = sent("a=1", FORM)
    assert with_stable_boundary(plain) is plain


def test_the_fields_of_parts_are_those_that_are_no_files():
    assert text_parts(sent(PARTS.format("x"), "multipart/form-data; boundary=x")) == [("mode", "all")]
    assert text_parts(sent(PARTS.format("x"), "multipart/form-data")) == []
    assert text_parts(sent("a=1", FORM)) == []
