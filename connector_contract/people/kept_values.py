"""Values that stay as they are: those that tests name, and with which a replay asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connector_contract.people.emails import EMAIL, local_part
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.words import WORD, folded

NAMES = ("name", "given_name", "family_name", "login")
"""The kinds of values whose words are those of somebody's name."""

# A domain, or the URL of one.
_HOST = re.compile(r"(?:\w+://)?(?P<host>(?:[\w-]+\.)+[^\W\d_]{2,})(?:[:/].*)?", re.DOTALL)


class KeptValues:
    """Values that stay.

    Args:
        stand_ins: Makes up the domains of addresses, but for those that stay.

    Attributes:
        values: The values, and what is before the sign of those that are addresses.
        folded: The words of names among them, and the addresses, folded.
        words: The words of all of them, folded: what they are spelled in may tear them apart.
    """

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins
        self.values: set[str] = set()
        self.folded: set[str] = set()
        self.words: set[str] = set()

    def __contains__(self, value: str) -> bool:
        """Whether a value stays as it is."""
        return value in self.values or folded(value) in self.folded

    def __len__(self) -> int:
        """How much stays: it grows with each value, and with each further word of one."""
        return len(self.values) + len(self.folded)

    def learned(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {"values": [*self.values], "folded": [*self.folded], "words": [*self.words]}

    def take(self, learned: Mapping[str, Any]) -> None:
        """Have that stay, too, which stays elsewhere."""
        self.values.update(learned["values"])
        self.folded.update(learned["folded"])
        self.words.update(learned["words"])

    def keep(self, kind: str, value: str) -> set[str] | None:
        """Have a value stay.

        Returns:
            The folded words that mean something else from now on; ``None`` if the value stays already.
        """
        # A connector may make a user name of an address, or a name.
        local = local_part(value) if EMAIL.fullmatch(value) else ""
        words = WORD.findall(local or (value if kind in NAMES else ""))
        folded_ones = {folded(each) for each in (*words, *([value] if "@" in value else []))}
        if value in self.values and folded_ones <= self.folded:
            return None
        changed = folded_ones - self.folded
        self.values.update({value, local} - {""})
        self.words |= {folded(value), *map(folded, WORD.findall(value))}
        self.folded |= folded_ones
        if (host := _HOST.fullmatch(value)) is not None:
            self._stand_ins.keep_domain(host["host"].lower())
        return changed
