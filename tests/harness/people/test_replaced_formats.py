from __future__ import annotations

import pytest

from connector_contract.people.replaced_formats import documents_of, is_binary


@pytest.mark.parametrize(
    ("body", "content_type", "values"),
    [
        (b' {"a": 1}', "", [{"a": 1}]),
        (b'"a"', "", ["a"]),
        (b"12", "application/json", [12]),
        (b'{"a": 1}\n{"a": 2}\n', "", [{"a": 1}, {"a": 2}]),
        (b"<a>b</a>", "", [{"a": "b"}]),
        (b"a=b", "", [{"a": "b"}]),
        (b"id,email\n1,b", "", [[{"id": "1", "email": "b"}]]),
    ],
)
def test_formats(body, content_type, values):
    found = documents_of(body, content_type)
    assert [each.value for each in found.documents] == values
    assert found.joined([each.changed([None] * len(each.spans)) for each in found.documents]) == body


@pytest.mark.parametrize("body", [b"", b"a text", b"{broken", b"<html></html>", b"\x89PNG\0\1", b"<broken"])
def test_what_is_no_data(body):
    assert documents_of(body, "") is None


def test_what_is_no_text():
    assert is_binary(b"\x89PNG\0")
    assert not is_binary("a".encode("utf-16"))
    assert not is_binary("é".encode("latin-1"))
