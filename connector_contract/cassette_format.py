"""Cassettes as text: vcrpy's version 1 YAML, written for the reviewer of a pull request.

Stock vcrpy and pytest-recording replay these files. Two keys they do not know, and ignore. ``count`` is the
number of interactions, so that a cassette that was cut between two of them is not taken for a whole one.
``spacing`` says how a response's JSON was spaced before it got a line a field, if it was not compact: read
back, a body is what the server sent, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import yaml
from vcr.serializers import yamlserializer

from connector_contract.interactions import Cassette, Headers, Interaction, Request, Response
from connector_contract.jsontext import compact, indented, is_json_document, spaced

VERSION = 1

# How a response's JSON was spaced, and what gives it back from the indented text.
_USUAL = "compact"
_AS_IT_IS = "as it is"
_SPACINGS: dict[str, Callable[[str], str]] = {_USUAL: compact, "spaced": spaced}


class CassetteFormatError(ValueError):
    """The text is no cassette, or not a whole one.

    Args:
        message: What is wrong.
        line: Where in the text, from 1.
    """

    def __init__(self, message: str, line: int = 1) -> None:
        self.line = line
        super().__init__(message)


def dump_cassette(cassette: Cassette) -> str:
    """The text of a cassette, the same for equal cassettes."""
    data = {
        "version": VERSION,
        "count": len(cassette.interactions),
        "interactions": [_interaction_data(interaction) for interaction in cassette.interactions],
    }
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))


def parse_cassette(text: str) -> Cassette:
    """The cassette that a text holds.

    Raises:
        CassetteFormatError: It holds none, or not as many interactions as it says.
    """
    try:
        data = yamlserializer.deserialize(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise CassetteFormatError(
            f"it is no YAML that a cassette may hold: {_one_line(error)}", line
        ) from None
    if not isinstance(data, dict) or not isinstance(data.get("interactions"), list):
        raise CassetteFormatError("it has no list of interactions")
    if data.get("version") != VERSION:
        raise CassetteFormatError(f"its version is {data.get('version')!r}, not {VERSION}")
    # A cassette of stock vcrpy has its bodies as they were sent.
    ours = "count" in data
    interactions = tuple(
        _interaction(index, item, ours) for index, item in enumerate(data["interactions"], 1)
    )
    if data.get("count", len(interactions)) != len(interactions):
        found = len(interactions)
        raise CassetteFormatError(f"it says that it holds {data['count']} interactions, and holds {found}")
    return Cassette(interactions)


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as a literal block, and indents lists as vcrpy does."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Spell equal values out: an anchor is nothing that a reviewer should have to follow."""
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    if not text.replace("\n", "").isprintable():
        # Escaped, because YAML takes more characters for line breaks than "\n", and folds them.
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _interaction_data(interaction: Interaction) -> dict[str, Any]:
    request, response = interaction.request, interaction.response
    return {
        "request": {
            "method": request.method,
            "uri": request.uri,
            "headers": _grouped(request.headers),
            "body": _request_body(request.body),
        },
        "response": {
            "status": {"code": response.status, "message": response.reason},
            "headers": _grouped(response.headers),
            "body": _response_body(response.body),
        },
    }


def _interaction(index: int, data: Any, ours: bool) -> Interaction:
    try:
        request, response = data["request"], data["response"]
        return Interaction(
            Request(
                str(request["method"]),
                str(request["uri"]),
                _flat(request["headers"]),
                _bytes(request["body"]),
            ),
            Response(
                int(response["status"]["code"]),
                response["status"]["message"] or "",
                _flat(response["headers"]),
                _exact(response["body"]) if ours else _bytes(response["body"]["string"]),
            ),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise CassetteFormatError(
            f"interaction {index} lacks a part, or has a wrong one: {_one_line(error)}"
        ) from None


def _response_body(body: bytes) -> dict[str, str | bytes]:
    if not is_json_document(body):
        return {"string": _text(body)}
    text = body.decode()
    legible = indented(text)
    for spacing, restore in _SPACINGS.items():
        if restore(legible) == text:
            return {"string": legible, **({} if spacing == _USUAL else {"spacing": spacing})}
    return {"string": text, "spacing": _AS_IT_IS}


def _exact(data: Mapping[str, str | bytes]) -> bytes:
    """The body that a server sent, from what ``_response_body`` made of it."""
    text = data["string"]
    spacing = str(data.get("spacing", _USUAL))
    if isinstance(text, str) and "\n" in text and spacing != _AS_IT_IS and is_json_document(text.encode()):
        text = _SPACINGS[spacing](text)
    return _bytes(text)


def _request_body(body: bytes) -> str | bytes | None:
    # Requests are compared as JSON: how one was spaced does not matter.
    return indented(body.decode()) if is_json_document(body) else _text(body) or None


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def _bytes(body: str | bytes | None) -> bytes:
    if body is None:
        return b""
    return body if isinstance(body, bytes) else body.encode("utf-8")


def _grouped(headers: Headers) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in headers:
        grouped.setdefault(name, []).append(value)
    return grouped


def _flat(headers: Mapping[str, list[str] | str]) -> Headers:
    return tuple(
        (name.lower(), value)
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    )


def _one_line(error: Exception) -> str:
    text = f"no {error}" if isinstance(error, KeyError) else str(error)
    return " ".join(text.split())
