"""Secrets by name in XML and HTML: elements, attributes, fields of forms, elements that name the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from connector_contract.secrets.named_json import IsSecret, Shown
from connector_contract.secrets.ordinary import cannot_be_secret

# What begins an element, its attributes, and the text that comes first in it, if that is short enough to be
# one.
_TAG = re.compile(
    r"<(?P<tag>[A-Za-z_][\w.:-]{0,79})(?P<attributes>(?:\s[^<>]*+)?)>"
    r"(?P<cdata><!\[CDATA\[)?(?P<text>(?(cdata)(?:[^\]]|\](?!\]>))*+|[^<]*+))"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[A-Za-z_:][\w.:-]{0,79}+)\s*+=\s*+(?P<quote>[\"'])?(?P<value>(?(quote)[^\"'<>]*+|[^\s\"'<>=`/]++))"
)
# Attributes, and elements, that say which field is meant, and those that have its value.
_NAMES = frozenset({"name", "key", "property", "field", "http-equiv", "param"})
_VALUES = frozenset({"value", "content", "val", "default"})
# A property list has <key>password</key><string>...</string>.
_VALUE_TAGS = _VALUES | {"string", "data", "text"}
# What people read on a page has spaces in it.
_WORD = re.compile(r"[A-Za-z_][\w.-]*+")
_SPACE = re.compile(r"\s")


def is_markup(text: str) -> bool:
    """Whether a text is XML or HTML as a whole."""
    return text.lstrip("\ufeff \t\r\n")[:1] == "<"


def markup_may_name_secrets(text: str, is_secret: IsSecret) -> bool:
    """Whether a word in a text is a secret's name, which is sooner known than where its value is."""
    return any(map(is_secret, set(_WORD.findall(text))))


def with_markup_values(text: str, is_secret: IsSecret, shown: Shown) -> str:
    """A text with other values of secret names in the elements that it has.

    Args:
        text: The text.
        is_secret: Says of a name whether its value is secret.
        shown: Gives what is to stand in place of a value.
    """
    parts, at = [], 0
    for start, end, name, is_plain in _places(text, is_secret):
        raw = text[start:end]
        value = raw if is_plain else unescape(raw)
        stripped = value.strip()
        if cannot_be_secret(stripped):
            continue
        new = shown(name, stripped)
        if new != stripped:
            parts += [text[at:start], new if is_plain else escape(new)]
            at = end
    return "".join([*parts, text[at:]])


def _places(text: str, is_secret: IsSecret) -> Iterator[tuple[int, int, str, bool]]:
    """Where each value is, its name, and whether nothing in it is escaped."""
    # The name that an element without a text, or the text of the one before, has for the values after it.
    around = ""
    for tag in _TAG.finditer(text):
        name = _local(tag["tag"])
        attributes = list(_ATTRIBUTE.finditer(text, *tag.span("attributes")))
        yield from _in_attributes(attributes, is_secret)
        said = name if is_secret(name) else _said(attributes, is_secret, _NAMES)
        if not said and name.lower() in _VALUE_TAGS:
            said = around
        content = _content(text, tag)
        if said and content and _SPACE.search(content) is None:
            yield *tag.span("text"), said, tag["cdata"] is not None
        if content:
            around = content if name.lower() in _NAMES and is_secret(content) else ""
        elif said:
            around = said


def _in_attributes(
    attributes: list[re.Match[str]], is_secret: IsSecret
) -> Iterator[tuple[int, int, str, bool]]:
    said = _said(attributes, is_secret, _NAMES | {"id"})
    for each in attributes:
        own = _local(each["name"])
        name = said if own.lower() in _VALUES else own if is_secret(own) else ""
        if name:
            yield *each.span("value"), name, False


def _content(text: str, tag: re.Match[str]) -> str:
    """The text of an element that has nothing else; empty if it has: an <input> is not over by its text."""
    end = tag.end() + (len("]]>") if tag["cdata"] else 0)
    return tag["text"].strip() if text.startswith("</", end) and text.startswith(tag["tag"], end + 2) else ""


def _said(attributes: list[re.Match[str]], is_secret: IsSecret, said_by: frozenset[str]) -> str:
    """The secret's name that attributes say of what they are beside; empty if they say none."""
    names = (each["value"] for each in attributes if _local(each["name"]).lower() in said_by)
    return next(filter(is_secret, names), "")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
