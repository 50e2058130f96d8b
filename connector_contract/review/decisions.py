"""What a developer decides about changes, and what that means for the files that have them.

People decide about a change, but git knows files, and a file may have several changes. So a file is staged
when all of its changes are accepted, and whoever puts one back hears which others go with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from connector_contract.reporting.messages import counted
from connector_contract.review import lines
from connector_contract.review.change import (
    Asked,
    Change,
    HttpChange,
    Kind,
    NotUnderstood,
    Review,
    Said,
    Severity,
    What,
)
from connector_contract.review.plain_text import plain

UPSTREAM, NOT_UNDERSTOOD, FORM = "upstream", "not_understood", "form"
"""The kinds of items that are no changes of what Lumos is told, beside ``request``."""

# Of a name, a line shows so many letters.
_LONG = 300

KINDS = (*(each.value for each in Kind), UPSTREAM, NOT_UNDERSTOOD, FORM)


class Decision(Enum):
    """What a developer may want with a change."""

    ACCEPT = "accept"
    PUT_BACK = "put back"
    SKIP = "skip"


@dataclass(frozen=True, eq=False)
class Item:
    """Something to decide about.

    Attributes:
        severity: How much it matters; ``None`` if nobody knows, because it could not be compared.
        kind: One of ``KINDS``.
        what: ``added``, ``removed`` or ``changed``.
        field: The field that changed; empty if whole records came or went.
        title: It in one line.
        why: Why it matters that much.
        details: Further lines: where it shows, and examples.
        capabilities: Those whose answers show it.
        scenarios: Those that show it.
        files: Those that have it.
        change: The change that it is, if it has records.
    """

    severity: Severity | None
    kind: str
    what: str
    field: str
    title: str
    why: str
    details: tuple[str, ...]
    capabilities: tuple[str, ...]
    scenarios: tuple[str, ...]
    files: tuple[str, ...]
    change: Change | None = None

    @property
    def group(self) -> tuple[str, str]:
        """What it has in common with those that are decided about at once."""
        return self.kind, self.field

    @property
    def may_be_accepted(self) -> bool:
        """Whether somebody can know what is accepted with it."""
        return self.severity is not None

    def __str__(self) -> str:
        """It in one line, with its severity."""
        return plain(f"{self.severity.value if self.severity else 'not compared':9} {self.title}", _LONG)


def items_of(review: Review, changed: Iterable[str]) -> list[Item]:
    """All there is to decide about, the worst first; what could not be compared is the worst.

    Args:
        review: The changes.
        changed: The paths of all stored files that are not the same, or are on one side alone. Those that no
            change names say the same in another form, and are an item of their own.
    """
    found = [
        *map(_of_not_understood, review.not_understood),
        *map(_of_change, review.changes),
        *map(_of_request, review.requests),
        *map(_of_upstream, review.upstream),
    ]
    named = {file for item in found for file in item.files}
    rest = sorted(set(changed) - named)
    if rest:
        found.append(_of_form(rest))
    return sorted(found, key=lambda item: -1 if item.severity is None else item.severity.rank)


def _of_change(change: Change) -> Item:
    shown = [f"- {lines.example_line(each)}" for each in lines.examples(change)]
    return Item(
        change.severity,
        change.kind.value,
        change.what.value,
        change.field,
        lines.title(change),
        change.why,
        (*lines.details(change), *shown),
        change.capabilities,
        tuple(change.scenarios),
        tuple(change.files),
        change,
    )


def _of_request(asked: Asked) -> Item:
    why = "The connector asks its upstream for something else."
    return _of_line(asked, Kind.REQUEST.value, counted(asked.count, "request"), why)


def _of_upstream(said: Said) -> Item:
    return _of_line(said, UPSTREAM, counted(said.count, "response"), "Only the upstream's bodies say it.")


def _of_line(one: HttpChange, kind: str, count: str, why: str) -> Item:
    title = " ".join(filter(None, (f"{count}:", one.endpoint, one.text)))
    return Item(one.severity, kind, What.CHANGED.value, "", title, why, (), (), one.scenarios, one.files)


def _of_not_understood(one: NotUnderstood) -> Item:
    title = f"{counted(one.count, 'file')} could not be compared: {one.what}"
    why = "Nobody knows what has changed in it."
    return Item(None, NOT_UNDERSTOOD, What.CHANGED.value, "", title, why, (), (), (), one.files)


def _of_form(files: Sequence[str]) -> Item:
    title = f"{counted(len(files), 'file')} without a change that has a line of its own"
    why = "Such files have another form, or another name."
    return Item(Severity.INFO, FORM, What.CHANGED.value, "", title, why, (), (), (), tuple(files))


@dataclass
class Decisions:
    """What was decided by now.

    Attributes:
        items: All there is to decide about.
        accepted: Those that are accepted.
        put_back: Those that are put back.
        skipped: Those that are left for later.
        restored: The files that are as they are at the base, again.
    """

    items: Sequence[Item]
    accepted: list[Item] = field(default_factory=list)
    put_back: list[Item] = field(default_factory=list)
    skipped: list[Item] = field(default_factory=list)
    restored: set[str] = field(default_factory=set)

    def decide(self, decision: Decision, chosen: Collection[Item]) -> None:
        """Keep what was decided about some items; what is decided later counts.

        Of what is put back, the files are as they are at the base. So other items all of whose files these
        are, are put back, too.
        """
        self._move(self._list(decision), chosen)
        if decision is Decision.PUT_BACK:
            self.restored |= {file for item in chosen for file in item.files}
            whole = [item for item in self.items if self.restored.issuperset(item.files)]
            self._move(self.put_back, whole)

    def _move(self, to: list[Item], items: Iterable[Item]) -> None:
        moved = dict.fromkeys(items)
        for known in (self.accepted, self.put_back, self.skipped):
            known[:] = [item for item in known if item not in moved]
        to.extend(moved)

    def _list(self, decision: Decision) -> list[Item]:
        lists = {Decision.ACCEPT: self.accepted, Decision.PUT_BACK: self.put_back}
        return lists.get(decision, self.skipped)

    def is_decided(self, item: Item) -> bool:
        """Whether something was decided about an item."""
        return any(item in known for known in (self.accepted, self.put_back, self.skipped))

    @property
    def undecided(self) -> list[Item]:
        """The items that nothing was decided about."""
        decided = {*self.accepted, *self.put_back, *self.skipped}
        return [item for item in self.items if item not in decided]

    @property
    def staged(self) -> list[str]:
        """The files all of whose changes are accepted."""
        return sorted(self._accepted_files() - self._waiting.keys() - self.restored)

    @property
    def not_staged(self) -> dict[str, list[Item]]:
        """The files with an accepted change and others that are not, each with these others."""
        accepted = self._accepted_files() - self.restored
        return {file: self._waiting[file] for file in sorted(accepted & self._waiting.keys())}

    def _accepted_files(self) -> set[str]:
        return {file for item in self.accepted for file in item.files}

    @property
    def _waiting(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        accepted = set(self.accepted)
        for item in self.items:
            for file in item.files if item not in accepted else ():
                found.setdefault(file, []).append(item)
        return found

    @property
    def in_part(self) -> dict[Item, int]:
        """The items that are put back in some of their files, with in how many."""
        found = {}
        for item in self.items:
            files = self.restored.intersection(item.files)
            if files and item not in self.put_back and len(files) < len(item.files):
                found[item] = len(files)
        return found

    def waiting_for(self, chosen: Collection[Item]) -> list[Item]:
        """The items that keep every file of some that are to be accepted from being staged."""
        own = {*chosen, *self.accepted}
        files = {file for item in chosen for file in item.files}
        others = [item for item in self.items if item not in own and not files.isdisjoint(item.files)]
        waiting = {file for item in others for file in item.files}
        return others if files and files <= waiting else []

    def beside(self, chosen: Collection[Item]) -> dict[Item, list[str]]:
        """The other changes in the files of some items, each with the files that they share."""
        files = {file for item in chosen for file in item.files} - self.restored
        found, own = {}, set(chosen)
        for item in self.items:
            shared = [file for file in item.files if file in files]
            if shared and item not in own:
                found[item] = shared
        return found


def not_staged_yet(items: Iterable[Item], unstaged: Collection[str]) -> Iterator[Item]:
    """The items that were not accepted before: git has not staged all of their files.

    Args:
        items: All.
        unstaged: The paths that differ between the working tree and git's index.
    """
    yield from (item for item in items if not set(unstaged).isdisjoint(item.files))
