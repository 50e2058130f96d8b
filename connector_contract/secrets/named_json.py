"""Secrets by name in JSON: one document, several (JSON lines, events of a server), or one that is cut off.

A value is found under its name, and so is what is random in an object that has the name; in a pair of fields
that are ``name`` and ``value``, or of texts, ``["password", "..."]``; in a list, or in an object with one
value, that has the name; and in a text that is JSON, or of another format, itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from connector_contract.secrets.ordinary import cannot_be_secret, is_ordinary, looks_random, reads_as_words

IsSecret = Callable[[str], bool]
"""Says of a name whether its value is secret."""

Shown = Callable[[str, str], str]
"""Gives what is to stand in place of a value, for its name and the value."""

Nested = Callable[[str], Iterable[tuple[str, str]]]
"""Finds name and value of each secret in a text that is within."""

# A text, which may be cut off, and whether it is the name of a field; a number; what opens and closes.
_TOKEN = re.compile(
    r'"(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)(?P<end>"|\\?\Z)(?P<colon>\s*+:)?'
    r"|(?P<mark>[][{}])|(?P<number>(?<![\w.+-])-?\d++(?![.\w]))",
    re.DOTALL,
)
# What may have a name before it, and is not behind the name of a field of JSON.
_ASSIGNS = re.compile(r"=|:(?<=[\w'\x20]:)(?![\d/])")
_LAST_WORD = re.compile(r"([\w.$-]{2,80})[' ]*\Z")
_FIELD = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"\s*+:')
# A list of two texts, of which the first one may be the name of the other.
_PAIR = re.compile(r'\[\s*+"([^"\\]{2,80}+)"\s*+,\s*+"')
_TEXT = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_WHOLE_PAIR = re.compile(rf"\[\s*+{_TEXT}\s*+,\s*+{_TEXT}\s*+(?:\]|\Z)", re.DOTALL)
# What is before the credential in a header that somebody echoes.
_SCHEME = re.compile(r"\A(?:Basic|Bearer|Digest|Token|ApiKey|Key|JWT|SSWS)\s+(?=\S+\Z)", re.IGNORECASE)
_LONGEST_NAME = 80
# A text within that has names and values; a time has colons before digits, and a URL one before a slash.
_MAY_HAVE_NAMES = re.compile(r'[=<"\n]|:(?![\d/])')
# A number of fewer digits is a count, a version, a place in a list, a year.
_FEWEST = 6

# "path" is that of SCIM (RFC 7644, 3.5.2) and JSON Patch (RFC 6902).
_NAMES = frozenset(
    {
        "name", "key", "id", "field", "header", "parameter", "param", "property", "variable", "label", "path",
        "attribute", "attr", "setting", "option", "column",
    }
)  # fmt: skip
# As CloudFormation has it: {"ParameterKey": "DbPassword", "ParameterValue": "..."}.
_NAME_ENDS = ("key", "name")
_VALUES = frozenset({"val", "content", "text"})
_VALUE_ENDS = ("value", "values")
# What an object under a secret name has the secret in: Okta's {"password": {"value": "..."}}.
_INNER = _VALUES | {"value", "stringvalue", "defaultvalue"} | {
    "_", "#text", "$", "$t", "ciphertext", "current", "data", "hash", "key", "new", "old", "plain",
    "plaintext",
    "raw", "salt", "secret", "token",
}  # fmt: skip
# What an object of a secret name says of the secret, by the last word, and where a list goes on.
_BESIDE = re.compile(
    r"(?:\A|[^A-Za-z]|(?<=[a-z0-9])(?=[A-Z]))(?i:ids?|uuid|guid|arn|by|at|on|url|uri|href|link|name|type|kind"
    r"|status|e-?mail|user|owner|hint|prefix|suffix|fingerprint|thumbprint|checksum|etag|version|next|prev"
    r"|previous|cursor|page|policy|sub|self|keyid|userid)\Z"
)


@dataclass
class _Open:
    """A list or an object that is not over.

    Attributes:
        is_list: Which of the two.
        name: The secret's name that it is under; empty if it is under none.
        current: The name of the field that comes next.
        pair: The name that a field ``name`` has, if it is a secret's.
        values: The places of values that may belong to that name; or of the texts in a list.
        several: The places of those that are in a list.
        start: Where it begins.
    """

    is_list: bool
    name: str = ""
    current: str = ""
    pair: str = ""
    values: list[re.Match[str]] = field(default_factory=list)
    several: list[re.Match[str]] = field(default_factory=list)
    start: int = 0


class _Scan:
    """One way through a text, token by token."""

    def __init__(self, text: str, is_secret: IsSecret, shown: Shown, nested: Callable[[str], str]) -> None:
        self._text, self._is_secret, self._shown, self._nested = text, is_secret, shown, nested
        self._open = [_Open(is_list=True)]
        self._changes: dict[int, tuple[int, str]] = {}

    def run(self) -> str:
        for token in _TOKEN.finditer(self._text):
            mark = token["mark"]
            if mark is None:
                self._scalar(token)
            elif mark in "[{":
                self._open.append(_Open(mark == "[", self._name_within(), start=token.start()))
            else:
                self._close()
        while len(self._open) > 1:
            self._close()
        return self._changed()

    def _name_within(self) -> str:
        """The secret's name that a list or an object is under that begins."""
        around = self._open[-1]
        if around.is_list:
            return around.name
        if self._is_secret(around.current):
            return around.current
        return around.name if around.current.lower() in _INNER else ""

    def _close(self) -> None:
        over = self._open.pop() if len(self._open) > 1 else self._open[0]
        is_pair = over.is_list and len(over.values) == 2 and not over.name
        if is_pair and _WHOLE_PAIR.match(self._text, over.start):
            self._pair(*over.values)
        if over.pair:
            listed = [token for token in over.several if is_one_of_several(_value_of(token))]
            for token in (*over.values, *listed):
                self._take(token, over.pair)

    def _scalar(self, token: re.Match[str]) -> None:
        around = self._open[-1]
        if token["colon"] is not None:
            around.current = _plain(token["text"])
            return
        if around.is_list:
            self._item(token, around)
        else:
            self._value(token, around)

    def _pair(self, name: re.Match[str], value: re.Match[str]) -> None:
        """Two texts in a list, of which the first may be the name of the other."""
        if self._is_secret(said := _plain(name["text"])) and is_beside_name(_value_of(value)):
            self._take(value, said)

    def _item(self, token: re.Match[str], around: _Open) -> None:
        # Of a longer list, no more than shows that it is no pair.
        if token["number"] is None and len(around.values) <= 2 and len(self._open) > 1:
            around.values.append(token)
        if around.name and is_one_of_several(_value_of(token)):
            self._take(token, around.name)
            return
        self._look_into(token)
        beyond = self._open[-2] if len(self._open) > 1 else around
        if not beyond.is_list and _is_value(beyond.current):
            beyond.several.append(token)

    def _value(self, token: re.Match[str], around: _Open) -> None:
        if self._is_secret(around.current):
            self._take(token, around.current)
        elif around.name and _is_inner(around.current, around.name, _value_of(token)):
            self._take(token, around.name)
        elif _is_value(around.current):
            around.values.append(token)
            self._look_into(token)
        else:
            if (
                _is_name(around.current)
                and token["number"] is None
                and self._is_secret(value := _plain(token["text"]))
            ):
                around.pair = _last_name(value, self._is_secret)
            self._look_into(token)

    def _take(self, token: re.Match[str], name: str) -> None:
        value = _value_of(token)
        if token["number"] is None and cannot_be_secret(value):
            return
        if token["number"] is not None and not _is_long(value):
            return
        shown = self._shown(name, value)
        if shown != value:
            self._change(token, shown)

    def _look_into(self, token: re.Match[str]) -> None:
        text = token["text"]
        if text is None or _MAY_HAVE_NAMES.search(text) is None:
            return
        plain = _plain(text)
        changed = self._nested(plain)
        if changed != plain:
            self._change(token, changed)

    def _change(self, token: re.Match[str], shown: str) -> None:
        end = token.start("colon") if token["colon"] else token.end()
        quoted = json.dumps(shown, ensure_ascii=False)
        self._changes[token.start()] = end, quoted if token["end"] != "" or token["number"] else quoted[:-1]

    def _changed(self) -> str:
        parts, at = [], 0
        for start, (end, shown) in sorted(self._changes.items()):
            parts += [self._text[at:start], shown]
            at = end
        return "".join([*parts, self._text[at:]])


