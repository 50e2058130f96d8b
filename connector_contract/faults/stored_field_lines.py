"""What the end of a run says of the stored tables of fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from connector_contract.faults.fault_places import some, wrapped
from connector_contract.faults.field_changes import ChangedFields, FieldsChecked
from connector_contract.faults.swept_call import FieldsSeen, never_used_texts
from connector_contract.review.plain_text import plain

_ACCEPT = "pytest --contract-faults --snapshot-update"
_WRITE = "pytest --contract-faults --record-mode=once"
# So many changes of a table, tables, notes, and names in a line are shown; a text is so long at most.
_CHANGES, _TABLES, _NOTES, _NAMES, _TEXT = 8, 5, 8, 5, 240
# A line is so long at most, however wide the terminal is.
_WIDEST = 100


def changed_lines(
    changed: Sequence[ChangedFields], shown: Callable[[str], str], width: int = _WIDEST
) -> list[str]:
    """The lines that say which tables differ; none if none does.

    Args:
        changed: What differs.
        shown: A file as messages show it.
        width: Of the terminal.
    """
    if not changed:
        return []
    lines = [line for each in changed[:_TABLES] for line in _block(each, shown, width)]
    if more := len(changed) - _TABLES:
        lines += [f"  and {more:,} more"] if more > 0 else []
    return [
        *_lines(
            "",
            "What the connector does with the fields of its upstream differs from the stored tables:",
            width,
        ),
        *lines,
        "Undo that; or, if it is right, accept it with:",
        f"  {_ACCEPT}",
    ]


def _block(changed: ChangedFields, shown: Callable[[str], str], width: int) -> Iterator[str]:
    yield f"  {plain(shown(changed.table), _TEXT)}:"
    for each in changed.changes[:_CHANGES]:
        yield from _lines("    ", each.text(changed.capability), width)
    if len(changed.changes) > _CHANGES:
        yield f"    and {len(changed.changes) - _CHANGES:,} more"


def _lines(indent: str, text: str, width: int) -> list[str]:
    return wrapped(indent, plain(text, _TEXT), min(width, _WIDEST), f"{indent}  " if indent else "")


def fields_lines(seen: Sequence[FieldsSeen], checked: FieldsChecked, width: int = _WIDEST) -> list[str]:
    """The lines of what is worth knowing of the fields: used for nothing, not stored yet, not compared.

    Args:
        seen: What each capability does with them.
        checked: What came of the comparison with the files.
        width: Of the terminal.
    """
    found = never_used_texts(seen, _NAMES)
    lines = [line for each in found[:_NOTES] for line in _lines("  ", each, width)]
    if len(found) > _NOTES:
        lines.append(f"  and {len(found) - _NOTES:,} more")
    lines = ["", "fields that are demanded and never used:", *lines] if lines else []
    if checked.missing:
        names = some(checked.missing, _NAMES)
        text = f"No table of fields is stored for {names}. Write it with:"
        lines += ["", *_lines("", text, width), f"  {_WRITE}"]
    # A call that could not be broken is one of several of a capability.
    if unknown := list(dict.fromkeys(checked.unknown)):
        which = "its" if len(unknown) == 1 else "their"
        text = (
            f"The table of fields of {some(unknown, _NAMES)} was not compared: not all of {which} calls were "
            "broken in this run."
        )
        lines += ["", *_lines("", text, width)]
    return lines
