"""Keys that a server hands out once, when one is created: ``{"id": "k1", "key": "..."}``.

``key``, ``token`` and ``value`` name a place in a list, a page or anything else as often. They have a secret
where a request has just created something that is called a key, and the value is as random as one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.ordinary import looks_random

_CREATE = frozenset({"POST", "PUT", "PATCH"})
_FIELDS = frozenset({"key", "token", "value"})
_CONTEXT = re.compile(r"(?i)(?<![a-z])(?:[\w.-]*(?:key|token|secret|credential|password)s?|pats?)(?![a-z])")
# Nobody creates a key in a longer one.
_LONGEST = 65_536


def created_keys(request: Request, response: Response) -> Iterator[tuple[str, str]]:
    """Name and value of each key in the response to a request that creates one.

    Args:
        request: What was asked.
        response: What was answered, without content coding.
    """
    if request.method not in _CREATE or len(response.body) > _LONGEST or response.body[:1] not in b"{[":
        return
    try:
        value = json.loads(response.body)
    except (ValueError, RecursionError):
        return
    path = request.uri.partition("?")[0].partition("://")[2].partition("/")[2]
    yield from _keys(value, path)


def _keys(value: Any, context: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            of_key = isinstance(item, str) and name.lower() in _FIELDS and _CONTEXT.search(context)
            if of_key and looks_random(item):
                yield name, item
            yield from _keys(item, f"{context}/{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item, context)
