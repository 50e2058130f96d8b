"""Cassettes as text: vcrpy's version 1 YAML, written for the reviewer of a pull request.

Stock vcrpy and pytest-recording replay these files. Some keys they do not know, and ignore: those of
``cassette_head``, of which ``count`` is the number of interactions, so that a cassette that was cut between
two of them is not taken for a whole one; and ``spacing``, which says how a response's JSON was spaced before
it got a line a field, if it was not compact: read back, a body is what the server sent, to the byte.

The cassette of a large tenant has thousands of interactions of one form. These are written and read as text,
an interaction at a time; what has another form goes through PyYAML. Both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, BinaryIO

import yaml

from connector_contract.recording.interactions import Cassette, Headers, Interaction, Request, Response
from connector_contract.storage.cassette_head import (
    VERSION,
    Head,
    check_numbers,
    head_from,
    head_of,
    head_text,
)
from connector_contract.storage.cassette_yaml import (
    SPACINGS,
    USUAL_SPACING,
    dump_yaml,
    flat,
    grouped,
    interaction_of,
    is_printable,
    load_yaml,
    reference_in,
    request_body_data,
    response_body_data,
    spacing_of,
    status_of,
)
from connector_contract.storage.jsontext import indented

# What is read at once is split while it is still in the processor's cache; a large interaction is not read in
# so many small parts that joining them takes long.
_READ_AT_ONCE = 1 << 18
# What is between two interactions, and nowhere in one: there, every line is indented.
_BETWEEN = b"\n- request:\n"
_ENTRY = re.compile(
    rb"    method: ([A-Z]+)\n"
    rb"    uri: (https?://[!-~]*[!-9;-~])\n"
    rb"    headers:((?: \{\})?\n(?:      .*\n)*)"
    rb"    body: (?:null|\|-\n(      [{[].*\n(?:      .*\n)*      []}]))\n"
    rb"  response:\n"
    rb"    status:\n"
    rb"((?:      .*\n)+)"
    rb"    headers:((?: \{\})?\n(?:      .*\n)*)"
    rb"    body:\n"
    rb"      string: \|-\n(?=        [{[])"
)
_LESS_INDENTED = {depth: re.compile(rb"\n(?!" + b" " * depth + b")") for depth in (6, 8)}
_SPACING = re.compile(rb"\n      spacing: ([a-z ]+)$")
# PyYAML, too, writes it as it is: nothing else that YAML knows starts like this.
_PLAIN_URI = re.compile(r"https?://[!-~]*[!-9;-~]")


class CassetteFormatError(ValueError):
    """The text is no cassette, or not a whole one.

    Args:
        message: What is wrong.
        line: Where in the text, from 1.
    """

    def __init__(self, message: str, line: int = 1) -> None:
        self.line = line
        super().__init__(message)


def cassette_parts(cassette: Cassette) -> Iterator[bytes]:
    """The text of a cassette in UTF-8, piece by piece; the same for equal cassettes."""
    yield head_text(cassette)
    yield b"interactions:\n" if cassette.interactions else b"interactions: []\n"
    for interaction in cassette.interactions:
        yield from _entry_parts(interaction)


def read_cassette(stream: BinaryIO) -> Cassette:
    """The cassette that a file holds.

    Raises:
        CassetteFormatError: It holds none, or not as many interactions as it says.
        OSError: It cannot be read.
    """
    cassette = _read_as_text(stream)
    if cassette is None:
        stream.seek(0)
        cassette = _read_as_yaml(stream.read())
    return cassette


def read_head(stream: BinaryIO) -> Head | None:
    """The head of a cassette, without reading the rest; ``None`` if it is not of the usual form.

    Raises:
        OSError: It cannot be read.
    """
    try:
        found = head_of(next(_entries(stream)) + b"\n")
    except (LookupError, TypeError, ValueError, AttributeError):
        return None
    return None if found is None else found[0]


def _entry_parts(interaction: Interaction) -> Iterator[bytes]:
    request, response = interaction.request, interaction.response
    yield b"- request:\n"
    yield _part(4, "method", request.method)
    plain = _PLAIN_URI.fullmatch(request.uri)
    yield f"    uri: {request.uri}\n".encode() if plain else _part(4, "uri", request.uri)
    yield _headers_part(request.headers)
    yield _block(4, "body", indented(request.body)) or _part(4, "body", request_body_data(request.body))
    yield b"  response:\n"
    yield _status_part(response.status, response.reason)
    yield _headers_part(response.headers)
    yield b"    body:\n"
    if spacing_of(response.body) == USUAL_SPACING and (block := _block(6, "string", indented(response.body))):
        yield block
        return
    for key, value in response_body_data(response.body).items():
        yield _part(6, key, value)


def _block(depth: int, key: str, text: str | None) -> bytes | None:
    """Indented JSON as the literal block that PyYAML makes of it; ``None`` if it makes something else."""
    if text is None or "\n" not in text or not is_printable(text):
        return None
    margin = b"\n" + b" " * (depth + 2)
    return b"".join(
        (b" " * depth, key.encode(), b": |-", margin, text.encode().replace(b"\n", margin), b"\n")
    )


@lru_cache(256)
def _headers_part(headers: Headers) -> bytes:
    return _as_yaml(4, "headers", grouped(headers))


@lru_cache(256)
def _status_part(status: int, reason: str) -> bytes:
    return _as_yaml(4, "status", {"code": status, "message": reason})


def _part(depth: int, key: str, value: str | bytes | None) -> bytes:
    # What is short is likely to come again.
    return _short_part(depth, key, value) if value is None or len(value) < 99 else _as_yaml(depth, key, value)


@lru_cache(256)
def _short_part(depth: int, key: str, value: str | bytes | None) -> bytes:
    return _as_yaml(depth, key, value)


def _as_yaml(depth: int, key: str, value: Any) -> bytes:
    text = dump_yaml({key: value})
    if text.endswith("\n...\n"):
        # PyYAML marks the end of a document that ends with an empty line, and this is no document.
        text = text.removesuffix("...\n")
    lines = text.splitlines(keepends=True)
    return "".join(" " * depth + line if line != "\n" else line for line in lines).encode()


def _read_as_text(stream: BinaryIO) -> Cassette | None:
    """The cassette, if it has the form that ``cassette_parts`` gives it."""
    entries = _entries(stream)
    interactions = []
    try:
        head, rest = head_of(next(entries) + b"\n") or (None, b"")
        if head is None or rest not in (b"interactions:\n", b"interactions: []\n"):
            return None
        for entry in entries:
            interactions.append(_of_usual_form(entry) or _of_other_form(entry))
        if len(interactions) != head.length:
            return None
        check_numbers(head)
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError):
        # Read as a whole, the cassette says what is wrong, and where.
        return None
    return Cassette(tuple(interactions), head.calls, head.given_up, head.form)


def _entries(stream: BinaryIO) -> Iterator[bytes]:
    """The text before the first interaction, and that of each interaction."""
    rest = b""
    while data := stream.read(max(_READ_AT_ONCE, len(rest))):
        *whole, rest = (rest + data).split(_BETWEEN)
        yield from whole
    yield rest.removesuffix(b"\n")


def _of_usual_form(entry: bytes) -> Interaction | None:
    match = _ENTRY.match(entry)
    if match is None:
        return None
    method, uri, request_headers, request_body, status, response_headers = match.groups()
    end, restore = len(entry), SPACINGS[USUAL_SPACING]
    if not entry.endswith((b"}", b"]")):
        spacing = _SPACING.search(entry, max(match.end(), end - 40))
        if spacing is None or spacing[1].decode() not in SPACINGS:
            return None
        end, restore = spacing.start(), SPACINGS[spacing[1].decode()]
    # A view: the bodies are most of a cassette, and are not copied.
    body = restore(memoryview(entry)[match.end() : end])
    if body is None or not _is_block(entry, 8, match.end(), end):
        return None
    made = b""
    if request_body is not None:
        made = request_body.replace(b"\n      ", b"\n").removeprefix(b"      ")
        if not _is_block(request_body, 6, 0, len(request_body)):
            return None
    return Interaction(
        Request(method.decode(), uri.decode(), _headers_of(request_headers), made),
        Response(*_status_of(status), _headers_of(response_headers), body),
    )


def _is_block(text: bytes, depth: int, start: int, end: int) -> bool:
    """Whether YAML takes a part of a text for one block: no line is indented less, and all is printable."""
    if _LESS_INDENTED[depth].search(text, start, end):
        return False
    return text.isascii() or is_printable(text[start:end].decode("utf-8"))


def _of_other_form(entry: bytes) -> Interaction:
    text = b"- request:\n" + entry + b"\n"
    if reference_in(text):
        raise CassetteFormatError("an interaction has a YAML anchor or alias")
    (data,) = load_yaml(text)
    return interaction_of(data, ours=True)


@lru_cache(256)
def _headers_of(text: bytes) -> Headers:
    return flat(load_yaml(b"headers:" + text)["headers"])


@lru_cache(256)
def _status_of(text: bytes) -> tuple[int, str]:
    return status_of(load_yaml(text))


def _read_as_yaml(text: bytes) -> Cassette:
    try:
        data = load_yaml(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise CassetteFormatError("it is not UTF-8") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise CassetteFormatError(f"it is not the YAML of a cassette: {_one_line(error)}", line) from None
    if not isinstance(data, dict) or not isinstance(data.get("interactions"), list):
        raise CassetteFormatError("it has no list of interactions")
    if data.get("version") != VERSION:
        raise CassetteFormatError(f"its version is {data.get('version')!r}, not {VERSION}")
    ours = "count" in data
    if ours and (line := reference_in(text)):
        raise CassetteFormatError("it has a YAML anchor or alias, and a recording has none", line)
    interactions = tuple(_numbered(index, item, ours) for index, item in enumerate(data["interactions"], 1))
    try:
        head = head_from(data)
        if head.length != len(interactions):
            found = len(interactions)
            raise CassetteFormatError(f"its count says {head.length} interactions, and it holds {found}")
        check_numbers(head)
    except CassetteFormatError:
        raise
    except ValueError as error:
        raise CassetteFormatError(str(error)) from None
    return Cassette(interactions, head.calls, head.given_up, head.form if ours else None)


def _numbered(index: int, data: Any, ours: bool) -> Interaction:
    try:
        return interaction_of(data, ours)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise CassetteFormatError(
            f"interaction {index} lacks a part, or has a wrong one: {_one_line(error)}"
        ) from None


def _one_line(error: Exception) -> str:
    text = f"no {error}" if isinstance(error, KeyError) else str(error)
    return " ".join(text.split())
