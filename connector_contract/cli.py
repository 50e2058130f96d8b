"""The command line. It is thin: it asks pytest for what it has to know of scenarios."""

from __future__ import annotations

import argparse
import contextlib
import io
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from connector_contract.errors import ContractError, UsageError
from connector_contract.reporting.messages import counted
from connector_contract.secrets.secret_names import secret_names
from connector_contract.storage.files import DECLARATIONS, ScenarioFiles, is_recording, recordings, stems
from connector_contract.storage.lint import (
    Finding,
    findings_json,
    in_variants,
    leftovers,
    lint_cassette,
    lint_declarations,
    lint_snapshot,
    owner,
)
from connector_contract.variants import files_of

GOOD, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: Those of the command line, if ``None``.

    Returns:
        The exit code: 0 good, 1 findings, 2 could not run.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except ContractError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command talks to its user
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)  # noqa: T201 - a command talks to its user
        return COULD_NOT_RUN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="connector-contract", description="Contract tests for Lumos connectors."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    lint = commands.add_parser(
        "lint",
        help="check the stored cassettes and snapshots",
        description="Check the stored files: no secret, no leftover, nothing edited by hand.",
        epilog="Exit codes: 0 good, 1 findings, 2 could not run.",
    )
    lint.add_argument(
        "--format", choices=["term", "json"], default="term", help="for people, or for programs"
    )
    lint.add_argument(
        "--remove-leftovers", action="store_true", help="delete the files that belong to no scenario"
    )
    lint.add_argument(
        "--rootdir", metavar="DIR", help="the folder of the project, if this folder belongs to another one"
    )
    lint.set_defaults(run=_lint)
    init = commands.add_parser(
        "init",
        help="write the first contract tests of a connector",
        description="Write the first contract tests of a connector into the current folder: what the "
        "integration shows, and marks for what only its author knows. Existing files stay as they are.",
        epilog="Exit codes: 0 good, 2 could not run, or nothing to write.",
    )
    init.add_argument(
        "integration",
        metavar="MODULE:INTEGRATION",
        help="the connector's integration, such as acme_connector.integration:integration",
    )
    init.add_argument("--tox", action="store_true", help="write tox.ini, too")
    init.add_argument("--ci", action="store_true", help="write a GitHub workflow that replays, too")
    init.set_defaults(run=_init)
    return parser


def _init(options: argparse.Namespace) -> int:
    # The SDK is imported for this command alone.
    from connector_contract.scaffold.start import start
    from connector_contract.scaffold.summary import show

    started = start(options.integration, Path.cwd(), tox=options.tox, ci=options.ci)
    show(started, Console(highlight=False))
    if not any(file.done or file.to_add for file in started.files):
        raise UsageError(
            "There is nothing to write: all files exist already.",
            remedy="Remove or rename the files that you want written again.",
        )
    return GOOD


def _lint(options: argparse.Namespace) -> int:
    project = _collect(options.rootdir)
    findings = list(_findings(project))
    if options.remove_leftovers:
        for finding in [found for found in findings if found.kind == "leftover"]:
            (project.root / finding.path).unlink()
            findings.remove(finding)
    if options.format == "json":
        print(findings_json(findings))  # noqa: T201 - a command talks to its user
    else:
        _print_findings(findings, project)
    return FINDINGS if findings else GOOD


def _findings(project: _Project) -> Iterator[Finding]:
    names = secret_names(project.secret_names)
    paths = {path: path.relative_to(project.root).as_posix() for path in recordings(project.root)}
    owned = {stem: nodeid for nodeid, files in project.scenarios.items() for stem in stems(files)}
    for nodeid, (files, shared) in project.contracts.items():
        owned[files.shown(files.declarations.with_suffix(""))] = nodeid
        contract = nodeid.rpartition("::")[0]
        owned |= {stem: contract for name in shared for stem in stems(files.shared(name))}
    variants = in_variants(owned, {files.variant for files in project.scenarios.values()})
    yield from leftovers(paths.values(), owned, variants)
    snapshots: dict[Path, set[str]] = {}
    for path in paths:
        snapshots.setdefault(path.parent, set()).add(path.name)
    for path in _with_progress(sorted(path for path in paths if is_recording(path))):
        name = paths[path]
        try:
            data = path.read_bytes()
        except OSError as error:
            what = f"it cannot be read: {error.strerror}"
            yield Finding(name, 1, "corrupt", what, "restore it from version control")
            continue
        scenario = _quoted(owner(name, owned))
        if path.suffix == ".yaml":
            folder = (project.root / "snapshots" / path.relative_to(project.root / "cassettes")).parent
            yield from lint_cassette(name, data, names, scenario, snapshots.get(folder, ()))
        else:
            check = lint_declarations if name.endswith(DECLARATIONS) else lint_snapshot
            yield from check(name, data, names, scenario)


