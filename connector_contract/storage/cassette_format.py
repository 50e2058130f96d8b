"""Cassettes as text: vcrpy's version 1 YAML, written for the reviewer of a pull request.

Stock vcrpy and pytest-recording replay these files. Some keys they do not know, and ignore: those of
``cassette_head``, of which ``count`` is the number of interactions, so that a cassette that was cut between
two of them is not taken for a whole one; and ``spacing``, which says how a response's JSON was spaced before
it got a line a field, if it was not compact: read back, a body is what the server sent, to the byte.

The cassette of a large tenant has thousands of interactions of one form. These are written and read as text,
an interaction at a time; what has another form goes through PyYAML. Both give the same.
"""

from __future__ import annotations

import io
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
    exact_body,
    flat,
    grouped,
    interaction_of,
    load_yaml,
    reference_in,
    request_body_data,
    response_body_data,
    status_of,
)
from connector_contract.storage.line_ends import with_line_feeds
from connector_contract.storage.yaml_text import is_printable, scalar, value_of

# What is read at once is split while it is still in the processor's cache; a large interaction is not read in
# so many small parts that joining them takes long.
_READ_AT_ONCE = 1 << 18
_CUT = "it ends within a line: it was cut off"
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
    rb"      string: "
)
_JSON_BLOCK = re.compile(rb"\|-\n(?=        [{[])")
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
    if cassette is not None:
        return cassette
    stream.seek(0)
    read = stream.read()
    data = with_line_feeds(read)
    return (_read_as_text(io.BytesIO(data)) if data is not read else None) or _read_as_yaml(data)


def read_head(stream: BinaryIO) -> Head | None:
    """The head of a cassette, without reading the rest; ``None`` if it is not of the usual form.

    Raises:
        OSError: It cannot be read.
    """
    try:
        text = with_line_feeds(next(_entries(stream)) + b"\n")
        found = head_of(text.partition(_BETWEEN)[0] + b"\n")
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return None
    return None if found is None else found[0]


def _entry_parts(interaction: Interaction) -> Iterator[bytes]:
    request, response = interaction.request, interaction.response
    yield b"- request:\n"
    yield from _part(4, "method", request.method)
    plain = _PLAIN_URI.fullmatch(request.uri)
    yield from [f"    uri: {request.uri}\n".encode()] if plain else _part(4, "uri", request.uri)
    yield _headers_part(request.headers)
    yield from _part(4, "body", request_body_data(request.body))
    yield b"  response:\n"
    yield _status_part(response.status, response.reason)
    yield _headers_part(response.headers)
    yield b"    body:\n"
    for key, value in response_body_data(response.body).items():
        yield from _part(6, key, value)


@lru_cache(256)
def _headers_part(headers: Headers) -> bytes:
    return _as_yaml(4, "headers", grouped(headers))


@lru_cache(256)
def _status_part(status: int, reason: str) -> bytes:
    return _as_yaml(4, "status", {"code": status, "message": reason})


def _part(depth: int, key: str, value: str | bytes | None) -> Iterator[bytes]:
    yield b" " * depth + key.encode() + b": "
    # What is short is likely to come again.
    yield _short_scalar(value, depth) if value is None or len(value) < 99 else scalar(value, depth)


_short_scalar = lru_cache(256)(scalar)


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
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
        # Read as a whole, the cassette says what is wrong, and where.
        return None
    return Cassette(tuple(interactions), head.calls, head.given_up, head.form, head.made_up)


def _entries(stream: BinaryIO) -> Iterator[bytes]:
    """The text before the first interaction, and that of each interaction."""
    rest = b""
    while data := stream.read(max(_READ_AT_ONCE, len(rest))):
        *whole, rest = (rest + data).split(_BETWEEN)
        yield from whole
    if not rest.endswith(b"\n"):
        raise CassetteFormatError(_CUT)
    # It may be all of a large file, of which no second one is kept.
    rest = rest.removesuffix(b"\n")
    yield rest


def _of_usual_form(entry: bytes) -> Interaction | None:
    match = _ENTRY.match(entry)
    if match is None:
        return None
    method, uri, request_headers, request_body, status, response_headers = match.groups()
    body = _body_of(entry, match.end())
    if body is None:
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


def _body_of(entry: bytes, start: int) -> bytes | None:
    """A response's body, as it was sent, from the end of an entry; ``None`` if that is of no usual form."""
    spacing = _SPACING.search(entry, max(start, len(entry) - 40))
    end, name = (len(entry), USUAL_SPACING) if spacing is None else (spacing.start(), spacing[1].decode())
    restore, block = SPACINGS.get(name), _JSON_BLOCK.match(entry, start)
    if restore is not None and block is not None:
        # A view: the bodies are most of a cassette, and are not copied.
        body = restore(memoryview(entry)[block.end() : end])
        if body is not None and _is_block(entry, 8, block.end(), end):
            return body
    text = value_of(entry, start, end, 6)
    return None if text is None else exact_body({"string": text, "spacing": name})


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
    except RecursionError:
        raise CassetteFormatError("it is nested more deeply than anything that is recorded") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise CassetteFormatError(f"it is not the YAML of a cassette: {_one_line(error)}", line) from None
    if not isinstance(data, dict) or not isinstance(data.get("interactions"), list):
        raise CassetteFormatError("it has no list of interactions")
    if data.get("version") != VERSION:
        raise CassetteFormatError(f"its version is {data.get('version')!r}, not {VERSION}")
    ours = "count" in data
    if ours and not text.endswith(b"\n"):
        raise CassetteFormatError(_CUT, text.count(b"\n") + 1)
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
    return Cassette(interactions, head.calls, head.given_up, head.form if ours else None, head.made_up)


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
