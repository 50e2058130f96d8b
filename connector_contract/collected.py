"""The scenarios of a project, or of each project in a repository, as pytest collects them."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from connector_contract.errors import UsageError
from connector_contract.faults.field_places import FieldsPlace, fields_place
from connector_contract.item_files import projects_of
from connector_contract.storage.files import ScenarioFiles
from connector_contract.storage.former import Move, former_moves, move_between, variant_folders
from connector_contract.storage.projects import Projects, marked, may_have_recordings, projects_below
from connector_contract.storage.reading import unreadable
from connector_contract.storage.stored_names import FIELDS, KINDS
from connector_contract.variants import connector_of, files_of


@dataclass(eq=False)
class Collected:
    """What pytest reports of one project.

    Attributes:
        start: The folder that tests are named from.
        folder: The project's, or one in it.
        root: The folder that the project's recordings are in.
        scenarios: The files of each scenario, with the test as pytest takes it.
        contracts: The same of the tests that have a contract's declarations, with what its rules share.
        fields: The tables of fields that are there and that some connector has the capability of, with its
            tests as pytest takes them.
        modules: The test modules that pytest has collected.
        secret_names: Those that the project adds to the names of secrets.
        allowed_secrets: What the project says is none.
        moves: Its recordings that lie in a former place.
        others: The projects within this one, which are not collected with it.
        errors: Why not all scenarios are known.
    """

    start: Path
    folder: Path
    root: Path = field(default_factory=Path.cwd)
    scenarios: list[tuple[ScenarioFiles, str]] = field(default_factory=list)
    contracts: list[tuple[ScenarioFiles, str, list[str]]] = field(default_factory=list)
    fields: dict[Path, str] = field(default_factory=dict)
    modules: set[Path] = field(default_factory=set)
    secret_names: list[str] = field(default_factory=list)
    allowed_secrets: list[str] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The project's folder, as it is seen from ``start``."""
        return Path(os.path.relpath(self.root, self.start)).as_posix()

    def is_elsewhere(self, path: Path) -> bool:
        """Whether a file of this project is one of another, in a former place."""
        return any(path.is_relative_to(source) for source in self._former_sources())

    def _former_sources(self) -> Iterator[Path]:
        for other, kind in product(self.others, KINDS):
            for variant in ("", *variant_folders(self.root / kind, other)):
                yield move_between(kind, self.root, other, variant).source


def collect(rootdir: str | None) -> list[Collected]:
    """All scenarios of the project that the current folder is in, and of those within it.

    They are those that a run of pytest in the project's folder has, whatever part of them its configuration
    would run. Each project within is collected in a process of its own, where modules may be called the same.

    Args:
        rootdir: Another folder in place of the current one, which becomes pytest's root.

    Raises:
        UsageError: pytest cannot collect them all; then nobody knows which files belong to none.
    """
    start = Path.cwd()
    own = _collected(start, Path(rootdir or ".").resolve(), rootdir)
    projects = Projects(own.root)
    others = [each for each in own.others if may_have_recordings(each) or former_moves(projects, each)]
    all_collected = _collected_each(start, others)
    # A repository's root need not be a project that pytest can collect.
    if not others or may_have_recordings(own.root):
        all_collected.insert(0, own)
    for each in all_collected:
        _refuse_unknown(each)
    return all_collected


def _collected_each(start: Path, folders: Sequence[Path]) -> list[Collected]:
    if not folders:
        return []
    with ProcessPoolExecutor(
        min(len(folders), os.cpu_count() or 1),
        mp_context=multiprocessing.get_context("spawn"),
        max_tasks_per_child=1,
    ) as pool:
        return list(pool.map(partial(_collected, start), folders))


def _refuse_unknown(collected: Collected) -> None:
    if collected.errors:
        raise UsageError(
            "pytest cannot collect the scenarios, so nobody knows which files belong to one.",
            where=[("project", str(collected.root))],
            details=collected.errors,
            remedy="Fix that first. This shows it in the project's folder:\n  pytest --collect-only",
        )


