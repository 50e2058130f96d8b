"""Where the tables of fields of a connector lie: below ``snapshots/``, in the folder of its fixture."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from connector_contract.item_files import projects_of
from connector_contract.storage.cassette_format import read_head
from connector_contract.storage.files import file_name
from connector_contract.storage.reading import files_below, open_file
from connector_contract.storage.stored_names import FIELDS, KINDS
from connector_contract.variants import variant_of, variants_of

_CASSETTES, _SNAPSHOTS = KINDS


@dataclass(frozen=True)
class FieldsPlace:
    """Where the tables of a connector lie.

    Attributes:
        root: The folder that ``cassettes/`` and ``snapshots/`` are in.
        variant: The connector's; empty if it has none.
        module: The folder of the ``conftest.py`` that has its fixture, or the module, below ``root``.
        scope: The class that has its fixture; empty if none does.
        tests: The folder of its tests, or their module.
    """

    root: Path
    variant: str
    module: PurePosixPath
    scope: str = ""
    tests: Path = Path()

    @property
    def folder(self) -> Path:
        """The folder of the tables."""
        return self.root / _SNAPSHOTS / self.variant / self.module / self.scope

    def table(self, capability: str) -> Path:
        """The file of a capability's table."""
        return self.folder / f"{file_name(capability)}{FIELDS}"

    def called_elsewhere(self, known: Collection[Path]) -> set[str]:
        """The capabilities that further recordings of the connector call: of tests that are not collected.

        Args:
            known: The cassettes of all tests that are collected, of any connector.
        """
        return set(_called(self.root / _CASSETTES / self.variant / self.module, known))


def _called(folder: Path, known: Collection[Path]) -> Iterator[str]:
    for path in files_below(folder):
        if path.suffix == ".yaml" and path not in known and path.is_file():
            with open_file(path) as stream:
                head = read_head(stream)
            yield from (call.capability for call in (head.calls if head is not None else ()))


def fields_place(item: pytest.Item) -> FieldsPlace:
    """Where the tables lie of the connector that a test runs with."""
    root = projects_of(item.config).root_of(item.path.parent)
    variant = variant_of(item)
    name = (variant.name or "") if variant is not None else ""
    definitions = variants_of(item).fixture.definitions
    module, _, scope = (definitions[0].baseid if definitions else "").partition("::")
    path = item.config.rootpath / module
    if not path.is_relative_to(root):
        # It is that of a plugin, or of a conftest.py above the project.
        return FieldsPlace(root, name, PurePosixPath(), tests=root)
    below = PurePosixPath(path.relative_to(root).as_posix())
    if below.suffix == ".py":
        below = below.with_suffix("")
    return FieldsPlace(root, name, below, file_name(scope.replace("::", ".")) if scope else "", path)
