"""Made-up words: what reads as a word of a script, and stands for one word alone.

A word of Latin, Cyrillic, Greek, Hebrew or Arabic letters is numbered among all words of these letters with
its initial (of two letters, if these are one in some spelling: "Þór"), and stands for the one that has its
number after a permutation: two words never become one, whoever else is there. There are at least six letters
after the initial, which are 1.7 million words for each initial of Latin letters. Of other scripts, letters
are drawn by a hash from at least 2 ** 24 words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import prod
from unicodedata import category

from connector_contract.people.permutation import digits_of, permuted

# A shorter one is too often a name itself.
_FEWEST_FREE = 6
# Ideographs that are in no name: those of CJK Extension A.
_RARE_IDEOGRAPHS = range(0x3400, 0x4DC0)
_HANGUL = range(0xAC00, 0xD7A4)
_HAN = (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x32000))
_KANA = range(0x3040, 0x3100)
_HIRAGANA, _KATAKANA = range(0x3041, 0x3095), range(0x30A1, 0x30F5)
_THAI_TO_KHMER = (range(0x0E00, 0x0F00), range(0x1780, 0x1800))
_BLOCK = 128
# What "Æ", "Œ" and "Þ" are where a keyboard has none. No other made-up word begins so.
LIGATURES = ("ae", "oe", "th")


@dataclass(frozen=True)
class _Alphabet:
    """The letters of a script without case and accents.

    Attributes:
        letters: All.
        consonants: Those of made-up words.
        vowels: What stands between them; none where they are not written.
    """

    letters: str
    consonants: str
    vowels: str = ""

    @property
    def is_syllabic(self) -> bool:
        return bool(self.vowels)


_ALPHABETS = (
    _Alphabet("abcdefghijklmnopqrstuvwxyz", "bcdfghjklmnpqrstvwxz", "aeiouy"),
    _Alphabet("абвгдежзиклмнопрстуфхцчшщъыьэюяіўјљњћђџґє", "бвгджзклмнпрстфхцчшщ", "аеиоуя"),
    _Alphabet("αβγδεζηθικλμνξοπρστυφχψω", "βγδζθκλμνξπρστφχψ", "αεηιουω"),
    _Alphabet("אבגדהוזחטיכךלמםנןסעפףצץקרשת", "אבגדהוזחטיכלמנסעפצקרשת"),
    _Alphabet("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژکگی", "بتثجحخدذرزسشصضطظعغفقكلمنهوي"),
)


def made_up_word(word: str, key: bytes, count: int | None = None) -> str:
    """The word that stands for a folded one, in lower case and with its initial.

    Args:
        word: The word.
        key: The key.
        count: How many there were before it, to have the next one instead of one that is made of the word.
    """
    alphabet = _alphabet(word)
    if alphabet is None:
        return _drawn(word, key, count)
    initial = word[:2] if word[:2] in LIGATURES and len(word) > len(word[:2]) else word[0]
    rest = word[len(initial) :]
    radices = _radices(alphabet, initial[-1], len(rest))
    number = _number(rest, alphabet.letters) if count is None else count % prod(radices)
    digits = digits_of(permuted(number, radices, key, initial.encode()), radices)
    sets = _pattern(alphabet, initial[-1])
    return initial + "".join(letters[digit] for letters, digit in zip(sets, digits, strict=False))


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script that puts no space between words."""
    first = ord(word[0])
    if first < _THAI_TO_KHMER[0].start:
        return False
    return any(first in block for block in (*_HAN, _HANGUL, _KANA, *_THAI_TO_KHMER))


def _alphabet(word: str) -> _Alphabet | None:
    return next(
        (each for each in _ALPHABETS if word[0] in each.letters and set(word) <= set(each.letters)), None
    )


def _number(letters: str, alphabet: str) -> int:
    number = 0
    for letter in letters:
        # From one, so that "a" and "aa" are two.
        number = number * len(alphabet) + alphabet.index(letter) + 1
    return number


def _pattern(alphabet: _Alphabet, initial: str) -> Iterator[str]:
    after_vowel = not alphabet.is_syllabic or initial in alphabet.vowels
    while True:
        yield alphabet.consonants if after_vowel else alphabet.vowels
        after_vowel = not after_vowel or not alphabet.is_syllabic


@cache
def _radices(alphabet: _Alphabet, initial: str, free: int) -> list[int]:
    """What the letters of a made-up word count to: as few as there are words up to a length."""
    words = sum(len(alphabet.letters) ** length for length in range(free + 1))
    found: list[int] = []
    for letters in _pattern(alphabet, initial):
        if prod(found) >= words and len(found) >= _FEWEST_FREE:
            return found
        found.append(len(letters))
    raise AssertionError("a pattern has no end")


def _drawn(word: str, key: bytes, count: int | None) -> str:
    pool, length, initial = _pool(word)
    radices = [len(pool)] * length
    # Any number of the word: the permutation has the digits of it.
    number = int.from_bytes(word.encode(), "big") if count is None else count
    seed = permuted(number % 2**256, [2**128, 2**128], key, b"drawn")
    return initial + "".join(pool[digit] for digit in digits_of(seed % prod(radices), radices))


def _pool(word: str) -> tuple[str, int, str]:
    """What letters are drawn from, how many, and what comes before them."""
    first = ord(word[0])
    if any(first in block for block in _HAN):
        return _letters_of(_RARE_IDEOGRAPHS), len(word) + 1, ""
    if first in _HANGUL:
        return _letters_of(_HANGUL), len(word) + 1, ""
    if first in _KANA:
        return _letters_of(_HIRAGANA if first in _HIRAGANA else _KATAKANA), max(len(word), _FEWEST_FREE), ""
    block = first // _BLOCK * _BLOCK
    return _letters_of(range(block, block + _BLOCK)), max(len(word), _FEWEST_FREE), word[0]


@cache
def _letters_of(block: range) -> str:
    lower = "".join(chr(code) for code in block if category(chr(code)) in ("Ll", "Lo"))
    return lower if len(lower) > 1 else "abcdefghijklmnopqrstuvwxyz"
