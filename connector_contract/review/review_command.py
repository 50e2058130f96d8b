"""``connector-contract review``: what the changes of the stored files mean."""

from __future__ import annotations

import argparse
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
        default=Size.COMMENT.name.lower(),
        help="how long Markdown may be: to fit in a comment (64 kB) or in the summary of a job (1 MiB)",
    )
    parser.add_argument(
        "--fail-on",
        choices=[severity.value for severity in Severity if severity is not Severity.INFO],
        help="exit with 1 if a change is as bad as this, or worse",
    )
    parser.add_argument("--rootdir", metavar="DIR", help="compare the files in this folder alone")
    parser.add_argument("--output", metavar="FILE", help="write to this file")
    add_decisions(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare, show or decide, and return the exit code."""
    deciding = is_deciding(options)
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
    return exit_code(review, options.fail_on)


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
    console = _console(options.output)
    with console.capture() as captured:
        for line in term_lines(review):
            console.print(line)
    return captured.get()


def _console(output: str | None) -> Console:
    # Colours are for terminals; lines are the terminal's to break.
    is_terminal = None if output is None else False
    return Console(force_terminal=is_terminal, highlight=False, markup=False, emoji=False, soft_wrap=True)


def _markdown(review: Review, compared: Revisions, options: argparse.Namespace) -> str:
    del compared
    return markdown_page(
        review, Size[options.size.upper()], f"connector-contract review --base {review.base}"
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
        _say(text)
        return
    try:
        Path(output).write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(
            f"The review cannot be written: {error.strerror}.",
            where=[("file", output)],
            remedy="Name a file in a folder that exists, and that you may write to.",
        ) from error
    _say(f"{closing(review)} Written to {shlex.quote(plain(output))}.\n")


def _say(text: str) -> None:
    """Write to the standard output in UTF-8, and go on if nobody reads it any more."""
    stream = getattr(sys.stdout, "buffer", None)
    try:
        if stream is None:
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
            stream.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        # Such as `| head`. What is left of it is not written when Python ends, either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(
            f"The review cannot be written: {error.strerror}.", remedy="Make room, or give another --output."
        ) from None
