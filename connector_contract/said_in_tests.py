"""What tests say themselves of people in the tenant: a replay asks with it, so it stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from connector_contract.people.emails import EMAIL
from connector_contract.people.people_in_http import Said
from connector_contract.storage.reading import open_file

# The attributes of a contract class that have what Lumos asks.
_REQUESTS = ("read_requests", "write_requests", "oauth_requests", "restore")


def said_in_tests(items: Iterable[pytest.Item]) -> Said:
    """The requests that contract classes have, and the e-mail addresses in the sources of tests.

    Args:
        items: All tests that were collected.
    """
    classes: dict[type, None] = {}
    modules: dict[Path, None] = {}
    texts: set[str] = set()
    for item in items:
        modules[item.path] = None
        if (cls := getattr(item, "cls", None)) is not None:
            classes[cls] = None
        callspec = getattr(item, "callspec", None)
        texts.update(_texts({} if callspec is None else callspec.params))
    for path in _with_conftests(modules):
        texts.update(EMAIL.findall(_source(path)))
    requests = [getattr(cls, name) for cls in classes for name in _REQUESTS if hasattr(cls, name)]
    return Said(tuple(requests), frozenset(text for text in texts if "@" in text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _with_conftests(modules: Iterable[Path]) -> Iterator[Path]:
    found = [*modules]
    yield from found
    yield from {path.parent / "conftest.py" for path in found}


def _source(path: Path) -> str:
    """A module's source; nothing of one that is made by a plugin, or cannot be read."""
    try:
        with open_file(path) as stream:
            return stream.read().decode("utf-8", "replace")
    except OSError:
        return ""
