"""The stored tables of fields: compared with what a sweep has seen, and written on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from connector_contract.errors import CannotRead, CannotWrite
from connector_contract.faults.field_changes import ChangedFields, FieldsChecked, field_changes
from connector_contract.faults.field_use import Fields, fields_text, from_json
from connector_contract.faults.swept_call import FieldsSeen
from connector_contract.recording.record_modes import Plan
from connector_contract.storage.files import remove, write_whole
from connector_contract.storage.json_differences import load_once
from connector_contract.storage.reading import stored_text


def checked_fields(
    seen: Iterable[FieldsSeen], plan: Plan, *, update: bool, keep: Callable[[Path], object] = bool
) -> FieldsChecked:
    """Compare what each capability does with the fields of its upstream with what is stored.

    Args:
        seen: What it does.
        plan: What the record mode means.
        update: Whether to accept each change.
        keep: Called with a file before it changes.
    """
    found = FieldsChecked()
    for each in seen:
        if each.fields is None:
            found.unknown.append(each.capability)
            continue
        try:
            _check(each.capability, each.fields, each.table, found, plan, update=update, keep=keep)
        except (CannotRead, CannotWrite) as error:
            found.errors.append(str(error))
    return found


def _check(
    capability: str,
    fields: Fields,
    table: str,
    found: FieldsChecked,
    plan: Plan,
    *,
    update: bool,
    keep: Callable[[Path], object],
) -> None:
    path, now = Path(table), fields_text(fields)
    text = stored_text(path)
    if plan.save and (update or (text is None and plan.write_snapshots)):
        _write(path, now, text, keep)
    elif text is None:
        found.missing.extend([capability] if now else [])
    elif text != now and (changed := _changed(capability, table, text, fields)) is not None:
        found.changed.append(changed)


def _write(path: Path, now: str, text: str | None, keep: Callable[[Path], object]) -> None:
    if now:
        write_whole(path, [now.encode("utf-8", "surrogatepass")], keep)
    elif text is not None:
        keep(path)
        remove(path)


def _changed(capability: str, table: str, text: str, fields: Fields) -> ChangedFields | None:
    """What differs; ``None`` if it is the form alone, which ``lint`` says.

    Raises:
        CannotRead: It is no table.
    """
    try:
        stored = from_json(load_once(text))
    except (ValueError, RecursionError) as error:
        raise CannotRead(
            f"The stored table of fields cannot be used: {error or 'it is nested too deeply'}.",
            where=[("file", table)],
            remedy="Restore the file from version control, or write it again:\n"
            "  pytest --contract-faults --snapshot-update",
        ) from None
    changes = list(field_changes(stored, fields))
    return ChangedFields(capability, table, changes) if changes else None