def _collected(start: Path, folder: Path, rootdir: str | None = None) -> Collected:
    if rootdir is None:
        # Where pytest goes by the project's own configuration.
        folder = marked(folder, folder) or folder
    collected = Collected(start, folder)
    # pytest would rewrite the asserts of its plugins, and warns that this one has been imported before it.
    arguments = ["--collect-only", "--quiet", "-Wignore::pytest.PytestAssertRewriteWarning"]
    if rootdir is not None:
        arguments += [f"--rootdir={folder}", str(folder)]
    output = io.StringIO()
    with (
        contextlib.chdir(start if rootdir is not None else folder),
        _importable(start, folder),
        # With a cache, --lf among the project's own options would leave out what passed.
        tempfile.TemporaryDirectory() as cache,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
    ):
        code = pytest.main([*arguments, f"-ocache_dir={cache}"], plugins=[_Collector(collected)])
    if not collected.errors and code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        collected.errors = output.getvalue().strip().splitlines()[-5:]
    return collected


class _Collector:
    """The pytest plugin that fills in what pytest reports."""

    def __init__(self, found: Collected) -> None:
        self._found = found
        self._root = found.folder
        self._places: set[FieldsPlace] = set()

    def pytest_configure(self, config: pytest.Config) -> None:
        try:
            projects = projects_of(config)
        except UsageError as error:
            raise pytest.UsageError(str(error)) from None
        self._root = config.rootpath
        self._found.root = projects.root_of(self._found.folder)
        if self._found.root != self._found.folder:
            config.args = [str(self._found.root)]
        self._found.secret_names = config.getini("contract_secret_names")
        self._found.allowed_secrets = config.getini("contract_allowed_secrets")
        within = list(projects_below(self._found.root))
        if projects.given is None:
            self._found.others = within
        folders = [self._found.root] if projects.given is None else within
        moves = (move for folder in folders for move in former_moves(projects, folder))
        try:
            self._found.moves = list(dict.fromkeys(moves))
        except OSError as error:
            raise pytest.UsageError(str(unreadable(Path(error.filename), error))) from None

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave the projects within this one out: each is collected as it is set up."""
        return True if collection_path in self._found.others else None

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        # Before anything is deselected: a scenario that is not run here still owns its files.
        names = getattr(item, "fixturenames", ())
        path = Path(os.path.relpath(item.path, self._found.start)).as_posix()
        nodeid = f"{path}::{item.nodeid.partition('::')[2]}"
        if "lumos" in names:
            self._found.scenarios.append((files_of(item), nodeid))
        if "contract_declarations" in names:
            from connector_contract.contract.collection import shared_recordings

            shared = shared_recordings(item)  # type: ignore[arg-type] # it is a rule's
            self._found.contracts.append((files_of(item), nodeid, shared))
        if "lumos" in names or "contract_declarations" in names:
            self._own_fields(item)

    def _own_fields(self, item: pytest.Item) -> None:
        """Learn which of the stored tables of fields are those of a test's connector."""
        place = fields_place(item)
        if place in self._places:
            return
        self._places.add(place)
        stored = sorted(place.folder.glob(f"*{FIELDS}")) if place.folder.is_dir() else []
        # To make the connector imports it, which a project without such tables is spared.
        connector = connector_of(item) if stored else None
        tests = Path(os.path.relpath(place.tests, self._found.start)).as_posix()
        # Of a connector that cannot be made, nobody knows what it has.
        own = stored if connector is None else map(place.table, [*connector.integration.capabilities, "info"])
        self._found.fields |= dict.fromkeys({*own} & {*stored}, tests)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        from connector_contract.contract.collection import why_unknown

        self._found.errors += why_unknown(session.config)

    def pytest_make_collect_report(self, collector: pytest.Collector) -> None:
        if isinstance(collector, pytest.Module):
            self._found.modules.add(collector.path)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._found.modules.discard(self._root / report.nodeid)
        if report.failed:
            lines = report.longreprtext.strip().splitlines()
            # A traceback ends with its error. What is no traceback is a message, all of which counts.
            said = " ".join(lines) if isinstance(report.longrepr, str) else lines[-1]
            self._found.errors.append(f"{report.nodeid}: {said}")


@contextlib.contextmanager
def _importable(*folders: Path) -> Iterator[None]:
    """Have Python find what lies in the folders, as ``python -m pytest`` does for the current one."""
    before = list(sys.path)
    sys.path[:0] = dict.fromkeys(str(folder) for folder in reversed(folders))
    try:
        yield
    finally:
        sys.path[:] = before