def _with_progress(paths: Sequence[Path]) -> Iterator[Path]:
    """The files one by one, with a bar on a terminal that goes with their sizes and vanishes at the end."""
    console = Console(stderr=True)
    if not console.is_terminal:
        # Earlier releases of rich end a bar that they do not show with an empty line.
        yield from paths
        return
    columns = (SpinnerColumn(), BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=sum(path.stat().st_size for path in paths))
        for path in paths:
            progress.update(task, description=path.name)
            yield path
            progress.advance(task, path.stat().st_size)


def _print_findings(findings: Sequence[Finding], project: _Project) -> None:
    for finding in findings:
        print(finding)  # noqa: T201 - a command talks to its user
    count = len(list(recordings(project.root)))
    scenarios = len(project.scenarios)
    print(f"{count} files of {scenarios} scenarios: {_counted(findings)}")  # noqa: T201 - the same


def _counted(findings: Sequence[Finding]) -> str:
    return "no findings" if not findings else counted(len(findings), "finding")


@dataclass(eq=False)
class _Project:
    """What pytest reports of a project; a pytest plugin while pytest collects."""

    root: Path = field(default_factory=Path.cwd)
    scenarios: dict[str, ScenarioFiles] = field(default_factory=dict)
    contracts: dict[str, tuple[ScenarioFiles, list[str]]] = field(default_factory=dict)
    secret_names: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def pytest_configure(self, config: pytest.Config) -> None:
        self.root = config.rootpath
        self.secret_names = config.getini("contract_secret_names")

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        # Before anything is deselected: a scenario that is not run here still owns its files.
        if "lumos" in getattr(item, "fixturenames", ()):
            self.scenarios[item.nodeid] = files_of(item)
        if "contract_declarations" in getattr(item, "fixturenames", ()):
            from connector_contract.contract.collection import shared_recordings

            shared = shared_recordings(item)  # type: ignore[arg-type] # it is a rule's
            self.contracts[item.nodeid] = files_of(item), shared

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        from connector_contract.contract.collection import why_unknown

        self.errors += why_unknown(session.config)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append(f"{report.nodeid}: {report.longreprtext.strip().splitlines()[-1]}")


def _collect(rootdir: str | None) -> _Project:
    """All scenarios of a project, whatever part of them its configuration would run.

    Raises:
        UsageError: pytest cannot collect them all; then nobody knows which files belong to none.
    """
    project = _Project()
    # pytest would rewrite the asserts of its plugins, and warns that this one has been imported before it.
    arguments = ["--collect-only", "--quiet", "-Wignore::pytest.PytestAssertRewriteWarning"]
    if rootdir is not None:
        arguments += [f"--rootdir={rootdir}", rootdir]
    output = io.StringIO()
    with (
        _importable(Path(rootdir or ".").resolve()),
        # With a cache, --lf among the project's own options would leave out what passed.
        tempfile.TemporaryDirectory() as cache,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
    ):
        code = pytest.main([*arguments, f"-ocache_dir={cache}"], plugins=[project])
    if project.errors or code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise UsageError(
            "pytest cannot collect the scenarios, so nobody knows which files belong to one.",
            where=[("project", str(project.root))],
            details=project.errors or output.getvalue().strip().splitlines()[-5:],
            remedy="Fix that first." if project.errors else "Fix what this shows:\n  pytest --collect-only",
        )
    return project


@contextlib.contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Have Python find what lies in a folder, as ``python -m pytest`` does for the current one."""
    before = list(sys.path)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path[:] = before


def _quoted(scenario: str | None) -> str:
    return "" if scenario is None else shlex.quote(scenario)
