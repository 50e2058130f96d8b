"""Secrets by name in XML and HTML: elements, attributes, fields of forms, and what names the one after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

from connector_contract.secrets.named_json import IsSecret, Shown, is_beside_name
from connector_contract.secrets.ordinary import cannot_be_secret, is_ordinary, reads_as_words

# What begins an element, its attributes, and the text that comes first in it, if that is short enough to be
# one.
_TAG = re.compile(
    r"<(?P<tag>[A-Za-z_][\w.:-]{0,79})(?P<attributes>(?:\s[^<>]*+)?)>"
    r"(?P<cdata><!\[CDATA\[)?(?P<text>(?(cdata)(?:[^\]]|\](?!\]>))*+|[^<]*+))"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[A-Za-z_:][\w.:-]{0,79}+)\s*+=\s*+(?P<quote>[\"'])?(?P<value>(?(quote)[^\"'<>]*+|[^\s\"'<>=`/]++))"
)
_JSON_IN_ATTRIBUTE = re.compile(r"(?<==[\"'])[{\[](?=[^\"'<>]{0,80}?&(?:quot|#34|#x22);)[^\"'<>]*+(?=[\"'])")
# Attributes, and elements, that say which field is meant, and those that have its value.
_NAMES = frozenset({"name", "key", "property", "field", "http-equiv", "param"})
_VALUES = frozenset({"value", "content", "val", "default"})
# A property list has <key>password</key><string>...</string>.
_VALUE_TAGS = _VALUES | {"string", "data", "text"}
# Cells and terms, of which one is the name of the next, and what may be around the text of one.
_CELLS = frozenset({"td", "th", "dt", "dd"})
_WITHIN_CELLS = frozenset({"b", "code", "em", "i", "kbd", "pre", "samp", "span", "strong", "tt", "var"})
_WORD = re.compile(r"[A-Za-z_][\w.-]*+")
_SHORT_TEXT = re.compile(r">\s*+([A-Za-z][^<>]{1,79}+)</")


def is_markup(text: str) -> bool:
    """Whether a text is XML or HTML as a whole."""
    return text.lstrip("\ufeff \t\r\n")[:1] == "<"


def markup_may_name_secrets(text: str, is_secret: IsSecret) -> bool:
    """Whether a word in a text is a secret's name, which is sooner known than where its value is."""
    texts = (_as_name(found) for found in set(_SHORT_TEXT.findall(text)))
    return any(map(is_secret, set(_WORD.findall(text)))) or any(map(is_secret, texts))


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


def with_attribute_texts(text: str, nested: Callable[[str], str]) -> str:
    """A text with other values in the JSON that attributes have, whose quotes are escaped.

    Args:
        text: XML or HTML.
        nested: Gives a text with other values of secret names.
    """

    def changed(found: re.Match[str]) -> str:
        plain = unescape(found[0])
        new = nested(plain)
        return found[0] if new == plain else escape(new)

    return _JSON_IN_ATTRIBUTE.sub(changed, text)


def _places(text: str, is_secret: IsSecret) -> Iterator[tuple[int, int, str, bool]]:
    """Where each value is, its name, and whether nothing in it is escaped."""
    # The name that an element without a text, or the text of the one before, has for the values after it.
    around, cell = "", ""
    for tag in _TAG.finditer(text):
        name = _local(tag["tag"])
        attributes = list(_ATTRIBUTE.finditer(text, *tag.span("attributes")))
        yield from _in_attributes(attributes, is_secret)
        said = name if is_secret(name) else _said(attributes, is_secret, _NAMES)
        if not said and _is_value(name):
            said = around
        content = _content(text, tag)
        if not said and cell and _is_of_cell(name) and is_beside_name(unescape(content)):
            said = cell
        if said and content and not _is_read(content):
            yield *tag.span("text"), said, tag["cdata"] is not None
        cell = _cell_after(name, content, cell, is_secret)
        if content:
            around = content if name.lower() in _NAMES and is_secret(content) else ""
        elif said:
            around = said


def _is_value(name: str) -> bool:
    """Whether an element has the value of the one around it or before it, as SAML's ``AttributeValue``."""
    return name.lower() in _VALUE_TAGS or name.endswith("Value")


def _is_of_cell(name: str) -> bool:
    return name.lower() in _CELLS | _WITHIN_CELLS


def _cell_after(name: str, content: str, cell: str, is_secret: IsSecret) -> str:
    """The secret's name that a cell has for the next one; a row begins without one."""
    if not _is_of_cell(name):
        return ""
    if not content:
        return cell
    said = _as_name(content)
    return said if is_secret(said) else ""


def _as_name(content: str) -> str:
    """The name that people read in a text: "API key:"."""
    return content.rstrip(" \t\r\n:*")


def _is_read(content: str) -> bool:
    """Whether people read a text: it has spaces, and each of its parts is a word, an address or a link."""
    parts = content.split()
    return len(parts) > 1 and not any(map(_is_random, parts))


def _is_random(part: str) -> bool:
    if "@" in part or cannot_be_secret(part):
        return False
    text = part.strip(".,;:!?()\"'")
    return not is_ordinary(text) and not reads_as_words(text)


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
