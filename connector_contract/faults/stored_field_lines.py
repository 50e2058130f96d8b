"""What the end of a run says of the stored tables of fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from connector_contract.faults.fault_places import some
from connector_contract.faults.field_changes import ChangedFields, FieldsChecked
from connector_contract.faults.field_table import notes
from connector_contract.faults.swept_call import FieldsSeen
from connector_contract.review.plain_text import plain

_ACCEPT = "pytest --contract-faults --snapshot-update"
_WRITE = "pytest --contract-faults --record-mode=once"
# So many changes of a table, tables, notes and names of capabilities are shown; a line is so long at most.
_CHANGES, _TABLES, _NOTES, _NAMES, _LINE = 8, 5, 8, 5, 240


def changed_lines(changed: Sequence[ChangedFields], shown: Callable[[str], str]) -> list[str]:
    """The lines that say which tables differ; none if none does.

    Args:
        changed: What differs.
        shown: A file as messages show it.
    """
    if not changed:
        return []
    lines = [line for each in changed[:_TABLES] for line in _block(each, shown)]
    if more := len(changed) - _TABLES:
        lines += [f"  and {more:,} more"] if more > 0 else []
    return [
        "What the connector does with the fields of its upstream differs from the stored tables:",
        *lines,
        "Undo that; or, if it is right, accept it with:",
        f"  {_ACCEPT}",
    ]


def _block(changed: ChangedFields, shown: Callable[[str], str]) -> Iterator[str]:
    yield f"  {plain(shown(changed.table), _LINE)}:"
    if changed.why:
        yield f"    {plain(changed.why, _LINE)}"
    for each in changed.changes[:_CHANGES]:
        yield f"    {plain(each.text(changed.capability), _LINE)}"
    if len(changed.changes) > _CHANGES:
        yield f"    and {len(changed.changes) - _CHANGES:,} more"


def fields_lines(seen: Sequence[FieldsSeen], checked: FieldsChecked) -> list[str]:
    """The lines of what is worth knowing of the fields: used for nothing, not stored yet, not compared.

    Args:
        seen: What each capability does with them.
        checked: What came of the comparison with the files.
    """
    known = [each for each in seen if each.fields is not None]
    found = [note for each in known for note in notes({each.capability: each.fields or {}})]
    lines = [f"  {plain(each, _LINE)}" for each in found[:_NOTES]]
    if len(found) > _NOTES:
        lines.append(f"  and {len(found) - _NOTES:,} more")
    lines = ["", "fields that are demanded and never used:", *lines] if lines else []
    if checked.missing:
        names = some(checked.missing, _NAMES)
        lines += ["", f"No table of fields is stored for {names}. Write it with:", f"  {_WRITE}"]
    # A call that could not be broken is one of several of a capability.
    if unknown := list(dict.fromkeys(checked.unknown)):
        why = (
            "not all of its calls were broken in this run"
            if len(unknown) == 1
            else ("not all of their calls were broken in this run")
        )
        lines += ["", f"The table of fields of {some(unknown, _NAMES)} was not compared: {why}."]
    return lines
