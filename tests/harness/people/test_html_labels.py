from __future__ import annotations

import pytest

from connector_contract.people.html_labels import html_document
from tests.people_testing import people


def made(text):
    known = people()
    known.learn_body(text.encode(), "text/html")
    shown = known.body(text.encode(), "text/html")
    assert list(known.left(shown)) == []
    return shown.decode()


@pytest.mark.parametrize(
    "text",
    [
        "<table><tr><td>Full name</td><td>Alice Martin</td></tr><tr><td>Plan</td><td>Finch</td></tr></table>",
        "<html><table><tr><th>First name<td>Alice<tr><th>Last name<td><b>Martin</b></table>Finch",
        "<table><thead><tr><th>Id<th>Name<th>Email<tbody><tr><td>Finch<td>Alice Martin<td>m@acme.com</table>",
        "<dl><dt>First name:</dt><dd>Alice</dd><dt>Last name</dt><dd>Martin</dd><dt>Plan<dd>Finch</dl>",
        "<div><b>Name:</b> Alice Martin<br>Plan: Finch</div>",
        "<p>Full name: Alice Martin</p><p>Finch</p>",
        "<form><input name='givenName' value='Alice'><input value=Martin name=lastName>Finch</form>",
        "<body><!-- Alice --><script>who('Alice')</script><label>First name</label><p>Alice</p>Finch",
    ],
)
def test_people_in_pages(text):
    shown = made(text)
    assert [word for word in ("Alice", "Martin", "acme") if word in shown] == []
    assert "Finch" in shown


def test_references_are_kept():
    shown = made("<table><tr><td>Full name</td><td>Ren&eacute;e O&#39;Finch</td></tr></table>&nbsp;x")
    assert "Ren" not in shown
    assert "Finch" not in shown
    assert shown.endswith("</table>&nbsp;x")


@pytest.mark.parametrize(
    "text",
    [
        "<table><tr><th>Name</th><th>Size</th></tr><tr><td>Gold Plan</td><td>12</td></tr></table>",
        "<table><tr><td>Name</td><td>Gold Plan</td></tr></table>",
        "<html><p>Hello Finch</p></html>",
        "<label>Phone</label><b>Off</b>",
    ],
)
def test_pages_of_nobody_stay(text):
    assert made(text) == text


def test_what_has_no_labels():
    assert html_document(b"<p>Hello</p>", "") is None
    assert html_document(b"<users/>", "") is None
    assert html_document(b"plain", "") is None


def test_a_page_within_json():
    value = {"html": "<dl><dt>Full name</dt><dd>Alice Martin</dd></dl>"}
    assert "Alice" not in people(value).json(value)["html"]
