"""The options of the fault sweep, and the plugin that they turn on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from connector_contract.errors import UsageError
from connector_contract.faults.chosen_tests import is_of_sweep

SWEEP = "--contract-faults"
_CALLS = "--contract-fault-calls"
_HTML = "--contract-faults-html"
_JSON = "--contract-faults-json"


def add_fault_options(parser: pytest.Parser) -> None:
    """Add the options of the fault sweep."""
    group = parser.getgroup("connector-contract")
    group.addoption(
        SWEEP,
        action="store_true",
        help="Replay each recorded call broken, in every way that applies, after the scenarios.",
    )
    group.addoption(
        _CALLS,
        choices=("distinct", "all"),
        default="distinct",
        help="Break one of the calls that are equal (distinct, the default), or all of them.",
    )
    group.addoption(_HTML, metavar="FILE", default=None, help="Write the fault matrix to FILE, as HTML.")
    group.addoption(_JSON, metavar="FILE", default=None, help="Write the fault matrix to FILE, as JSON.")


def is_sweeping(config: pytest.Config) -> bool:
    """Whether the run sweeps faults."""
    return bool(config.getoption(SWEEP))


def sweeps_each_call(config: pytest.Config) -> bool:
    """Whether all calls are broken, also equal ones."""
    return bool(config.getoption(_CALLS) == "all")


def pages_of(config: pytest.Config) -> dict[str, Path]:
    """The files that the matrix is written to, by their form: ``html`` and ``json``."""
    start = config.invocation_params.dir
    named = {"html": config.getoption(_HTML), "json": config.getoption(_JSON)}
    return {form: start / name for form, name in named.items() if name is not None}


def check_fault_options(config: pytest.Config) -> None:
    """Refuse options that would have no effect, or that cannot be followed.

    Raises:
        UsageError: An option of the sweep is given without it, or a file cannot be written to; or one of its
            tests is named without it; or the run records, and what it records is not there yet to be broken.
    """
    given = [name for name in (_HTML, _JSON) if config.getoption(name) is not None]
    if not is_sweeping(config):
        if sweeps_each_call(config):
            given.append(_CALLS)
        if named := [each for each in config.args if is_of_sweep(each)]:
            raise UsageError(
                f"{named[0]} is a test of the fault sweep, and there is none without {SWEEP}.",
                remedy=f"Add {SWEEP}.",
            )
        if given:
            raise UsageError(
                f"{given[0]} has no effect without {SWEEP}.",
                remedy=f"Add {SWEEP}, or leave {given[0]} out.",
            )
        return
    _check_pages(pages_of(config))
    mode = config.getoption("--record-mode", default=None)
    if mode in ("all", "new_episodes", "rewrite"):
        raise UsageError(
            f"{SWEEP} breaks what is recorded, and --record-mode={mode} records again.",
            remedy=f"Record first, then sweep:\n  pytest --record-mode={mode}\n  pytest {SWEEP}",
        )


def _check_pages(pages: Mapping[str, Path]) -> None:
    """Refuse files that cannot be written to, before a sweep and not after it.

    Raises:
        UsageError: There is one.
    """
    for path in pages.values():
        if (why := _why_not(path)) is not None:
            raise UsageError(
                f"The fault matrix cannot be written: {why}.", remedy="Fix that, or name another file."
            )
    if len(pages) > len(set(pages.values())):
        raise UsageError(f"{_HTML} and {_JSON} name the same file.", remedy="Name a file for each.")


def _why_not(path: Path) -> str | None:
    folder = path.parent
    if not folder.is_dir():
        return f"{folder} is no folder" if folder.exists() else f"there is no folder {folder}"
    if path.exists() and not path.is_file():
        return f"{path} is {'a folder' if path.is_dir() else 'no file'}"
    return None if os.access(folder, os.W_OK) else f"the folder {folder} is not writable"
