"""``connector-contract review``: what the changes of the stored files mean."""

from __future__ import annotations

import argparse
import io
import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from connector_contract.errors import UsageError
from connector_contract.review.annotations import annotation_lines
from connector_contract.review.base_revision import base_commit
from connector_contract.review.change import NotUnderstood, Review, Severity
from connector_contract.review.compare import compare
from connector_contract.review.deciding import add_decisions, decide, is_deciding
from connector_contract.review.git_calls import repository_at
from connector_contract.review.html_page import html_page
from connector_contract.review.json_page import json_page
from connector_contract.review.markdown_page import Size, markdown_page
from connector_contract.review.plain_text import plain
from connector_contract.review.review_lines import closing
from connector_contract.review.revisions import Revisions, revisions
from connector_contract.review.term_page import term_lines
from connector_contract.review.working_tree import WorkingTree
from connector_contract.standard_output import is_terminal, write_out
from connector_contract.storage.stored_names import KINDS

COMPARED, REACHED, NOT_COMPARED = 0, 1, 2
WORKING_TREE = "the working tree"


def add_review(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "review",
        help="say what the changes of the stored files mean",
        description="Compare the stored files of the working tree with those of a commit, and say what has "
        "changed for accounts, entitlements, resources and associations.",
        epilog="Exit codes: 0 everything was compared, 1 --fail-on is reached, 2 something could not be "
        "compared.",
    )
    parser.add_argument(
        "--base",
        metavar="REV",
        help="the revision to compare with, as it is (default: where the branch has left the target of its "
        "pull request, or else origin/HEAD, origin/main, main or master)",
    )
    parser.add_argument(
        "--format",
        choices=list(_FORMATS),
        default="term",
        help="for a terminal, a pull request, a browser or programs; github: the critical changes, at most "
        "ten, as the annotations that a job of GitHub prints",
    )
    parser.add_argument(
        "--size",
        choices=[size.name.lower() for size in Size],
        help="how long Markdown may be: to fit in a comment (64 kB, the default) or in the summary of a job "
        "(1 MiB)",
    )
    parser.add_argument(
        "--fail-on",
        choices=[severity.value for severity in Severity if severity is not Severity.INFO],
        help="exit with 1 if a change is as bad as this, or worse",
    )
    parser.add_argument("--rootdir", metavar="DIR", help="compare the files in this folder alone")
    parser.add_argument("--output", metavar="FILE", help="write to this file")
    # Git's own commands take it so: whoever does it here is shown the option.
    parser.add_argument("revision", nargs="?", help=argparse.SUPPRESS)
    add_decisions(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare, show or decide, and return the exit code."""
    deciding = is_deciding(options)
    _check(options)
    repository = repository_at(Path(options.rootdir or "."))
    if set(repository.prefix.split("/")) & set(KINDS) and options.rootdir is not None:
        raise UsageError(
            f"--rootdir {options.rootdir} is a folder of recordings.",
            remedy="Name the project's folder, which has both cassettes/ and snapshots/.",
        )
    if options.rootdir is None:
        # A review from any folder is of all projects: where their files lie is up to their settings.
        repository = replace(repository, prefix="")
    base = base_commit(repository, options.base, os.environ)
    with _progress() as watch, revisions(repository, base, watch.read) as compared:
        _check_any(compared, repository.prefix)
        watch.begin(compared)
        review = reviewed(compared, base)
        text = _FORMATS[options.format](review, compared, options)
    if deciding:
        decide(options, review, compared.changed, WorkingTree(repository.top, base))
    else:
        _write(text, options.output, review)
        _hint(review, options, is_head=base == repository.commit("HEAD"))
    return exit_code(review, options.fail_on)


def _check(options: argparse.Namespace) -> None:
    if options.revision is not None:
        raise UsageError(
            f"The revision to compare with is an option, and {plain(options.revision)} is none.",
            remedy=f"connector-contract review --base {shlex.quote(plain(options.revision))}",
        )
    if options.size is not None and options.format != "markdown":
        raise UsageError(
            f"--size is for Markdown, and the format is {options.format}.",
            remedy="Add --format markdown, or leave --size out.",
        )


def _hint(review: Review, options: argparse.Namespace, *, is_head: bool) -> None:
    """Say what else somebody may look for who sees nothing."""
    if options.format == "github" and review.severity is not Severity.CRITICAL:
        _note("No change is critical, so there is no annotation.")
    if options.format == "term" and options.base is None and is_head and not review.changes:
        _note(
            "HEAD is the commit that is compared with, so only what is not committed counts.\n"
            "What the last commit has changed: connector-contract review --base HEAD~1"
        )


def _note(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - a command talks to its user


def reviewed(compared: Revisions, base: str) -> Review:
    """The review of two revisions, with what could not be compared."""
    review = compare(compared.base, compared.head, compared.changed, base, WORKING_TREE)
    apart = [NotUnderstood(why, len(paths), tuple(paths)) for why, paths in sorted(compared.apart.items())]
    return replace(
        review,
        not_understood=[*review.not_understood, *apart],
        no_recordings=len(compared.no_recordings),
    )


def exit_code(review: Review, fail_on: str | None) -> int:
    """What the command returns: that something could not be compared matters most."""
    if review.not_understood:
        return NOT_COMPARED
    worst = review.severity
    if fail_on is not None and worst is not None and worst.rank <= Severity(fail_on).rank:
        return REACHED
    return COMPARED


class _Shown:
    """How far a review is, on a terminal: how many of the files that differ have been read.

    Attributes:
        unread: Those that have not, each once for each side that has it.
    """

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.unread: Counter[str] = Counter()

    def begin(self, compared: Revisions) -> None:
        """Show that these files are to be read."""
        sides = (compared.base, compared.head)
        self.unread.update(path for path in compared.changed for side in sides if path in side)
        if self._progress is not None:
            self._progress.add_task("", total=self.unread.total())

    def read(self, path: str) -> None:
        """Show that a file is read."""
        if self._progress is not None and self.unread[path] > 0:
            self.unread[path] -= 1
            for task in self._progress.task_ids:
                self._progress.update(task, advance=1, description=plain(path.rpartition("/")[2], 40))


@contextmanager
def _progress() -> Iterator[_Shown]:
    console = Console(stderr=True, markup=False)
    if not console.is_terminal:
        # Earlier releases of rich end a bar that they do not show with an empty line.
        yield _Shown(None)
        return
    description = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), BarColumn(), TaskProgressColumn(), description)
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Shown(progress)


def _check_any(compared: Revisions, prefix: str) -> None:
    if compared.base or compared.head or compared.apart:
        return
    raise UsageError(
        "There are no cassettes or snapshots here, neither before nor now, so nothing is compared.",
        where=[("folder", plain(prefix))] if prefix else [],
        remedy="Record some: pytest --record-mode=once. Files that git ignores do not count.",
    )


def _term(review: Review, compared: Revisions, options: argparse.Namespace) -> str:
    del compared
    text = io.StringIO()
    # Colours are for terminals, or where the environment asks for them; lines are the terminal's to break.
    force = False if options.output is not None else is_terminal() or None
    console = Console(
        file=text, force_terminal=force, highlight=False, markup=False, emoji=False, soft_wrap=True
    )
    for line in term_lines(review):
        console.print(line)
    return text.getvalue()


def _markdown(review: Review, compared: Revisions, options: argparse.Namespace) -> str:
    del compared
    return markdown_page(
        review,
        Size[(options.size or Size.COMMENT.name).upper()],
        f"connector-contract review --base {review.base}",
    )


def _json(review: Review, compared: Revisions, options: argparse.Namespace) -> str:
    del compared, options
    return json_page(review) + "\n"


def _github(review: Review, compared: Revisions, options: argparse.Namespace) -> str:
    del compared, options
    return annotation_lines(review)


def _html(review: Review, compared: Revisions, options: argparse.Namespace) -> str:
    del options
    return html_page(review, compared.base, compared.head)


_FORMATS: dict[str, Callable[[Review, Revisions, argparse.Namespace], str]] = {
    "term": _term,
    "markdown": _markdown,
    "html": _html,
    "json": _json,
    "github": _github,
}


def _write(text: str, output: str | None, review: Review) -> None:
    if output is None:
        write_out(text)
        return
    try:
        Path(output).write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(
            f"The review cannot be written: {error.strerror}.",
            where=[("file", output)],
            remedy="Name a file in a folder that exists, and that you may write to.",
        ) from error
    write_out(f"{closing(review)} Written to {shlex.quote(plain(output))}.\n")
