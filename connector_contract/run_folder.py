"""The folder that the processes of one run of pytest share, and what is in it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from connector_contract.storage.as_before import AsBefore

WORKER_FOLDER = "connector_contract_once"
"""The name under which a worker of pytest-xdist is given the folder."""

_REPLACE = ("rewrite", "all", "new_episodes")
"""The record modes that change cassettes that are there."""

_FOLDER = pytest.StashKey[TemporaryDirectory[str]]()


def run_folder(config: pytest.Config) -> Path:
    """The folder, which is removed after the run; it is made when somebody first asks for it."""
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        return Path(worker[WORKER_FOLDER])
    folder = config.stash.get(_FOLDER, None)
    if folder is None:
        folder = config.stash[_FOLDER] = TemporaryDirectory(prefix="connector-contract-")
        config.add_cleanup(folder.cleanup)
    return Path(folder.name)


def as_before(config: pytest.Config) -> AsBefore:
    """The files that the run replaces, as they were."""
    return AsBefore(lambda: run_folder(config) / "before")


def written(config: pytest.Config) -> dict[Path, Path | None]:
    """The files that a run has replaced, or made, if it was asked to; each with a file that was kept of it.

    What is recorded for the first time is read as a whole, and not beside anything.
    """
    if _FOLDER not in config.stash:
        return {}
    asked = config.getoption("--snapshot-update") or config.getoption("--record-mode") in _REPLACE
    return as_before(config).files() if asked else {}
