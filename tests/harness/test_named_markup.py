"""Secrets by name in XML and HTML."""

from __future__ import annotations

import pytest

from connector_contract.secrets.named_markup import is_markup, with_markup_values
from connector_contract.secrets.secret_names import WELL_KNOWN, judge


def found(text):
    pairs = []

    def note(name, value):
        pairs.append((name, value))
        return value

    assert with_markup_values(text, judge(WELL_KNOWN), note) == text
    return pairs


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("<a><password>x&amp;y</password></a>", [("password", "x&y")]),
        ("<a><password> \n winter \n </password></a>", [("password", "winter")]),
        ("<s:a><s:password>w</s:password></s:a>", [("password", "w")]),
        ("<password><![CDATA[a&amp;b]]></password>", [("password", "a&amp;b")]),
        ("<a password='w' other=\"x\"/>", [("password", "w")]),
        ("<input name=csrf_token value=w>", [("csrf_token", "w")]),
        ("<member><name>password</name><value><string>w</string></value></member>", [("password", "w")]),
        ("<key>season</key><string>w</string>", []),
        ("<key>password</key><key>other</key><string>w</string>", []),
        ("<input name='password' value=''>Tell us <b>why</b>", []),
        ("<password><a>w</a></password>", []),
        ("<password>Your password, please</password>", []),
        ("<password>Enter 8-20 characters, see https://a.example/help or ada@acme.example</password>", []),
        ("<password>s3same 0pen s7eep</password>", [("password", "s3same 0pen s7eep")]),
        ("<password>s3same-0pen9 of mine</password>", [("password", "s3same-0pen9 of mine")]),
        ("<tr><td>password</td><td>s3same-0pen</td></tr>", [("password", "s3same-0pen")]),
        ("<th>API key:</th> <td><code>s3same-0pen</code></td>", [("API key", "s3same-0pen")]),
        (
            "<dl><dt>Password</dt>\n<dd>s3same-0pen</dd><dd>s3same-0pen</dd></dl>",
            [("Password", "s3same-0pen")],
        ),
        ("<dt><b>Secret</b></dt><dd>a&amp;s3same-0pen</dd>", [("Secret", "a&s3same-0pen")]),
        ("<td>password</td><td>required</td>", []),
        ("<td>password</td><td>At least 8 characters</td>", []),
        ("<th>id</th><th>password</th></tr><tr><td>s3same-0pen</td>", []),
        ("<td>password</td><td></td></tr><tr><td>s3same-0pen</td>", []),
        ("<td>password</td><p>s3same-0pen</p>", []),
        ('<property name="password" value="s3same-0pen"/>', [("password", "s3same-0pen")]),
        ('<entry key="password">s3same-0pen</entry>', [("password", "s3same-0pen")]),
        ("<password>true</password>", []),
        ("<a title='password'>w</a>", []),
        ("a < b and b > password", []),
    ],
)
def test_where_a_value_is(text, pairs):
    assert found(text) == pairs


def test_a_value_is_escaped_where_it_stands():
    shown = with_markup_values(
        "<a password='w'><password>w</password><password><![CDATA[w]]></password></a>",
        judge(WELL_KNOWN),
        lambda name, value: "<it>",
    )
    assert (
        shown
        == "<a password='&lt;it&gt;'><password>&lt;it&gt;</password><password><![CDATA[<it>]]></password></a>"
    )
    assert is_markup(shown)
    assert not is_markup("a <b>")
