"""Keys that a server hands out once, when one is created: ``{"id": "k1", "key": "..."}``.

``key``, ``token`` and ``value`` name a place in a list, a page or anything else as often. They have a secret
where a request has just created something that is called a key, or where an object says that it is one,
``{"type": "api_keys", "attributes": {"key": "..."}}``, and the value is as random as one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.ordinary import looks_random
from connector_contract.secrets.secret_words import is_secret_by_words

_CREATE = frozenset({"POST", "PUT", "PATCH"})
_FIELDS = frozenset({"key", "token", "value"})
_CONTEXT = re.compile(r"(?i)(?<![a-z])(?:[\w.-]*(?:key|token|secret|credential|password)s?|pats?)(?![a-z])")
_TYPE = re.compile(rb'"type"\s{0,4}+:\s{0,4}+"[\w.:-]{0,40}?(?i:key|token|secret|credential|password)s?"')
_INNER = ("attributes", "data")
# Nobody creates a key in a longer one.
_LONGEST = 65_536


def created_keys(request: Request, response: Response) -> Iterator[tuple[str, str]]:
    """Name and value of each key in the response to a request that creates one.

    Args:
        request: What was asked.
        response: What was answered, without content coding.
    """
    is_created = request.method in _CREATE and len(response.body) <= _LONGEST
    may_have_type = _TYPE.search(response.body) is not None
    if not (is_created or may_have_type) or response.body[:1] not in b"{[":
        return
    try:
        value = json.loads(response.body)
        if is_created:
            yield from _keys(value, request.uri.partition("?")[0].partition("://")[2].partition("/")[2])
        if may_have_type:
            yield from _typed(value)
    except (ValueError, RecursionError):
        return


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


def _typed(value: Any) -> Iterator[tuple[str, str]]:
    """The keys of objects whose type is one, beside it or among its attributes."""
    if isinstance(value, list):
        for item in value:
            yield from _typed(item)
    elif isinstance(value, Mapping):
        kind = value.get("type")
        if isinstance(kind, str) and is_secret_by_words(kind):
            inner = [value[name] for name in _INNER if isinstance(value.get(name), Mapping)]
            for name, item in chain.from_iterable(fields.items() for fields in (value, *inner)):
                if isinstance(item, str) and name.lower() in _FIELDS and looks_random(item):
                    yield name, item
        for item in value.values():
            yield from _typed(item)
