"""Where in a document a value is, as JMESPath."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

_NUMBER = re.compile(r"\[\d+\]")
_KINDS = {"address": "email", "telephone": "phone"}
_EXAMPLE = "tickets[].raised_for"
_BARE = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)


class Placed(NamedTuple):
    """A leaf of a document, and where it is.

    Attributes:
        place: The path; of a key, that of its object.
        value: The value, or the key.
        is_key: Whether it is a key.
    """

    place: str
    value: Any
    is_key: bool = False


def placed(
    value: Any, is_hidden: Callable[[str], bool], place: str = "", *, is_exact: bool = False
) -> Iterator[Placed]:
    """Each value and key of a document, in the order of ``PersonalFields.leaves``.

    Args:
        value: The document.
        is_hidden: Whether a key is somebody's, and a star stands for it in a path.
        place: Where the document is itself.
        is_exact: Whether the path leads to one item of a list, and not to all.
    """
    if isinstance(value, dict):
        for name, item in value.items():
            yield Placed(place, name, is_key=True)
            step = "*" if is_hidden(name) else _quoted(name)
            yield from placed(item, is_hidden, f"{place}.{step}" if place else step, is_exact=is_exact)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            within = f"{place}[{number}]" if is_exact else f"{place}[]"
            yield from placed(item, is_hidden, within, is_exact=is_exact)
    elif value is not None and value is not True and value is not False:
        yield Placed(place, value)


def _quoted(name: str) -> str:
    return name if _BARE.match(name) else json.dumps(name, ensure_ascii=False)


def what_is_left(left: str, found: Placed | None) -> str:
    """A sentence on what is still in a body.

    Args:
        left: What it is, such as "a telephone number".
        found: Where it is; ``None`` if nobody knows.
    """
    if found is None:
        return f"It is {left}."
    if found.is_key:
        return f"It is {left}, in the name of a field{f' of {found.place}' if found.place else ''}."
    return f"It is {left}{f', at {found.place}' if found.place else ''}."


def how_to_name(left: str, found: Placed | None) -> str:
    """What an author can do about it; the arguments are those of ``what_is_left``."""
    if found is not None and found.is_key:
        return (
            "The harness cannot make up this name of a field, because the others beside it are nobody's.\n"
            "Record from an upstream that does not send it, and please report it."
        )
    kind = next((kind for word, kind in _KINDS.items() if word in left), "name")
    place = _NUMBER.sub("[]", found.place) if found is not None else ""
    return (
        "The harness cannot make it up there. If it is in a field, name that by its kind:\n"
        f"  ConnectorUnderTest(personal_data={{{json.dumps(kind)}: {json.dumps(place or _EXAMPLE)}}})\n"
        "Otherwise, record from an upstream that does not send it, and please report it."
    )
