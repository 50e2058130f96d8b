# ruff: noqa: RUF001  letters of several scripts look alike
"""Words in texts of any script: where they are, what two spellings have in common, how one is spelled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import combining, normalize

from connector_contract.people.listed import listed

# Marks that belong to the letter before them; Indic vowels are such marks, too.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a51"
    "\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83"
    "\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d\u3099\u309a"
)
WORD = re.compile(rf"[^\W\d_]++(?:[{MARKS}]++[^\W\d_]*+)*+")

# Letters that are written without a mark where a keyboard has none, but that Unicode does not take apart.
_LETTERS = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ə": "e",
    "ħ": "h",
}
# Such letters for each vowel, which are in hardly any name: those that usual tables have a plain one for.
_STROKED = {"a": "\u2c65", "e": "\u0247", "i": "\u0268", "o": "ø", "u": "\u0289", "y": "\u024f"}
_PLAIN = str.maketrans(_LETTERS | {stroked: vowel for vowel, stroked in _STROKED.items()})
_UMLAUT = re.compile("([aouAOU])\u0308")
# What an "ø" becomes in a made-up word.
_MADE_OF_UMLAUTS = str.maketrans({stroked: f"{vowel}e" for vowel, stroked in _STROKED.items()})
_VOWELS = frozenset("aeiouyаеиоуыэюяαεηιουω")

# Parts of names that are no names themselves, where another one follows.
PARTICLES = listed(
    "aan abu af al ap av bar ben bin bint d da dal dalla das de degli dei del della dello der den des di do"
    " dos du e el et i ibn la las le les lo los mac mc o of op ould san st ste te ten ter til uit und v van"
    " vom von y zu zum zur"
)
# What stands before and after names; endings of ordinals ("3rd"), and what stands for a character in HTML.
TITLES = listed(
    "dr mr mrs ms mx prof sir phd md ext esq jr sr ii iii iv dipl msc bsc nd rd th amp apos gt lt nbsp quot"
    " tel"
)


@lru_cache(65_536)
def folded(word: str) -> str:
    """What all spellings of a word have in common: without case and without accents."""
    if word.isascii():
        return word.lower()
    plain = normalize("NFD", word.casefold().translate(_PLAIN))
    return normalize("NFC", "".join(filter(_is_no_accent, plain)))


def transliterated(text: str) -> str:
    """A text with two letters for each umlaut, as German has them where there are none."""
    if text.isascii():
        return text
    return _UMLAUT.sub(r"\1e", normalize("NFD", text).replace("ø", "oe").replace("Ø", "Oe"))


def plain_as_transliterated(word: str) -> str:
    """A made-up word that stands for one with umlauts, without them."""
    umlauts = normalize("NFD", word).translate(_MADE_OF_UMLAUTS)
    return normalize("NFC", umlauts.replace("\u0308", "e").translate(_PLAIN))


def words_of(text: str) -> list[str]:
    """The words of a text, as they are spelled."""
    return WORD.findall(text)


def dressed(word: str, spelled: str) -> str:
    """A made-up word in the spelling of the one that it stands for.

    Args:
        word: In lower case, without accents.
        spelled: The original.
    """
    letters = _with_case(word, normalize("NFC", spelled))
    if spelled.isascii():
        return letters
    composed = normalize("NFC", _with_accents(letters, spelled))
    return composed if normalize("NFC", spelled) == spelled else normalize("NFD", composed)


def _is_no_accent(character: str) -> bool:
    kind = combining(character)
    # Accents are above 200, the points of Hebrew and Arabic from 10 to 35; a voiced kana is another letter.
    return not (kind >= 200 or 10 <= kind <= 36)


def _with_case(word: str, spelled: str) -> str:
    if spelled.islower():
        return word
    if spelled.isupper() and len(spelled) > 1:
        return word.upper()
    upper = [character.isupper() for character in spelled]
    upper += [len(upper) > 1 and upper[-1]] * (len(word) - len(upper))
    return "".join(
        character.upper() if is_upper else character for character, is_upper in zip(word, upper, strict=False)
    )


def _with_accents(letters: str, spelled: str) -> str:
    first, *others = _marks(spelled) or [""]
    # "Æ" is two letters where it is plain.
    plain = _LETTERS.get(first, "")
    start = len(plain) if letters.lower().startswith(plain) and plain else 1
    initial = first if start > 1 and letters[0].islower() else first.upper() if start > 1 else ""
    shown = [initial or _with_mark(letters[0], first), *letters[start:]]
    plain_ones = [*range(1, len(shown))]
    rest = ""
    # Whoever takes the accents off leaves the other letters where they are.
    for mark in sorted(filter(None, others), key=lambda mark: mark not in _LETTERS):
        place = _place_of_mark(mark, shown, plain_ones)
        if place is None:
            rest += mark if mark not in _LETTERS else ""
        else:
            plain_ones.remove(place)
            shown[place] = _with_mark(shown[place], mark)
    return "".join(shown) + rest


def _place_of_mark(mark: str, letters: Sequence[str], places: Sequence[int]) -> int | None:
    """Which letter is marked: that which is marked so in the original, or a vowel."""
    own = [place for place in places if letters[place].lower() == _LETTERS.get(mark)]
    vowels = [place for place in places if letters[place].lower() in _VOWELS]
    return next(iter([*own, *vowels]), None)


def _with_mark(letter: str, mark: str) -> str:
    """A letter of a made-up word as another one is marked: with its accents, or as one that has none."""
    if mark not in _LETTERS:
        return letter + mark
    plain = letter.lower()
    own = mark if plain == _LETTERS[mark] else _STROKED.get(plain, plain)
    return own if letter.islower() else own.upper()


def _marks(spelled: str) -> list[str]:
    """For each letter, its accents, or itself if Unicode does not take it apart."""
    found: list[str] = []
    for character in normalize("NFD", spelled):
        if not combining(character):
            found.append(character.lower() if character.lower() in _LETTERS else "")
        elif found and not _is_no_accent(character):
            found[-1] += character
    return found
