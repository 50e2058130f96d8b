"""Tables with the names of columns apart: ``{"columns": ["id", "name"], "rows": [[1, "Alice"]]}``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from connector_contract.people.field_names import field, normalized
from connector_contract.people.listed import listed

_HEADS = listed(
    "columns cols column headers header head columnnames columnheaders columndefinitions columninfo"
    " columnmetadata fields fieldnames fielddefinitions rowtype schema metadata resultsetmetadata meta names"
    " keys attributes properties reportmetadata detailcolumns labels series"
)
_BODIES = listed(
    "rows row data values records items results result resultset cells entries dataset datarows tuples body"
    " content matrix lines"
)
_NAMES = listed("name label title field key id columnname fieldname displayname header text alias caption")
_FEWEST = 2


def rows_by_columns(record: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """The names of the columns of each table in an object, and each of its rows."""
    named = _named_heads(tuple(record))
    heads = [names for name in named for names in _heads(record[name])]
    if not heads:
        return
    for rows in _bodies(record):
        names = next((each for each in heads if all(len(row) == len(each) for row in rows)), None)
        if names is not None:
            yield from ((names, row) for row in rows)


def rows_below_names(rows: Sequence[Any]) -> tuple[tuple[str, ...], list[list[Any]]] | None:
    """The names in the first of some rows, and the others; ``None`` if it has no names."""
    if len(rows) < _FEWEST or not all(isinstance(row, list) for row in rows):
        return None
    head, *others = rows
    names = _names(head)
    if names is None or len(names) < _FEWEST or any(len(row) > len(names) for row in others):
        return None
    # Rows that begin with names, too, are pairs.
    below = (row[0] for row in others if row)
    return None if any(isinstance(each, str) and _is_personal(each) for each in below) else (names, others)


@lru_cache(8_192)
def _named_heads(names: tuple[str, ...]) -> tuple[str, ...]:
    """Which fields of an object may name columns."""
    return tuple(name for name in names if normalized(name) in _HEADS)


def _heads(value: Any) -> Iterator[tuple[str, ...]]:
    inner = value.values() if isinstance(value, dict) else [value]
    yield from filter(None, (_names(each) for each in inner if isinstance(each, list)))


def _names(columns: list[Any]) -> tuple[str, ...] | None:
    """What the columns are called, if one of them may be personal."""
    names = tuple(map(_name, columns))
    return names if all(names) and any(map(_is_personal, names)) else None


def _name(column: Any) -> str:
    if isinstance(column, str):
        return column
    if not isinstance(column, dict):
        return ""
    found = [value for key, value in column.items() if normalized(key) in _NAMES and isinstance(value, str)]
    return next(filter(_is_personal, found), found[0] if found else "")


def _is_personal(name: str) -> bool:
    said = field(name)
    return bool(said.of_person or said.is_persons)


def _bodies(record: dict[str, Any]) -> Iterator[list[list[Any]]]:
    for name, value in record.items():
        if normalized(name) not in _BODIES:
            continue
        if isinstance(value, dict):
            yield from _bodies(value)
        elif isinstance(value, list) and value:
            rows = [row for each in value if (row := _cells(each)) is not None]
            if len(rows) == len(value):
                yield rows


def _cells(row: Any) -> list[Any] | None:
    """The cells of a row, which may be in an object, as in ``{"f": [{"v": "Alice"}]}``."""
    if isinstance(row, dict):
        inner = [value for value in row.values() if isinstance(value, list)]
        row = inner[0] if len(inner) == 1 else None
    return row if isinstance(row, list) and row else None
