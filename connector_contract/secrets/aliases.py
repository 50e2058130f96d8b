"""Stable stand-ins for values that a server makes up each time: created ids, timestamps.

The author declares a path once. Each value that it finds gets a stand-in that is the same in every recording,
and stands wherever the value appeared: identity between them survives, and two recordings are equal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import jmespath

from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Response

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?")

# Shorter numbers are too likely to be something else as well: a page's size, a count.
_SHORTEST_NUMBER = 4


def compile_paths(paths: Mapping[str, str]) -> dict[str, Any]:
    """The JMESPath expression of each alias, compiled.

    Raises:
        UsageError: One is no JMESPath, or a name is no word.
    """
    compiled = {}
    for name, path in paths.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
            raise _bad_alias(name, path, "the name has to be a word of letters, digits and hyphens")
        try:
            compiled[name] = jmespath.compile(path)
        except jmespath.exceptions.JMESPathError as error:
            raise _bad_alias(name, path, " ".join(str(error).split())) from None
    return compiled


def looks_made_up(value: object) -> bool:
    """Whether a value has a form that servers make up each time: a UUID, or a time."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value) or _TIME.fullmatch(value))


def has_alias(value: object) -> bool:
    """Whether a value can have a stand-in: a text, or a number that is long enough to be looked for."""
    if isinstance(value, int) and not isinstance(value, bool):
        return len(str(abs(value))) >= _SHORTEST_NUMBER
    return isinstance(value, str) and value != ""


class Aliases:
    """The stand-ins of one scenario.

    Args:
        paths: The JMESPath into response bodies for each alias, such as ``{"user": "id"}``.

    Attributes:
        stand_ins: The stand-in for each value, both as they stand in a text.
    """

    def __init__(self, paths: Mapping[str, str]) -> None:
        self.stand_ins: dict[str, str] = {}
        self._paths = compile_paths(paths)

    def learn(self, response: Response) -> bool:
        """Take in the values that the paths find in a response's body.

        Returns:
            Whether there were new ones.

        Raises:
            UsageError: A path finds something that cannot have a stand-in.
        """
        before = len(self.stand_ins)
        try:
            body = json.loads(response.body) if self._paths else None
        except ValueError:
            return False
        for name, path in self._paths.items():
            for value in _flat(path.search(body)):
                self._add(name, path.expression, value)
        return len(self.stand_ins) > before

    def _add(self, name: str, path: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise _bad_alias(name, path, f"it finds {value!r}, and only texts and numbers have stand-ins")
        if isinstance(value, int) and len(str(abs(value))) < _SHORTEST_NUMBER:
            raise _bad_alias(name, path, f"it finds {value}, which is too short a number to be looked for")
        if value != "" and str(value) not in self.stand_ins:
            self.stand_ins[str(value)] = _stand_in(name, value, len(self.stand_ins) + 1)


def _stand_in(name: str, value: str | int, number: int) -> str:
    """What stands for the ``number``-th value: of the value's kind, so that a connector can still read it."""
    if isinstance(value, int):
        return str(9_000_000 + number)
    if _UUID.fullmatch(value):
        return f"00000000-0000-4000-8000-{number:012x}"
    if time := _TIME.fullmatch(value):
        minutes, seconds = divmod(number, 60)
        hours, minutes = divmod(minutes, 60)
        fraction = re.sub(r"\d", "0", time[3] or "")
        return f"2000-01-01{time[2][0]}{hours % 24:02}:{minutes:02}:{seconds:02}{fraction}{time[4] or ''}"
    if value.isdigit():
        return str(9_000_000 + number).zfill(len(value))
    return f"{name}-{number}"


def _flat(found: Any) -> list[Any]:
    if found is None:
        return []
    if isinstance(found, list):
        return [value for item in found for value in _flat(item)]
    return [found]


def _bad_alias(name: str, path: str, problem: str) -> UsageError:
    return UsageError(
        f"ConnectorUnderTest(aliases=...) has {name!r}: {path!r}: {problem}.",
        remedy="Give a JMESPath into the response bodies for each alias, such as {'user': 'items[].id'}.",
    )
