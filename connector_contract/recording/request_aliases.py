"""Aliases for what a connector makes up each time: where two requests differ that should be equal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain, count
from typing import Any

from connector_contract.recording.interactions import Request
from connector_contract.secrets.aliases import has_alias
from connector_contract.secrets.request_values import PARTS, request_value
from connector_contract.secrets.shown_placeholders import PLACEHOLDER


def request_aliases(recorded: Request, made: Request, known: Mapping[str, str]) -> dict[str, str]:
    """All aliases, with those for what two normalized requests differ in; none if there is no such value.

    Args:
        recorded: The request as it was recorded.
        made: The same as the connector makes it now.
        known: The aliases that the author has already.
    """
    old, new = request_value(recorded), request_value(made)
    aliases = dict(known)
    for part in PARTS:
        for name, path in dict.fromkeys(_differing(old[part], new[part], "value", f"request.{part}")):
            names = chain([name], (f"{name}-{number}" for number in count(2)))
            aliases[next(each for each in names if aliases.get(each, path) == path)] = path
    return aliases if aliases != known else {}


def _differing(before: Any, now: Any, field: str, path: str) -> Iterator[tuple[str, str]]:
    """Name and JMESPath of each value that differs, and can have an alias."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name in (name for name in before if name in now):
            word = name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name)
            yield from _differing(before[name], now[name], name, f"{path}.{word}")
    elif isinstance(before, list) and isinstance(now, list):
        for pair in zip(before, now, strict=False):
            yield from _differing(*pair, field, f"{path}[]")
    elif before != now and _may_be_made_up(before) and _may_be_made_up(now):
        name = re.sub(r"[^A-Za-z0-9]+", "-", field).strip("-")
        yield name if name[:1].isalpha() else "value", path


def _may_be_made_up(value: Any) -> bool:
    """Whether a value can have an alias, and no placeholder says that it is a token from somewhere."""
    return has_alias(value) and not PLACEHOLDER.search(str(value))
