"""The review at the end of a run: what Lumos would be told now, or is told by what was accepted."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Mapping
from pathlib import Path

from connector_contract.review.compare import compare
from connector_contract.review.run_lines import COMMAND, run_lines
from connector_contract.review.stored import place_of
from connector_contract.review.stored_tree import Content, StoredTree


def told_now(root: Path, answers: Mapping[str, str | None]) -> list[str]:
    """What Lumos would be told now, in place of what the stored files say.

    Args:
        root: The folder of the run.
        answers: The text that each file would have, by its path from there; ``None`` if it would be gone.

    Returns:
        The lines to print; none if there are no answers.
    """
    now: dict[str, Content] = {
        path: None if text is None else text.encode("utf-8", "surrogatepass")
        for path, text in answers.items()
        # What another test has accepted is no news.
        if text is None or not _has(root / path, text)
    }
    if not now:
        return []
    return _lines(root, {}, now, f"accept them with pytest --snapshot-update, and see them with {COMMAND}")


def _has(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8", "surrogatepass")


def told_from_now_on(root: Path, before: Mapping[Path, Path | None]) -> list[str]:
    """What the files that a run has written say, beside what they said before; nothing if they are equal.

    Args:
        root: The folder of the run.
        before: A file with the former content of each that was written; ``None`` if it is new.
    """
    changed = {path: old for path, old in before.items() if not _is_as_before(path, old)}
    former: dict[str, Content] = {
        Path(os.path.relpath(path, root)).as_posix(): old for path, old in changed.items()
    }
    return _lines(root, former, {}, COMMAND) if former else []


def _is_as_before(path: Path, old: Path | None) -> bool:
    if old is None or not path.exists():
        return old is None and not path.exists()
    return filecmp.cmp(path, old, shallow=False)


def _lines(root: Path, before: Mapping[str, Content], now: Mapping[str, Content], rest: str) -> list[str]:
    changed = [*before, *now]
    projects = [place.project for path in changed if (place := place_of(path)) is not None]
    base, head = (StoredTree(root, projects, instead) for instead in (before, now))
    return run_lines(compare(base, head, changed), rest)
