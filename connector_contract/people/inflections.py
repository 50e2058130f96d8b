# ruff: noqa: RUF001  letters of several scripts look alike
"""Forms of names within sentences: genitives (``Toms``), and cases of Cyrillic and Greek names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector_contract.people.common_words import NO_NAMES
from connector_contract.people.listed import listed

_SHORTEST_GENITIVE, _SHORTEST = 3, 5


def _longest_first(ends: str) -> list[str]:
    return sorted(ends.split(), key=len, reverse=True)


# Words of their own, though a name may be what is before the last letter.
_NO_GENITIVES = listed(
    "alias atlas texas paris dallas kansas christmas canvas mars news plus bus gas always perhaps"
)
# For each script: its letters, the fewest letters of a stem, what a name ends with, and what a form of it
# does; folded, so that "й" is "и".
_SCRIPTS = (
    (
        re.compile(r"[а-џ]+"),
        4,
        _longest_first("ии ыи ая ои а я ь и е о"),
        _longest_first(
            "ыми ими ами ого его ому ему ую ая ои ом ым ых их им ою ею ем еи ам ах ев ов а я у ю е ы и о"
        ),
    ),
    (
        re.compile(r"[α-ω]+"),
        3,
        _longest_first("ουσ οσ ησ ασ ισ ου α η ο"),
        _longest_first("ουσ οσ ησ ασ ισ εσ ου ον ων οι ο ε η α"),
    ),
)


def genitive_of(word: str) -> str | None:
    """The folded name that a folded word may be the genitive of, in English, German and Nordic languages."""
    name = word[:-1]
    is_one = word.endswith("s") and len(name) >= _SHORTEST_GENITIVE and not name.endswith("s")
    return None if not is_one or word in _NO_GENITIVES or word in NO_NAMES else name


def stem_of(name: str) -> str | None:
    """What all forms of a folded name begin with, if its script has some; ``None`` if none are known."""
    for script, shortest, ends, _ in _SCRIPTS:
        if len(name) >= _SHORTEST and script.fullmatch(name):
            stem = next((name[: -len(end)] for end in ends if name.endswith(end)), name)
            return stem if len(stem) >= shortest else None
    return None


def stems_in(word: str) -> Iterator[tuple[str, str]]:
    """Each stem that a folded word may be a form of, with the ending that it has."""
    for script, shortest, _, ends in _SCRIPTS:
        if len(word) >= shortest and script.fullmatch(word):
            yield word, ""
            for end in ends:
                if word.endswith(end) and len(word) - len(end) >= shortest:
                    yield word[: -len(end)], end
