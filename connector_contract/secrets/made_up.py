"""Made-up secrets, in place of those that a scenario brought with it and that nobody has any more."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from connector_contract.secrets.shown_placeholders import PLACEHOLDER

# What the text of a private key has; another text of its form is no key.
_KEY = "PRIVATE KEY"

# After so many, letters and digits begin again.
_ALL = 10

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
    found: dict[str, str] = {}
    taken = set(known)
    for name, model in _models(asked, known):
        made = (like(model, number) for number in count(1))
        found[name] = next(each for each in made if each not in taken)
        taken.add(found[name])
    return found


def not_made_up(asked: Any, known: Mapping[str, str]) -> str | None:
    """The placeholder of a secret that cannot be made up, a private key; ``None`` if all can be.

    Args:
        asked: As for ``made_up_secrets``.
        known: As for ``made_up_secrets``.
    """
    return next((f"<{name}>" for name, model in _models(asked, known) if _KEY in model), None)


def _models(asked: Any, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each placeholder that the configured secrets do not explain, with the secret of its place."""
    values = {name: value for value, name in known.items()}
    for name in dict.fromkeys(_placeholders(asked)):
        model = values.get(_NUMBER.sub("", name))
        if name not in values and model:
            yield name, model


def _placeholders(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (found[1:-1] for found in PLACEHOLDER.findall(value))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _placeholders(item)
    elif isinstance(value, list):
        for item in value:
            yield from _placeholders(item)


def like(model: str, number: int) -> str:
    """Another secret of the form of ``model``: JSON, a token of three parts, base64 of a text, or any text.

    Args:
        model: The secret.
        number: Which of the others it is, from 1.
    """
    if (value := _json(model)) is not None:
        return json.dumps(_like_json(value, number))
    if len(parts := model.split(".")) == 3 and _json(_decoded(parts[0]) or "") is not None:
        # A connector may read what a JWT claims; what makes it a secret is its signature.
        return ".".join([*parts[:2], _like_text(parts[2], number)])
    if (text := _decoded(model)) is not None:
        return base64.b64encode(_like_text(text, number).encode()).decode()
    return _like_text(model, number)


def _json(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, (dict, list)) else None


def _decoded(text: str) -> str | None:
    """What is encoded as base64, if that is a text which somebody may have encoded."""
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        return None
    return decoded if decoded.isprintable() and re.search(r"[:{]", decoded) else None


def _like_json(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {name: _like_json(item, number) for name, item in value.items()}
    if isinstance(value, list):
        return [_like_json(item, number) for item in value]
    # Where to ask for a token is no secret.
    if isinstance(value, str) and not value.startswith(("http://", "https://")):
        return _like_text(value, number)
    return value


def _like_text(model: str, number: int) -> str:
    """A value with letters and digits where ``model`` has them, and all else as it is."""

    def other(found: re.Match[str]) -> str:
        character = found[0]
        base, size = ("0", 10) if character.isdigit() else ("a", 26) if character.islower() else ("A", 26)
        return chr(ord(base) + (ord(character) - ord(base) + number) % size)

    changed = re.sub(r"[a-zA-Z0-9]", other, model)
    # What has no letters, or has them all again, gets some.
    return changed if changed != model and number < _ALL else f"{model}{number}"
