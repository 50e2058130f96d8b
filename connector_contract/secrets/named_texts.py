"""Secrets by name in texts: forms, ``key: value`` and ``KEY=value`` in whatever text, and the literals of GraphQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote_plus, unquote_plus

from connector_contract.secrets.named_json import IsSecret, Shown
from connector_contract.secrets.ordinary import cannot_be_secret, is_ordinary, reads_as_words

# A form as the whole of a text: access_token=...&token_type=bearer.
_FORM = re.compile(r"(?:[\w.%+*\[\]~-]{1,200}+=[^&=\s<>\"{}]*+=*+(?:&|\s*\Z))++")
_PAIR = re.compile(r"([^&=\s]++)=([^&\s]*+)")

# A name with a value, in quotes or without, and what a header has before the value. A name in double quotes is one
# of JSON.
_ASSIGNED = re.compile(
    r"(?<![\w$.\"'-])(?P<tick>'?)(?P<name>[A-Za-z_][\w.-]{1,79}+)(?P=tick)\s{0,4}+(?::=|=>|[:=])\s{0,4}+"
    r"(?:(?i:Basic|Bearer|Token|ApiKey|Key|JWT|SSWS)[ ]++)?"
    r"(?:\"(?P<double>[^\"\\\r\n]*+(?:\\.[^\"\\\r\n]*+)*+)\"|'(?P<single>[^'\r\n]*+)'"
    r"|(?P<bare>[^\s\"'&;,<>(){}\[\]\\|]++))"
)
# The lines of settings, such as .env, INI or simple YAML: a name with a value, a comment, a section, or empty.
_SETTING = re.compile(
    r"(?m)^[ \t]*+(?:export[ ]+|- )?(?P<name>[A-Za-z_][\w.-]{0,79}+)[ \t]*+(?::[ \t]|=)[ \t]*+"
    r"(?:\"(?P<double>[^\"\r\n]*+)\"|'(?P<single>[^'\r\n]*+)'|(?P<bare>[^\s\"'#|>][^\r\n#]*+(?:(?<!\s)#[^\r\n#]*+)*+))"
    r"[ \t]*+(?:#[^\r\n]*+)?\r?$"
)
_OTHER_LINE = re.compile(r"[ \t]*+(?:[#;!].*+|\[.*+\]|---|[\w.-]++:)?[ \t]*+\r?")
# A request of GraphQL: the values in it are what a program has put there.
_GRAPHQL = re.compile(r"\s*(?:\{|(?:query|mutation|subscription|fragment)\b)")


def is_form(text: str) -> bool:
    """Whether a text is a form as a whole."""
    return "&" in text and _FORM.fullmatch(text) is not None


def with_form_values(text: str, is_secret: IsSecret, shown: Shown, nested: Callable[[str], str]) -> str:
    """A form with other values of secret names.

    Args:
        text: The form.
        is_secret: Says of a name whether its value is secret.
        shown: Gives what is to stand in place of a value.
        nested: Does the same to a value that is of another format.
    """

    def pair(found: re.Match[str]) -> str:
        name, value = (unquote_plus(each, errors="surrogateescape") for each in found.groups())
        if not is_secret(name):
            changed = nested(value)
            return found[0] if changed == value else f"{found[1]}={quote_plus(changed, errors='surrogateescape')}"
        new = value if cannot_be_secret(value) else shown(name, value)
        return found[0] if new == value else f"{found[1]}={new}"

    return _PAIR.sub(pair, text)


def with_text_values(text: str, is_secret: IsSecret, shown: Shown) -> str:
    """A text with other values beside secret names.

    A word, or a number, is none beside a name in a sentence: "password: required". In settings, and in GraphQL, it
    is one.

    Args:
        text: The text.
        is_secret: Says of a name whether its value is secret.
        shown: Gives what is to stand in place of a value.
    """
    is_request = _GRAPHQL.match(text) is not None

    def replaced(found: re.Match[str], takes_words: bool) -> str:
        if not is_secret(found["name"]):
            return found[0]
        group = next(each for each in ("double", "single", "bare") if found[each] is not None)
        value = found[group].rstrip()
        if group == "bare" and "%" in value:
            value = unquote_plus(value, errors="surrogateescape")
        is_prose = group == "bare" and " " in value and (not takes_words or reads_as_words(value))
        if is_prose or cannot_be_secret(value) or (not takes_words and is_ordinary(value)):
            return found[0]
        new = shown(found["name"], value)
        start, end = (each - found.start() for each in found.span(group))
        return found[0] if new == value else found[0][:start] + new + found[0][end:]

    if is_settings(text):
        # One line may be a message: "password: required".
        several = len(_SETTING.findall(text)) > 1
        return _SETTING.sub(lambda found: replaced(found, takes_words=several), text)
    return _ASSIGNED.sub(lambda found: replaced(found, takes_words=is_request and found["double"] is not None), text)


def is_settings(text: str) -> bool:
    """Whether each line of a text is a name with a value, a comment, or empty."""
    lines = text.split("\n")
    return any(map(_SETTING.fullmatch, lines)) and all(
        _SETTING.fullmatch(line) or _OTHER_LINE.fullmatch(line) for line in lines
    )
