"""HTML with labels: rows of tables, lists of definitions, fields of forms, and ``<b>Name:</b> Alice``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import Any, NamedTuple

from connector_contract.people.documents import Document, decoded
from connector_contract.people.labels import Value, labelled, may_be_personal
from connector_contract.people.listed import listed

_TOKEN = re.compile(
    r"(?si)<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)\s*>|<!\[CDATA\[.*?\]\]>|<[!?][^<>]*>"
    r"|<(?P<close>/?)(?P<tag>[a-z][\w:-]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|(?P<text>[^<]+)"
)
_ATTRIBUTE = re.compile(r"""(?<![^\s"'])([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_IS_LABELLED = re.compile(rb"(?i)<(?:t[dh]|dt|html|label|input|!doctype html|br|p|li|div|span)[\s/>]")
_LABELS = listed("td th dt label b strong em")
_CELLS = listed("td th")
_ENDS = listed("table dl form")
_INLINE = re.compile(r"\s*(?P<label>[A-Za-z][\w .()/-]{0,40}?)\s*:\s+(?P<value>\S.*\S)\s*", re.DOTALL)
_FEWEST = 2


class _Node(NamedTuple):
    """A text of a page.

    Attributes:
        tag: The element that it is in.
        text: What it says.
        span: Where it stands.
        record: Which table, list or form it is in.
        row: Which row of it; 0 if it is in none.
        cell: Which cell of this.
    """

    tag: str
    text: str
    span: tuple[int, int]
    record: int
    row: int
    cell: int

    @property
    def label(self) -> str:
        """What it says of what follows."""
        return self.text.strip().rstrip(":*\u00a0 ")

    @property
    def is_label(self) -> bool:
        """Whether it may say that a person's value follows."""
        has_form = self.tag in _LABELS or self.text.rstrip().endswith(":")
        return has_form and may_be_personal(self.label)


def html_document(body: bytes, content_type: str) -> Document | None:
    """A page or a part of one; ``None`` if no label in it may be of somebody's value."""
    if not _IS_LABELLED.search(body):
        return None
    text, charset = decoded(body, content_type)
    values = sorted(_values(text), key=lambda each: each.span)
    return labelled(text, values, charset, _spelled) if values else None


def _values(text: str) -> Iterator[Value]:
    nodes, inputs = _read(text)
    yield from inputs
    heads = _heads(nodes)
    before = None
    for node in nodes:
        head = heads.get(node.record)
        if head is not None and node.row:
            # Each row is a record.
            if node.row != head[0].row and node.cell < len(head):
                record = -(node.record * len(nodes) + node.row)
                yield Value(head[node.cell].label, node.text, node.span, record)
        elif before is not None and before.is_label and not node.is_label:
            yield Value(before.label, node.text, node.span, node.record)
        elif (inline := _INLINE.fullmatch(node.text)) and may_be_personal(inline["label"]):
            span = node.span[0] + inline.start("value"), node.span[0] + inline.end("value")
            if text[slice(*span)] == inline["value"]:
                yield Value(inline["label"], inline["value"], span, node.record)
        before = node


def _heads(nodes: Sequence[_Node]) -> dict[int, list[_Node]]:
    """For each table, its first row if that names its columns."""
    rows: dict[int, list[_Node]] = {}
    for node in nodes:
        if node.row:
            first = rows.setdefault(node.record, [node])
            if node is not first[0] and node.row == first[0].row:
                first.append(node)
    return {record: row for record, row in rows.items() if _is_head(row)}


def _is_head(row: Sequence[_Node]) -> bool:
    named = [node for node in row if may_be_personal(node.label)]
    is_whole = [node.cell for node in row] == list(range(len(row)))
    is_named = len(named) == len(row) or all(node.tag == "th" for node in row)
    return is_whole and len(row) >= _FEWEST and bool(named) and is_named


def _read(text: str) -> tuple[list[_Node], list[Value]]:
    nodes: list[_Node] = []
    inputs: list[Value] = []
    tags: list[str] = []
    record = row = 0
    cell = -1
    for found in _TOKEN.finditer(text):
        tag = (found["tag"] or "").lower()
        if tag == "input":
            inputs += _input(found, record)
        elif tag:
            tags = [*tags[-50:], tag] if not found["close"] else _closed(tags, tag)
        if tag in _ENDS:
            record, row, cell = record + 1, 0, -1
        elif tag == "tr" and not found["close"]:
            row, cell = row + 1, -1
        elif tag in _CELLS and not found["close"]:
            cell += 1
        elif found["text"] and not found["text"].isspace():
            own = found["text"].strip()
            start = found.start("text") + found["text"].index(own)
            span = start, start + len(own)
            inner = next((each for each in reversed(tags) if each not in ("span", "br", "a", "p")), "")
            is_in_cell = row and cell >= 0
            nodes.append(_Node(inner, unescape(own), span, record, row if is_in_cell else 0, max(cell, 0)))
    return nodes, inputs


def _closed(tags: list[str], tag: str) -> list[str]:
    return tags[: len(tags) - 1 - tags[::-1].index(tag)] if tag in tags else tags


def _input(found: re.Match[str], record: int) -> Iterator[Value]:
    """The field of a form, if it has a value."""
    attributes = {
        each[1].lower(): each for each in _ATTRIBUTE.finditer(found.string, *found.span("attributes"))
    }
    value = attributes.get("value")
    names = (_text_of(attributes.get(key)) for key in ("name", "id", "placeholder"))
    name = next(filter(may_be_personal, names), "")
    if name and value is not None and _text_of(value):
        yield Value(name, unescape(_text_of(value)), value.span(value.lastindex or 0), record)


def _text_of(attribute: re.Match[str] | None) -> str:
    return "" if attribute is None else attribute[attribute.lastindex or 0]


def _spelled(value: Any, stood: str) -> str:
    text = str(value)
    if "<" in stood:
        # Of what is between labels and values.
        return text
    escaped = escape(text, quote=False) if "&" in stood else text
    return escaped.replace('"', "&quot;") if "&quot;" in stood else escaped
