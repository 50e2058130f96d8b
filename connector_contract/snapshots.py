"""Lumos responses as snapshots: text that a person can read, in one file each.

syrupy compares and reports; this module says what is written, where, and when.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgpack
from syrupy.data import SnapshotCollection, SnapshotCollections
from syrupy.extensions.json import JSONSnapshotExtension


def snapshot_text(data: Any) -> str:
    """The text of a snapshot: JSON with keys in their own order and page tokens decoded."""
    return json.dumps(_readable(data), indent=2, ensure_ascii=False) + "\n"


def decode_page_token(token: str) -> Any:
    """What is in a page token made by connector-py's ``NextPageToken``, which is msgpack in hexadecimal.

    Returns:
        ``{"NextPageToken": [...]}``, or the token itself where it is of another make.
    """
    try:
        packed = bytes.fromhex(token)
        paginations = msgpack.unpackb(packed)
    except (ValueError, msgpack.exceptions.UnpackException):
        return token
    # Only what would be encoded to the same token again is shown decoded: nothing may get lost.
    if not isinstance(paginations, list) or not paginations or msgpack.packb(paginations) != packed:
        return token
    return {"NextPageToken": paginations}


def _readable(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {
            key: _readable_page(value) if key == "page" else _readable(value) for key, value in data.items()
        }
    if isinstance(data, (list, tuple)):
        return [_readable(item) for item in data]
    return data


def _readable_page(page: Any) -> Any:
    if isinstance(page, Mapping) and isinstance(page.get("token"), str):
        return {**page, "token": decode_page_token(page["token"])}
    return _readable(page)


class PendingSnapshots:
    """The snapshots that one scenario has written and that wait for its end.

    Attributes:
        files: The text of each file to write.
        compared: How many responses syrupy has asked for as text, which it does to compare one.
        asked: The files that it has looked for.
    """

    def __init__(self) -> None:
        self.files: dict[Path, str] = {}
        self.compared = 0
        self.asked: set[Path] = set()


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
            pending.compared += 1
            return snapshot_text(redact(data))

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
            # What is no UTF-8 is a difference like any other, which --snapshot-update mends.
            return path.read_text("utf-8", "replace") if path.is_file() else None

        @classmethod
        def write_snapshot_collection(cls, *, snapshot_collection: SnapshotCollection, **_order: Any) -> None:
            (snapshot,) = snapshot_collection
            pending.files[Path(snapshot_collection.location)] = str(snapshot.data)

    return ContractSnapshots
