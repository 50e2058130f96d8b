"""A placeholder in XML or HTML is a text, and comes back as the value that it stands for."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.markup_placeholders import elements, is_markup, with_escaped

REQUEST = Request("GET", "https://a.example/login")


def stored(text, **auth):
    response = Response(200, "OK", (("content-type", "application/xml"),), text.encode())
    secrets = Secrets()
    secrets.add({"token": auth}, None)
    secrets.learn(REQUEST, response)
    secrets.settle()
    return secrets, secrets.redactor().interaction(Interaction(REQUEST, response)).response


def test_what_stands_for_a_value_is_no_element():
    xml = "<r><access_token>s3same-0pen-s3same</access_token><x><![CDATA[s3same-0pen-s3same]]></x></r>"
    secrets, response = stored(xml)
    assert response.body.decode() == (
        "<r><access_token>&lt;access_token&gt;</access_token><x><![CDATA[<access_token>]]></x></r>"
    )
    # A connector reads the placeholder, which it then sends.
    assert [each.text for each in ElementTree.fromstring(response.body)] == ["<access_token>"] * 2  # noqa: S314
    assert secrets.redactor().restored(response).body.decode() == xml
    assert Secrets().redactor().restored(response).body == response.body


def test_a_word_is_replaced_in_its_element_alone():
    secrets, response = stored("<r><password>winter</password><season>winter</season></r>")
    assert response.body == b"<r><password>&lt;password&gt;</password><season>winter</season></r>"
    assert secrets.redactor().restored(response).body.count(b"winter") == 2


def test_an_element_of_a_placeholders_name_stays():
    secrets, response = stored("<r><password/><password>s3same-0pen-s3same</password></r>")
    assert b"<password/><password>&lt;password&gt;</password>" in response.body
    assert (
        secrets.redactor().restored(response).body
        == b"<r><password/><password>s3same-0pen-s3same</password></r>"
    )


@pytest.mark.parametrize("shown", ["<token.token>", "&lt;token.token&gt;"])
def test_what_an_earlier_release_has_recorded_is_restored(shown):
    secrets = Secrets()
    secrets.add({"token": {"token": "a&b<c"}}, None)
    response = Response(200, "OK", (), f"<r><echo>{shown}</echo></r>".encode())
    assert secrets.redactor().restored(response).body == b"<r><echo>a&amp;b&lt;c</echo></r>"


def test_a_response_that_has_none_stays_to_the_byte():
    for text in ("<r>a &lt;b&gt; c</r>", "\ufeff<?xml version='1.0'?><r>\xe9</r>", "<", "< a", "<![CDATA["):
        secrets, response = stored(text, token="s3same-0pen")  # noqa: S106 - a made-up one
        assert response.body == text.encode()
        assert secrets.redactor().restored(response).body == text.encode()


def test_markup_is_known_by_how_it_begins():
    assert is_markup(b"\xef\xbb\xbf \r\n<r/>")
    assert not is_markup(b'{"a": "<b>"}')
    assert not is_markup(b"")


def test_a_section_without_escapes_is_a_part_of_its_own():
    parts = []
    text = "a<![CDATA[b]>]]>c<![CDATA[d]]>"
    assert with_escaped(text, lambda part, escaped: parts.append((part, escaped("<"))) or part) == text
    assert parts == [
        ("a", "&lt;"), ("<![CDATA[b]>]]>", "<"), ("c", "&lt;"), ("<![CDATA[d]]>", "<"), ("", "&lt;")
    ]  # fmt: skip
    assert elements("<a><b></b></a:c>") == {"b", "a:c"}
