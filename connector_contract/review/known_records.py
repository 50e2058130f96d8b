"""Which records each side answers with, and to which requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.review.answers import Answer, answer_of, shown_key
from connector_contract.review.change import Difference, Kind, What
from connector_contract.review.differences import MEMBERSHIP
from connector_contract.review.stored import SNAPSHOTS, Revision, place_of

Near = tuple[str, str]
"""A project, and a folder of modules in it."""

_Mark = tuple[str, ...]
_OTHER_NAMES = {
    "AccessGraphResource": {"id": "integration_specific_id"},
    "AccessGraphEntitlement": {
        "id": "integration_specific_id",
        "resource_id": "integration_specific_resource_id",
    },
}
"""What a schema calls the fields that identify a record, and the others."""


@dataclass
class KnownRecords:
    """Which records each side answers with, in which requests: read where that decides something."""

    base: Revision
    head: Revision
    _records: dict[tuple[int, Near, str], dict[str, list[str]]] = field(default_factory=dict)
    _marked: dict[tuple[Near, tuple[str, ...]], dict[_Mark, list[str]]] = field(default_factory=dict)

    def in_its_place(self, one: Difference) -> Difference:
        """A record that came or went on one page alone has moved to another page, if both sides have it."""
        if not one.in_part or one.what is What.CHANGED or one.field:
            return one
        if all(one.record in self._of(revision, one) for revision in (self.base, self.head)):
            return replace(one, kind=Kind.PAGE, what=What.CHANGED, field=MEMBERSHIP, old=None, new=None)
        return one

    def still_in(self, found: Iterable[Difference]) -> dict[tuple[Kind, tuple[str, str]], list[str]]:
        """What Lumos still asks for, and is told the records that are gone elsewhere."""
        still: dict[tuple[Kind, tuple[str, str]], list[str]] = {}
        for one in found:
            if one.what is What.REMOVED and not one.field and one.kind is not Kind.OTHER:
                still[one.kind, one.identity] = self._still(one)
        return still

    def _still(self, one: Difference) -> list[str]:
        """The requests that a record is still answered to, whichever capability has such records."""
        if one.has_lost_key:
            return []
        names = _common_names(one.request.capability)
        if not isinstance(one.before, Mapping):
            return self._of(self.head, one).get(one.record, [])
        place = near_to(one), tuple(sorted(names))
        if place not in self._marked:
            self._marked[place] = _marked(self.head, *place)
        return self._marked[place].get(_mark(one.before, names), [])

    def _of(self, revision: Revision, one: Difference) -> dict[str, list[str]]:
        near = near_to(one)
        key = (id(revision), near, one.request.capability)
        if key not in self._records:
            self._records[key] = _answered(revision, near, one.request.capability)
        return self._records[key]


def _answered(revision: Revision, near: Near, capability: str) -> dict[str, list[str]]:
    """The requests that each record is answered to, in the modules of one folder."""
    found: dict[str, list[str]] = {}
    for answer in answers_near(revision, near, {capability}):
        for key in answer.keyed():
            found.setdefault(shown_key(key), []).append(str(answer.request))
    return found


def _marked(revision: Revision, near: Near, common: tuple[str, ...]) -> dict[_Mark, list[str]]:
    """The requests that each record is answered to, of all capabilities that know records by these names."""
    alike = {each for each in STANDARD if tuple(sorted(_common_names(each))) == common}
    found: dict[_Mark, list[str]] = {}
    for answer in answers_near(revision, near, alike):
        names = _common_names(answer.request.capability)
        for record in answer.records:
            found.setdefault(_mark(record, names), []).append(str(answer.request))
    return found


def _common_names(capability: str) -> Mapping[str, str]:
    """The fields that identify a record of a capability, by the names that most schemas give them."""
    owes = STANDARD.get(capability)
    if owes is None or owes.key is None:
        return {}
    names = _OTHER_NAMES.get(owes.key.schema, {})
    return {names.get(name, name): name for name in owes.key.fields}


def _mark(record: Mapping[str, Any], names: Mapping[str, str]) -> _Mark:
    return tuple(str(record.get(names[each])) for each in sorted(names))


def near_to(one: Difference) -> Near:
    """The project of a difference, and the folder of its module."""
    place = place_of(one.file)
    assert place is not None  # noqa: S101 - the file of a record is a snapshot
    return place.project, place.folder.rpartition("/")[0]


def answers_near(revision: Revision, near: Near, capabilities: Set[str]) -> Iterator[Answer]:
    """The successes of some capabilities in the modules of one folder."""
    for module in revision.modules:
        if (module[0], module[1].rpartition("/")[0]) == near:
            yield from _answers(revision, module, capabilities)


def _answers(revision: Revision, module: tuple[str, str], capabilities: Set[str]) -> Iterator[Answer]:
    for name, calls in revision.calls_of(module).items():
        path = "/".join(filter(None, (module[0], SNAPSHOTS, module[1], name)))
        data = revision.files.get(path)
        names = {call.capability for _, call in calls}
        if data is None or len(names) != 1 or not names <= capabilities:
            continue
        try:
            answer = answer_of(data, path, "", [call for _, call in calls])
        except (ValueError, RecursionError):
            # A changed file that is not valid is reported; one that is as before says nothing here.
            continue
        if answer.error is None:
            yield answer
