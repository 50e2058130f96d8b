"""What a page shows of a review: its changes as entries to filter, and the scenarios that show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from connector_contract.review import lines
from connector_contract.review.change import Change, HttpChange, Review, Severity
from connector_contract.review.drawn_calls import NOT_DRAWN, Drawing, capabilities_of, drawing_of
from connector_contract.review.html_text import many
from connector_contract.review.shown_records import (
    NO_RECORDS,
    Room,
    ShownRecords,
    has_shared_values,
    people_of,
    rooms,
    shown_records,
)
from connector_contract.review.side_by_side import Row, side_by_side
from connector_contract.review.stored import CASSETTES, Files, Revision, place_of

DRAWN = 100
"""The calls of so many scenarios are drawn, those of the worst changes first."""
LISTED = 20
"""So many files, scenarios and changes are listed in one place."""


@dataclass(frozen=True)
class Entry:
    """A change of any kind, as a reader filters it.

    Attributes:
        id: Where it is in the page.
        severity: How much it matters.
        capabilities: Those that it is about.
        title: It in one line.
        scenarios: Those that show it, by the paths of their cassettes; by their names if they have none.
        files: The stored files that show it.
        endpoint: Of a request or a response, which; empty otherwise.
        count: How many there are, in words; empty if the title says so.
        why: Why it matters that much; empty if its severity says so.
        details: Where it shows, and where it does not.
        values: What was and what is, if all records share that.
        records: Its records, if it is about any.
        requests: In how many of the requests of Lumos it shows.
    """

    id: str
    severity: Severity
    capabilities: Sequence[str]
    title: str
    scenarios: Sequence[str]
    files: Sequence[str]
    endpoint: str = ""
    count: str = ""
    why: str = ""
    details: Sequence[str] = ()
    values: Sequence[Row] = ()
    records: ShownRecords = NO_RECORDS
    requests: int = 0


@dataclass
class ShownScenario:
    """A scenario that shows changes.

    Attributes:
        id: Where its calls are in the page; empty if they are not drawn.
        path: Its cassette.
        title: Its name.
        severity: Of the worst change that it shows.
        capabilities: Those that it calls, if these calls are drawn.
        entries: What it shows.
        drawing: Its calls.
    """

    id: str
    path: str
    title: str
    severity: Severity
    capabilities: Sequence[str] = ()
    entries: list[Entry] = field(default_factory=list)
    drawing: Drawing = NOT_DRAWN


@dataclass(frozen=True)
class Entries:
    """What a page shows.

    Attributes:
        changes: What Lumos would be told.
        requests: What the connector asks for.
        upstream: What only the upstream says.
        scenarios: Those that show them, by the paths of their cassettes, the worst first.
    """

    changes: Sequence[Entry]
    requests: Sequence[Entry]
    upstream: Sequence[Entry]
    scenarios: dict[str, ShownScenario]

    def __iter__(self) -> Iterator[Entry]:
        """All changes, in their order in the page."""
        yield from (*self.changes, *self.requests, *self.upstream)

    @property
    def drawn(self) -> list[ShownScenario]:
        """The scenarios whose calls are drawn."""
        return [each for each in self.scenarios.values() if each.id]

    @property
    def not_drawn(self) -> list[ShownScenario]:
        """The others."""
        return [each for each in self.scenarios.values() if not each.id]

    @property
    def capabilities(self) -> list[str]:
        """The capabilities that some change is about, or some scenario calls."""
        found = {name for entry in self for name in entry.capabilities}
        return sorted(found | {name for each in self.drawn for name in each.capabilities})

    def count(self, severity: Severity) -> int:
        """How many changes matter that much."""
        return sum(entry.severity is severity for entry in self)


def entries_of(review: Review, base: Files, head: Files) -> Entries:
    """What a page shows of a review.

    Args:
        review: What has changed.
        base: The files at the base, for the calls of the scenarios.
        head: The files at the head.
    """
    return _Stored(base, head).entries(review)


class _Stored:
    """The stored files, by what a review says of them."""

    def __init__(self, base: Files, head: Files) -> None:
        self._base, self._head = Revision(base), Revision(head)
        self._paths = dict(_titled([*base, *head]))
        self._capabilities: dict[str, list[str]] = {}

    def entries(self, review: Review) -> Entries:
        given = rooms([len(people_of(each)) for each in review.changes])
        changes = [
            self._change(f"change-{number}", change, room)
            for number, (change, room) in enumerate(zip(review.changes, given, strict=True), 1)
        ]
        requests = [
            self._line(f"request-{number}", each, "request") for number, each in enumerate(review.requests, 1)
        ]
        upstream = [
            self._line(f"upstream-{number}", each, "response")
            for number, each in enumerate(review.upstream, 1)
        ]
        return Entries(changes, requests, upstream, self._scenarios([*changes, *requests, *upstream]))

    def _change(self, place: str, change: Change, room: Room) -> Entry:
        return Entry(
            place,
            change.severity,
            change.capabilities,
            lines.title(change),
            self._cassettes(change),
            change.files,
            why=change.why,
            details=lines.details(change),
            values=side_by_side(change.old, change.new) if has_shared_values(change) else (),
            records=shown_records(change, room),
            requests=len(change.shown_in),
        )

    def _line(self, place: str, line: HttpChange, noun: str) -> Entry:
        names = {name for path in line.files for name in self._called(path)}
        return Entry(
            place,
            line.severity,
            sorted(names),
            line.text,
            line.files,
            line.files,
            endpoint=line.endpoint,
            count=many(line.count, noun),
        )

    def _cassettes(self, change: Change) -> list[str]:
        """The cassettes of the scenarios that show a change."""
        shown = dict.fromkeys(
            (one.file, one.request.scenario) for one in change.members if one.request.scenario
        )
        return list(dict.fromkeys(self._cassette(*each) for each in shown))

    def _cassette(self, file: str, scenario: str) -> str:
        place = place_of(file)
        return self._paths.get((place.project if place else "", scenario), scenario)

    def _called(self, path: str) -> list[str]:
        if path not in self._capabilities:
            self._capabilities[path] = capabilities_of(path, self._base, self._head)
        return self._capabilities[path]

    def _scenarios(self, entries: Iterable[Entry]) -> dict[str, ShownScenario]:
        titles = {path: title for (_, title), path in self._paths.items()}
        found: dict[str, ShownScenario] = {}
        for entry in sorted(entries, key=lambda each: each.severity.rank):
            for path in entry.scenarios:
                if path not in titles:
                    continue
                if path not in found:
                    found[path] = ShownScenario("", path, titles[path], entry.severity)
                found[path].entries.append(entry)
        for number, scenario in enumerate([*found.values()][:DRAWN], 1):
            scenario.id = f"scenario-{number}"
            scenario.capabilities = self._called(scenario.path)
            scenario.drawing = drawing_of(scenario.path, self._base, self._head)
        return found


def _titled(paths: Iterable[str]) -> Iterator[tuple[tuple[str, str], str]]:
    """The cassettes by their project and the name of their scenario."""
    for path in paths:
        place = place_of(path)
        if place is not None and place.kind == CASSETTES:
            yield (place.project, place.title), path
