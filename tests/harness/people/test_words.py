from __future__ import annotations

from unicodedata import normalize

import pytest

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
        ("Jørn", "Bākora"),
    ],
)
def test_a_made_up_word_is_spelled_like_the_real_one(spelled, shown):
    assert dressed("bakora", spelled) == shown


def test_a_decomposed_spelling_stays_decomposed():
    assert dressed("bakora", normalize("NFD", "josé")) == normalize("NFD", "bákora")


def test_umlauts_have_two_letters_where_there_are_none():
    assert transliterated("Jürgen Østergård Öz") == "Juergen Oesterg\u0061\u030ard Oez"
    assert plain_as_transliterated("bákörī") == "bákoerie"
    assert transliterated("alice") == "alice"
