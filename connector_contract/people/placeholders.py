"""What stands in a recording for a secret, ``<basic.username>``: nobody is called so."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

# As it is written in a text, in XML and in a URL.
_SPELLED = (("<", ">"), ("&lt;", "&gt;"), ("%3C", "%3E"))
_NOTHING = re.compile(r"(?!)")


class Placeholders:
    """The placeholders that are known by now."""

    def __init__(self) -> None:
        self._names: frozenset[str] = frozenset()
        self._found = _NOTHING
        self._in_data = re.compile(_NOTHING.pattern.encode())

    def add(self, names: Collection[str]) -> bool:
        """Take in names of placeholders, without brackets; whether one is new."""
        if self._names.issuperset(names):
            return False
        self._names |= frozenset(names)
        any_name = "|".join(map(re.escape, sorted(self._names)))
        pattern = "|".join(f"{opened}(?:{any_name}){closed}" for opened, closed in _SPELLED)
        self._found, self._in_data = re.compile(f"({pattern})"), re.compile(pattern.encode())
        return True

    def are_in(self, text: str) -> bool:
        """Whether a text has some."""
        return self._found.search(text) is not None

    def around(self, text: str, changed: Callable[[str], str]) -> str:
        """A text in which all between them is changed."""
        parts = self._found.split(text)
        return "".join(part if place % 2 else changed(part) for place, part in enumerate(parts))

    def left_out(self, data: bytes) -> bytes:
        """``data`` without them."""
        return self._in_data.sub(b" ", data)
