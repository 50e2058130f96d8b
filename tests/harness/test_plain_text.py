"""Names and values in one line, with nothing that a terminal or a reader takes for more."""

from __future__ import annotations

import unicodedata

import pytest

from connector_contract.review.plain_text import plain


@pytest.mark.parametrize("text", ["", "a b", "Seán O'Brien", "山田 花子", "שלום", "<b>*x*</b>", "é", "👍"])
def test_letters_marks_and_spaces_stay(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x00\x07\x7f\x9b", r"\x00\x07\x7f\x9b"),
        ("abc\u202edef\u2066", r"abc\u202edef\u2066"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("\u2028\u2029\xa0", r"\u2028\u2029\xa0"),
        ("\udcff.yaml", r"\xff.yaml"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\ue0041"),
    ],
)
def test_what_is_none_of_them_is_an_escape(text, shown):
    assert plain(text) == shown


def test_no_letter_of_all_moves_anything():
    every = plain("".join(map(chr, range(0x110000))))
    kinds = {unicodedata.category(letter) for letter in every} - {"Zs"}
    assert not {kind for kind in kinds if kind[0] in "CZ"}
    assert every.isprintable()


def test_a_long_text_is_cut_with_how_much_is_left_out():
    assert plain("a" * 10, 10) == "a" * 10
    assert plain("a" * 10_000, 10) == f"{'a' * 10}... (9,990 more letters)"
    assert plain("\u202e" * 10, 13) == r"\u202e\u202e... (8 more letters)"
    assert plain("\u202e" * 2, 12) == r"\u202e\u202e"
