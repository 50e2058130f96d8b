"""CSV and forms as documents."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from urllib.parse import unquote_plus

from connector_contract.people.documents import Document, Span, decoded, objects_of
from connector_contract.people.field_names import field
from connector_contract.people.uris import percent_encoded_as

_DELIMITERS = ",;\t|"
_PAIR = re.compile(r"(?:\A|(?<=&))([^=&]*)=([^&]*)")
_FORM = re.compile(r"[\w.\[\]%+-]+=[^&\s]*+(?:&[\w.\[\]%+-]++=[^&\s]*+)*+\Z")
_MOST_ROWS_LOOKED_AT = 20


def csv_document(body: bytes, content_type: str) -> Document | None:
    """A body of CSV whose first row has names; ``None`` if it is none.

    Args:
        body: The body.
        content_type: What its sender calls it; unless that is CSV, there has to be a personal field.
    """
    text, charset = decoded(body, content_type)
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    rows = _rows(text, delimiter)
    kind = content_type.lower()
    is_certain = "csv" in kind or "comma-separated" in kind or "tab-separated" in kind
    if len(rows) < 2 or not (is_certain or _is_table(rows, text)):
        return None
    names = [_plain(text[start:end]).strip().lstrip("\ufeff") for start, end in rows[0]]
    spans: list[Span] = []
    records = []
    for row in rows[1:]:
        pairs = []
        for place, (start, end) in enumerate(row):
            pairs.append((names[place] if place < len(names) else "", _plain(text[start:end])))
            spans += [None, (start, end)]
        records.append(objects_of(pairs))
    return Document(text, records, spans, partial(_spelled, delimiter), charset, "replace")


def form_document(body: bytes, content_type: str) -> Document | None:
    """A body of pairs, as an HTML form sends it; ``None`` if it is none."""
    if "form-urlencoded" not in content_type.lower() and (content_type or not _is_form(body)):
        return None
    text, charset = decoded(body, content_type)
    pairs: list[tuple[str, Any]] = []
    spans: list[Span] = []
    for found in _PAIR.finditer(text):
        pairs.append((unquote_plus(found[1]), unquote_plus(found[2])))
        spans += [None, found.span(2)]
    return Document(text, objects_of(pairs), spans, _encoded, charset, "replace") if pairs else None


def _is_form(body: bytes) -> bool:
    return b"\n" not in body and body.isascii() and _FORM.match(body.decode()) is not None


def _encoded(value: Any, spelled: str) -> str:
    return percent_encoded_as(spelled, str(value), plus=True)


def _rows(text: str, delimiter: str) -> list[list[tuple[int, int]]]:
    """Where the cells of each row stand; nothing where a quote is never closed."""
    cell = re.compile(
        rf'("(?:[^"]|"")*+"|[^\r\n{re.escape(delimiter)}]*+)({re.escape(delimiter)}|\r\n|\n|\r|\Z)'
    )
    rows: list[list[tuple[int, int]]] = []
    row: list[tuple[int, int]] = []
    place = 0
    while place < len(text):
        found = cell.match(text, place)
        if found is None:
            return []
        row.append(found.span(1))
        place = found.end()
        if found[2] != delimiter:
            if row != [(place - len(found[2]),) * 2]:
                rows.append(row)
            row = []
    return [*rows, [*row, (place, place)]] if row else rows


def _is_table(rows: list[list[tuple[int, int]]], text: str) -> bool:
    width = len(rows[0])
    names = [_plain(text[start:end]) for start, end in rows[0]]
    is_even = all(len(row) == width for row in rows[:_MOST_ROWS_LOOKED_AT])
    return width > 1 and is_even and all(names) and any(field(name).kind for name in names)


def _plain(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _spelled(delimiter: str, value: Any, spelled: str) -> str:
    text = str(value)
    if spelled.startswith('"') or any(each in text for each in (delimiter, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
