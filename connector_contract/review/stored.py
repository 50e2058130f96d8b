"""One revision's stored files: which scenario each belongs to, and which call each snapshot answers."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import PurePosixPath

from connector_contract.recording.call import Call
from connector_contract.recording.interactions import Cassette
from connector_contract.storage.cassette_format import CassetteFormatError, read_cassette, read_head
from connector_contract.storage.cassette_head import Head
from connector_contract.storage.stored_names import FIELDS, KINDS

Files = Mapping[str, bytes]
"""The content of each stored file by its path in the repository, with slashes."""

CASSETTES, SNAPSHOTS = KINDS
_CLASSES = re.compile(r"^(?:\w+\.)+(?=\w)")
_SUFFIXES = {CASSETTES: (".yaml", ".yml"), SNAPSHOTS: (".json",)}


@dataclass(frozen=True)
class Place:
    """Where a stored file lies.

    Attributes:
        project: The folder that ``cassettes/`` and ``snapshots/`` are in; empty if it is the repository's.
        kind: ``cassettes`` or ``snapshots``.
        folder: The folder below that, named after the test module.
        name: The file's name without suffix.
        suffix: Of the file.
    """

    project: str
    kind: str
    folder: str
    name: str
    suffix: str

    @property
    def module(self) -> tuple[str, str]:
        """What a test module's cassettes and snapshots have in common."""
        return self.project, self.folder

    @property
    def test(self) -> str:
        """What it keeps if its class or its module gets another name: its test with its parameters."""
        if f"{self.name}{self.suffix}".endswith(FIELDS):
            # It is named after a capability.
            return self.name
        return _CLASSES.sub("", self.name)

    @property
    def title(self) -> str:
        """The scenario in the form of a node id, or as near to it as a file's name is."""
        module = f"{self.folder}.py" if self.folder else "(no module)"
        return f"{module}::{self.name}"


@lru_cache(1 << 14)
def place_of(path: str) -> Place | None:
    """Where a file lies; ``None`` if it is no stored file."""
    *folders, name = path.split("/")
    kinds = [index for index, each in enumerate(folders) if each in KINDS]
    suffix = PurePosixPath(name).suffix
    if not kinds or name.startswith("."):
        return None
    at = kinds[0]
    if suffix not in _SUFFIXES[folders[at]]:
        return None
    return Place(
        "/".join(folders[:at]), folders[at], "/".join(folders[at + 1 :]), name.removesuffix(suffix), suffix
    )


def owns(cassette: str, snapshot: Place) -> bool:
    """Whether a snapshot is named after the scenario of a cassette, given by its path."""
    name = cassette.rpartition("/")[2].rpartition(".")[0]
    rest = snapshot.name.removeprefix(name)
    return (rest != snapshot.name and (not rest or rest[0] in ".[")) or snapshot.name == name


@dataclass
class Revision:
    """One revision's stored files, read as they are needed.

    Attributes:
        files: Their contents.
        broken: Why a file could not be read, by its path.
    """

    files: Files
    broken: dict[str, str] = field(default_factory=dict)
    _heads: dict[str, Head | None] = field(default_factory=dict, repr=False)
    _calls: dict[tuple[str, str], dict[str, list[tuple[str, Call]]]] = field(default_factory=dict, repr=False)

    @cached_property
    def modules(self) -> dict[tuple[str, str], list[str]]:
        """The paths of all cassettes, by test module."""
        found: dict[tuple[str, str], list[str]] = {}
        for path in self.files:
            place = place_of(path)
            if place is not None and place.kind == CASSETTES:
                found.setdefault(place.module, []).append(path)
        return found

    def cassette(self, path: str) -> Cassette | None:
        """A cassette; ``None`` if there is none, or it cannot be read, which ``broken`` then says."""
        data = self.files.get(path)
        if data is None:
            return None
        try:
            return read_cassette(io.BytesIO(data))
        except CassetteFormatError as error:
            self.broken[path] = f"it is not a valid cassette: {error}"
            return None

    def head(self, path: str) -> Head | None:
        """What a cassette says before its interactions; ``None`` as for ``cassette``."""
        if path not in self._heads:
            data = self.files.get(path)
            found = None if data is None else read_head(io.BytesIO(data))
            if found is None and (whole := self.cassette(path)) is not None:
                found = Head(
                    whole.form or 1, len(whole.interactions), whole.calls, whole.given_up, whole.made_up
                )
            self._heads[path] = found
        return self._heads[path]

    def calls_of(self, module: tuple[str, str]) -> dict[str, list[tuple[str, Call]]]:
        """The calls that each snapshot of a test module answers, by its file name, with their cassettes."""
        if module not in self._calls:
            found: dict[str, list[tuple[str, Call]]] = {}
            for path in self.modules.get(module, ()):
                head = self.head(path)
                for call in head.calls if head is not None else ():
                    for name in call.snapshots:
                        found.setdefault(name, []).append((path, call))
            self._calls[module] = found
        return self._calls[module]
