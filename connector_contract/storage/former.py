"""Recordings in a former place: how to move them to where they are looked for now."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connector_contract.storage.files import ScenarioFiles, file_name
from connector_contract.storage.projects import Projects, repository_of
from connector_contract.storage.stored_names import KINDS


@dataclass(frozen=True)
class Move:
    """A folder of recordings, or a file, that lies in a former place.

    Attributes:
        source: Where it is.
        target: Where it belongs.
    """

    source: Path
    target: Path

    def steps(self) -> Iterator[Move]:
        """As few moves as will do, each to where nothing is yet; what is in both places is left out."""
        if not self.target.exists():
            yield self
        elif self.source.is_dir() and self.target.is_dir():
            for each in sorted(self.source.iterdir()):
                yield from Move(each, self.target / each.name).steps()

    def files(self) -> Iterator[Move]:
        """A move of each file; what is in both places is left out."""
        for path in sorted(each for each in self.source.rglob("*") if each.is_file()):
            target = self.target / path.relative_to(self.source)
            if not target.exists():
                yield Move(path, target)

    def twice(self) -> Iterator[Path]:
        """The files that are in both places; the former ones are of no use any more."""
        if self.source.is_dir():
            for each in sorted(self.source.iterdir()):
                yield from Move(each, self.target / each.name).twice()
        elif self.target.exists():
            yield self.source


def move_between(kind: str, former: Path, root: Path, variant: str = "") -> Move:
    """The move of all recordings of one kind from a former root to another one, one of which is in the other.

    Args:
        kind: ``cassettes`` or ``snapshots``.
        former: The folder that they were stored under.
        root: The folder that they are looked for under.
        variant: The connector's; empty if it has none.
    """
    inner = former if former.is_relative_to(root) else root
    return Move(
        former / kind / variant / inner.relative_to(former), root / kind / variant / inner.relative_to(root)
    )


def former_moves(projects: Projects, folder: Path) -> list[Move]:
    """What lies in a former place of the recordings of a folder's test modules."""
    root = projects.root_of(folder)
    moves = [
        move
        for former in projects.former_roots(folder)
        for kind in KINDS
        for move in _moves(kind, former, root)
    ]
    return [move for move in moves if _has_files(move.source)]


def _moves(kind: str, former: Path, root: Path) -> Iterator[Move]:
    stored = former / kind
    if not former.is_relative_to(root) or not stored.is_dir():
        yield from (move_between(kind, former, root, each) for each in ("", *variant_folders(stored, root)))
        return
    # Within the folder of a variant are those that are called as what is beside the recordings.
    own = {each.stem for each in former.iterdir()}
    variants = [
        each.name
        for each in sorted(stored.iterdir())
        if each.name not in own and each.is_dir() and own & {within.name for within in each.iterdir()}
    ]
    inner = former.relative_to(root)
    if not variants:
        yield move_between(kind, former, root)
    else:
        for each in sorted(stored.iterdir()):
            is_variant = each.name in variants
            yield Move(each, root / kind / (each.name / inner if is_variant else inner / each.name))


def variant_folders(recordings: Path, root: Path) -> list[str]:
    """The folders that may be of variants, among those above the recordings of a root within."""
    if not recordings.is_dir() or recordings.parent == root or not root.is_relative_to(recordings.parent):
        return []
    inner = root.relative_to(recordings.parent)
    return sorted(each.name for each in recordings.iterdir() if (each / inner).is_dir())


def lies_elsewhere(projects: Projects, folder: Path, files: ScenarioFiles) -> bool:
    """Whether a file of a scenario, or one that its contract's class shares, is in a former place alone."""
    module = files.root / files.module
    for former in projects.former_roots(folder):
        for kind in KINDS:
            old = former / kind / files.variant / module.relative_to(former)
            new = files.root / kind / files.variant / files.module
            names = {path.name for path in old.iterdir()} if old.is_dir() else set()
            if any(_is_of(files, name) and not (new / name).exists() for name in names):
                return True
    return False


def commands(moves: list[Move], start: Path) -> list[str]:
    """The commands that move recordings, to be run in ``start``."""
    lines = []
    targets: set[Path] = set()
    for move in moves:
        git = "git " if repository_of(move.source) else ""
        # By then there is something where the first of two moves has gone: the second goes file by file.
        is_second = move.target in targets
        targets.add(move.target)
        for step in move.files() if is_second else move.steps():
            if not step.target.parent.is_dir():
                lines.append(f"mkdir -p {_shown(step.target.parent, start)}")
            lines.append(f"{git}mv {_shown(step.source, start)} {_shown(step.target, start)}")
        if not list(move.steps()):
            lines += [f"{git}rm {_shown(path, start)}" for path in move.twice()]
    return lines


def _is_of(files: ScenarioFiles, name: str) -> bool:
    own = file_name(files.name)
    stem = name.removesuffix(".yaml").removesuffix(".json")
    shared = bool(files.contract) and name.startswith(f"{files.contract}.")
    return stem == own or shared or name.startswith((f"{own}[", f"{own}."))


def _has_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.rglob("*"))


def _shown(path: Path, start: Path) -> str:
    return shlex.quote(Path(os.path.relpath(path, start)).as_posix())
