from __future__ import annotations

from unicodedata import combining, normalize

import pytest

from connector_contract.people.syllables import made_up_word
from connector_contract.people.words import (
    dressed,
    folded,
    plain_as_transliterated,
    transliterated,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Anne-Marie O'Brien", ["Anne", "Marie", "O", "Brien"]),
        ("a_martin2", ["a", "martin"]),
        (normalize("NFD", "José"), [normalize("NFD", "José")]),
        ("अमित शर्मा", ["अमित", "शर्मा"]),
        ("李明, 12", ["李明"]),
    ],
)
def test_words_are_letters_with_their_marks(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("spelled", "word"),
    [
        ("MARTIN", "martin"),
        ("José", "jose"),
        (normalize("NFD", "José"), "jose"),
        ("Øster", "oster"),
        ("Straße", "strasse"),
        ("İlker", "ilker"),
        ("Y\u0131lmaz", "yilmaz"),
        ("Ёлкин", "елкин"),
        ("Νίκος", "νικοσ"),
        ("अमित", "अमित"),
        ("が", "が"),
    ],
)
def test_spellings_of_a_word_have_in_common(spelled, word):
    assert folded(spelled) == word


@pytest.mark.parametrize(
    ("spelled", "shown"),
    [
        ("alice", "bakora"),
        ("Alice", "Bakora"),
        ("ALICE", "BAKORA"),
        ("McDon", "BaKora"),
        ("A", "Bakora"),
        ("Émile", "B\u0301akora"),
        ("josé", "bákora"),
        ("José", "Bákora"),
        ("Jørn", "Bakøra"),
        ("Jæger", "B\u2c65kora"),
        ("Æsir", "Bakora"),
    ],
)
def test_a_made_up_word_is_spelled_like_the_real_one(spelled, shown):
    assert dressed("bakora", spelled) == shown


def test_a_decomposed_spelling_stays_decomposed():
    assert dressed("bakora", normalize("NFD", "josé")) == normalize("NFD", "bákora")


def test_umlauts_have_two_letters_where_there_are_none():
    assert transliterated("Jürgen Østergård Öz") == "Juergen Oesterg\u0061\u030ard Oez"
    assert plain_as_transliterated("bákör\u0268") == "bákoerie"
    assert transliterated("alice") == "alice"


# What a connector does that knows of accents, and one that knows of letters without accents, too.
PLAIN = str.maketrans(
    {
        "Ł": "L",
        "ł": "l",
        "ø": "o",
        "Ø": "O",
        "Đ": "D",
        "đ": "d",
        "\u0131": "i",
        "Æ": "AE",
        "æ": "ae",
        "Œ": "OE",
    }
    | {"\u2c65": "a", "\u0247": "e", "\u0268": "i", "\u0289": "u", "\u024f": "y", "Þ": "Th"}
)


def without_accents(text):
    return "".join(each for each in normalize("NFD", text) if not combining(each))


def made_of(spelled):
    return dressed(made_up_word(folded(spelled), b"key"), spelled)


LETTERS = [
    "Łukasz",
    "Michał",
    "Øystein",
    "Søren",
    "Đorđe",
    "Æsir",
    "Sæther",
    "Œdipe",
    "Þór",
    "İlker",
    "Y\u0131lmaz",
]


@pytest.mark.parametrize("spelled", [*LETTERS, "Müller", "Żółć"])
def test_a_letter_that_is_not_taken_apart_stays_one(spelled):
    made = made_of(spelled)
    assert made == normalize("NFC", made)
    assert not any(map(combining, made))
    assert made[0] == spelled[0]
    assert folded(made) == made_up_word(folded(spelled), b"key")
    assert without_accents(made) == made_of(without_accents(spelled))


@pytest.mark.parametrize("spelled", [each for each in LETTERS if each not in ("Sæther", "Æsir", "Œdipe")])
def test_what_has_plain_letters_for_it_makes_the_same_of_the_made_up_word(spelled):
    made = without_accents(made_of(spelled)).translate(PLAIN)
    assert made == made_of(without_accents(spelled).translate(PLAIN))


def test_spellings_that_differ_in_such_a_letter_stay_two():
    spelled = ["Soren", "Søren", "Sören", "Sóren", "SØREN"]
    assert len(set(map(made_of, spelled))) == len(spelled)
