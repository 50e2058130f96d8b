"""Go through the changes of the working tree with a developer: accept, put back, look, skip."""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.prompt import Confirm, Prompt
from rich.text import Text

from connector_contract.errors import UsageError
from connector_contract.reporting.messages import counted
from connector_contract.review.change import Review, Severity
from connector_contract.review.change_filter import SYNTAX, chosen, filter_of
from connector_contract.review.decisions import Decision, Decisions, Item, items_of, not_staged_yet
from connector_contract.review.people import people_lines
from connector_contract.review.plain_text import plain
from connector_contract.review.working_tree import Kept, WorkingTree

_MEANING = (
    "To accept is to stage (git add): the files stay as they are, and nobody asks about them again. A file "
    "is staged when all of its changes are accepted. To put back is to have the files as they are at the "
    "base, in the working tree and staged, so that pytest fails again. Git keeps what was there, and the "
    "summary says how to have it again."
)
_COLOURS = {
    Severity.CRITICAL: "bold red",
    Severity.MAJOR: "yellow",
    Severity.MINOR: "cyan",
    Severity.INFO: "dim",
}
_VERBS = {"a": Decision.ACCEPT, "p": Decision.PUT_BACK, "s": Decision.SKIP}
_LOOK, _HELP, _QUIT = "l", "?", "q"
# Of the files and of other changes, a question shows so many.
_SHOWN = 5
# Of a line, so many letters: a name may be as long as somebody wants.
_LONG = 2_500


def add_decisions(parser: argparse.ArgumentParser) -> None:
    """Add the options that decide about changes."""
    group = parser.add_argument_group("decide about the changes of the working tree", f"{_MEANING} {SYNTAX}")
    group.add_argument(
        "--interactive", action="store_true", help="go through the changes that are not staged, worst first"
    )
    for option, what in (("--accept", "accept the changes"), ("--restore", "put the changes back")):
        group.add_argument(
            option,
            metavar="FILTER",
            action="append",
            default=[],
            help=f"{what} that match, without a question; may be given several times",
        )


def is_deciding(options: argparse.Namespace) -> bool:
    """Whether the command is to decide about the changes, in place of showing them.

    Raises:
        UsageError: The options contradict each other, or there is no terminal to ask on.
    """
    by_filters = bool(options.accept or options.restore)
    if not (options.interactive or by_filters):
        return False
    option = "--interactive" if options.interactive else "--accept" if options.accept else "--restore"
    other = "--accept and --restore" if options.interactive and by_filters else ""
    other = other or ("--format" if options.format != "term" else "--output" if options.output else "")
    if other:
        raise UsageError(f"{option} does not go with {other}.", remedy=f"Leave out {other}, or {option}.")
    if options.interactive and not sys.stdin.isatty():
        raise UsageError(
            "--interactive asks, and there is no terminal to answer on.",
            remedy="Run it on a terminal, or decide with --accept FILTER and --restore FILTER.",
        )
    return True


