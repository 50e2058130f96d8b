"""Telephone numbers: the same number in any format, and the fictitious ones for them.

A made-up number ends in 555-01xx, which is reserved for fiction in North America; elsewhere it is a number
that starts with another area code. Country code, format and length stay. Of ten digits there are 80,000; of
seven, 100. Where two numbers would become the same, one of them has the next that is free, so that they
differ while there are any. What has fewer than seven digits is an internal number, and has as many others.
"""

from __future__ import annotations

import re

from connector_contract.people.listed import listed
from connector_contract.people.stand_ins import StandIns

# A run of digits that may be a telephone number.
RUN = re.compile(r"(?<![\w+])\+?\(?\d[\d ().\-]{4,22}\d(?!\w)")
# A number after or before a name, with a plus or in groups, and no date: "Alice Martin +1 303 731 0042".
_NUMBER = (
    r"(?!\d{1,4}[./-]\d\d?[./-]\d{1,4}(?!\d))"
    r"(?=(?:[ ().+-]*\d){7,15}(?![\d ().-]*\d))(?:\+|\(\d+\)|\d+[ .-]\(?)[\d ().-]*\d"
)
_AFTER_NAME = re.compile(
    rf"(?P<name>[^\d+(]*?[^\W\d_]\.?)(?: ?\([^\d()]*\))?[\s,;:/|(-]{{1,4}}?"
    rf"(?:(?i:tel)[.:]{{0,2}} ?)?(?P<number>{_NUMBER})\)?"
)
_BEFORE_NAME = re.compile(rf"(?P<number>{_NUMBER})[\s,;:/|-]{{1,4}}(?P<name>[^\W\d_][^\d+]*)")
_EXTENSION = re.compile(r"(\s{0,3}(?:;ext=|x|ext\.?|extension|#)\s{0,3})(\d{1,6})\s{0,3}\Z", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_NO_DIGIT = re.compile(r"\D+")
_SEVERAL = re.compile(r"([,/|])")
# Country codes of two digits (ITU-T E.164); 1 and 7 have one, all others have three.
_TWO = listed(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66"
    " 81 82 84 86 90 91 92 93 94 95 98"
)
_FICTION = "55501"
_SHORTEST, _LOCAL, _AMERICAN = 7, 7, 10


class Phones:
    """The numbers of a tenant, and those that stand for them.

    Args:
        stand_ins: What makes them up.
    """

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins
        # In order of appearance.
        self._known: dict[str, None] = {}
        self._made: dict[str, str] = {}
        self._owners: dict[tuple[int, int], tuple[int, str]] = {}

    def learn(self, value: str) -> None:
        """Take in a value that has numbers."""
        for number in _SEVERAL.split(value):
            national = national_number(number)
            if len(national) >= _SHORTEST and not is_fictitious(national) and national not in self._known:
                self._known[national] = None
                self._assign(national)

    def is_known(self, text: str) -> bool:
        """Whether a text is a number that was learned, in whatever format."""
        return self._number_in(text) in self._known

    def __len__(self) -> int:
        """How many there are."""
        return len(self._known)

    def made_up(self, value: str) -> str:
        """A value with made-up numbers, in the format of its own."""
        return "".join(self._number(each) for each in _SEVERAL.split(value))

    def first_choice(self, text: str) -> str:
        """What a number becomes where no other one has that already, without its country code."""
        national = self._number_in(text)
        slots = _slots(len(national)) if len(national) >= _SHORTEST else 0
        return _slot(self._seed(national) % slots, len(national)) if slots else ""

    def _number(self, text: str) -> str:
        extension = _EXTENSION.search(text)
        if extension is not None:
            inner = extension[1] + self._stand_ins.number(extension[2])
            return self._number(text[: extension.start()]) + inner
        digits = _NO_DIGIT.sub("", text)
        national = self._number_in(text)
        if not national or is_fictitious(national):
            return text
        if len(national) < _SHORTEST:
            shown = digits[: len(digits) - len(national)] + self._stand_ins.number(national)
        else:
            shown = digits[: len(digits) - len(national)] + self._national(national)
        following = iter(shown)
        return _DIGIT.sub(lambda _: next(following), text)

    def _number_in(self, text: str) -> str:
        """The number without its country code, also where nothing but the digits says that there is one."""
        national = national_number(text)
        if national not in self._known and len(national) > _AMERICAN:
            without_code = national[_code_length(national) :]
            return without_code if without_code in self._known else national
        return national

    def _national(self, national: str) -> str:
        if national not in self._made:
            self._known[national] = None
            self._assign(national)
        return self._made[national]

    def _assign(self, national: str) -> None:
        """Give a number the first place that is free, or that one with a higher seed has.

        So where each is does not depend on who came first (Amble and Knuth, ordered hash tables, 1974).
        """
        length = len(national)
        slots = _slots(length)
        seed = self._seed(national)
        place = seed % slots
        for _ in range(slots):
            owner = self._owners.get((length, place))
            if owner is None or (seed, national) < owner:
                self._owners[length, place] = seed, national
                self._made[national] = _slot(place, length)
                if owner is None:
                    return
                seed, national = owner
            place = (place + 1) % slots
        # Beyond as many as there are, two are the same.
        self._made[national] = _slot(seed % slots, length)

    def _seed(self, national: str) -> int:
        return int.from_bytes(self._stand_ins.digest("phone", national), "big")


def national_number(text: str) -> str:
    """The digits of a number without country code, the zero before an area code, and extension."""
    text = text.strip()
    extension = _EXTENSION.search(text)
    digits = _NO_DIGIT.sub("", text if extension is None else text[: extension.start()])
    international = "+" in text[:6] or digits.startswith("00")
    digits = digits.removeprefix("00") if digits.startswith("00") else digits
    if international:
        digits = digits[_code_length(digits) :]
    elif len(digits) == _AMERICAN + 1 and digits.startswith("1"):
        digits = digits[1:]
    return digits.removeprefix("0") if len(digits) > _SHORTEST else digits


def name_and_number(value: str) -> tuple[str, str] | None:
    """A name and the telephone number beside it; ``None`` if a value is anything else."""
    found = _AFTER_NAME.fullmatch(value) or _BEFORE_NAME.fullmatch(value)
    return None if found is None else (found["name"], found["number"])


def is_fictitious(national: str) -> bool:
    """Whether a number is one that nobody has."""
    return len(national) >= _LOCAL and national[-_LOCAL:-2] == _FICTION


def _code_length(digits: str) -> int:
    if digits[:1] in ("1", "7"):
        return 1
    return 2 if digits[:2] in _TWO else 3


def _slots(length: int) -> int:
    area = length - _LOCAL
    return 100 if area == 0 else 8 * 10 ** (area - 1) * 100


def _slot(number: int, length: int) -> str:
    area, last = divmod(number, 100)
    digits = length - _LOCAL
    code = "" if not digits else str(area + 2 * 10 ** (digits - 1))
    return f"{code}{_FICTION}{last:02}"
