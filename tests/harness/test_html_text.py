"""Text as a page shows it."""

from __future__ import annotations

import pytest

from connector_contract.review.html_text import many, pieces, short, value_text, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë de Vries", "Zoë de Vries"),
        ("שלום", "שלום"),
        ("山田 花子 👩‍💻", "山田 花子 👩‍💻"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\nb\tc\0", "a␊b␉c␀"),
        ("\x7f\x9b", "[U+007F][U+009B]"),
        ("abc\u202etxt.exe", "abc[U+202E]txt.exe"),
        ("\u2066a\u2069\u200f", "[U+2066]a[U+2069][U+200F]"),
        ("a\u200bb\ufeff", "a[U+200B]b[U+FEFF]"),
        ("half \ud800", "half [U+D800]"),
        ("\U000e0041", "[U+E0041]"),
    ],
    ids=ascii,
)
def test_what_nobody_sees_is_shown_and_all_else_stays(text, shown):
    assert visible(text) == shown
    assert visible(text).encode("utf-8")


def test_what_is_no_text_stays():
    assert visible(5) == 5


def test_a_long_text_says_how_much_is_left_out():
    assert short("a" * 10_000, 20) == "a" * 20 + "… and 9,980 more characters"
    assert short("a" * 20, 20) == "a" * 20


@pytest.mark.parametrize(
    "name", ["find_entitlement_associations", "tests/test_a.py::test_a[x-1]", "___", "", "plain", "_a[[b"]
)
def test_the_pieces_of_a_name_are_the_name(name):
    assert "".join(pieces(name)) == name


def test_a_name_goes_on_after_a_part():
    assert pieces("find_entitlement_associations") == ["find_", "entitlement_", "associations"]
    assert pieces("tests/a.py::b[c]") == ["tests/", "a.", "py::", "b", "[c]"]


def test_numbers_are_as_people_read_them():
    assert [many(1, "file"), many(5_000, "file"), many(2, "activity", "activities")] == [
        "1 file",
        "5,000 files",
        "2 activities",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "nothing"), ("", '""'), ("a", "a"), (1.5, "1.5"), (True, "true"), (["ä"], '[\n  "ä"\n]')],
    ids=repr,
)
def test_a_value_as_text(value, text):
    assert value_text(value) == text
