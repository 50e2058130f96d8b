"""Two revisions of the stored files in, what has changed for people's access out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from connector_contract.recording.call import Call
from connector_contract.recording.interactions import Cassette
from connector_contract.review.answers import Answer, answer_of
from connector_contract.review.asked import Scenario, asked_changes, growth_changes
from connector_contract.review.asked_calls import are_known, are_same, call_changes
from connector_contract.review.change import (
    Difference,
    Kind,
    NotUnderstood,
    Request,
    Review,
    Waiver,
    What,
)
from connector_contract.review.declared import (
    declaration_changes,
    fields_of,
    is_declarations,
    table_changes,
    table_of,
    use_changes,
    waivers_of,
)
from connector_contract.review.derived import attributed
from connector_contract.review.differences import differing
from connector_contract.review.grouping import grouped
from connector_contract.review.known_names import KnownNames
from connector_contract.review.known_records import KnownRecords
from connector_contract.review.moved_files import moved_files
from connector_contract.review.new_ids import with_new_ids
from connector_contract.review.pairing import paired
from connector_contract.review.record_counts import told_once
from connector_contract.review.severity import SCENARIO, SNAPSHOT, TABLE
from connector_contract.review.stored import CASSETTES, SNAPSHOTS, Files, Place, Revision, owns, place_of
from connector_contract.review.unstored_answers import outcome_changes, told_by_snapshots
from connector_contract.review.upstream_bodies import is_cut, upstream_changes

UNNAMED = "it differs in something that a review has no words for: see the difference with git diff"

CUT = "a response that it has is called JSON, was valid JSON, and is none any more: record it again"
MERGED = "it has the marks of a merge conflict: resolve it"
_MARK = b"\n<<<<<<< "

# What reading a file raises that is no JSON, or is nested so deeply that Python gives up.
_INVALID = (ValueError, RecursionError)


def compare(
    base: Files, head: Files, changed: Iterable[str], base_name: str = "", head_name: str = ""
) -> Review:
    """What has changed between two revisions of the stored files.

    Args:
        base: The files at the base, read as they are needed.
        head: The files at the head.
        changed: The paths that are not the same, or are on one side alone.
        base_name: What people call the base.
        head_name: What people call the head.
    """
    return _Comparison(Revision(base), Revision(head)).review(sorted(set(changed)), base_name, head_name)


@dataclass
class _Comparison:
    """The comparison of two revisions, under way.

    Attributes:
        base: The one.
        head: The other.
        found: The differences by now.
        not_understood: The files that could not be compared, by the reason.
        with_scenario: The snapshots that came or went with their scenario, by its cassette.
        moved: Where the files were at the base that have another name at the head, by that name.
        told_by: The files whose differences say what else has changed in a file: snapshots say how the calls
            of a cassette end now, and cassettes which calls a snapshot has.
    """

    base: Revision
    head: Revision
    found: list[Difference] = field(default_factory=list)
    not_understood: dict[str, list[str]] = field(default_factory=dict)
    with_scenario: dict[str, list[str]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    told_by: dict[str, set[str]] = field(default_factory=dict)

    def review(self, changed: Sequence[str], base_name: str, head_name: str) -> Review:
        """The review of these paths."""
        places = {path: place for path in changed if (place := place_of(path)) is not None}
        self.moved = moved_files(self.base.files, self.head.files, places)
        self._snapshots({path: each for path, each in places.items() if each.kind == SNAPSHOTS})
        scenarios = self._cassettes({path: each for path, each in places.items() if each.kind == CASSETTES})
        asked, said = asked_changes(scenarios), upstream_changes(scenarios)
        self.found = with_new_ids([*self.found, *growth_changes(scenarios)])
        named = {one.file for one in self.found} | {file for each in (*asked, *said) for file in each.files}
        self._check_others(places, scenarios, named)
        known = KnownRecords(self.base, self.head)
        names = KnownNames((self.base, self.head))
        self.found = attributed(told_once([known.in_its_place(one) for one in self.found]))
        self.found = [names.named(one) for one in self._with_told()]
        waivers = list(self._waivers())
        for revision in (self.base, self.head):
            for path, why in revision.broken.items():
                self._give_up(path, why)
        return Review(
            base_name,
            head_name,
            grouped(self.found, known.still_in(self.found)),
            asked,
            said,
            waivers,
            [
                NotUnderstood(why, len(paths), tuple(paths))
                for why, paths in sorted(self.not_understood.items())
            ],
            len(places),
        )

    def _with_told(self) -> list[Difference]:
        """The differences; one of each file has the files, too, of which it tells what has changed."""
        told: dict[str, list[str]] = {}
        for path, tellers in self.told_by.items():
            for teller in tellers:
                told.setdefault(teller, []).append(path)
        return [
            replace(one, also_in=(*one.also_in, *told.pop(one.file))) if one.file in told else one
            for one in self.found
        ]

    def _give_up(self, path: str, why: str) -> None:
        if any(_MARK in b"\n" + side.files.get(path, b"") for side in (self.base, self.head)):
            why = MERGED
        paths = self.not_understood.setdefault(why, [])
        if path not in paths:
            paths.append(path)

    def _check_others(
        self, places: Mapping[str, Place], scenarios: Iterable[Scenario], named: Collection[str]
    ) -> None:
        """Give up on files that no change names, and that differ in more than their form."""
        for scenario in scenarios:
            told = {path.rpartition("/")[2] for path in self.told_by.get(scenario.file, ())}
            if scenario.file not in named and not are_same(scenario, told):
                self._give_up(scenario.file, UNNAMED)
        for path, place in places.items():
            sides = [self.base.files.get(self.moved.get(path, path)), self.head.files.get(path)]
            if (
                place.kind == SNAPSHOTS
                and path not in named
                and not any(each in named for each in self.told_by.get(path, ()))
                and None not in sides
                and not self._is_given_up(path)
            ):
                before, after = (
                    json.dumps(_filled(json.loads(each)), sort_keys=True) for each in sides if each
                )
                if before != after:
                    self._give_up(path, UNNAMED)

    def _is_given_up(self, path: str) -> bool:
        return any(path in paths for paths in self.not_understood.values())

    def _snapshots(self, places: dict[str, Place]) -> None:
        alone: dict[str, Place] = {}
        old_names = set(self.moved.values())
        for path, place in places.items():
            try:
                if path not in old_names and not self._snapshot(path, place):
                    alone[path] = place
            except _INVALID as error:
                kind = "JSON" if fields_of(path) is None else "as a table of fields"
                self._give_up(path, f"it is not valid {kind}: {error}")
        self._on_one_side(alone)

    def _snapshot(self, path: str, place: Place) -> bool:
        """Compare a snapshot; return whether there are two to be compared."""
        old, new = self.base.files.get(self.moved.get(path, path)), self.head.files.get(path)
        if is_declarations(path):
            self.found += declaration_changes(old, new, path, place.title)
            return True
        if (fields := fields_of(path)) is not None:
            self.found += _field_differences(old, new, path, fields)
            return True
        are_both = old is not None and new is not None
        capability = table_of(place.name)
        if capability is not None and not self._calls(path, place):
            found = list(table_changes(old, new, path, Request(capability, "", place.title)))
            # A table that came or went as a whole has changed no status.
            self.found += found if are_both else []
        elif are_both:
            self._compare(path, place)
        else:
            # It is read here, so that one that is not valid is known to be.
            self._answer(self.base if new is None else self.head, path, place)
        return are_both

    def _compare(self, path: str, place: Place) -> None:
        was = self.moved.get(path, path)
        before = self._answer(self.base, was, place_of(was) or place)
        after = self._answer(self.head, path, place, [len(each.pages) for each in before.each])
        pairs = list(_answers_to_the_same(before, after))
        if len(pairs) < max(len(before.each), len(after.each)):
            # That a call is gone, or new, is said of the cassette that has it.
            self.told_by[path] = {cassette for cassette, _ in self._calls(path, place)}
        for old, new in pairs:
            found = differing(old, new)
            if old.is_part or new.is_part:
                found = [replace(one, in_part=True) for one in found]
            if new.subject and self._has_same_http(path, place):
                # A new account has another id if the upstream was recorded again; from the same responses,
                # never.
                found = [replace(one, is_key=one.field == "id") for one in found]
            self.found += found

    def _has_same_http(self, path: str, place: Place) -> bool:
        """Whether what a snapshot answers was made from the same interactions."""
        cassettes = {cassette for cassette, _ in self._calls(path, place)}
        return all(
            self.base.files.get(self.moved.get(each, each)) == self.head.files.get(each) for each in cassettes
        )

    def _answer(self, revision: Revision, path: str, place: Place, lengths: Sequence[int] = ()) -> Answer:
        """What a snapshot tells; its requests have as many pages as before where its calls are as before."""
        calls = self._calls(path, place, revision)
        before = self._calls(self.moved.get(path, path), place, self.base) if lengths else ()
        if [(each.capability, each.asked) for _, each in calls] != [
            (each.capability, each.asked) for _, each in before
        ]:
            lengths = ()
        cassettes = [cassette for cassette, _ in calls] or self._owners(revision, place)
        titles = [each.title for each in map(place_of, cassettes) if each is not None]
        scenario = titles[0] if titles else place.title
        return answer_of(revision.files[path], path, scenario, [call for _, call in calls], lengths)

    def _owners(self, revision: Revision, place: Place) -> list[str]:
        """The cassettes whose scenario a snapshot is named after, that of the longest name first."""
        owners = (each for each in revision.modules.get(place.module, ()) if owns(each, place))
        return sorted(owners, key=len, reverse=True)

    def _calls(self, path: str, place: Place, revision: Revision | None = None) -> Sequence[tuple[str, Call]]:
        """The calls that a snapshot answers; those of the head where a base of the earlier form has none."""
        name = path.rpartition("/")[2]
        for each in (revision or self.head, self.head, self.base):
            if (found := each.calls_of(place.module).get(name)) is not None:
                return found
        return ()

    def _on_one_side(self, places: dict[str, Place]) -> None:
        """What snapshots say that are only at the base or only at the head."""
        gone = {path: place for path, place in places.items() if path in self.base.files}
        come = {path: place for path, place in places.items() if path not in gone}
        renamed: dict[str, list[str]] = {}
        for path, place in come.items() if gone else ():
            renamed.setdefault(self._records(self.head, path, place), []).append(path)
        for path, place in gone.items():
            same = renamed.get(self._records(self.base, path, place), []) if come else []
            if not same:
                self._on_side(What.REMOVED, path, place)
                continue
            other = same.pop(0)
            self._same_test(path, other, come.pop(other))
        for path, place in come.items():
            self._on_side(What.ADDED, path, place)

    def _same_test(self, was: str, path: str, place: Place) -> None:
        """A snapshot that has another name: so has its scenario, if its cassette has, too."""
        old, new = (
            next((cassette for cassette, _ in self._calls(each, of, revision)), "")
            for each, of, revision in ((was, place_of(was) or place, self.base), (path, place, self.head))
        )
        if old in self.head.files or new in self.base.files or not (old and new):
            self._renamed(was, path, place.title)
        else:
            self.moved |= {path: was, **({} if old in self.moved.values() else {new: old})}

    def _renamed(self, was: str, path: str, title: str) -> None:
        """A scenario that has another name, or lies elsewhere."""
        place = place_of(was)
        old = was if place is None else place.title
        if old == title:
            old, title = was, path
        request = Request("", "", title)
        self.found.append(Difference(Kind.OTHER, What.CHANGED, SCENARIO, old, title, request, path))

    def _records(self, revision: Revision, path: str, place: Place) -> str:
        """The records of a snapshot, with its test and its capability: the same under other parameters."""
        answer = self._answer(revision, path, place)
        if not answer.records:
            return path
        records = sorted(answer.keyed().items(), key=lambda each: each[0])
        of = [place.module, place.name.partition("[")[0], answer.request.capability]
        return json.dumps([of, records], sort_keys=True)

    def _on_side(self, what: What, path: str, place: Place) -> None:
        """A snapshot that came or went alone; one that did so with its scenario is the scenario's."""
        revision, other = (self.base, self.head) if what is What.REMOVED else (self.head, self.base)
        calls = self._calls(path, place, revision)
        cassettes = {cassette for cassette, _ in calls}
        # A snapshot that no call is linked to is named after its scenario.
        cassettes |= {each for each in revision.modules.get(place.module, ()) if owns(each, place)}
        if cassettes and not any(each in other.files for each in cassettes):
            self.with_scenario.setdefault(min(cassettes), []).append(path)
            return
        answer = self._answer(revision, path, place)
        self.found.append(
            Difference(Kind.OTHER, what, SNAPSHOT, None, None, answer.request, path, path.rpartition("/")[2])
        )

    def _cassettes(self, places: dict[str, Place]) -> list[Scenario]:
        scenarios = []
        old_names = set(self.moved.values())
        for path, place in places.items():
            if path in old_names:
                continue
            was = self.moved.get(path, path)
            before, after = self.base.cassette(was), self.head.cassette(path)
            if was in self.base.broken or path in self.head.broken:
                # It is not compared, which is said of it, and not of its snapshots.
                self._snapshots_alone(path)
                continue
            if was != path:
                self._renamed(was, path, place.title)
            if before is not None and after is not None:
                try:
                    pairs = paired(before.interactions, after.interactions)
                except (*_INVALID, TypeError) as error:
                    self._give_up(path, f"its requests are not valid: {error}")
                    continue
                scenario = Scenario(place.title, path, before, after, pairs)
                if is_cut(scenario):
                    self._give_up(path, CUT)
                    self._snapshots_alone(path)
                    continue
                scenarios.append(scenario)
                self.found += call_changes(scenario)
                self.found += outcome_changes(scenario, partial(self._is_as_before, place))
                self.found += self._linked_otherwise(scenario, place)
                names = told_by_snapshots(scenario, partial(self._is_as_before, place))
                self.told_by[path] = {_snapshot(place, name) for name in names}
            else:
                self._scenario_alone(path, place, before or after)
        return scenarios

    def _is_as_before(self, place: Place, name: str) -> bool:
        """Whether a snapshot of a scenario is the same on both sides."""
        path = _snapshot(place, name)
        sides = self.base.files.get(self.moved.get(path, path)), self.head.files.get(path)
        return None not in sides and sides[0] == sides[1]

    def _snapshots_alone(self, cassette: str) -> None:
        for path in self.with_scenario.get(cassette, ()):
            what = What.ADDED if path in self.head.files else What.REMOVED
            place = place_of(path)
            request = Request("", "", path if place is None else place.title)
            self.found.append(Difference(Kind.OTHER, what, SNAPSHOT, None, None, request, path))

    def _linked_otherwise(self, scenario: Scenario, place: Place) -> Iterator[Difference]:
        """The snapshots that are on both sides, and that calls are compared with on one alone."""
        if not are_known(scenario):
            return
        before, after = (
            {name for call in each.calls for name in call.snapshots}
            for each in (scenario.before, scenario.after)
        )
        for name in sorted(before ^ after):
            path = _snapshot(place, name)
            if path in self.base.files and path in self.head.files:
                what = What.REMOVED if name in before else What.ADDED
                request = Request("", "", scenario.title)
                yield Difference(Kind.OTHER, what, SNAPSHOT, None, None, request, scenario.file, name)

    def _scenario_alone(self, path: str, place: Place, cassette: Cassette | None) -> None:
        what = What.ADDED if path in self.head.files else What.REMOVED
        names = sorted({call.capability for call in cassette.calls}) if cassette is not None else []
        request = Request(names[0] if len(names) == 1 else "", "", place.title)
        for file in (path, *self.with_scenario.get(path, ())):
            self.found.append(Difference(Kind.OTHER, what, SCENARIO, None, None, request, file, place.title))

    def _waivers(self) -> Iterator[Waiver]:
        for path in sorted(filter(is_declarations, self.head.files)):
            try:
                yield from waivers_of(self.head.files[path], path)
            except _INVALID as error:
                self._give_up(path, f"it is not valid JSON: {error}")


