"""Known values in place of their placeholders again, which a connector may look for in what is played."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import unescape
from typing import Any

from connector_contract.secrets.markup_placeholders import elements, is_markup, with_escaped
from connector_contract.secrets.replacements import Edit
from connector_contract.secrets.rewritten import rewritten
from connector_contract.secrets.spellings import FORMS, in_bytes, in_form
from connector_contract.secrets.wrapped import rewrapped
from connector_contract.storage.jsontext import is_json_document

_SHOWN = re.compile(r"<[^<>\n]+>")
_IN_MARKUP = re.compile(r"<[^<>\n]+>|&lt;[^<>&\n]+&gt;")
_SHOWN_IN_BYTES = re.compile(rb"<[^<>\n]+>")
# So much of a placeholder is looked for in base64 before that is decoded.
_BEGINNING = 6


class Restoring:
    """Restores values.

    Args:
        values: The value for each placeholder.
        made_up: The value for each stand-in that is none.
    """

    has_spaces = False
    has_other_letters = False

    def __init__(self, values: Mapping[str, str], made_up: Mapping[str, str]) -> None:
        self._values: dict[str, str] = {}
        self._made_up = made_up
        self._aliases = re.compile("|".join(map(_whole, made_up)) or r"(?!)")
        self._made_up_values = [in_bytes(value) for value in made_up.values()]
        # A name with an angle bracket in it is looked for by itself.
        self._odd: set[str] = set()
        self._beginnings: set[bytes] = set()
        self._pattern = _SHOWN
        for shown, value in values.items():
            self.learn(shown, value)

    def learn(self, shown: str, value: str) -> None:
        """Know a further placeholder."""
        self._values[shown] = value
        self._beginnings.update(_encoded(in_bytes(shown)[:_BEGINNING]))
        if _SHOWN.fullmatch(shown) is None and shown not in self._odd:
            self._odd.add(shown)
            self._pattern = re.compile("|".join([*map(re.escape, sorted(self._odd)), _SHOWN.pattern]))

    def __contains__(self, shown: object) -> bool:
        """Whether a value is known for a placeholder."""
        return shown in self._values

    def may_be_in(self, body: bytes) -> bool:
        """Whether something may have to be restored in ``body``; most have nothing."""
        if self._made_up or self.may_be_in_base64(body) or (b"&lt;" in body and is_markup(body)):
            return True
        if b"<" not in body:
            return False
        found = (each.decode("utf-8", "surrogateescape") for each in _SHOWN_IN_BYTES.findall(body))
        return bool(self._odd) or any(self._value(shown) is not None for shown in found)

    def text(self, text: str, *, in_json: bool = False) -> str:
        """A text with the values in place of their stand-ins.

        Args:
            text: The text.
            in_json: Whether they are to be escaped as in strings of JSON.
        """

        def value(found: re.Match[str]) -> str:
            plain = self._value(found[0])
            if plain is None:
                return found[0]
            return json.dumps(plain, ensure_ascii=False)[1:-1] if in_json else plain

        if "<" in text:
            text = self._pattern.sub(value, text)
        if self._made_up and any(map(text.__contains__, self._made_up)):
            text = self._aliases.sub(lambda found: self._escaped(found[0], in_json), text)
        return self._within_tokens(text)

    def markup(self, text: str) -> str:
        """XML or HTML with the values in place of their stand-ins, escaped as these are."""
        # An earlier release has not escaped them. An element of such a name was none.
        own = {f"<{name}>" for name in elements(text)}

        def changed(part: str, escaped: Callable[[str], str]) -> str:
            is_text = escaped("<") == "<"

            def value(found: re.Match[str]) -> str:
                shown = found[0] if is_text else unescape(found[0])
                is_element = not is_text and found[0] in own
                plain = None if is_element else self._value(shown)
                return found[0] if plain is None else escaped(plain)

            part = _IN_MARKUP.sub(value, part)
            return self._aliases.sub(lambda found: escaped(self._made_up[found[0]]), part)

        return self._within_tokens(with_escaped(text, changed))

    def _escaped(self, alias: str, in_json: bool) -> str:
        plain = self._made_up[alias]
        return json.dumps(plain, ensure_ascii=False)[1:-1] if in_json else plain

    def _within_tokens(self, text: str) -> str:
        data = before = in_bytes(text)
        if self.may_be_in_base64(data):
            data = rewritten(data, self)
        if self._made_up:
            data = rewrapped(data, _OfTokens(self))
        return text if data is before else data.decode("utf-8", "surrogateescape")

    def json(self, value: Any) -> Any:
        """A value of JSON with the values in its strings."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.json(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.json(item) for item in value]
        return value

    def has_made_up(self, data: bytes) -> bool:
        """Whether a value is in ``data`` that the connector has made up."""
        return any(value in data for value in self._made_up_values)

    def edits(self, data: bytes) -> list[Edit]:
        """Where in what base64 encodes a placeholder stands, and the value for it."""
        edits, in_json = [], is_json_document(data)
        for found in _SHOWN_IN_BYTES.finditer(data):
            value = self._value(found[0].decode("utf-8", "surrogateescape"))
            if value is not None:
                shown = json.dumps(value, ensure_ascii=False)[1:-1] if in_json else value
                edits.append((found.start(), found.end(), in_bytes(shown)))
        return edits

    def whole(self, _content: bytes, _form: str) -> bytes | None:
        """Nothing: what is encoded as a whole has a placeholder that is not."""
        return None

    def may_be_in_base64(self, data: bytes) -> bool:
        """Whether the beginning of a placeholder is in base64, or in hexadecimal."""
        return any(beginning in data for beginning in self._beginnings)

    def _value(self, shown: str) -> str | None:
        """The value of a placeholder, in the form that this says; ``None`` if none is known."""
        if shown in self._values:
            return self._values[shown]
        name, _, form = shown[1:-1].rpartition(".")
        plain = self._values.get(f"<{name}>") if form in FORMS else None
        return None if plain is None else in_form(form, plain)


class _OfTokens:
    """Restores in tokens what the connector has made up."""

    def __init__(self, restoring: Restoring) -> None:
        self._restoring = restoring

    def data(self, data: bytes) -> bytes:
        return in_bytes(self._restoring.text(data.decode("utf-8", "surrogateescape")))

    def json(self, value: Any) -> Any:
        return self._restoring.json(value)

    def has_alias(self, data: bytes) -> bool:
        return self._restoring.has_made_up(data)


# The names of secrets begin alike.
@lru_cache(256)
def _encoded(beginning: bytes) -> tuple[bytes, ...]:
    """The digits that base64 makes of it, wherever it stands in what is encoded, and hexadecimal."""
    in_hex = beginning.hex().encode()
    found = [in_hex, in_hex.upper()]
    for before in range(3):
        digits = base64.b64encode(b"\0" * before + beginning)
        found.append(digits[-(-8 * before // 6) : 8 * (before + len(beginning)) // 6])
    return tuple(found)


def _whole(alias: str) -> str:
    # Another alias may begin with this one: of "key-1" and "key-10", one is found in the other.
    return rf"(?<![\w-]){re.escape(alias)}(?![\w-])"
