"""The snapshot of what a contract class declares: compared, and written on request."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from connector_contract.contract.rules.declarations import declaration_changes, declaration_lines
from connector_contract.errors import ChangedDeclarations, MissingSnapshot
from connector_contract.recording.record_modes import Plan
from connector_contract.storage.files import ScenarioFiles, remove, write_whole
from connector_contract.storage.reading import stored_text
from connector_contract.storage.snapshot_format import declarations_text


class Declarations:
    """What a contract class declares, beside what its file has.

    Args:
        declared: What it declares, by attribute.
        files: The files of the test that compares them.
        nodeid: That test.
        plan: What the record mode means.
        update: Whether to accept each change.
        keep: Called with the file before it changes.

    Attributes:
        differing: The text that the file would have, by its path; empty as long as nothing differs.
    """

    def __init__(
        self,
        declared: Mapping[str, Any],
        files: ScenarioFiles,
        nodeid: str,
        plan: Plan,
        *,
        update: bool,
        keep: Callable[[Path], object] = bool,
    ) -> None:
        self.differing: dict[Path, str | None] = {}
        self._keep = keep
        self._declared = declared
        self._path = files.declarations
        self._where = [("snapshot", files.shown(self._path)), ("test", nodeid)]
        self._test = shlex.quote(nodeid)
        self._writes_new = plan.save and (plan.write_snapshots or update)
        self._updates = plan.save and update

    def check(self) -> None:
        """Fail if the file does not have what is declared; write it, if that is asked for.

        Raises:
            ChangedDeclarations: It does not.
            MissingSnapshot: There is none.
            CannotRead: It cannot be read.
        """
        text = stored_text(self._path)
        stored = _parsed(text)
        if stored == self._declared and (text is not None) == bool(self._declared):
            return
        if self._updates or (text is None and self._writes_new):
            self._write()
        elif text is None:
            raise self._missing()
        else:
            self.differing[self._path] = declarations_text(self._declared) if self._declared else None
            raise self._changed(stored)

    def _write(self) -> None:
        if self._declared:
            write_whole(self._path, [declarations_text(self._declared).encode()], self._keep)
        else:
            self._keep(self._path)
            remove(self._path)

    def _missing(self) -> MissingSnapshot:
        return MissingSnapshot(
            "declarations: what the contract's class declares has no snapshot.",
            where=self._where,
            details=declaration_lines(self._declared),
            remedy="The snapshot shows a reviewer what is not demanded. Write it with:\n"
            f"  pytest --record-mode=once {self._test}",
        )

    def _changed(self, stored: Mapping[str, Any] | None) -> ChangedDeclarations:
        unreadable = ["the file is not the JSON of declarations"] if stored is None else []
        changes = declaration_changes(stored or {}, self._declared)
        return ChangedDeclarations(
            "declarations: what the contract's class declares differs from its snapshot.",
            where=self._where,
            details=[*unreadable, *changes] or ["nothing is declared, so no file is needed"],
            remedy="The contract demands something else than was reviewed. Undo that; or, if it is right, "
            f"accept it with:\n  pytest --snapshot-update {self._test}",
        )


def _parsed(text: str | None) -> dict[str, Any] | None:
    """What a file has; nothing if there is none, ``None`` if it has something else."""
    try:
        stored = json.loads(text or "{}")
    except ValueError:
        return None
    return stored if isinstance(stored, dict) else None
