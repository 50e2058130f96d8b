from __future__ import annotations

import pytest

from connector_contract.people.uris import path_of, percent_encoded_as, segments, with_pieces


@pytest.mark.parametrize(
    ("spelled", "shown"),
    [
        ("alice%40acme.com", "X%40y%20z"),
        ("alice@acme.com", "X@y%20z"),
        ("alice%2d", "X%40y%20z"),
        ("%c3%a9", "X%40y%20z"),
    ],
)
def test_what_was_encoded_is(spelled, shown):
    assert percent_encoded_as(spelled, "X@y z") == shown


def test_hexadecimal_digits_keep_their_case():
    assert percent_encoded_as("%c3%a9", "é") == "%c3%a9"
    assert percent_encoded_as("%C3%A9", "é") == "%C3%A9"
    assert percent_encoded_as("é", "ö x") == "ö%20x"


def test_a_plus_is_a_space_in_a_query():
    assert percent_encoded_as("a+b", "c d", plus=True) == "c+d"
    assert percent_encoded_as("a%20b", "c d", plus=True) == "c%20d"


def test_pieces_come_decoded_with_what_is_before_them():
    found = []
    uri = "https://u@h.com/users/a%40b?x=c+d&x=e%2Fe&flag#end"
    assert with_pieces(uri, lambda before, piece: found.append((before, piece)) or piece) == uri
    assert found == [
        ("", "users"),
        ("users", "a@b"),
        ("", "x"),
        ("x", "c d"),
        ("", "x"),
        ("x", "e/e"),
        ("", "flag"),
        ("", "end"),
    ]


def test_what_is_no_text_stays():
    assert with_pieces("/a/%ff", lambda *_: "changed") == "/changed/%ff"


def test_paths():
    assert path_of("https://h.com/a?b") == "/a?b"
    assert path_of("/a?b") == "/a?b"
    assert segments("https://h.com/a/b%40c?x=/y") == ["a", "b@c"]
