"""A review in words: what its text formats have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from connector_contract.reporting.messages import counted
from connector_contract.review.change import Asked, HttpChange, Review, Severity
from connector_contract.review.plain_text import plain

_COMMIT = 40
_SHORT = 12


def revision_name(name: str) -> str:
    """A revision as people name it: of a commit, as much as they need."""
    is_commit = len(name) >= _COMMIT and set(name) <= set("0123456789abcdef")
    return name[:_SHORT] if is_commit else plain(name, 100)


def between(review: Review) -> str:
    """What is compared."""
    return f"{revision_name(review.base)} and {revision_name(review.head)}"


def closing(review: Review) -> str:
    """The last line: how many changes there are, or that there are none, and what was compared.

    It has words and numbers alone, nothing that comes from a file.
    """
    left = sum(each.count for each in review.not_understood)
    # What could not be compared may have any change.
    but = f" {counted(left, 'file')} could not be compared." if left else ""
    return f"{_found(review, is_all=not left)}.{but}{_no_recordings(review.no_recordings)}"


def _no_recordings(number: int) -> str:
    if not number:
        return ""
    is_none = "is no recording" if number == 1 else "are no recordings"
    return f" {counted(number, 'file')} below cassettes/ and snapshots/ {is_none}."


def _found(review: Review, *, is_all: bool) -> str:
    files = f"{counted(review.compared, 'file')} that {'differs' if review.compared == 1 else 'differ'}"
    beside = []
    if review.requests:
        beside.append(f"{len(review.requests)} in what the connector asks")
    if review.upstream:
        beside.append(f"{len(review.upstream)} in what the upstream says")
    if review.changes:
        found = Counter(each.severity for each in review.changes)
        counts = ", ".join(f"{found[each]} {each.value}" for each in Severity if found[each])
        changes = f"{counted(len(review.changes), 'change')} ({counts})"
        return f"{', '.join([changes, *beside])}, in {files}"
    if beside:
        told = "No change in what Lumos is told" if is_all else "No change found in what Lumos is told"
        return f"{', '.join([told, *beside])}, in {files}"
    if not is_all:
        return f"No change found in what could be compared of {files}"
    if review.compared:
        return f"No changes: {files} in form alone"
    return "No changes: the stored files are the same"


def where_line(one: HttpChange) -> str:
    """A change of the requests, or of what the upstream says, in one line."""
    noun = "request" if isinstance(one, Asked) else "response"
    at = f"{one.endpoint}: " if one.endpoint else ""
    return f"{at}{one.text} ({counted(one.count, noun)})"


def some(names: Iterable[str], shown: int) -> str:
    """Some of many names, and how many more there are."""
    every: Sequence[str] = list(names)
    more = f" and {len(every) - shown:,} more" if len(every) > shown else ""
    return ", ".join(every[:shown]) + more
