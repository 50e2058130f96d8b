"""Where the recordings of a test lie, and how messages name the test."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector_contract.errors import FormerPlace, UsageError
from connector_contract.storage.projects import Projects
from connector_contract.storage.reading import unreadable
from connector_contract.storage.stored_names import KINDS

if TYPE_CHECKING:
    from connector_contract.storage.files import ScenarioFiles

_OPTION = "contract_root"
_PROJECTS = pytest.StashKey[Projects]()
# In these, what lies in a former place is neither replayed nor missed.
_RECORDS_ALL = ("all", "rewrite", "disabled")


def add_root_option(parser: pytest.Parser) -> None:
    """Add the ini option that says where recordings lie."""
    parser.addini(
        _OPTION,
        type="string",
        default=None,
        help="The folder that cassettes/ and snapshots/ are in, relative to this file; by default that of "
        "the project which a test module is in.",
    )


def projects_of(config: pytest.Config) -> Projects:
    """The projects of the repository, as this run of pytest sees them.

    Raises:
        UsageError: ``contract_root`` is not a folder.
    """
    if _PROJECTS not in config.stash:
        config.stash[_PROJECTS] = Projects(config.rootpath, _given(config))
    return config.stash[_PROJECTS]


def files_of_test(item: pytest.Item, nodeid: str, variant: str = "") -> ScenarioFiles:
    """The files of the scenario that a test is.

    Args:
        item: The test.
        nodeid: Its node id, without what stands for the variant.
        variant: The connector's; empty if it has none.

    Raises:
        UsageError: They would lie outside of the project.
    """
    from connector_contract.storage.files import scenario_files

    projects, start = projects_of(item.config), item.config.invocation_params.dir
    root = projects.root_of(item.path.parent)
    test = nodeid.partition("::")[2]
    if not item.path.is_relative_to(root):
        raise _outside(item, root, projects)
    return scenario_files(root, f"{item.path.relative_to(root).as_posix()}::{test}", start, variant)


def is_unreadable_recordings(path: Path) -> bool:
    """Whether a path is a folder of recordings that may not be read.

    pytest looks for tests in it, too, and would end with an error of its own. A scenario says what is wrong.
    """
    return (
        not frozenset(KINDS).isdisjoint(path.parts)
        and path.is_dir()
        and not os.access(path, os.R_OK | os.X_OK)
    )


def refuse_former_place(item: pytest.Item, files: ScenarioFiles, mode: str) -> None:
    """Refuse to replay, or to record what is missing, where recordings lie in a former place.

    Args:
        item: The test.
        files: Its files.
        mode: pytest-recording's record mode, or ``record_modes.DISABLED``.

    Raises:
        FormerPlace: They do.
        CannotRead: Nobody can say.
    """
    from connector_contract.storage.former import commands, former_moves, lies_elsewhere

    projects, folder = projects_of(item.config), item.path.parent
    try:
        if mode in _RECORDS_ALL or not lies_elsewhere(projects, folder, files):
            return
        moves = former_moves(projects, folder)
    except OSError as error:
        raise unreadable(Path(error.filename or folder), error) from None
    start = item.config.invocation_params.dir
    raise FormerPlace(
        "The recordings of this project lie in a former place.",
        where=[
            ("found in", ", ".join(_shown(move.source, start) for move in moves)),
            ("project", _shown(files.root, start)),
        ],
        remedy="\n".join(
            [
                "They belong into the project's own folder. Move them (with mv, if they are not committed):",
                *(f"  {line}" for line in commands(moves, start)),
            ]
        ),
    )


def project_name(item: pytest.Item) -> str:
    """The folder of a test's project, as reports show it."""
    root = projects_of(item.config).root_of(item.path.parent)
    return _shown(root, item.config.invocation_params.dir)


def runnable(item: pytest.Item) -> str:
    """A test's node id as pytest takes it in the folder that it was started in."""
    _, colons, test = item.nodeid.partition("::")
    return _shown(item.path, item.config.invocation_params.dir) + colons + test


def _given(config: pytest.Config) -> Path | None:
    value = config.getini(_OPTION)
    if not value:
        return None
    base = config.rootpath if config.inipath is None else config.inipath.parent
    given = Path(os.path.normpath(base / value))
    if not given.is_dir():
        raise UsageError(
            f"The ini option {_OPTION} is {value!r}, and there is no such folder.",
            where=[("folder", str(given)), ("set in", str(config.inipath or "the command line"))],
            remedy="Give an existing folder, relative to the file that sets it.",
        )
    return given


def _outside(item: pytest.Item, root: Path, projects: Projects) -> UsageError:
    if projects.given is not None:
        return UsageError(
            f"The scenario {item.nodeid!r} lies outside of {_OPTION}, {root}, where its recording would be.",
            remedy=f"Set {_OPTION} to a folder above all scenarios, or leave it out.",
        )
    return UsageError(
        f"The scenario {item.nodeid!r} lies outside of pytest's root, {root}, where its recording would be.",
        remedy="Run pytest from the project, or give its folder with --rootdir.",
    )


@lru_cache
def _shown(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()
