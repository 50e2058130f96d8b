"""Secrets by name in texts: forms, ``key: value`` and ``KEY=value`` in any text, and literals of GraphQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote_plus, unquote_plus

from connector_contract.secrets.named_json import IsSecret, Shown
from connector_contract.secrets.ordinary import cannot_be_secret, is_ordinary, reads_as_words

# A form as the whole of a text: access_token=...&token_type=bearer, also with placeholders in it.
_FORM = re.compile(r"(?:[\w.%+*\[\]~-]{1,200}+=(?:[^&=\s<>\"{}]++|<[\w.:-]++>)*+=*+(?:&|\s*\Z))++")
_PAIR = re.compile(r"([^&=\s]++)=([^&\s]*+)")

# What a name has before its value. A name in double quotes is one of JSON; a quote may begin an argument of a
# command, or a message.
_NAME = re.compile(
    # "--password=..." is an option of a command.
    r"(?:(?<![\w$.\"'-])|(?<=\s[\"'])|(?<=[\s\"'`]--))(?P<tick>'?)(?P<name>[A-Za-z_][\w.-]{1,79}+)(?P=tick)\s{0,4}+(?::=|::\x20|=>|[:=])\s{0,4}+"
)
# A value in quotes or without, behind the scheme that a header has before it.
_VALUE = re.compile(
    # A block of YAML (8.1).
    r"(?:[|>][-+]?[ \t]*+\r?\n[ \t]++)?(?:(?i:Basic|Bearer|Token|ApiKey|Key|JWT|SSWS)[ ]++)?"
    r"(?:\"(?P<double>(?:[^\"\\\r\n]|\\.){0,8192}+)\"|'(?P<single>[^'\r\n]{0,8192}+)'"
    # ODBC has braces around what may have a separator in it.
    r"|(?<==)\{(?P<braced>[^{}\r\n]{0,8192}+)\}"
    r"|(?P<bare>[^\s\"'&;,<>(){}\[\]\\|]++))"
)
# What stands for a secret in an example: $TOKEN, ${API_KEY}, YOUR_ACCESS_TOKEN.
_VARIABLE = re.compile(r"\$[A-Z][A-Z_]*|\$\{[A-Z][A-Z_]*\}|[A-Z]{2,15}(?:_[A-Z]{2,15})+")
_GROUPS = ("double", "single", "braced", "bare")
# A name of a resource (RFC 8141, and AWS's) has words with colons: "arn:aws:secretsmanager:...:secret:prod".
_RESOURCE = re.compile(r"(?i)(?<![\w.-])(?:arn|urn):[\w.+*/:-]*\Z")
_LONGEST_RESOURCE = 300
# The lines of settings, such as .env, INI or simple YAML: a name with a value, a comment, a section, or
# empty.
_SETTING = re.compile(
    r"(?m)^[ \t]*+(?:export[ ]+|- )?(?P<name>[A-Za-z_][\w.-]{0,79}+)[ \t]*+(?::[ \t]|=)[ \t]*+"
    r"(?:\"(?P<double>[^\"\r\n]*+)\"|'(?P<single>[^'\r\n]*+)'|(?P<bare>[^\s\"'#|>][^\r\n#]*+(?:(?<!\s)#[^\r\n#]*+)*+))"
    r"[ \t]*+(?:#[^\r\n]*+)?\r?$"
)
_OTHER_LINE = re.compile(r"[ \t]*+(?:[#;!].*+|\[[^\]]*+\]|---|[\w.-]++:)?[ \t]*+\r?")
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
            return (
                found[0]
                if changed == value
                else f"{found[1]}={quote_plus(changed, errors='surrogateescape')}"
            )
        new = value if cannot_be_secret(value) else shown(name, value)
        return found[0] if new == value else f"{found[1]}={new}"

    return _PAIR.sub(pair, text)


def with_text_values(text: str, is_secret: IsSecret, shown: Shown) -> str:
    """A text with other values beside secret names.

    A word, or a number, is none beside a name in a sentence: "password: required". In settings, and in
    GraphQL, it is one.

    Args:
        text: The text.
        is_secret: Says of a name whether its value is secret.
        shown: Gives what is to stand in place of a value.
    """
    if is_settings(text):
        # One line may be a message: "password: required".
        several = len(_SETTING.findall(text)) > 1
        settings = ((found["name"], found) for found in _SETTING.finditer(text))
        text = _with_values(text, settings, is_secret, shown, lambda _: several)
    is_request = _GRAPHQL.match(text) is not None
    return _with_values(
        text, _assigned(text, is_secret), is_secret, shown, lambda group: is_request and group == "double"
    )


def _assigned(text: str, is_secret: IsSecret) -> Iterator[tuple[str, re.Match[str]]]:
    """Each secret's name in a text, and the value after it, in which no other name is looked for."""
    at = 0
    for name in _NAME.finditer(text):
        if name.start() < at or not is_secret(name["name"]) or _is_of_resource(text, name.start()):
            continue
        value = _VALUE.match(text, name.end())
        if value is not None:
            at = value.end()
            yield name["name"], value


def _is_of_resource(text: str, at: int) -> bool:
    """Whether the word at a place is within the name of a resource."""
    return (
        text[at - 1 : at] == ":" and _RESOURCE.search(text[max(at - _LONGEST_RESOURCE, 0) : at]) is not None
    )


def _with_values(
    text: str,
    named: Iterable[tuple[str, re.Match[str]]],
    is_secret: IsSecret,
    shown: Shown,
    takes_words: Callable[[str], bool],
) -> str:
    parts, at = [], 0
    for name, found in named:
        groups = found.groupdict()
        group = next(each for each in _GROUPS if groups.get(each) is not None)
        start, end = found.span(group)
        value = _value_of(found[group], group)
        if (
            start < at
            or not is_secret(name)
            or not _may_be_secret(value, found[group], group, takes_words(group))
        ):
            continue
        new = shown(name, value)
        if new != value:
            parts += [text[at:start], new]
            at = end
    return "".join([*parts, text[at:]])


def _value_of(text: str, group: str) -> str:
    if group != "bare":
        return text
    # It may be the end of a sentence.
    text = text.rstrip().removesuffix(".")
    return unquote_plus(text, errors="surrogateescape") if "%" in text else text


def _may_be_secret(value: str, spelled: str, group: str, takes_words: bool) -> bool:
    # A space that is percent-encoded is in no sentence.
    if group == "bare" and " " in spelled and (not takes_words or reads_as_words(value)):
        return False
    return not cannot_be_secret(value) and (
        takes_words or not (is_ordinary(value) or _VARIABLE.fullmatch(value))
    )


def is_settings(text: str) -> bool:
    """Whether each line of a text is a name with a value, a comment, or empty."""
    lines = text.split("\n")
    return any(map(_SETTING.fullmatch, lines)) and all(
        _SETTING.fullmatch(line) or _OTHER_LINE.fullmatch(line) for line in lines
    )
