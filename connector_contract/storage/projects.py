"""Projects: which folder the recordings of a test module belong to, in a repository of one or of many."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from connector_contract.storage.stored_names import KINDS

MARKERS = (
    "pyproject.toml",
    "setup.cfg",
    "tox.ini",
    "pytest.ini",
    ".pytest.ini",
    "pytest.toml",
    ".pytest.toml",
    "setup.py",
)
"""The files that make a folder a project."""

# Where no project of the repository lies; pytest does not look there, either.
_OTHERS = frozenset({"__pycache__", "build", "dist", "node_modules", "venv", *KINDS})


@dataclass
class Projects:
    """The projects of a repository, as one run of pytest sees them.

    Attributes:
        rootdir: pytest's root.
        given: The folder that the ini option ``contract_root`` names; it is that of all modules.
    """

    rootdir: Path
    given: Path | None = None
    _roots: dict[Path, Path] = field(default_factory=dict, repr=False)
    _former: dict[Path, tuple[Path, ...]] = field(default_factory=dict, repr=False)

    def root_of(self, folder: Path) -> Path:
        """The folder that ``cassettes/`` and ``snapshots/`` of a folder's test modules are in.

        It is the project's: the nearest folder that has one of ``MARKERS``, but none above the repository's
        root, or, outside of any repository, above pytest's; else pytest's root.
        """
        if self.given is not None:
            return self.given
        if folder not in self._roots:
            self._roots[folder] = marked(folder, self.rootdir) or self.rootdir
        return self._roots[folder]

    def former_roots(self, folder: Path) -> tuple[Path, ...]:
        """Where else the recordings of a folder's modules may lie, from an earlier release or setting."""
        if folder not in self._former:
            root = self.root_of(folder)
            above = up_to(root, repository_of(root) or self.rootdir)
            candidates = [marked(folder, self.rootdir) or root, self.rootdir, *above]
            others = [each for each in candidates if each != root and folder.is_relative_to(each)]
            self._former[folder] = tuple(dict.fromkeys(others))
        return self._former[folder]


def marked(folder: Path, rootdir: Path) -> Path | None:
    """The nearest project at or above a folder, in its repository or ``rootdir``; ``None`` without one."""
    folders = up_to(folder, repository_of(folder) or rootdir)
    return next((each for each in folders if _is_project(each)), None)


def up_to(folder: Path, top: Path) -> list[Path]:
    """A folder and those above it up to ``top``; none if ``top`` is not above it."""
    return [each for each in (folder, *folder.parents) if each.is_relative_to(top)]


def repository_of(folder: Path) -> Path | None:
    """The root of the git repository that a folder is in; ``None`` if it is in none."""
    # It is a file in a worktree, and in a submodule.
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)


def projects_below(folder: Path) -> Iterator[Path]:
    """Each project in a folder, other than itself, in order."""
    for path, names, _files in os.walk(folder):
        names[:] = sorted(name for name in names if _may_have_projects(Path(path, name)))
        if Path(path) != folder and _is_project(Path(path)):
            yield Path(path)


def has_recordings(project: Path) -> bool:
    """Whether there is a folder of cassettes or snapshots in a project."""
    return any((project / kind).is_dir() for kind in KINDS)


def may_have_recordings(project: Path) -> bool:
    """Whether there is a folder of recordings in a project, or its configuration says where they are."""
    return has_recordings(project) or any(
        "contract_root" in (project / name).read_text("utf-8", "replace")
        for name in MARKERS
        if (project / name).is_file()
    )


def _is_project(folder: Path) -> bool:
    return any((folder / name).is_file() for name in MARKERS)


def _may_have_projects(folder: Path) -> bool:
    if folder.name in _OTHERS or folder.name.startswith(".") or folder.name.endswith(".egg-info"):
        return False
    # Another repository, or a virtual environment.
    return not (folder / ".git").exists() and not (folder / "pyvenv.cfg").exists()