def _field_differences(
    old: bytes | None, new: bytes | None, path: str, capability: str
) -> Iterator[Difference]:
    """What the table of a capability's fields says now; one that came or went is one difference."""
    if old is not None and new is not None:
        yield from use_changes(old, new, path, capability)
        return
    side, what = (old, What.REMOVED) if new is None else (new, What.ADDED)
    # It is read here, so that one that is not valid is known to be.
    list(use_changes(side or b"", side or b"", path, capability))
    request = Request(capability, "", "")
    yield Difference(Kind.FIELD, what, TABLE, None, None, request, path)


def _answers_to_the_same(before: Answer, after: Answer) -> Iterator[tuple[Answer, Answer]]:
    """The answers of two snapshots that belong together: to the same request, in their order.

    That a request is made more often, or less often, is told by the calls.
    """
    if not (before.parts or after.parts):
        yield before, after
        return
    olds: dict[tuple[str, str], list[Answer]] = {}
    for each in before.each:
        olds.setdefault((each.request.capability, each.asked), []).append(each)
    for each in after.each:
        if same := olds.get((each.request.capability, each.asked)):
            yield same.pop(0), each


def _snapshot(place: Place, name: str) -> str:
    """The path of a snapshot beside a cassette."""
    return "/".join(filter(None, (place.project, SNAPSHOTS, place.folder, name)))


def _filled(value: Any) -> Any:
    """A value without the fields that have none: to say nothing, and not to say anything, is the same."""
    if isinstance(value, Mapping):
        return {name: _filled(each) for name, each in value.items() if each is not None}
    return [_filled(each) for each in value] if isinstance(value, list) else value
