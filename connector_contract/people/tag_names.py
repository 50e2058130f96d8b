"""Names of elements and attributes in a text with markup: they are no words of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# Quotes and ends of lines may be escaped, as in JSON.
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w:.-]*+)(?P<rest>(?:\s|\\[nrt])[^<>]*)?/?(?:>|\Z)")
_ATTRIBUTE = re.compile(r"(?:(?<=[\s\"'])|(?<=\\[nrt]))[A-Za-z_:@][\w:.-]*+(?=\s*=\s*\\*[\"'])")


def names_in_tags(text: str) -> list[tuple[int, int]]:
    """Where the names stand, in their order.

    An element is one that has attributes or an end: "<Alice Martin>" is none.
    """
    if "<" not in text:
        return []
    tags = list(_TAG.finditer(text))
    ended = {tag["name"] for tag in tags if tag["end"]}
    return [span for tag in tags for span in _names(tag, ended)]


def around_names(text: str, change: Callable[[str], str]) -> str:
    """A text with what is around these names changed."""
    shown, place = [], 0
    for start, end in names_in_tags(text):
        shown += [change(text[place:start]), text[start:end]]
        place = end
    return "".join([*shown, change(text[place:])])


def _names(tag: re.Match[str], ended: set[str]) -> Iterator[tuple[int, int]]:
    span = tag.span("rest") if tag["rest"] else (0, 0)
    attributes = [each.span() for each in _ATTRIBUTE.finditer(tag.string, *span)]
    if attributes or tag["name"] in ended:
        yield tag.span("name")
    yield from attributes
