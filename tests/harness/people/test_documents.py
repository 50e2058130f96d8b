from __future__ import annotations

import json

import pytest

from connector_contract.people.documents import decoded, json_document, json_lines
from connector_contract.people.leaves import Pairs


def changed(body, change):
    """A body with each text changed, and all else as it is."""
    document = json_document(body)
    leaves = [document.text[start:end] for start, end in document.spans]
    return document.changed([change(json.loads(leaf)) for leaf in leaves])


def test_only_what_changes_is_written_anew():
    body = b'{ "a" : "x",\r\n\t"b":[1.50, -2e3,true , null, "\\u00e9\\/"] }'
    assert changed(body, lambda value: None) == body
    assert changed(body, lambda value: "y" if value == "x" else None) == body.replace(b'"x"', b'"y"')


def test_a_text_is_escaped_as_it_was():
    assert changed(b'["\\u00e9"]', lambda value: "\u00f6") == b'["\\u00f6"]'
    assert changed('["é"]'.encode(), lambda value: 'ö"\n') == '["ö\\"\\n"]'.encode()


def test_leaves_are_in_the_order_of_the_text():
    document = json_document(b'{"a": [1, {"b": NaN}], "c": {}}')
    assert [document.text[start:end] for start, end in document.spans] == ['"a"', "1", '"b"', "NaN", '"c"']


def test_a_name_that_comes_twice_is_kept_twice():
    document = json_document(b'{"a": 1, "a": 2, "b": 3}')
    assert isinstance(document.value, Pairs)
    assert list(document.value) == ["a", "a", "b"]
    assert document.value.items() == [("a", 1), ("a", 2), ("b", 3)]
    assert document.value.values() == [1, 2, 3]
    assert len(document.spans) == 6


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_json_in_each_encoding_of_its_own(charset):
    body = '{"a": "é"}'.encode(charset)
    document = json_document(body)
    assert document.value == {"a": "é"}
    assert json.loads(document.changed([None, "ö"])) == {"a": "ö"}


def test_half_a_surrogate_stays():
    body = b'{"a": "\\ud83d"}'
    assert json_document(body).changed([None, None]) == body


@pytest.mark.parametrize("body", [b"", b"{", b"a", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json(body):
    assert json_document(body) is None


def test_a_document_a_line():
    assert [each.value for each in json_lines(b'{"a": 1}\n\n{"b": 2}\n')] == [{"a": 1}, {"b": 2}]
    assert json_lines(b'{"a": 1}\n') is None
    assert json_lines(b'{"a": 1}\n{') is None


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), "", "é"),
        ("é".encode("latin-1"), "text/plain; charset=latin-1", "é"),
        ("é".encode("latin-1"), "", "é"),
        ("é".encode("utf-16"), "", "é"),
        ("é".encode(), "text/plain; charset=unheard-of", "é"),
    ],
)
def test_texts_are_decoded_as_they_say_or_look(body, content_type, text):
    assert decoded(body, content_type)[0] == text
