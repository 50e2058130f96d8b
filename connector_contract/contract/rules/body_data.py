"""A response's body as data, as if it were JSON: that of JSON, JSON lines, XML or CSV.

XML and CSV say no types: all values are strings. In XML, nothing tells a list of one from a single element.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from xml.parsers import expat

from connector_contract.clients.content_codings import plain
from connector_contract.recording.header_meaning import parameters
from connector_contract.recording.interactions import Interaction

# Data that a connector reads is not nested more deeply; what walks through it may recurse.
_DEEPEST = 100
_DELIMITERS = ",;\t"
# The first line of some spreadsheets' exports names the delimiter.
_SEPARATOR = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
_CSV = re.compile(r"\bcsv\b|comma-separated|tab-separated|\btsv\b")
_CSV_FILES = (".csv", ".tsv")
# What some servers call a CSV; whether it is one, its rows say.
_PERHAPS_CSV = frozenset({"", "text/plain", "application/octet-stream", "application/vnd.ms-excel"})


class Element(dict[str, Any]):
    """What an XML element has in it; the whole document is the element of its root."""


class NoData(ValueError):
    """A body is no data."""


def data_of(interaction: Interaction) -> Any:
    """The body of a response as data.

    A CSV is a list of objects, by the names in its first row. An XML document is an object that has its root.
    An element is an object of its children and its attributes (``@id``); without any it is its text, or null.
    Of children with one name there is a list. Names have no prefix of a namespace, and text beside children
    or attributes is ``#text``.

    Raises:
        NoData: It is none of these, or is broken.
    """
    # A file may be compressed, though no header says so.
    body = plain(interaction.response)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        content_type = _header(interaction, "content-type").lower()
    kind = content_type.partition(";")[0].strip()
    if "xml" in kind or body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _xml(body, _charset(content_type))
    if body.lstrip().startswith(b"{"):
        return _json_lines(body)
    is_csv = _CSV.search(kind) is not None or _is_csv_file(interaction)
    if is_csv or kind in _PERHAPS_CSV:
        return _csv(_text(body, _charset(content_type)), is_certain=is_csv)
    raise NoData


def _header(interaction: Interaction, name: str) -> str:
    return next((value for each, value in interaction.response.headers if each == name), "")


def _charset(content_type: str) -> str | None:
    return parameters(content_type).get("charset") or None


def _is_csv_file(interaction: Interaction) -> bool:
    named = parameters(_header(interaction, "content-disposition")).get("filename", "")
    names = (named.removesuffix(".gz"), urlsplit(interaction.request.uri).path.removesuffix(".gz"))
    return any(PurePosixPath(name).suffix.lower() in _CSV_FILES for name in names)


def _text(body: bytes, charset: str | None) -> str:
    is_utf16 = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16" if is_utf16 else charset, "utf-8"):
        try:
            return body.decode(encoding or "utf-8").removeprefix("\ufeff")
        except (LookupError, ValueError):
            continue
    # Any byte is some character of it, and what is compared is mostly ASCII.
    return body.decode("latin-1")


def _json_lines(body: bytes) -> list[Any]:
    try:
        return [json.loads(line) for line in body.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise NoData from None


def _csv(text: str, *, is_certain: bool) -> list[dict[str, str]]:
    named = _SEPARATOR.match(text)
    text = text[named.end() :] if named else text
    delimiter = named[1] if named else _delimiter(text)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        raise NoData from None
    names, *others = rows or [[]]
    if not is_certain and not _is_table(names, others):
        raise NoData
    # A row that is shorter lacks the last fields, and what is beyond the names has none.
    return [dict(zip([name.strip() for name in names], row, strict=False)) for row in others]


def _delimiter(text: str) -> str:
    """What parts the names in the first row; of several, what parts it into most."""
    line = re.sub('"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(_DELIMITERS, key=line.count)


def _is_table(names: list[str], rows: list[list[str]]) -> bool:
    """Whether rows look like those of a table, where nothing else says so."""
    is_head = len(names) > 1 and all(names) and len(set(names)) == len(names)
    return is_head and bool(rows) and all(len(row) == len(names) for row in rows)


def _xml(body: bytes, charset: str | None) -> Element:
    tree = _Tree()
    try:
        # A server's charset counts more than that of the document (RFC 7303).
        parser = expat.ParserCreate("utf-8" if charset else None)
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
        parser.CharacterDataHandler, parser.EntityDeclHandler = tree.text, _refuse
        parser.Parse(_text(body, charset).encode() if charset else body, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise NoData from None
    return tree.root


def _refuse(*_: Any) -> None:
    """Refuse a document that declares entities: a few of them stand for more than any memory holds."""
    raise NoData


class _Tree:
    """Puts elements together as a parser finds them; entities of other files are left out."""

    def __init__(self) -> None:
        self.root = Element()
        self._open: list[tuple[Element, list[str]]] = [(self.root, [])]

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        # An HTML page, such as a login or an error, has no records.
        if len(self._open) > _DEEPEST or _local(name).lower() == "html":
            raise NoData
        own = {f"@{_local(each)}": value for each, value in attributes.items() if not _is_namespace(each)}
        self._open.append((Element(own), []))

    def end(self, name: str) -> None:
        """An element ends."""
        element, texts = self._open.pop()
        _add(self._open[-1][0], _local(name), _value(element, "".join(texts).strip()))

    def text(self, text: str) -> None:
        """Some text, perhaps one of several, is in the element that is open."""
        self._open[-1][1].append(text)


def _value(element: Element, text: str) -> Any:
    if not element:
        return text or None
    return Element({**element, "#text": text}) if text else element


def _add(parent: Element, name: str, value: Any) -> None:
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _is_namespace(name: str) -> bool:
    return name == "xmlns" or name.startswith("xmlns:")
