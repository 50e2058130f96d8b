"""Made-up secrets, in place of those that a scenario brought with it and that nobody has any more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connector_contract.secrets.secret_names import PLACEHOLDER

# Several secrets of one place are numbered.
_NUMBER = re.compile(r"-\d+$")


def made_up_secrets(asked: Any, known: Mapping[str, str]) -> dict[str, str]:
    """A value for each placeholder that the configured secrets do not explain.

    Args:
        asked: What a stored call asked.
        known: The name of each configured secret's placeholder, by its value.

    Returns:
        The value by the placeholder's name: in the form of the configured secret of the same place, so that a
        connector that parses it still can. Where there is none, the placeholder stays what it is.
    """
    values = {name: value for value, name in known.items()}
    found: dict[str, str] = {}
    for name in _placeholders(asked):
        model = values.get(_NUMBER.sub("", name))
        if name not in values and model is not None:
            found[name] = _like(model, len(found) + 1)
    return found


def _placeholders(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (found[1:-1] for found in PLACEHOLDER.findall(value))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _placeholders(item)
    elif isinstance(value, list):
        for item in value:
            yield from _placeholders(item)


def _like(model: str, number: int) -> str:
    """A value with letters and digits where ``model`` has them, and all else as it is."""

    def other(found: re.Match[str]) -> str:
        character = found[0]
        base, size = ("0", 10) if character.isdigit() else ("a", 26) if character.islower() else ("A", 26)
        return chr(ord(base) + (ord(character) - ord(base) + number) % size)

    return re.sub(r"[a-zA-Z0-9]", other, model)
