"""What was made up, and the real values for it."""

from __future__ import annotations

import re
from typing import Any

from connector_contract.people.emails import EMAIL
from connector_contract.people.phones import RUN
from connector_contract.people.words import WORD

TOKEN = re.compile(rf"{EMAIL.pattern}|{RUN.pattern}|{WORD.pattern}")
"""An e-mail address, a number, or a word."""


class Restored:
    """Has the real value for each that was made up.

    Attributes:
        words: The original of each word that was made up.
    """

    def __init__(self) -> None:
        self._real: dict[str, str] = {}
        self.words: dict[str, str] = {}

    @property
    def count(self) -> int:
        """How many values were replaced."""
        return len(self._real)

    @property
    def made_up(self) -> dict[str, str]:
        """The real value for each that was made up."""
        return self._real

    def is_made_up(self, value: str) -> bool:
        """Whether a value stands for another one."""
        return value in self._real

    def note(self, real: str, made: str) -> None:
        """Remember what was made up for a value."""
        self._real.setdefault(made, real)

    def value(self, value: Any) -> Any:
        """A value with the real ones again."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {self.value(key): self.value(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        return self._number(value) if type(value) in (int, float) else value

    def _text(self, text: str) -> str:
        known = self._real.get(text)
        return known if known is not None else TOKEN.sub(self._token, text)

    def _number(self, number: float) -> float:
        real = self._real.get(f"{number:.0f}" if type(number) is float else str(number))
        return number if real is None or not real.isdecimal() else type(number)(real)

    def _token(self, found: re.Match[str]) -> str:
        return self._real.get(found[0]) or self.words.get(found[0]) or found[0]
