"""Bodies of JSON, JSON lines, XML and CSV are read as data, and nothing else is."""

from __future__ import annotations

import gzip

import pytest

from connector_contract.contract.rules.body_data import Element, NoData, data_of
from connector_contract.recording.interactions import Interaction, Request, Response

XML = "application/xml"
CSV = "text/csv"
ROWS = [{"id": "1", "name": "Ann"}, {"id": "2", "name": "Bob"}]


def read(body, content_type="", uri="https://a.example/users", **headers):
    named = [("content-type", content_type)] if content_type else []
    named += [(name.replace("_", "-"), value) for name, value in headers.items()]
    sent = body if isinstance(body, bytes) else body.encode()
    return data_of(Interaction(Request("GET", uri), Response(200, "OK", tuple(named), sent)))


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ("<a/>", {"a": None}),
        ("<a> 1 </a>", {"a": "1"}),
        ("<a><b>1</b><b>2</b><c/></a>", {"a": {"b": ["1", "2"], "c": None}}),
        ('<a b="1">x<c>2</c>y</a>', {"a": {"@b": "1", "c": "2", "#text": "xy"}}),
        ('<a b="1"/>', {"a": {"@b": "1"}}),
        ("<a><b><c>1</c></b><b/><b>2</b></a>", {"a": {"b": [{"c": "1"}, None, "2"]}}),
        ("<a><![CDATA[<b>]]> &amp; &#228;</a>", {"a": "<b> & ä"}),
        ('<s:a xmlns:s="urn:s" xmlns="urn:t" s:kind="k"><s:b>1</s:b><b>2</b></s:a>',
         {"a": {"@kind": "k", "b": ["1", "2"]}}),
        ('\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<!-- none -->\r\n<a>\r\n  <b>ü</b>\r\n</a>\r\n',
         {"a": {"b": "ü"}}),
        ('<!DOCTYPE a SYSTEM "file:///etc/hostname"><a>&other;1</a>', {"a": "1"}),
    ],
)  # fmt: skip
def test_xml_is_objects_by_the_names_of_its_elements(body, data):
    found = read(body, XML)
    assert found == data
    assert isinstance(found, Element)


@pytest.mark.parametrize(
    ("encoding", "content_type", "says"),
    [
        ("latin-1", XML, ' encoding="iso-8859-1"'),
        ("cp1252", XML, ' encoding="windows-1252"'),
        ("utf-16", XML, ' encoding="utf-16"'),
        ("utf-16", "application/scim+xml", ""),
        ("latin-1", "text/xml; charset=ISO-8859-1", ' encoding="utf-8"'),
    ],
)
def test_xml_is_in_the_encoding_that_it_says(encoding, content_type, says):
    assert read(f'<?xml version="1.0"{says}?><a>ü</a>'.encode(encoding), content_type) == {"a": "ü"}


BOMB = '<!DOCTYPE a [<!ENTITY b "0123456789">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("bcdefgh", "cdefghi", strict=True)
)


@pytest.mark.parametrize(
    "body",
    [
        BOMB + "]><a>&i;</a>",
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
        "<a>" * 200 + "</a>" * 200,
        "<a><b></a>",
        "<a>",
        "<a/><b/>",
        "no XML",
        "<!DOCTYPE html><html><body><p>Log in</p><p>here</p></body></html>",
        b"<a>\xff</a>",
    ],
)
def test_xml_that_is_none_or_more_than_it_looks_is_no_data(body):
    with pytest.raises(NoData):
        read(body, XML)


@pytest.mark.parametrize(
    "body",
    [
        "id,name\r\n1,Ann\r\n2,Bob\r\n",
        "id;name\n1;Ann\n2;Bob",
        "id\tname\n1\tAnn\n\n2\tBob\n",
        '\ufeff"id";"name"\r\n"1";"Ann"\r\n"2";"Bob"\r\n',
        "sep=;\r\nid;name\r\n1;Ann\r\n2;Bob\r\n",
        "id , name\n1,Ann\n2,Bob,more\n",
    ],
)
def test_csv_is_objects_by_the_names_in_its_first_row(body):
    assert read(body, CSV) == ROWS


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ("", []),
        ("id,name\r\n", []),
        ("id\n1\n2\n", [{"id": "1"}, {"id": "2"}]),
        ('id,note\n1,"a;\r\nb ""c"""\n', [{"id": "1", "note": 'a;\r\nb "c"'}]),
        ('"a;b;c",id\n1,2\n', [{"a;b;c": "1", "id": "2"}]),
        ("id,name\n1\n", [{"id": "1"}]),
    ],
)
def test_csv_of_all_kinds(body, data):
    assert read(body, CSV) == data


TABLE = "id;name\n1;Ann\n2;Bob\n"


@pytest.mark.parametrize(
    ("content_type", "options"),
    [
        ("application/csv; charset=utf-8", {}),
        ("text/tab-separated-values", {}),
        ("text/plain", {}),
        ("application/octet-stream", {}),
        ("", {}),
        ("application/x-download", {"content_disposition": 'attachment; filename="Users.CSV"'}),
        ("application/x-download", {"uri": "https://a.example/users.csv?x=1"}),
    ],
)
def test_csv_is_known_by_what_calls_it_so_or_by_its_rows(content_type, options):
    assert read(TABLE, content_type, **options) == ROWS


def test_csv_is_in_the_encoding_that_its_server_says():
    rows = "id;name\n1;Zoë\n"
    says = [("utf-8", CSV), ("utf-16", CSV), ("cp1252", f"{CSV}; charset=windows-1252"), ("latin-1", CSV)]
    for encoding, content_type in says:
        assert read(rows.encode(encoding), content_type) == [{"id": "1", "name": "Zoë"}], encoding
    assert read(rows, f"{CSV}; charset=none") == [{"id": "1", "name": "Zoë"}]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "OK",
        "First, we looked.\nThen, we left, and came back.\n",
        "a,b\n",
        "a,,b\n1,2,3\n",
        "a,a\n1,2\n",
        "{not: json}\n",
        b"\x00\xff",
    ],
)
def test_a_text_that_only_might_be_csv_is_no_data(body):
    with pytest.raises(NoData):
        read(body, "text/plain")


def test_what_has_fields_larger_than_csv_has_is_no_data():
    with pytest.raises(NoData):
        read('a,b\n"' + "x" * 200_000 + '",1\n', CSV)


@pytest.mark.parametrize(
    ("body", "content_type", "data"),
    [
        ("[1]", "", [1]),
        ("null", "text/csv", None),
        ('{"a": 1}\n\n{"a": 2}\n', "application/x-ndjson", [{"a": 1}, {"a": 2}]),
        ('{"a": 1}\n{"a": 2}', "", [{"a": 1}, {"a": 2}]),
    ],
)
def test_json_is_json_whatever_it_is_called(body, content_type, data):
    assert read(body, content_type) == data


@pytest.mark.parametrize("body", ["{", '{"a": 1}\n{"a":', "[" * 100_000])
def test_broken_json_is_no_data(body):
    with pytest.raises(NoData):
        read(body, "application/json")


def test_a_compressed_file_is_read_as_what_it_holds():
    compressed = gzip.compress(b"id,name\n1,Ann\n2,Bob\n")
    assert read(compressed, "application/gzip", "https://a.example/logins.csv.gz") == ROWS
    disposition = 'attachment; filename="logins.csv.gz"'
    assert read(compressed, "application/gzip", content_disposition=disposition) == ROWS
