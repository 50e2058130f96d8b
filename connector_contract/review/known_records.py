"""Which records each side answers with, and to which requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from connector_contract.review.answers import Answer, answer_of, shown_key
from connector_contract.review.change import Difference, Kind, What
from connector_contract.review.differences import MEMBERSHIP
from connector_contract.review.stored import SNAPSHOTS, Revision, place_of

Near = tuple[str, str]
"""A project, and a folder of modules in it."""


@dataclass
class KnownRecords:
    """Which records each side answers with, in which requests: read where that decides something."""

    base: Revision
    head: Revision
    _records: dict[tuple[int, tuple[str, str], str], dict[str, list[str]]] = field(default_factory=dict)

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
                still[one.kind, one.identity] = self._of(self.head, one).get(one.record, [])
        return still

    def _of(self, revision: Revision, one: Difference) -> dict[str, list[str]]:
        near = near_to(one)
        key = (id(revision), near, one.request.capability)
        if key not in self._records:
            self._records[key] = _answered(revision, near, one.request.capability)
        return self._records[key]


def _answered(revision: Revision, near: Near, capability: str) -> dict[str, list[str]]:
    """The requests that each record is answered to, in the modules of one folder."""
    found: dict[str, list[str]] = {}
    for answer in answers_near(revision, near, capability):
        for key in answer.keyed():
            found.setdefault(shown_key(key), []).append(str(answer.request))
    return found


def near_to(one: Difference) -> Near:
    """The project of a difference, and the folder of its module."""
    place = place_of(one.file)
    assert place is not None  # noqa: S101 - the file of a record is a snapshot
    return place.project, place.folder.rpartition("/")[0]


def answers_near(revision: Revision, near: Near, capability: str) -> Iterator[Answer]:
    """The successes of a capability in the modules of one folder."""
    for module in revision.modules:
        if (module[0], module[1].rpartition("/")[0]) == near:
            yield from _answers(revision, module, capability)


def _answers(revision: Revision, module: tuple[str, str], capability: str) -> Iterator[Answer]:
    for name, calls in revision.calls_of(module).items():
        path = "/".join(filter(None, (module[0], SNAPSHOTS, module[1], name)))
        data = revision.files.get(path)
        if data is None or {call.capability for _, call in calls} != {capability}:
            continue
        try:
            answer = answer_of(data, path, "", [call for _, call in calls])
        except (ValueError, RecursionError):
            # A changed file that is not valid is reported; one that is as before says nothing here.
            continue
        if answer.error is None:
            yield answer
