"""Reports of pytest, and what they are made of, without secrets: each text of each part.

pytest and its plugins make them in many ways: a text, a chain of tracebacks with arguments and local variables,
a tuple of a skip, properties, captured output, the parts of a subtest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Redact = Callable[[str], str]

# What stands for a test, or a file, and is read by programs: it changes only where it has a secret in it.
_NAMES = frozenset({"nodeid", "location", "keywords", "fspath", "path", "when", "outcome"})


def make_safe(report: Any, redact: Redact, redact_name: Redact) -> None:
    """Take the secrets out of a report, or of another object of pytest's, in place.

    Args:
        report: The report.
        redact: Takes secrets out of a text.
        redact_name: Takes those out of a name that are no words, such as might be a part of any name.
    """
    _Walk(redact, redact_name).into(report)


def safe_value(value: Any, redact: Redact) -> Any:
    """A value without secrets; the same one if it has none."""
    return _Walk(redact, redact).value(value)


class _Walk:
    """Goes through an object once, however often it is referred to."""

    def __init__(self, redact: Redact, redact_name: Redact) -> None:
        self._redact, self._redact_name = redact, redact_name
        self._seen: set[int] = set()

    def into(self, shown: Any) -> None:
        """Replace the attributes of an object that have secrets in them."""
        if id(shown) in self._seen:
            return
        self._seen.add(id(shown))
        for name, old in list(vars(shown).items()):
            new = self._name(old) if name in _NAMES else self.value(old)
            if new is not old:
                # Some are frozen.
                object.__setattr__(shown, name, new)

    def value(self, value: Any) -> Any:
        """A value without secrets."""
        return self._changed(value, self._redact)

    def _name(self, value: Any) -> Any:
        return self._changed(value, self._redact_name)

    def _changed(self, value: Any, redact: Redact) -> Any:
        if isinstance(value, str):
            new = redact(value)
            return value if new == value else new
        if isinstance(value, bytes):
            text = value.decode("latin-1")
            new = redact(text)
            return value if new == text else new.encode("utf-8")
        if isinstance(value, (list, tuple, set, frozenset)):
            return _with_items(value, [self._changed(item, redact) for item in value])
        if isinstance(value, Mapping):
            return self._mapping(value, redact)
        if _is_shown(value):
            self.into(value)
            return value
        return value if _is_plain(value) else self._shown_as(value, redact)

    def _shown_as(self, value: Any, redact: Redact) -> Any:
        """An object of a test, such as a recorded property: its text where that has a secret in it."""
        text = str(value)
        new = redact(text)
        return value if new == text else new

    def _mapping(self, value: Mapping[Any, Any], redact: Redact) -> Any:
        new = {self._changed(key, redact): self._changed(item, redact) for key, item in value.items()}
        pairs = zip(value.items(), new.items(), strict=False)
        if len(new) == len(value) and all(a is c and b is d for (a, b), (c, d) in pairs):
            return value
        return new


def _with_items(value: Any, items: list[Any]) -> Any:
    if all(old is new for old, new in zip(value, items, strict=True)):
        return value
    return value._make(items) if hasattr(value, "_make") else type(value)(items)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, float, complex, type))


def _is_shown(value: Any) -> bool:
    """Whether an object is a part of what pytest shows: of its own, or of a plugin's."""
    if isinstance(value, type) or not hasattr(value, "__dict__"):
        return False
    # Whatever else a test has recorded is its own, and stays as it is.
    package = type(value).__module__.partition(".")[0].strip("_")
    return hasattr(value, "toterminal") or package.startswith("pytest")
