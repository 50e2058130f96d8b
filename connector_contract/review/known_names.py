"""By what people know the accounts and entitlements that a record has by their ids alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connector_contract.review.answers import name_of
from connector_contract.review.change import Difference, Kind, What
from connector_contract.review.known_records import Near, answers_near, near_to
from connector_contract.review.stored import Revision

_ACCOUNT = ("account_id",)
_ENTITLEMENT = ("integration_specific_entitlement_id", "integration_specific_resource_id")
_LISTS: Mapping[tuple[str, ...], tuple[str, tuple[str, ...]]] = {
    _ACCOUNT: ("list_accounts", ("integration_specific_id",)),
    _ENTITLEMENT: ("list_entitlements", ("integration_specific_id", "integration_specific_resource_id")),
}
"""The fields that refer to another record, with the list that has it, and the fields of its key there."""

_Names = dict[tuple[str, ...], str]


@dataclass
class KnownNames:
    """By what people know records, as the lists of each side say; read where that is needed.

    Attributes:
        revisions: The sides, that of the base first.
    """

    revisions: Sequence[Revision]
    _names: dict[tuple[int, Near, tuple[str, ...]], _Names] = field(default_factory=dict)

    def named(self, one: Difference) -> Difference:
        """A difference in a record without a name, with the names of those that it is about."""
        if one.name or not one.record or one.kind in (Kind.OTHER, Kind.DECLARATION, Kind.ERROR, Kind.PAGE):
            return one
        return replace(one, name=", ".join(self._of(one)))

    def _of(self, one: Difference) -> Iterator[str]:
        sides = (one.before, one.after)
        record: Mapping[str, Any] = next((each for each in sides if isinstance(each, Mapping)), {})
        if one.kind is Kind.ACCOUNT:
            record = {"account_id": one.record}
        # Who is new, the head knows best.
        revisions = self.revisions[::-1] if one.what is What.ADDED else self.revisions
        for fields in _LISTS:
            if all(isinstance(record.get(name), str) for name in fields):
                ids = tuple(record[name] for name in fields)
                names = (self._listed(each, near_to(one), fields).get(ids) for each in revisions)
                yield from [found for found in names if found][:1]

    def _listed(self, revision: Revision, near: Near, fields: tuple[str, ...]) -> _Names:
        key = id(revision), near, fields
        if key not in self._names:
            capability, ids = _LISTS[fields]
            self._names[key] = {
                tuple(str(record.get(name)) for name in ids): name_of(record)
                for answer in answers_near(revision, near, {capability})
                for record in answer.records
            }
        return self._names[key]
