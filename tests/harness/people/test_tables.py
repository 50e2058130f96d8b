from __future__ import annotations

import pytest

from connector_contract.people.tables import csv_document, form_document


def test_rows_are_objects():
    body = b'id;"First ""x"" name";Note\r\n1;Alice;"a;\n""b"""\r\n\r\n2;Bob;\r\n3;C;d;more\r\n'
    document = csv_document(body, "text/csv")
    assert document.value == [
        {"id": "1", 'First "x" name': "Alice", "Note": 'a;\n"b"'},
        {"id": "2", 'First "x" name': "Bob", "Note": ""},
        {"id": "3", 'First "x" name': "C", "Note": "d", "": "more"},
    ]
    assert document.changed([None] * len(document.spans)) == body
    values = [
        'x"y' if span and document.text[slice(*span)] in ("Bob", "C") else None for span in document.spans
    ]
    assert document.changed(values) == body.replace(b"Bob", b'"x""y"').replace(b";C;", b';"x""y";')


def test_a_row_that_ends_with_a_delimiter_at_the_end():
    assert csv_document(b"a,email\n1,", "text/csv").value == [{"a": "1", "email": ""}]


@pytest.mark.parametrize(
    ("body", "content_type", "is_one"),
    [
        (b"id,email\n1,a@acme.com\n", "text/plain", True),
        (b"id\temail\n1\ta@acme.com\n", "", True),
        (b"Dear all,\nhere, we are\n", "text/plain", False),
        (b"a,b\n1,2\n", "", False),
        (b"a,b\n1,2\n", "text/csv", True),
        (b"a,b\n", "text/csv", False),
        (b"", "text/csv", False),
        (b'id,email\n1,"a\n', "text/plain", True),
    ],
)
def test_what_is_a_table(body, content_type, is_one):
    assert (csv_document(body, content_type) is not None) is is_one


def test_forms():
    body = b"first_name=Alice+M&email=a%40acme.com&x="
    document = form_document(body, "application/x-www-form-urlencoded")
    assert document.value == {"first_name": "Alice M", "email": "a@acme.com", "x": ""}
    assert document.changed([None, "B C", None, "b@c", None, None]) == b"first_name=B+C&email=b%40c&x="
    assert form_document(body, "").value == document.value
    assert form_document(body, "text/plain") is None
    assert form_document(b"a b", "") is None
    assert form_document(b"", "application/x-www-form-urlencoded") is None


def test_a_name_of_a_form_may_come_twice():
    document = form_document(b"a=1&a=2", "")
    assert document.value.values() == ["1", "2"]
