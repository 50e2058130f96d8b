"""Values of somebody within texts and URLs: addresses of machines, postal addresses and dates of birth.

Each is sought as a whole. A city, a postal code or a number of a house alone may be anything, and stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from ipaddress import ip_address

from connector_contract.people.common_words import COMMON, STREETS
from connector_contract.people.listed import listed
from connector_contract.people.personal_values import DATE, IP, PersonalValues, canonical_date
from connector_contract.people.vocabulary import Vocabulary
from connector_contract.people.words import PARTICLES, folded

Found = tuple[int, int, str]
"""Where a value begins and ends, and what stands for it."""
_ByFirstWord = defaultdict[str, list[tuple[str, ...]]]

_TOKEN = re.compile(r"\w+")
# Not that of a time, a path or the name of a file.
_DATE = re.compile(rf"(?<![\w./-])(?:{DATE.pattern})(?![\w/-]|\.\w| \d\d?:)")
# What may be between two words of an address; a plus is a space in a query.
_BETWEEN = re.compile(r"[\s,;.+/'\u2019#()-]{1,4}")
_WORD = re.compile(r"[^\W\d_]{4,}")
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]{2}")
# Where somebody is in a building: a thing may be there, too.
_INDOORS = listed("suite ste apt apartment floor fl unit box po building bldg north south east west")
_SHORTEST_ADDRESS = 8
_OF_STREET, _CODE = 3, 3


class KnownValues:
    """Finds the values that some field has had.

    Args:
        vocabulary: What was learned.
        values: What makes them up.
        kept: Values that stay.
    """

    def __init__(self, vocabulary: Vocabulary, values: PersonalValues, kept: Collection[str]) -> None:
        self._vocabulary, self._values, self._kept = vocabulary, values, kept
        self._taken: dict[str, set[str]] = {"address": set(), "ip": set(), "date": set()}
        self._ips: set[str] = set()
        self._dates: set[str] = set()
        # By their first word, the words of addresses, and those of any part of one; the longest first.
        self._addresses: _ByFirstWord = defaultdict(list)
        self._parts: _ByFirstWord = defaultdict(list)

    def renew(self) -> None:
        """Take in what was learned."""
        for address in self._new("address"):
            _note(address, self._parts)
            if _is_whole(address):
                _note(address, self._addresses)
        self._ips |= {_spelled(found[0]) for value in self._new("ip") for found in IP.finditer(value)}
        self._dates |= {
            canonical_date(found) for value in self._new("date") for found in DATE.finditer(value)
        }

    @property
    def days(self) -> set[str]:
        """The dates of birth on which something else happened."""
        return self._dates & self._vocabulary.days

    def _new(self, kind: str) -> set[str]:
        new = self._vocabulary.values.get(kind, set()) - self._taken[kind]
        self._taken[kind] |= new
        return new

    def with_made_up(self, text: str, change: Callable[[str], str]) -> str:
        """A text with made-up values.

        Args:
            text: The text.
            change: Has what becomes of all that is between them.
        """
        found = self._found(text) if self._ips or self._dates or self._parts else []
        if not found:
            return change(text)
        shown, end = [], 0
        for start, stop, made in found:
            shown += [change(text[end:start]), made]
            end = stop
        return "".join([*shown, change(text[end:])])

    def _found(self, text: str) -> list[Found]:
        """All that are in a text, in their order, none of them in another one."""
        if not _DIGIT.search(text) and "::" not in text:
            return []
        found, end = [], 0
        for each in sorted((*self._ips_in(text), *self._dates_in(text), *self._addresses_in(text))):
            if each[0] >= end:
                found.append(each)
                end = each[1]
        return found

    def _ips_in(self, text: str) -> Iterator[Found]:
        for found in IP.finditer(text) if self._ips else ():
            if _spelled(found[0]) in self._ips and found[0] not in self._kept:
                yield (*found.span(), self._values.value("ip", found[0]))

    def _dates_in(self, text: str) -> Iterator[Found]:
        """Those beside some word: alone, a date is what its field says."""
        for found in _DATE.finditer(text) if self._dates and _LETTERS.search(text) else ():
            day = canonical_date(found)
            # Eight digits may be any number; and what happened on that day is no birth.
            is_stated = not found[0].isdecimal() and found[0] not in self._kept
            if is_stated and day in self._dates and day not in self._vocabulary.days:
                yield (*found.span(), self._values.value("date", found[0]))

    def _addresses_in(self, text: str) -> Iterator[Found]:
        tokens = list(_TOKEN.finditer(text)) if self._addresses else []
        words = [folded(token[0]) for token in tokens]
        place = 0
        while place < len(tokens):
            end = self._end(text, tokens, words, place, self._addresses)
            if end > place:
                following = end
                # "12 Baker Street, 7600 Stellenbosch", of which a record has each for itself.
                while following > 0:
                    end, following = following, self._following(text, tokens, words, following)
                span = tokens[place].start(), tokens[end - 1].end()
                yield (*span, self._address(text[span[0] : span[1]]))
            place = max(end, place + 1)

    def _end(
        self, text: str, tokens: Sequence[re.Match[str]], words: list[str], place: int, known: _ByFirstWord
    ) -> int:
        """After which word the longest known one ends that begins at a place; the place if there is none."""
        for each in known.get(words[place], ()):
            end = place + len(each)
            if tuple(words[place:end]) == each and all(
                _are_beside(text, tokens[number], tokens[number + 1]) for number in range(place, end - 1)
            ):
                is_kept = text[tokens[place].start() : tokens[end - 1].end()] in self._kept
                return place if is_kept else end
        return place

    def _following(self, text: str, tokens: Sequence[re.Match[str]], words: list[str], place: int) -> int:
        """Where the part of an address ends that goes on with one; 0 if there is none."""
        if place >= len(tokens) or not _are_beside(text, tokens[place - 1], tokens[place]):
            return 0
        # "Springfield, IL 62701"
        is_code = tokens[place][0].isupper() and len(tokens[place][0]) <= _CODE
        for start in (place, place + 1) if is_code and place + 1 < len(tokens) else (place,):
            end = self._end(text, tokens, words, start, self._parts)
            if end > start and _are_beside(text, tokens[start - 1], tokens[start]):
                return end
        return 0

    def _address(self, spelled: str) -> str:
        if "+" not in spelled or " " in spelled:
            return self._values.value("address", spelled)
        return self._values.value("address", spelled.replace("+", " ")).replace(" ", "+")


def _spelled(ip: str) -> str:
    """An address in the one of its spellings that is usual; itself if it is none."""
    try:
        return str(ip_address(ip))
    except ValueError:
        return ip


def _note(address: str, known: _ByFirstWord) -> None:
    words = tuple(map(folded, _TOKEN.findall(address)))
    if words and words not in known[words[0]]:
        known[words[0]].append(words)
        known[words[0]].sort(key=len, reverse=True)


def _is_whole(address: str) -> bool:
    """Whether an address is that wherever it is: it has a number, and a street or a word of its own."""
    words = [folded(each) for each in _TOKEN.findall(address)]
    if len(address) < _SHORTEST_ADDRESS or len(words) < 2 or not _DIGIT.search(address):
        return False
    is_own = any(_WORD.fullmatch(each) and each not in STREETS | COMMON | PARTICLES for each in words)
    is_street = len(words) >= _OF_STREET and not (STREETS - _INDOORS).isdisjoint(words)
    return is_own or is_street


def _are_beside(text: str, token: re.Match[str], following: re.Match[str]) -> bool:
    return _BETWEEN.fullmatch(text, token.end(), following.start()) is not None
