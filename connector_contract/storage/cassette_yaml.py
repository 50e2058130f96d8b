"""An interaction as the data of a YAML file: the form that ``cassette_format`` reads and writes faster."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import yaml

from connector_contract.recording.interactions import Headers, Interaction, Request, Response
from connector_contract.storage.jsontext import compact, indented, spaced
from connector_contract.storage.yaml_text import is_printable, quoted

USUAL_SPACING = "compact"
"""How a response's JSON was spaced if nothing is said."""

SPACINGS: dict[str, Callable[[bytes | memoryview], bytes | None]] = {USUAL_SPACING: compact, "spaced": spaced}
"""What gives a response's JSON back from the indented text, by how it was spaced."""

_AS_IT_IS = "as it is"
_REFERENCE = re.compile(rb"(?:^|[-:?,\[{]) *[&*][^\s,\[\]{}]", re.MULTILINE)


def dump_yaml(data: Any) -> str:
    """The text of a part of a cassette, the same for equal data."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))


def load_yaml(text: str | bytes) -> Any:
    """What a text holds.

    Raises:
        yaml.YAMLError: It is no YAML.
        ValueError: It has a value that cannot be.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a safe one


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads what stock vcrpy writes, too: old releases marked their texts as Python's."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node; of a key that comes twice, PyYAML would take the last value in silence."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"it has {key.value!r} twice", key.start_mark
                )
            seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


for _name in ("str", "unicode"):
    _Loader.add_constructor(
        f"tag:yaml.org,2002:python/{_name}", lambda loader, node: loader.construct_scalar(node)
    )


def reference_in(text: bytes) -> int | None:
    """The line of the first anchor or alias in a YAML text, from 1; ``None`` if it has none.

    A few of them can stand for more data than any memory holds.
    """
    # Where one may stand; it may be in a text as well.
    if _REFERENCE.search(text) is None:
        return None
    found = (event for event in yaml.parse(text, _Loader) if getattr(event, "anchor", None))
    lines = (event.start_mark.line + 1 for event in found if event.start_mark)
    return next(lines, None)


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as a literal block, and indents lists as vcrpy does."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Spell equal values out: an anchor is nothing that a reviewer should have to follow."""
        return True

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """Write a text with a line for each of its own; a key has one alone."""
        if split:
            self.write_indicator(quoted(text, self.indent or 0), True)
        else:
            super().write_double_quoted(text, split)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    if not is_printable(text):
        # Escaped, because YAML takes more characters for line breaks than "\n", and folds them.
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def interaction_of(data: Any, ours: bool) -> Interaction:
    """The interaction that a cassette keeps as ``data``.

    Args:
        data: What was read.
        ours: Whether it was written here; stock vcrpy has bodies as they were sent.

    Raises:
        LookupError, TypeError, ValueError: A part is missing, or a wrong one.
    """
    request, response = data["request"], data["response"]
    return Interaction(
        Request(
            _text_at(request, "method"),
            _uri(_text_at(request, "uri")),
            flat(request["headers"]),
            _bytes(request["body"]),
        ),
        Response(
            *status_of(response["status"]),
            flat(response["headers"]),
            exact_body(response["body"]) if ours else _bytes(response["body"]["string"]),
        ),
    )


def status_of(data: Any) -> tuple[int, str]:
    """Status code and reason phrase.

    Raises:
        LookupError, TypeError, ValueError: One is missing, or a wrong one.
    """
    code = data["code"]
    # True is an int, too.
    if type(code) is not int or not 100 <= code <= 999:
        raise ValueError("its status code is no number from 100 to 999")
    return code, "" if data["message"] is None else _text_at(data, "message")


def _text_at(data: Any, key: str) -> str:
    value = data[key]
    if not isinstance(value, str):
        # The value itself is not shown: a reference in YAML can make it endless.
        raise ValueError(f"its {key} is no text")
    return value


def _uri(uri: str) -> str:
    try:
        urlsplit(uri).port  # noqa: B018 - to look at it is to check it
    except ValueError as error:
        raise ValueError(f"its uri is no URL: {error}") from None
    return uri


def request_body_data(body: bytes) -> str | bytes | None:
    """What a cassette has of a request's body: JSON is compared as JSON, so its spacing does not matter."""
    return indented(body) or _text(body) or None


def response_body_data(body: bytes) -> dict[str, str | bytes]:
    """What a cassette has of a response's body: enough to give it back to the byte."""
    text = indented(body)
    if text is None:
        return {"string": _text(body)}
    spacing = spacing_of(body)
    if spacing is None:
        return {"string": _text(body), "spacing": _AS_IT_IS}
    return {"string": text, **({} if spacing == USUAL_SPACING else {"spacing": spacing})}


def spacing_of(body: bytes) -> str | None:
    """How a JSON body is spaced; ``None`` if in no way that it could be given back in."""
    # The tokens of the indented text are those of the body, so this is what it will be read as.
    return next((name for name, space in SPACINGS.items() if space(body) == body), None)


def exact_body(data: Mapping[str, str | bytes]) -> bytes:
    """The body that a server sent, from what ``response_body_data`` made of it."""
    text = data["string"]
    spacing = str(data.get("spacing", USUAL_SPACING))
    body = _bytes(text)
    if spacing == _AS_IT_IS or not isinstance(text, str) or "\n" not in text or indented(body) is None:
        return body
    return SPACINGS[spacing](body) or body


def grouped(headers: Headers) -> dict[str, list[str]]:
    """Headers as a cassette has them."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return values


def flat(headers: Mapping[str, list[str] | str]) -> Headers:
    """Headers of a cassette, in the order of their lines.

    Raises:
        ValueError: They are none.
    """
    if not isinstance(headers, dict):
        raise ValueError("its headers are not names with values")
    found = tuple(
        (name, value)
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    )
    if not all(isinstance(text, str) for pair in found for text in pair):
        raise ValueError("a header is no text")
    return tuple((name.lower(), value) for name, value in found)


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def _bytes(body: str | bytes | None) -> bytes:
    if body is None:
        return b""
    if not isinstance(body, str | bytes):
        raise ValueError("its body is no text")
    return body if isinstance(body, bytes) else body.encode("utf-8")