def with_json_values(text: str, is_secret: IsSecret, shown: Shown, nested: Callable[[str], str]) -> str:
    """A text with other values of secret names in the JSON that it has.

    Args:
        text: One document, several, or a part of one.
        is_secret: Says of a name whether its value is secret.
        shown: Gives what is to stand in place of a value.
        nested: Does the same to a text within.
    """
    return _Scan(text, is_secret, shown, nested).run() if has_json(text) else text


def may_name_secrets(text: str, is_secret: IsSecret) -> bool:
    """Whether a document of JSON has a secret's name, or a text that may have one; it need not be a document.

    To know takes a tenth of the time that it takes to know where they are.
    """
    found = False

    def look_at(fields: dict[str, Any]) -> None:
        nonlocal found
        if not found:
            has_one, names = _of_fields(tuple(fields), is_secret)
            found = has_one or any(is_secret(fields[each]) for each in names if isinstance(fields[each], str))

    try:
        json.loads(text, object_hook=look_at)
    except (ValueError, RecursionError):
        return True
    has_pair = any(is_secret(pair[1]) for pair in _PAIR.finditer(text))
    return found or has_pair or _has_names_within(text, is_secret)


def _has_names_within(text: str, is_secret: IsSecret) -> bool:
    if "\\" in text or "<" in text:
        return True
    before = (text[max(each.start() - _LONGEST_NAME, 0) : each.start()] for each in _ASSIGNS.finditer(text))
    words = (_LAST_WORD.search(each) for each in before)
    return any(is_secret(word[1]) for word in words if word is not None)


