"""Secrets by name in a body of any format: JSON, XML, HTML, CSV, a form, settings, or one in another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

from connector_contract.secrets.named_json import (
    IsSecret,
    Shown,
    has_json,
    may_name_secrets,
    named_in_json,
    with_json_values,
)
from connector_contract.secrets.named_markup import (
    is_markup,
    markup_may_name_secrets,
    with_attribute_texts,
    with_markup_values,
)
from connector_contract.secrets.named_tables import with_table_values
from connector_contract.secrets.named_texts import is_form, with_form_values, with_text_values
from connector_contract.secrets.ordinary import is_ordinary

# How deep a text is looked into that is in a text.
_DEEPEST = 4
# What a text has that has a name and a value in it; a table has several lines, and a pair is a list.
_MARKS = (":", "=", ">", "\n", "\r", "[")


def named_in_body(body: bytes, is_secret: IsSecret) -> list[tuple[str, str]]:
    """Name and value of each secret in a body, each once.

    Args:
        body: Without content coding.
        is_secret: Says of a name whether its value is secret.
    """
    text = _decoded(body)
    found = [] if text is None else list(_named_in_text(text, is_secret))
    if b"\0" not in body:
        return found
    # In a text of UTF-16, nothing is replaced in its place.
    return [(name, value) for name, value in found if not is_ordinary(value)]


def with_named_values(body: bytes, is_secret: IsSecret, shown: Shown) -> bytes:
    """A body with other values of secret names, each in the place where ``named_in_body`` finds it.

    Args:
        body: Without content coding.
        is_secret: Says of a name whether its value is secret.
        shown: Gives what is to stand in place of a value, for its name and the value.
    """
    try:
        text = body.decode("utf-8", "surrogateescape")
    except UnicodeDecodeError:
        return body
    if "\0" in text:
        return body
    return _with_values(text, is_secret, shown, _DEEPEST).encode("utf-8", "surrogateescape")


def named_in_value(value: Any, is_secret: IsSecret) -> Iterator[tuple[str, str]]:
    """Name and value of each secret in a value of JSON, and in the texts in it."""
    yield from named_in_json(value, is_secret, lambda text: _named_in_text(text, is_secret, _DEEPEST - 1))


def _named_in_text(text: str, is_secret: IsSecret, depth: int = _DEEPEST) -> dict[tuple[str, str], None]:
    found: dict[tuple[str, str], None] = {}

    def note(name: str, value: str) -> str:
        found[name, value] = None
        return value

    _with_values(text, is_secret, note, depth)
    return found


def _with_values(text: str, is_secret: IsSecret, shown: Shown, depth: int) -> str:
    if depth == 0 or not any(mark in text for mark in _MARKS):
        return text

    def nested(within: str) -> str:
        return _with_values(within, is_secret, shown, depth - 1)

    if is_form(text):
        return with_form_values(text, is_secret, shown, nested)
    if is_json(text):
        if not may_name_secrets(text, is_secret):
            return text
        return with_json_values(text, is_secret, shown, nested)
    if is_markup(text):
        if not markup_may_name_secrets(text, is_secret):
            return text
        text = with_markup_values(text, is_secret, shown)
        text = with_attribute_texts(text, nested)
        shown = _in_markup(shown)
        return with_text_values(with_json_values(text, is_secret, shown, nested), is_secret, shown)
    text = with_table_values(text, is_secret, shown)
    if "<" in text and ">" in text:
        text = with_markup_values(text, is_secret, shown)
    text = with_json_values(text, is_secret, shown, nested)
    return with_text_values(text, is_secret, shown)


def _in_markup(shown: Shown) -> Shown:
    """What stands in place of a value that is escaped."""

    def escaped(name: str, value: str) -> str:
        plain = unescape(value)
        new = shown(name, plain)
        return value if new == plain else escape(new)

    return escaped


def is_json(text: str) -> bool:
    """Whether a text begins as JSON, and has a field or a pair."""
    return text.lstrip()[:1] in ("{", "[") and has_json(text)


def _decoded(body: bytes) -> str | None:
    """The text of a body; ``None`` if it has none."""
    if b"\0" not in body:
        return body.decode("utf-8", "surrogateescape")
    encoding = json.detect_encoding(body)
    return None if encoding.startswith("utf-8") else body.decode(encoding, "replace")
