"""Where faults are, what they are, and what Lumos should see of them, in words that a line has room for."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from connector_contract.faults.fault import Row
from connector_contract.review.plain_text import plain

LONG = 240
"""Of a text in a line, so many letters are shown."""

# Of the parts of a response that a fault breaks; of names beside a text.
_DETAILS, _NAMES = 4, 3
_EVERY_REQUEST = "every request of the call"


def place_of(row: Row) -> str:
    """The request that is broken: ``GET /users/*, interaction 3``."""
    if row.place is None:
        return _EVERY_REQUEST
    return f"{plain(row.endpoint, LONG)}, interaction {row.place}"


def by_place(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by the request that is broken."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[place_of(row)].append(row)
    return dict(found)


def fault_names(rows: Iterable[Row], shown: int) -> str:
    """The faults of some rows, each once, with what of the response it breaks.

    Args:
        rows: They.
        shown: How many to name.
    """
    details: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        details[row.fault] += [row.detail] if row.detail and row.detail not in details[row.fault] else []
    return some([_with_details(name, parts) for name, parts in details.items()], shown)


def _with_details(name: str, details: Sequence[str]) -> str:
    shown = some([plain(each, 80) for each in details], _DETAILS)
    return plain(name, 80) + (f" ({shown})" if details else "")


def apart(rows: Sequence[Row], text_of: Callable[[Row], str]) -> list[str]:
    """What is said of rows; where they differ in that, in a line each, with what it is about.

    Args:
        rows: They.
        text_of: What is said of a row.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    is_detailed = all(row.detail for row in rows)
    for row in rows:
        found[text_of(row)].append(plain(row.detail if is_detailed else row.fault, 80))
    if len(found) == 1:
        return [plain(text, LONG) for text in found]
    return [f"{plain(text, LONG)} ({some(list(dict.fromkeys(of)), _NAMES)})" for text, of in found.items()]


def wrapped(start: str, text: str, width: int, indent: str = "") -> list[str]:
    """A text in as many lines as it needs, which are broken between words only.

    Args:
        start: What its first line begins with.
        text: The text.
        width: How long a line is at most.
        indent: What each further line begins with.
    """
    return textwrap.wrap(
        start + text,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def some(names: Sequence[str], shown: int) -> str:
    """Some of many names, and how many more there are; never one more alone."""
    if len(names) <= shown + 1:
        return ", ".join(names)
    return f"{', '.join(names[:shown])} and {len(names) - shown:,} more"
