"""URLs that mean the same are equal, and no others: beside a lossless decoding written another way."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connector_contract.recording.urls import (
    canonical_host,
    canonical_uri,
    encoded_pairs,
    pairs,
    parsed,
    shown,
)

ORIGIN = "https://a.example"


def query(text):
    return parsed(f"{ORIGIN}/x?{text}").query


def path(text):
    return parsed(ORIGIN + text).path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a=1&b=2", "b=2&a=1"),
        ("a=1&b=2&a=3", "b=2&a=1&a=3"),
        ("a=x+y", "a=x%20y"),
        ("a=%c3%bc", "a=%C3%BC"),
        ("a=%C3%BC", "a=ü"),
        ("a[]=1", "a%5B%5D=1"),
        ("a=b=c", "a=b%3Dc"),
        ("a=/:,@", "a=%2F%3A%2C%40"),
        ("token=<refresh_token>", "token=%3Crefresh_token%3E"),
        ("a=1&", "&a=1"),
        ("", "&"),
    ],
)
def test_queries_that_say_the_same(one, other):
    assert query(one) == query(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sort=name&sort=age", "sort=age&sort=name"),
        ("a=1&a=1", "a=1"),
        ("name=%E9", "name=%E8"),
        ("name=%E9", "name=%C3%A9"),
        ("name=%E9", "name=%EF%BF%BD"),
        ("a=x+y", "a=x%2By"),
        ("a=x%20y", "a=x%2By"),
        ("a", "a="),
        ("a", ""),
        ("a=", ""),
        ("a=1;b=2", "a=1&b=2"),
        ("a=1;b=2", "a=1%3Bb=2"),
        ("a=1%26b=2", "a=1&b=2"),
        ("a%3Db=c", "a=b=c"),
        ("a=%zz", "a=%25zz"),
        ("a=%2525", "a=%25"),
        ("A=1", "a=1"),
        ("=1", "1"),
    ],
)
def test_queries_that_do_not(one, other):
    assert query(one) != query(other)


def _lossless(text):
    """The fields of a query: name and value, each as bytes, with what is not encoded and might be apart."""

    def decoded(part):
        tokens = re.findall(r"%[0-9A-Fa-f]{2}|.", part)
        named = {"+": b" ", ";": ("raw", ";"), "%": ("raw", "%")}
        parts = [named.get(token) or unquote_to_bytes(token) for token in tokens]
        return tuple(parts)

    fields: dict[object, list[object]] = {}
    for part in filter(None, text.split("&")):
        name, equals, value = part.partition("=")
        fields.setdefault(decoded(name), []).append(decoded(value) if equals else None)
    return fields


TEXTS = st.text("ab=&;+%2E9f3C", max_size=9)


@given(TEXTS, TEXTS)
@example("a=%E9", "a=%e9")
@example("a&a=", "a=&a")
def test_a_query_is_equal_exactly_if_a_lossless_decoding_is(one, other):
    assert (query(one) == query(other)) == (_lossless(one) == _lossless(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "/"),
        ("/a/%7euser", "/a/~user"),
        ("/%c3%bc", "/%C3%BC"),
        ("/ü", "/%C3%BC"),
        ("/a b", "/a%20b"),
        ("/<id>", "/%3Cid%3E"),
        ("/a/./b", "/a/b"),
        ("/a/c/../b", "/a/b"),
        ("/a/%2e%2E/b", "/b"),
        ("/../a", "/a"),
        ("/a/b/..", "/a/"),
        ("/a/.", "/a/"),
        ("/a#b", "/a"),
    ],
)
def test_paths_that_are_the_same(one, other):
    assert path(one) == path(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/a%2Fb", "/a/b"),
        ("/a%3Fb", "/a?b"),
        ("/a%23b", "/a#b"),
        ("/a%40b", "/a@b"),
        ("/a%3Bb", "/a;b"),
        ("/a%252Fb", "/a%2Fb"),
        ("/a+b", "/a%20b"),
        ("/a%zz", "/a%25zz"),
        ("/%E9", "/%E8"),
        ("/a//b", "/a/b"),
        ("/a/", "/a"),
        ("/A", "/a"),
        ("/.a", "/a"),
        ("/a..b", "/ab"),
        ("/...", "/"),
    ],
)
def test_paths_that_are_not(one, other):
    assert (path(one), query(one.partition("?")[2])) != (path(other), query(other.partition("?")[2]))


@pytest.mark.parametrize(
    ("uri", "canonical"),
    [
        ("https://a.example/x?y=%c3#z", "https://a.example/x?y=%c3"),
        ("HTTPS://A.Example./X", "https://a.example/X"),
        ("https://a.example:443/", "https://a.example/"),
        ("http://a.example:080/", "http://a.example/"),
        ("http://a.example:443/", "http://a.example:443/"),
        ("https://a.example:/", "https://a.example/"),
        ("https://ada@a.example/", "https://a.example/"),
        ("https://ada:x@y@a.example:444/", "https://a.example:444/"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/ü"),
        ("https://BÜCHER.example", "https://xn--bcher-kva.example"),
        ("https://bu\u0308cher.example", "https://xn--bcher-kva.example"),
        ("https://b%C3%BCcher.example", "https://xn--bcher-kva.example"),
        ("https://XN--BCHER-KVA.example", "https://xn--bcher-kva.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://例え.テスト。/", "https://xn--r8jz45g.xn--zckzah/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("http://[0:0:0:0:0:0:0:1]:8000/", "http://[::1]:8000/"),
        ("http://[FE80::1%25eth0]/", "http://[fe80::1%25eth0]/"),
        ("https://under_score.example", "https://under_score.example"),
        ("/x", "/x"),
    ],
)
def test_one_form_is_stored_and_it_is_that_which_clients_send(uri, canonical):
    assert canonical_uri(uri) == canonical
    assert canonical_uri(canonical) == canonical
    assert parsed(uri) == parsed(canonical)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example", "http://a.example"),
        ("https://a.example", "https://a.example:444"),
        ("https://a.example", "https://b.example"),
        ("https://a.example@b.example", "https://a.example"),
        ("http://[::1]", "http://[::2]"),
    ],
)
def test_origins_that_differ(one, other):
    assert parsed(one).origin != parsed(other).origin


def test_a_host_that_is_none_stays_as_it_is():
    assert canonical_host("[x]") == "[x]"
    assert canonical_host("\u2603" * 70) == "\u2603" * 70
    assert canonical_host("::1") == "[::1]"


def test_pairs_keep_their_order_and_show_what_they_are():
    assert pairs("b=2&a&b=1") == (("b", "2"), ("a", None), ("b", "1"))
    assert [shown(value) for _, value in pairs("a;=1;2&b&c=%zz&d=%25zz")] == [
        "'1;2'",
        'no "="',
        "'%zz'",
        "'%zz'",
    ]
    assert encoded_pairs("a%20b=%3B&c") == [("a b", "%3B"), ("c", None)]
