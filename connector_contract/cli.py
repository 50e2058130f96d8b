"""The command line. It is thin: it asks pytest for what it has to know of scenarios."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from connector_contract.errors import ContractError, UsageError
from connector_contract.reporting.messages import counted
from connector_contract.review.review_command import add_review
from connector_contract.secrets.secret_names import secret_names
from connector_contract.standard_output import write_out
from connector_contract.storage.ages import days, too_old, unknown
from connector_contract.storage.files import recordings, remove, stems
from connector_contract.storage.former import commands
from connector_contract.storage.git_times import GitTimes, git_times
from connector_contract.storage.lint import (
    UNREAD,
    Finding,
    findings_json,
    in_variants,
    leftovers,
    lint_cassette,
    lint_declarations,
    lint_fields,
    lint_snapshot,
    one_file_elsewhere,
    owner,
)
from connector_contract.storage.lint_people import lint_people
from connector_contract.storage.reading import obstacle, open_file
from connector_contract.storage.stored_names import DECLARATIONS, FIELDS, KINDS, is_recording

if TYPE_CHECKING:
    from connector_contract.collected import Collected

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
        description="Check the stored files: no secret, no leftover, nothing edited by hand. Of what may be "
        "addresses and numbers of real people, it warns.",
        epilog="Exit codes: 0 good, 1 findings, 2 could not run, or could not read a file.",
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
    lint.add_argument(
        "--max-age",
        metavar="AGE",
        help="warn of recordings that are older, such as 180d or 26w, by the commit that changed them last",
    )
    lint.add_argument(
        "--fail-on-age", action="store_true", help="make these warnings findings, and an age that is unknown"
    )
    lint.set_defaults(run=_lint)
    init = commands.add_parser(
        "init",
        help="write the first contract tests of a connector",
        description="Write the first contract tests of a connector into its folder: what the "
        "integration shows, and marks for what only its author knows. Existing files stay as they are.",
        epilog="Exit codes: 0 good, 2 could not run, or nothing to write.",
    )
    init.add_argument(
        "integration",
        metavar="MODULE:INTEGRATION",
        help="the connector's integration, such as acme_connector.integration:integration",
    )
    init.add_argument("--folder", metavar="DIR", default=".", help="the connector's folder, if it is another")
    init.add_argument("--tox", action="store_true", help="write tox.ini, too")
    init.add_argument("--ci", action="store_true", help="write a GitHub workflow, too: replay and review")
    init.set_defaults(run=_init)
    add_review(commands)
    return parser


def _init(options: argparse.Namespace) -> int:
    # The SDK is imported for this command alone.
    from connector_contract.scaffold.start import start
    from connector_contract.scaffold.summary import show

    folder = Path(options.folder)
    if not folder.is_dir():
        raise UsageError(
            f"There is no folder {options.folder!r}.",
            remedy="Make it, or name the one that the connector is in.",
        )
    started = start(options.integration, folder.resolve(), tox=options.tox, ci=options.ci)
    show(started, Console(highlight=False), folder.as_posix())
    if not any(file.done or file.to_add for file in started.files):
        raise UsageError(
            "There is nothing to write: all files exist already.",
            remedy="Remove or rename the files that you want written again.",
        )
    return GOOD


def _lint(options: argparse.Namespace) -> int:
    allowed = _max_age(options)
    # pytest is imported for this command alone.
    from connector_contract.collected import collect

    projects = collect(options.rootdir)
    by_project: list[list[Finding]] = []
    for project in projects:
        known = [finding for findings in by_project for finding in findings]
        # Two may have the same files, where the ini option of one leads to the other's folder.
        same = [each for each in projects if each.root == project.root]
        by_project.append([found for found in _findings(project, same) if found not in known])
    if allowed is not None:
        times = git_times(Path(options.rootdir or "."))
        for project, findings in zip(projects, by_project, strict=True):
            findings += _too_old(project, times, allowed, is_warning=not options.fail_on_age)
    if options.remove_leftovers:
        for findings in by_project:
            for finding in [found for found in findings if found.kind == "leftover"]:
                remove(Path(finding.path))
                findings.remove(finding)
    found = [finding for findings in by_project for finding in findings]
    if options.format == "json":
        write_out(findings_json(found) + "\n")
    else:
        write_out("".join(f"{line}\n" for line in _finding_lines(by_project, projects)))
    if any(finding.kind == UNREAD for finding in found):
        return COULD_NOT_RUN
    return GOOD if all(finding.is_warning for finding in found) else FINDINGS


def _max_age(options: argparse.Namespace) -> int | None:
    if options.max_age is not None:
        return days(options.max_age)
    if options.fail_on_age:
        raise UsageError("--fail-on-age needs an age.", remedy="Add --max-age, such as --max-age 180d.")
    return None


def _too_old(project: Collected, times: GitTimes, allowed: int, *, is_warning: bool) -> Iterable[Finding]:
    """The recordings of a project that are older than so many days; a leftover is reported as one."""
    owned = _owned(project)
    tests: dict[Path, str] = {}
    for path in recordings(project.root):
        test = owner(path.relative_to(project.root).as_posix(), owned)
        if path.suffix == ".yaml" and test is not None:
            tests[path] = _quoted(test)
    if times.unknown and tests:
        return [unknown(project.name, len(tests), times.unknown, times.remedy, is_warning=is_warning)]
    shown = {path: Path(os.path.relpath(path, project.start)).as_posix() for path in tests}
    changed = {name: times.times[path] for path, name in shown.items() if path in times.times}
    scenarios = {shown[path]: test for path, test in tests.items()}
    return too_old(scenarios, changed, now(), allowed, is_warning=is_warning)


def now() -> float:
    """The time in seconds since 1970; nothing else here reads a clock."""
    return time.time()


def _findings(project: Collected, same: Sequence[Collected]) -> Iterator[Finding]:
    """What is wrong in a project, with the files as they are seen from the current folder."""
    for finding in _findings_in(project, same):
        yield replace(finding, path=(PurePosixPath(project.name) / finding.path).as_posix())
    for move in project.moves:
        remedy = "\n    ".join(["move them:", *commands([move], project.start)])
        what = "they are recordings in a former place"
        path = Path(os.path.relpath(move.source, project.start)).as_posix()
        yield Finding(path, 1, "place", what, remedy)


def _findings_in(project: Collected, same: Sequence[Collected]) -> Iterator[Finding]:
    names = secret_names(project.secret_names, project.allowed_secrets)
    paths = {path: path.relative_to(project.root).as_posix() for path in recordings(project.root)}
    owned = {stem: test for each in same for stem, test in _owned(each).items()}
    variants = in_variants(owned, {files.variant for files, _ in project.scenarios})
    # Of a folder, what is in it is a leftover; through a link, it may be a scenario's.
    own = (name for path, name in paths.items() if not (project.is_elsewhere(path) or path.is_dir()))
    yield from leftovers(
        own,
        owned,
        variants,
        _uncollected(project, paths, {path for each in same for path in each.modules}),
        project.name,
    )
    yield from one_file_elsewhere(paths.values())
    snapshots: dict[Path, set[str]] = {}
    for path in paths:
        snapshots.setdefault(path.parent, set()).add(path.name)
    for path in _with_progress(sorted(path for path in paths if is_recording(path) or path.is_dir())):
        name = paths[path]
        scenario = _quoted(owner(name, owned))
        try:
            with open_file(path) as stream:
                data = stream.read()
        except OSError as error:
            yield _unread(project, path, error)
            continue
        cassettes, snapshots_of = (project.root / kind for kind in KINDS)
        if path.suffix == ".yaml" and path.is_relative_to(cassettes):
            folder = (snapshots_of / path.relative_to(cassettes)).parent
            yield from lint_cassette(name, data, names, scenario, snapshots.get(folder, ()))
            yield from lint_people(name, data)
        elif path.suffix == ".json" and path.is_relative_to(snapshots_of):
            if name.endswith(FIELDS):
                yield from lint_fields(name, data, scenario)
            else:
                check = lint_declarations if name.endswith(DECLARATIONS) else lint_snapshot
                yield from check(name, data, names, scenario)
            yield from lint_people(name, data)


def _unread(project: Collected, path: Path, error: OSError) -> Finding:
    """A finding of what cannot be read, so that nobody knows what is wrong with it."""
    found = obstacle(path, error)
    name = Path(os.path.relpath(found.path, project.root)).as_posix()
    return Finding(name, 1, UNREAD, f"it cannot be read: {found.why}", found.remedy.replace("\n", "\n    "))


def _uncollected(project: Collected, paths: Iterable[Path], modules: Collection[Path]) -> set[str]:
    """The modules that recordings are named after, and that are there, but that pytest has not collected."""
    found = set()
    for parts in {path.relative_to(project.root).parent.parts[1:] for path in paths}:
        # The first folder may be that of a variant.
        for module in (PurePosixPath(*parts), PurePosixPath(*parts[1:])):
            path = project.root / f"{module}.py"
            if path.is_file() and path not in modules:
                found.add(module.as_posix())
    return found


def _owned(project: Collected) -> dict[str, str]:
    """Each test, as pytest takes it, by the names that its files start with."""
    owned = {stem: nodeid for files, nodeid in project.scenarios for stem in stems(files)}
    for files, nodeid, shared in project.contracts:
        owned[files.declarations.with_suffix("").relative_to(files.root).as_posix()] = nodeid
        contract = nodeid.rpartition("::")[0]
        owned |= {stem: contract for name in shared for stem in stems(files.shared(name))}
    for path, tests in project.fields.items():
        owned[path.with_suffix("").relative_to(project.root).as_posix()] = tests
    return owned


def _with_progress(paths: Sequence[Path]) -> Iterator[Path]:
    """The files one by one, with a bar on a terminal that goes with their sizes and vanishes at the end."""
    console = Console(stderr=True)
    if not console.is_terminal:
        # Earlier releases of rich end a bar that they do not show with an empty line.
        yield from paths
        return
    columns = (SpinnerColumn(), BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=sum(map(_size, paths)))
        for path in paths:
            progress.update(task, description=path.name)
            yield path
            progress.advance(task, _size(path))


def _size(path: Path) -> int:
    """Of a link that leads nowhere, its own."""
    return path.lstat().st_size


def _finding_lines(by_project: Sequence[Sequence[Finding]], projects: Sequence[Collected]) -> Iterator[str]:
    found = [finding for findings in by_project for finding in findings]
    yield from map(str, found)
    counts = [(len(list(recordings(project.root))), len(project.scenarios)) for project in projects]
    if len(projects) > 1:
        for project, (files, scenarios), findings in zip(projects, counts, by_project, strict=True):
            yield f"{project.name}: {_counted(files, scenarios, findings)}"
    files, scenarios = (sum(each) for each in zip(*counts, strict=True))
    all_of = f"{counted(len(projects), 'project')}: " if len(projects) > 1 else ""
    yield all_of + _counted(files, scenarios, found)


def _counted(files: int, scenarios: int, found: Sequence[Finding]) -> str:
    warnings = sum(finding.is_warning for finding in found)
    findings = len(found) - warnings
    counts = [counted(findings, "finding") if findings else "no findings"]
    counts += [counted(warnings, "warning")] if warnings else []
    return f"{files} files of {scenarios} scenarios: {', '.join(counts)}"


def _quoted(scenario: str | None) -> str:
    return "" if scenario is None else shlex.quote(scenario)


if __name__ == "__main__":
    raise SystemExit(main())
