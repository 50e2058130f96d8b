"""What stands after a name and a comma: a title, as in "Alice Martin, Welder", or the given name."""

from __future__ import annotations

from collections.abc import Iterable

from connector_contract.people.common_words import NO_NAMES
from connector_contract.people.listed import listed
from connector_contract.people.name_words import name_words
from connector_contract.people.words import TITLES, WORD, folded

_USUAL = (
    NO_NAMES
    | TITLES
    | listed(
        "accountant architect assistant associate chief consultant coordinator designer engineer head intern"
        " lawyer manager nurse president recruiter representative scientist specialist supervisor technician"
        " vice"
    )
)
_FEWEST = 2


class Titles:
    """Tells titles, by the names that are whole without them."""

    def __init__(self) -> None:
        self._wholes: set[tuple[str, ...]] = set()
        # What stood before commas.
        self._before: set[tuple[str, ...]] = set()

    def learn(self, names: Iterable[str]) -> bool:
        """Take in whole names.

        Returns:
            Whether what follows one of those that were learned by now is a title, and was taken for a name.
        """
        kept = list(names)
        new = {words for each in kept if "," not in each and (words := _words(each))} - self._wholes
        self._wholes |= new
        self._before |= {_words(each.rpartition(",")[0]) for each in kept if "," in each}
        return not new.isdisjoint(self._before)

    def without(self, name: str) -> str:
        """A name without the title after it.

        It is one after what is a given and a family name elsewhere, or if it is made of usual words.
        "Garcia Lopez" of "Garcia Lopez, Maria" is no such name, but for somebody who is called so.
        """
        before, comma, after = name.rpartition(",")
        if not comma or not (words := _words(before)):
            return name
        return before if words in self._wholes or _is_usual(after) else name


def _words(name: str) -> tuple[str, ...]:
    """The words of a name of two words or more, in whichever order; none of another."""
    words = sorted(name_words(name))
    return tuple(words) if len(words) >= _FEWEST else ()


def _is_usual(text: str) -> bool:
    words = [folded(word) for word in WORD.findall(text)]
    return bool(words) and _USUAL.issuperset(words)