# The records of a page have the same fields, page after page.
@lru_cache(1024)
def _of_fields(fields: tuple[str, ...], is_secret: IsSecret) -> tuple[bool, list[str]]:
    """Whether one of the names of fields is a secret's, and which fields may have one in a pair."""
    has_value = any(map(_is_value, fields))
    return any(map(is_secret, fields)), [each for each in fields if has_value and _is_name(each)]


def _last_name(name: str, is_secret: IsSecret) -> str:
    """What a path leads to, or a URN ends with, if that is a secret's name by itself."""
    last = re.split("[/:]", name)[-1]
    return last if is_secret(last) else name


@lru_cache(4096)
def _is_name(field: str) -> bool:
    """Whether a field has the name of what another field of the same object has the value of."""
    word = field.lower()
    return word in _NAMES or word.endswith(_NAME_ENDS)


@lru_cache(4096)
def _is_value(field: str) -> bool:
    word = field.lower()
    return word in _VALUES or word.endswith(_VALUE_ENDS)


def has_json(text: str) -> bool:
    """Whether there is a field of JSON in a text, or a pair in a list."""
    return _FIELD.search(text) is not None or _PAIR.search(text) is not None


def named_in_json(value: Any, is_secret: IsSecret, nested: Nested) -> Iterator[tuple[str, str]]:
    """Name and value of each secret in a value of JSON, as ``with_json_values`` finds them.

    Args:
        value: The value.
        is_secret: Says of a name whether its value is secret.
        nested: Looks into each text.
    """
    yield from _within(value, "", is_secret, nested)


def _within(value: Any, name: str, is_secret: IsSecret, nested: Nested) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        # What has the name of the object around it has no other one, and is none.
        own = {key: item for key, item in value.items() if not (name and _is_inner(key, name, item))}
        yield from _pairs(own, is_secret)
        for key, item in value.items():
            of_field = key if is_secret(key) else name if name and _is_inner(key, name, item) else ""
            if of_field and not isinstance(item, Mapping | list):
                if may_be_secret(item):
                    yield of_field, str(item)
            else:
                yield from _within(item, of_field, is_secret, nested)
    elif isinstance(value, list):
        if not name:
            yield from _pair_in_list(value, is_secret)
        for item in value:
            if name and is_one_of_several(item) and may_be_secret(item):
                yield name, str(item)
            else:
                yield from _within(item, name, is_secret, nested)
    elif isinstance(value, str):
        yield from nested(value)


def _is_inner(field_name: str, name: str, value: object) -> bool:
    """Whether a field has the secret that an object has the name of: each of ``recovery_codes`` is a code.

    Of ``{"api_key": {"primary": ...}}``, what is random is one, unless it says who or what the key is.
    """
    word = field_name.lower()
    if word in _INNER or (word == "code" and name.lower().endswith("codes") and is_one_of_several(value)):
        return True
    return isinstance(value, str) and looks_random(value) and _BESIDE.search(field_name) is None


def _pair_in_list(items: list[Any], is_secret: IsSecret) -> Iterator[tuple[str, str]]:
    if len(items) == 2 and all(isinstance(item, str) for item in items):
        name, value = items
        if is_secret(name) and is_beside_name(value) and not cannot_be_secret(value):
            yield name, value


def _pairs(fields: Mapping[str, Any], is_secret: IsSecret) -> Iterator[tuple[str, str]]:
    names = [
        item for key, item in fields.items() if _is_name(key) and isinstance(item, str) and not is_secret(key)
    ]
    found = next((each for each in reversed(names) if is_secret(each)), None)
    if found is not None:
        name = _last_name(found, is_secret)
        values = [item for key, item in fields.items() if _is_value(key) and not is_secret(key)]
        several = [each for item in values if isinstance(item, list) for each in item]
        yield from ((name, str(item)) for item in values if may_be_secret(item))
        yield from ((name, str(each)) for each in several if is_one_of_several(each) and may_be_secret(each))


def may_be_secret(item: object) -> bool:
    """Whether a value of JSON is a text that may be one, or a number that is not as short as any other."""
    if isinstance(item, str):
        return not cannot_be_secret(item)
    return type(item) is int and _is_long(str(item))


def _is_long(number: str) -> bool:
    return len(number.removeprefix("-")) >= _FEWEST


def is_one_of_several(item: object) -> bool:
    """Whether an item of a list that has a secret's name is one.

    A word is as likely a name, and a sentence says what is wrong with a password. A code is neither.
    """
    text = _SCHEME.sub("", str(item))
    is_scalar = (isinstance(item, str) and " " not in text) or type(item) is int
    return is_scalar and (not is_ordinary(text) or (_is_long(text) and text.isdigit()))


def is_beside_name(value: str) -> bool:
    """Whether a text is a secret if the one before is a secret's name.

    Two names may be in a list, or in a table, and so may a name and its type. No words of any length are one,
    and no number or URN of a standard.
    """
    has_letter = any(map(str.isalpha, value))
    return has_letter and is_one_of_several(value) and not reads_as_words(value) and value[:4] != "urn:"


def _value_of(token: re.Match[str]) -> str:
    return token["number"] if token["number"] is not None else _plain(token["text"])


def _plain(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        plain: str = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return plain
