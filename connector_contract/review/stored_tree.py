"""The stored files of a working tree, read as they are needed, some of them as they were, or would be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from connector_contract.review.stored import place_of
from connector_contract.storage.reading import files_below
from connector_contract.storage.stored_names import KINDS

Content = bytes | Path | None
"""What a file has in place of what is there: a text, another file's content, or nothing."""


class StoredTree(Mapping[str, bytes]):
    """The stored files below a folder, by their paths from there.

    Args:
        root: The folder.
        projects: The folders of the projects, from there, whose files these are.
        instead: What some files have in place of what is there.
    """

    def __init__(
        self, root: Path, projects: Iterable[str], instead: Mapping[str, Content] | None = None
    ) -> None:
        self._root = root
        self._projects = sorted(set(projects))
        self._instead = dict(instead or {})

    def __getitem__(self, path: str) -> bytes:
        """The content of a file."""
        content: Content = self._instead.get(path, self._root / path)
        if isinstance(content, Path):
            try:
                return content.read_bytes()
            except OSError:
                content = None
        if content is None:
            raise KeyError(path)
        return content

    def __iter__(self) -> Iterator[str]:
        """The paths of all files."""
        return iter(self._paths)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        """Whether there is a file."""
        return path in self._paths

    @cached_property
    def _paths(self) -> dict[str, None]:
        found = {
            path
            for project in self._projects
            for kind in KINDS
            for path in _below(self._root, self._root / project / kind)
            if place_of(path) is not None
        }
        found -= {path for path, content in self._instead.items() if content is None}
        found |= {path for path, content in self._instead.items() if content is not None}
        return dict.fromkeys(sorted(found))


def _below(root: Path, folder: Path) -> Iterator[str]:
    for path in filter(Path.is_file, files_below(folder)):
        yield Path(os.path.relpath(path, root)).as_posix()
