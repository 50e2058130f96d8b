from __future__ import annotations

import pytest

from connector_contract.people.markup import is_markup, xml_document

BODY = b"""<?xml version="1.0"?>
<!-- people --><ns:users>
 <user id='1' mail="a&amp;b"><name>O&apos;Brien &#233;</name><x/><note><![CDATA[a <b]]></note> tail</user>
 <user/>
</ns:users>"""


def test_elements_are_objects_in_their_order():
    document = xml_document(BODY, "")
    (users,) = document.value.values()
    first, second = users.values()
    assert first == {
        "@id": "1", "@mail": "a&b", "name": "O'Brien \u00e9", "x": {}, "note": "a <b", "#text": " tail",
    }  # fmt: skip
    assert second == {}
    assert list(users) == ["user", "user"]


def test_only_what_changes_is_written_anew():
    document = xml_document(BODY, "")
    leaves = [span and document.text[slice(*span)] for span in document.spans]
    assert document.changed([None] * len(leaves)) == BODY
    made = document.changed(["<'x'>" if leaf == "O&apos;Brien &#233;" else None for leaf in leaves])
    assert made == BODY.replace(b"O&apos;Brien &#233;", b"&lt;&apos;x&apos;&gt;")


@pytest.mark.parametrize(
    ("stood", "value", "stands"),
    [
        ("A&nbsp;O'B &#44; &amp; c", "X&nbsp;O'Y , & z", "X&nbsp;O'Y &#44; &amp; z"),
        ("A &amp;nbsp; b", "X &nbsp; y", "X &amp;nbsp; y"),
        ("A b", "X<\">'&", "X&lt;&quot;&gt;&apos;&amp;"),
        ("Ren&#xe9;e", "Xil\u00e9e", "Xil&#xe9;e"),
        ("<![CDATA[a <b> & c]]>", "x <y> & z", "<![CDATA[x <y> & z]]>"),
    ],
)
def test_each_character_is_spelled_as_it_was(stood, value, stands):
    document = xml_document(f"<a>{stood}</a>".encode(), "")
    assert document.changed([None, value]) == f"<a>{stands}</a>".encode()


def test_names_of_elements_are_never_changed():
    document = xml_document(b"<a><b>c</b></a>", "")
    assert document.changed(["x"] * len(document.spans)) == b"<a><b>x</b></a>"


def test_what_an_encoding_has_not_becomes_a_reference():
    document = xml_document('<?xml version="1.0" encoding="latin-1"?><a>é</a>'.encode("latin-1"), "")
    assert document.value == {"a": "é"}
    assert document.changed([None, "я"]).endswith(b"<a>&#1103;</a>")


@pytest.mark.parametrize(
    "body",
    [b"<a>", b"<a></b>", b"</a>", b"<html><p>x</p></html>", b"<a><", b"", b"<a>" * 200 + b"</a>" * 200],
)
def test_what_is_no_xml(body):
    assert xml_document(body, "") is None


def test_what_may_be_xml():
    assert is_markup(b"\xef\xbb\xbf <a/>")
    assert not is_markup(b"{}")
