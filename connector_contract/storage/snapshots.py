"""Lumos responses as snapshots, in one file each.

syrupy compares and reports; this module says where they are written, and when.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from syrupy.assertion import SnapshotAssertion
from syrupy.data import SnapshotCollection, SnapshotCollections
from syrupy.extensions.json import JSONSnapshotExtension

from connector_contract.storage.compared_snapshot import ComparedSnapshot
from connector_contract.storage.comparisons import Comparisons
from connector_contract.storage.reading import stored_text
from connector_contract.storage.snapshot_format import readable, readable_text


class PendingSnapshots:
    """The snapshots that one scenario has written and that wait for its end.

    Attributes:
        files: The text of each file to write.
        comparisons: What the test has compared.
        asked: The files that it has looked for.
    """

    def __init__(self) -> None:
        self.files: dict[Path, str] = {}
        self.comparisons = Comparisons()
        self.asked: set[Path] = set()

    def change(self, function: Callable[[Any], Any]) -> None:
        """Have what is to be written be what a function gives for it."""
        for path, text in self.files.items():
            self.files[path] = readable_text(function(json.loads(text)))

    def check(self, shown: Callable[[Path], str], nodeid: str) -> None:
        """Fail unless every comparison of the scenario held; see ``Comparisons.check``."""
        self.comparisons.check(self.files, shown, nodeid)


def snapshot_extension(
    path_of: Callable[[int | str], Path], pending: PendingSnapshots, redact: Callable[[Any], Any]
) -> type[JSONSnapshotExtension]:
    """A syrupy extension for the snapshots of one scenario.

    Args:
        path_of: The file of the snapshot with an index, or with a name.
        pending: Takes what syrupy would write: a scenario that fails must not change a file.
        redact: Takes the secrets out of a response.
    """

    class ContractSnapshots(JSONSnapshotExtension):
        def serialize(self, data: Any, **_filters: Any) -> str:
            return readable_text(redact(readable(data)))

        @classmethod
        def get_location(cls, *, test_location: Any, index: int | str) -> str:  # noqa: ARG003 - syrupy's
            return str(path_of(index))

        @classmethod
        def matches_test_location(cls, **_location: Any) -> bool:
            return True

        def discover_snapshots(self, **_location: Any) -> SnapshotCollections:
            # syrupy looks for unused snapshots beside the test file; these lie elsewhere, and a scenario
            # cannot tell which of them belong to others.
            return SnapshotCollections()

        def read_snapshot_data_from_location(self, *, snapshot_location: str, **_names: Any) -> str | None:
            path = Path(snapshot_location)
            pending.asked.add(path)
            if path in pending.files:
                return pending.files[path]
            # What is no UTF-8 is a difference like any other, which --snapshot-update fixes.
            return stored_text(path)

        @classmethod
        def write_snapshot_collection(cls, *, snapshot_collection: SnapshotCollection, **_order: Any) -> None:
            (snapshot,) = snapshot_collection
            pending.files[Path(snapshot_collection.location)] = str(snapshot.data)

    return ContractSnapshots


def scenario_snapshot(
    plain: SnapshotAssertion,
    extension: type[JSONSnapshotExtension],
    pending: PendingSnapshots,
    write_missing: bool,
) -> SnapshotAssertion:
    """What a scenario compares with, made of what syrupy would give the test.

    Args:
        plain: Syrupy's own.
        extension: See ``snapshot_extension``.
        pending: Learns of each comparison.
        write_missing: Whether to write snapshots that do not exist yet.
    """
    return ComparedSnapshot(
        session=plain.session,
        extension_class=extension,
        test_location=plain.test_location,
        update_snapshots=plain.update_snapshots,
        update_new_snapshots_only=plain.update_new_snapshots_only or write_missing,
        comparisons=pending.comparisons,
    )
