from __future__ import annotations

from itertools import product
from unicodedata import name

import pytest

from connector_contract.people.syllables import is_unspaced, made_up_word

SCRIPTS = {
    "alice": "LATIN",
    "иван": "CYRILLIC",
    "νικοσ": "GREEK",
    "דוד": "HEBREW",
    "محمد": "ARABIC",
    "अमित": "DEVANAGARI",
    "李明": "CJK",
    "민수": "HANGUL",
    "さくら": "HIRAGANA",
    "サクラ": "KATAKANA",
    "ani\u0259": "LATIN",
    "անի": "ARMENIAN",
}


@pytest.mark.parametrize(("word", "script"), SCRIPTS.items())
def test_a_script_stays(word, script):
    made = made_up_word(word, b"key")
    assert made != word
    assert all(script in name(letter) for letter in made if letter.isalpha())


@pytest.mark.parametrize("word", ["alice", "иван", "νικοσ", "דוד", "محمد", "अमित"])
def test_an_initial_stays(word):
    assert made_up_word(word, b"key")[0] == word[0]


def test_no_two_short_words_become_the_same():
    words = ["".join(letters) for size in (1, 2, 3) for letters in product("abcdefghijklm", repeat=size)]
    assert len({made_up_word(f"m{word}", b"key") for word in words}) == len(words)


def test_words_become_longer_but_not_much():
    lengths = [len(made_up_word("m" * size, b"key")) for size in range(2, 16)]
    assert lengths == sorted(lengths)
    assert lengths[0] == 7
    assert lengths[-1] <= 1.5 * 15


def test_without_a_word_they_count_up():
    made = [made_up_word("alice", b"key", count) for count in range(50)]
    assert len(set(made)) == 50
    assert made_up_word("alina", b"key", 0) == made[0]


def test_ideographs_are_of_no_name():
    assert all("\u3400" <= letter < "\u4dc0" for letter in made_up_word("李", b"key"))


@pytest.mark.parametrize(
    ("word", "expected"), [("李", True), ("김", True), ("さ", True), ("a", False), ("и", False)]
)
def test_scripts_without_spaces(word, expected):
    assert is_unspaced(word) is expected