def decide(options: argparse.Namespace, review: Review, changed: Iterable[str], tree: WorkingTree) -> None:
    """Do what the options of ``add_decisions`` say.

    Raises:
        UsageError: As for the two functions below.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal may not know each letter of a name.
        sys.stdout.reconfigure(errors="backslashreplace")
    console = Console(highlight=False, emoji=False)
    if options.interactive:
        decide_with_questions(review, changed, tree, console)
    else:
        decide_by_filters(review, changed, tree, console, options.accept, options.restore)


def decide_by_filters(
    review: Review,
    changed: Iterable[str],
    tree: WorkingTree,
    console: Console,
    accept: Sequence[str] = (),
    restore: Sequence[str] = (),
) -> None:
    """Accept the changes that some filters are about, and put back those that others are about.

    Nothing is done if anything of it cannot be.

    Args:
        review: The changes of the working tree.
        changed: The paths of all stored files that are not the same as at the base.
        tree: The working tree.
        console: Where the summary goes.
        accept: The filters of what to accept.
        restore: The filters of what to put back.

    Raises:
        UsageError: A filter is wrong, or is about none of the changes; two of them want the same change; a
            file to accept could not be compared; a file to put back, or each one to accept, has other
            changes, too; git refuses.
    """
    decisions = Decisions(items_of(review, changed))
    accepted, put_back = chosen(accept, decisions.items), chosen(restore, decisions.items)
    _refuse_both(list(dict.fromkeys(accepted).keys() & set(put_back)))
    _refuse_unread([item for item in accepted if not item.may_be_accepted])
    _refuse_others(decisions.beside(put_back))
    _refuse_unstaged(decisions.waiting_for(accepted))
    session = _Session(decisions, tree, console)
    session.decide(Decision.PUT_BACK, put_back)
    session.decide(Decision.ACCEPT, accepted)
    session.print_summary()


def decide_with_questions(
    review: Review, changed: Iterable[str], tree: WorkingTree, console: Console
) -> None:
    """Ask about each change of the working tree that is not staged, the worst first.

    What was decided is done at once, so that nothing is lost when somebody stops in between.

    Args:
        review: The changes of the working tree.
        changed: The paths of all stored files that are not the same as at the base.
        tree: The working tree.
        console: A terminal.

    Raises:
        UsageError: git refuses.
        KeyboardInterrupt: The developer stops it; the summary is printed before.
    """
    items = items_of(review, changed)
    asked = list(not_staged_yet(items, tree.unstaged(file for item in items for file in item.files)))
    open_ones = set(asked)
    before = [item for item in items if item not in open_ones]
    if before:
        console.print(
            f"{counted(len(before), 'change')} decided before: git has these files staged or committed."
        )
    if not asked:
        console.print("There is nothing to decide.")
        return
    decisions = Decisions(items, accepted=before)
    session = _Session(decisions, tree, console)
    try:
        session.ask(asked)
    finally:
        session.print_summary()


class _Key(Prompt):
    """A question that is answered with a key."""

    illegal_choice_message = "[prompt.invalid.choice]There is no such choice. ? shows all of them."


class _Several(NamedTuple):
    """Changes that are decided about at once.

    Attributes:
        key: What to type after the letter of a decision.
        whose: Which they are, in words.
        items: They.
    """

    key: str
    whose: str
    items: Sequence[Item]

    @property
    def verbs(self) -> Sequence[str]:
        """The letters of what may be decided about all of them."""
        may_accept = all(item.may_be_accepted for item in self.items)
        return [verb for verb, decision in _VERBS.items() if may_accept or decision is not Decision.ACCEPT]


class _Session:
    """The decisions of one run of the command, each done as it is made."""

    def __init__(self, decisions: Decisions, tree: WorkingTree, console: Console) -> None:
        self.decisions = decisions
        self.tree = tree
        self.console = console
        self.before = frozenset(decisions.accepted)
        self.staged: set[str] = set()
        self.kept: list[Kept] = []

    def ask(self, items: Sequence[Item]) -> None:
        """Ask about items one by one, until nothing is left or the developer quits."""
        for number, item in enumerate(items, start=1):
            if self.decisions.is_decided(item):
                continue
            self._show(item, f"{number} of {len(items)}")
            if not self._ask_about(item):
                return

    def decide(self, decision: Decision, items: Sequence[Item]) -> None:
        """Do what was decided."""
        if decision is Decision.PUT_BACK:
            files = sorted({file for item in items for file in item.files} - self.decisions.restored)
            self.kept += [self.tree.put_back(files)] if files else []
        self.decisions.decide(decision, items)
        self.tree.stage([file for file in self.decisions.staged if file not in self.staged])
        self.staged.update(self.decisions.staged)

    def _ask_about(self, item: Item) -> bool:
        """Ask until something is decided about an item; whether to go on."""
        several = [_Several("", "", [item]), *self._several(item)]
        choices = {verb + each.key: each.items for each in several for verb in each.verbs}
        self._print_choices(item, several)
        while True:
            try:
                look = [_LOOK] if item.change is not None else []
                keys = [*choices, *look, _HELP, _QUIT]
                key = _Key.ask("What", console=self.console, choices=keys, show_choices=False, default="s")
            except EOFError:
                return False
            if key == _QUIT:
                return False
            if key == _LOOK:
                self._look(item)
            elif key == _HELP:
                self._print_choices(item, several)
            elif self._is_decided(_VERBS[key[0]], choices[key]):
                return True

    def _several(self, item: Item) -> Iterator[_Several]:
        left = self.decisions.undecided
        group = [each for each in left if each.group == item.group]
        if len(group) > 1:
            yield _Several("g", f"all {len(group)} about {' '.join(filter(None, item.group))}", group)
        alike = [each for each in left if each.severity is item.severity]
        if len(alike) > 1 and alike != group:
            name = f"{item.severity.value} ones" if item.severity else "that could not be compared"
            yield _Several("v", f"all {len(alike)} {name}", alike)

    def _is_decided(self, decision: Decision, items: Sequence[Item]) -> bool:
        others = self.decisions.beside(items) if decision is Decision.PUT_BACK else {}
        if others and not self._confirms(others):
            return False
        self.decide(decision, items)
        return True

    def _confirms(self, others: dict[Item, list[str]]) -> bool:
        self.console.print("The files have other changes, too, which are put back with it:")
        for line in _first(_shared(others)):
            self._print(line)
        try:
            return Confirm.ask("Put them back, too", console=self.console, default=False)
        except EOFError:
            return False

    def _show(self, item: Item, place: str) -> None:
        label = item.severity.value if item.severity else "not compared"
        style = _COLOURS[item.severity] if item.severity else "bold magenta"
        head = Text.assemble(f"\n[{place}] ", (label, style), f"  {plain(item.title, _LONG)}")
        self.console.print(head, soft_wrap=True)
        self._print(f"  {item.why}")
        for line in item.details:
            self._print(f"  {line}")
        left = [file for file in item.files if file not in self.decisions.restored]
        if len(left) < len(item.files):
            self._print(f"  put back already in {len(item.files) - len(left)} of {len(item.files)} files")
        for line in _first(f"  {file}" for file in left):
            self._print(line, "dim")

    def _print_choices(self, item: Item, several: Sequence[_Several]) -> None:
        look = [(_LOOK, "look at the people")] if item.change is not None else []
        verbs = [*((key, _VERBS[key].value) for key in several[0].verbs), *look, (_QUIT, "quit")]
        line = Text("  ")
        for key, what in verbs:
            line.append(key, "bold").append(f" {what}   ")
        self.console.print(line)
        for each in several[1:]:
            keys = ", ".join(f"{verb}{each.key}" for verb in each.verbs)
            line = Text("  ").append(keys, "bold").append(f" the same for {plain(each.whose, _LONG)}")
            self.console.print(line, soft_wrap=True)

    def _look(self, item: Item) -> None:
        shown = list(people_lines(item.change)) if item.change is not None else []
        if self.console.is_terminal and len(shown) > shutil.get_terminal_size().lines:
            with self.console.pager():
                self._print_records(shown)
        else:
            self._print_records(shown)

    def _print_records(self, shown: Iterable[str]) -> None:
        for line in shown:
            sign = line.strip()[:2]
            self._print(line, {"- ": "red", "+ ": "green"}.get(sign, ""))

    def print_summary(self) -> None:
        """What was decided, and what that has done."""
        decisions = self.decisions
        self.console.print()
        accepted = [item for item in decisions.accepted if item not in self.before]
        if accepted:
            staged = counted(len(self.staged), "file")
            self._print(f"Accepted {counted(len(accepted), 'change')}: {staged} staged.")
            self._print_items(accepted)
            self._print_not_staged()
        if decisions.put_back:
            what = f"Put back {counted(len(decisions.put_back), 'change')}"
            files = f"{counted(len(decisions.restored), 'file')} as at {self.tree.base[:12]}"
            self._print(f"{what}: {files}. Run pytest to see what fails again.")
            self._print_items(decisions.put_back)
            for item, count in decisions.in_part.items():
                self._print(f"  in {count} of {counted(len(item.files), 'file')}: {item}")
            for kept in self.kept:
                for what, command in kept.commands.items():
                    self._print(f"  To have again what was {what}: {command}")
        if decisions.skipped:
            self._print(f"Skipped {counted(len(decisions.skipped), 'change')}.")
        if decisions.undecided:
            self._print(f"Not decided: {counted(len(decisions.undecided), 'change')}.")
            self._print_items(decisions.undecided)

    def _print_items(self, items: Iterable[Item]) -> None:
        for line in _first(f"  {item}" for item in items):
            self._print(line)

    def _print_not_staged(self) -> None:
        found = self.decisions.not_staged
        if not found:
            return
        self._print(f"  Not staged: {counted(len(found), 'file')} with changes that are not accepted, too:")
        for line in _first(f"    {file}: {_titles(items)}" for file, items in found.items()):
            self._print(line)

    def _print(self, text: str, style: str = "") -> None:
        """Print a text as it is: it may have been stored, and is no markup."""
        self.console.print(Text(plain(text, _LONG), style), soft_wrap=True)


def _first(found: Iterable[str]) -> list[str]:
    every = list(found)
    more = [f"  and {len(every) - _SHOWN} more"] if len(every) > _SHOWN else []
    return every[:_SHOWN] + more


def _shared(others: dict[Item, list[str]]) -> Iterator[str]:
    for item, files in others.items():
        yield f"  {item} ({counted(len(files), 'file')})"


def _titles(items: Collection[Item]) -> str:
    first, *others = items
    return f"{first}{f', and {len(others)} more' if others else ''}"


def _refuse_both(both: Sequence[Item]) -> None:
    if both:
        raise UsageError(
            f"{counted(len(both), 'change')} would be accepted and put back. Nothing was done.",
            details=_first(f"  {item}" for item in both),
            remedy="Narrow one of the filters.",
        )


def _refuse_unread(unread: Sequence[Item]) -> None:
    if unread:
        files = [file for item in unread for file in item.files]
        raise UsageError(
            f"{counted(len(files), 'file')} could not be compared, so nobody knows what would be accepted. "
            "Nothing was done.",
            details=_first(f"  {item}" for item in unread),
            remedy="Fix the files, or stage them yourself with git add. Other filters take the rest:\n"
            "  --accept severity=critical --accept severity=major --accept severity=minor",
        )


def _refuse_unstaged(others: Collection[Item]) -> None:
    if others:
        raise UsageError(
            "No file would be staged: each has other changes, too. Nothing was done.",
            details=_first(f"  {item}" for item in others),
            remedy="Accept them in the same run, too, or decide with --interactive. "
            "The filters that take them are:\n"
            + "\n".join(f"  --accept '{each}'" for each in dict.fromkeys(map(filter_of, others))),
        )


def _refuse_others(others: dict[Item, list[str]]) -> None:
    if others:
        raise UsageError(
            "The files to put back have other changes, too. Nothing was done.",
            details=_first(_shared(others)),
            remedy="Put them back, too, or decide with --interactive. The filters that take them are:\n"
            + "\n".join(f"  --restore '{each}'" for each in dict.fromkeys(map(filter_of, others))),
        )
