from __future__ import annotations

import json

import pytest

from connector_contract.people.tag_names import around_names, names_in_tags
from tests.people_testing import people as people_of

USERS = {"users": [{"name": "Grace Lang"}, {"name": "Alice Martin"}, {"name": "Bo Font"}]}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("<p class='x'>y</p>", ["p", "class", "p"]),
        ('<img src="/a.png" alt = "a b">', ["img", "src", "alt"]),
        ('<ac:image ac:alt="x"/>', ["ac:image", "ac:alt"]),
        (r"<img\n src=\"/a.png\" alt=\\\"b\\\"/>", ["img", "src", "alt"]),
        ('<input name="a" value="', ["input", "name", "value"]),
        ("<b>Alice</b>", ["b", "b"]),
        ("<Alice Martin> <alice@acme.com> <Lang>", []),
        ('alt="x" a < b', []),
        ("<!-- Alice -->", []),
    ],
)
def test_names_of_elements_and_attributes(text, names):
    assert [text[start:end] for start, end in names_in_tags(text)] == names
    assert around_names(text, str) == text


@pytest.mark.parametrize(
    "text",
    [
        '<p lang="en"><img src="/a.png" alt="picture" lang=\'x\'></p>',
        '<font size="2">red</font>',
        '<alice:note alice:martin="x"/>',
        '<br martin="1"/>',
    ],
)
def test_they_stay_whoever_is_called_so(text):
    known = people_of(USERS)
    assert known.json({"html": text}) == {"html": text}
    assert known.text(text) == text
    for stored in (text, json.dumps({"html": text}), json.dumps(json.dumps({"html": text}))):
        assert list(known.left(stored.encode())) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p lang="en">Lang, <img alt="Alice Martin" title="Lang"></p>',
        "From: <Alice Martin>, <alice@acme.com>, <Lang>",
        'alice="x" lang="y"',
        "<b>Lang</b>",
    ],
)
def test_what_is_in_them_is_made_up(text):
    known = people_of(USERS)
    made = known.json({"html": text})["html"]
    assert made != text
    assert "alice" not in made.lower()
    assert "Lang" not in made
    assert list(known.left(b'{"text": "about Lang"}'))


def test_a_key_that_people_press_is_no_name():
    value = {"keys": "alt+f4", "image": {"alt": "x", "class": "y"}, "text": "the alt text"}
    known = people_of({"users": [{"name": "Grace Alt"}]}, value)
    assert known.json(value) == value
    assert "Alt" not in known.text("by Grace Alt")
