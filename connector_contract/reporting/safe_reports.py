"""Reports of pytest, and what they are made of, without secrets: each text of each part.

pytest and its plugins make them in many ways: a text, a chain of tracebacks with arguments and local
variables, a tuple of a skip, properties, captured output, the parts of a subtest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import fields, is_dataclass
from typing import Any

from connector_contract.reporting.run_report import ATTRIBUTE

Redact = Callable[[str], str]

# What stands for a test or a file, and is read by programs.
_NAMES = ("nodeid", "location", "keywords")
# What is no text, or not shown.
_NOT_SHOWN = frozenset({*_NAMES, "_id", "when", "outcome", "result", "node", "item", "session", "config"})
# What of our own may say what somebody else has raised. The rest was redacted when it was made.
_TOLD = ("note", "cause", "late", "remarks", "asks")

# A text, or the value of an attribute, in XML.
_IN_XML = re.compile(r'(?<=>)[^<>]++(?=<)|(?<==")[^"<>]++(?=")')
_NAMED = ('name="', 'file="')
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ENTITY = re.compile(r"&(#[0-9]{1,7}|lt|gt|amp|quot|apos);")
_CHARACTER = re.compile(r"[<>&\"\r\n\t]")


def make_safe(report: Any, redact: Redact, redact_name: Redact) -> None:
    """Take the secrets out of a report of pytest's, in place.

    Args:
        report: The report.
        redact: Takes secrets out of a text.
        redact_name: Takes those out of a name that are no ordinary words, which any name may have.
    """
    nodeid = getattr(report, "nodeid", "")
    if redact_name(nodeid) != nodeid:
        walk = _Walk(redact_name)
        for name in _NAMES:
            if hasattr(report, name):
                setattr(report, name, walk.value(getattr(report, name)))
    _Walk(redact).into(report)


def make_error_safe(error: BaseException, redact: Redact) -> None:
    """Take the secrets out of an exception that pytest shows by itself, or sends on: a warning, an exit."""
    walk = _Walk(redact)
    error.args = walk.value(error.args)
    if isinstance(message := vars(error).get("msg"), str):
        error.msg = redact(message)  # type: ignore[attr-defined] # it has one


def safe_xml(xml: str, redact: Redact, redact_name: Redact) -> str:
    """A file of XML without the secrets in its texts and attributes; see ``make_safe`` for the arguments."""

    def safe(found: re.Match[str]) -> str:
        text = _ENTITY.sub(_character, found[0])
        is_name = xml.endswith(_NAMED, 0, found.start())
        new = (redact_name if is_name else redact)(text)
        return found[0] if new == text else _CHARACTER.sub(_entity, new)

    return _IN_XML.sub(safe, xml)


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    return chr(int(name[1:])) if name.startswith("#") else _ENTITIES[name]


def _entity(character: re.Match[str]) -> str:
    names = {each: name for name, each in _ENTITIES.items()}
    return f"&{names.get(character[0], f'#{ord(character[0])}')};"


class _Walk:
    """Goes through an object once, however often it is referred to.

    Args:
        redact: Takes secrets out of a text.
    """

    def __init__(self, redact: Redact) -> None:
        self._redact = redact
        self._seen: set[int] = set()

    def into(self, shown: Any) -> None:
        """Replace the attributes of an object that have secrets in them."""
        if id(shown) in self._seen:
            return
        self._seen.add(id(shown))
        for name, old in list(vars(shown).items()):
            if name in _NOT_SHOWN or not old:
                continue
            new = self._attribute(name, old)
            if new is not old:
                # Some are frozen.
                object.__setattr__(shown, name, new)

    def value(self, value: Any) -> Any:
        """A value without secrets; the same one if it has none."""
        if isinstance(value, str):
            return self._text(value)
        if value is None or isinstance(value, (bool, int, float, type)):
            return value
        if isinstance(value, (list, tuple, set, frozenset, Mapping)):
            return self._collection(value)
        return self._object(value)

    def _attribute(self, name: str, value: Any) -> Any:
        if name == ATTRIBUTE:
            return {**value, **{each: self.value(value[each]) for each in _TOLD}}
        if name == "user_properties":
            return [(self.value(each), self._property(item)) for each, item in value]
        return self.value(value)

    def _property(self, value: Any) -> Any:
        """A recorded property: one that is no plain data is shown as its text."""
        if value is None or isinstance(value, (str, bool, int, float, list, tuple, Mapping)):
            return self.value(value)
        text = str(value)
        safe = self._text(text)
        return value if safe is text else safe

    def _object(self, value: Any) -> Any:
        """A part of what pytest shows, of its own or of a plugin's; all else stays as it is."""
        is_pytests = type(value).__module__.partition(".")[0].strip("_").startswith("pytest")
        if not hasattr(value, "toterminal") and not (is_pytests and is_dataclass(value)):
            return value
        if hasattr(value, "__dict__"):
            self.into(value)
            return value
        if isinstance(value, type) or not is_dataclass(value):
            return value
        return self._with_slots(value)

    def _with_slots(self, value: Any) -> Any:
        old = {field.name: getattr(value, field.name) for field in fields(value)}
        new = {name: self.value(item) for name, item in old.items()}
        if _is_same([*old.values()], [*new.values()]):
            return value
        made = copy(value)
        for name, item in new.items():
            object.__setattr__(made, name, item)
        return made

    def _text(self, text: str) -> str:
        new = self._redact(text)
        return text if new == text else new

    def _collection(self, value: Any) -> Any:
        if id(value) in self._seen:
            return value
        self._seen.add(id(value))
        if isinstance(value, Mapping):
            new = {self.value(key): self.value(item) for key, item in value.items()}
            return value if _is_same([*value, *value.values()], [*new, *new.values()]) else new
        items = [self.value(item) for item in value]
        if _is_same([*value], items):
            return value
        return value._make(items) if hasattr(value, "_make") else type(value)(items)


def _is_same(old: list[Any], new: list[Any]) -> bool:
    return len(old) == len(new) and all(one is other for one, other in zip(old, new, strict=True))
