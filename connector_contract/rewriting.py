"""``--record-resume``: a rewrite that was stopped goes on, by the list of what it has finished."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from connector_contract.errors import UsageError
from connector_contract.reporting.run_report import ATTRIBUTE
from connector_contract.storage.rewrite_list import RewriteList

_OPTION = "--record-resume"
_LIST = pytest.StashKey[RewriteList]()


def add_resume_option(parser: pytest.Parser) -> None:
    """Add the option that goes on with a rewrite."""
    parser.getgroup("connector-contract").addoption(
        _OPTION,
        action="store_true",
        help="With --record-mode=rewrite: go on with a rewrite that was stopped.",
    )


def begin_list(config: pytest.Config) -> None:
    """Find the list of a rewrite; without one, nothing is listed.

    Raises:
        UsageError: There is no rewrite to go on with.
    """
    resumes = config.getoption(_OPTION)
    if config.getoption("--record-mode") != "rewrite" or config.getoption("--disable-recording"):
        if resumes:
            raise UsageError(
                "--record-resume goes on with a rewrite, and this run is none.",
                remedy="Add --record-mode=rewrite. --record-mode=once goes on by itself.",
            )
        return
    path = _path(config)
    if not resumes:
        config.stash[_LIST] = RewriteList(path, config.rootpath)
        return
    try:
        if path is None:
            raise FileNotFoundError
        config.stash[_LIST] = RewriteList.going_on(path, config.rootpath)
    except (OSError, ValueError):
        where = [] if path is None else [("list", str(path))]
        raise UsageError(
            "There is no rewrite to go on with: none was stopped, or pytest's cache was cleared.",
            where=where,
            remedy="Begin one:\n  pytest --record-mode=rewrite",
        ) from None


def rewrite_list(config: pytest.Config) -> RewriteList:
    """The list of this run."""
    return config.stash.get(_LIST, RewriteList())


def _path(config: pytest.Config) -> Path | None:
    """Where the list is; ``None`` without pytest's cache."""
    cache = getattr(config, "cache", None)
    return None if cache is None else cache.mkdir("connector-contract") / "rewritten"


class Rewriting:
    """Begins the list of a rewrite, and removes it when the rewrite is whole."""

    def __init__(self) -> None:
        self._failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Begin an empty list in place of that of an earlier rewrite, unless this one goes on with it."""
        path = rewrite_list(session.config).path
        if path is not None and not (session.config.getoption(_OPTION) or _runs_nothing(session.config)):
            path.write_bytes(b"")
        result = yield
        # A stop, by Ctrl-C or after some failures, is raised past this.
        if path is not None and not (self._failed or _runs_nothing(session.config)):
            path.unlink(missing_ok=True)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of each test that fails: it may not have been recorded."""
        if report.when == "setup":
            self._failed.discard(report.nodeid)
        if report.failed:
            self._failed.add(report.nodeid)
        if (getattr(report, ATTRIBUTE, None) or {}).get("outcome"):
            # A rule is broken, and recorded all the same.
            self._failed.discard(report.nodeid)


def _runs_nothing(config: pytest.Config) -> bool:
    return bool(config.getoption("--collect-only") or config.getoption("--record-plan"))
