"""Answers: what Lumos was told for one request, its pages joined, its records known by their keys."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from connector_contract.contract.standard_capabilities import STANDARD, Key
from connector_contract.contract.standard_capabilities import Kind as Serves
from connector_contract.recording.call import Call
from connector_contract.review.change import Kind, Request
from connector_contract.review.walks import Walk, asked_for, token_of
from connector_contract.storage.json_differences import load_once

_KINDS = {
    "FoundAccountData": Kind.ACCOUNT,
    "NonHumanAccount": Kind.ACCOUNT,
    "ApplicationAccount": Kind.ACCOUNT,
    "FoundResourceData": Kind.RESOURCE,
    "AccessGraphResource": Kind.RESOURCE,
    "ApplicationResourceData": Kind.RESOURCE,
    "Application": Kind.RESOURCE,
    "FoundEntitlementData": Kind.ENTITLEMENT,
    "AccessGraphEntitlement": Kind.ENTITLEMENT,
    "ApplicationEntitlementData": Kind.ENTITLEMENT,
    "FoundEntitlementAssociation": Kind.ASSOCIATION,
    "ApplicationEntitlementAssociation": Kind.ASSOCIATION,
    "AccessGraphEntitlementAssignment": Kind.ASSOCIATION,
    "LastActivityData": Kind.ACTIVITY,
    "NonHumanAccountLastActivity": Kind.ACTIVITY,
    "CredentialLastActivity": Kind.ACTIVITY,
    "ActivityRecord": Kind.ACTIVITY,
    "ApplicationActivityRecord": Kind.ACTIVITY,
}
"""What the records of each schema are; those that are not here are none of Lumos' own kinds."""

_ASSIGNMENTS = (
    "assign_entitlement",
    "unassign_entitlement",
    "assign_application_entitlement",
    "unassign_application_entitlement",
)
NAMES = ("email", "username", "label", "name", "display_name", "title")
"""By what people know a record, the best first."""

RecordKey = tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What Lumos was told for one request.

    Attributes:
        request: What it asked for.
        file: The snapshot that has the answer.
        kind: What its records are.
        pages: The responses; empty if the snapshot has something else.
        value: What the snapshot has, if that are no responses of a capability.
        key: What identifies a record; ``None`` if nothing is known to.
        within: The field of a response that has the records; empty if it is a list or a record itself.
        asked: What it was asked with, but for its place in a list: as JSON.
        is_part: Whether it is some of the pages of a list.
        subject: Of a write, the key of what it writes.
        parts: The answer to each request, if one snapshot has those to several.
    """

    request: Request
    file: str
    kind: Kind = Kind.OTHER
    pages: Sequence[Mapping[str, Any]] = ()
    value: Any = None
    key: Key | None = None
    within: str = ""
    asked: str = ""
    is_part: bool = False
    subject: RecordKey = ()
    parts: tuple[Answer, ...] = ()

    @property
    def each(self) -> tuple[Answer, ...]:
        """The answers to each request: itself, if it is that to one."""
        return self.parts or (self,)

    @property
    def error(self) -> Mapping[str, Any] | None:
        """The error that it ends with; ``None`` if it is a success."""
        last = self.pages[-1] if self.pages else {}
        return (last.get("error") or {}) if last.get("is_error") else None

    @property
    def records(self) -> list[Mapping[str, Any]]:
        """The records of all pages, in order."""
        return [record for page in self.pages for record in self._of(page)]

    @property
    def others(self) -> list[Any]:
        """What all pages have where their records belong, and is none: texts, numbers, nothing at all."""
        return [each for page in self.pages if not page.get("is_error") for each in self._no_records(page)]

    def keyed(self) -> dict[RecordKey, Mapping[str, Any]]:
        """The records by what identifies them; of those that share a key, the later ones are counted."""
        found: dict[RecordKey, Mapping[str, Any]] = {}
        times: Counter[RecordKey] = Counter()
        for record in self.records:
            key = self.key_of(record)
            times[key] += 1
            found[key if times[key] == 1 else (*key, f"no. {times[key]}")] = record
        return found

    def key_of(self, record: Mapping[str, Any]) -> RecordKey:
        """What identifies a record."""
        if self.subject:
            return self.subject
        if self.key is None:
            return ()
        return tuple(str(record.get(name)) for name in self.key.fields)

    def _of(self, page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        payload = self._payload(page)
        if isinstance(payload, Mapping):
            return [payload]
        return [each for each in payload if isinstance(each, Mapping)] if isinstance(payload, list) else []

    def _no_records(self, page: Mapping[str, Any]) -> list[Any]:
        payload = self._payload(page)
        every = payload if isinstance(payload, list) else [payload]
        return [each for each in every if not isinstance(each, Mapping)]

    def _payload(self, page: Mapping[str, Any]) -> Any:
        payload = page.get("response")
        return payload.get(self.within) if self.within and isinstance(payload, Mapping) else payload

    def payload(self) -> Any:
        """The payloads of all pages, lists joined; of one page, what it has."""
        payloads = [page.get("response") for page in self.pages]
        if len(payloads) == 1:
            return payloads[0]
        lists = [each for each in payloads if isinstance(each, list)]
        return [one for each in lists for one in each] if len(lists) == len(payloads) else payloads

    def beside(self) -> dict[str, Any]:
        """What all responses have beside their records: lists joined, of other things the first that is."""
        joined: dict[str, Any] = {}
        for page in self.pages:
            joined = _joined(joined, self.around(page))
        return joined

    def around(self, page: Mapping[str, Any]) -> dict[str, Any]:
        """What a response has beside its records and its place in a list."""
        payload = page.get("response")
        beside = dict(payload) if self.within and isinstance(payload, Mapping) else {}
        beside.pop(self.within, None)
        told = ("response", "page", "error", "is_error") if page.get("is_error") else ("response", "page")
        rest = {name: value for name, value in page.items() if name not in told}
        return {**rest, **({"response": beside} if beside else {})}


def _joined(one: Any, other: Any) -> Any:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {
            name: _joined(one[name], other[name]) if name in one and name in other else {**one, **other}[name]
            for name in {**one, **other}
        }
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *other]
    return other if one is None else one


def lists_in(value: Any, path: str = "") -> dict[str, list[Any]]:
    """The lists in an object that have something, by their paths, but for those in lists."""
    if isinstance(value, list):
        return {path: value} if value else {}
    fields = value.items() if isinstance(value, Mapping) else ()
    return {
        at: found
        for name, each in fields
        for at, found in lists_in(each, f"{path}.{name}" if path else str(name)).items()
    }


def without_lists(value: Any) -> Any:
    """An object without the lists that have something."""
    if not isinstance(value, Mapping):
        return value
    return {
        name: without_lists(each) for name, each in value.items() if not (isinstance(each, list) and each)
    }


def answer_of(
    text: bytes, file: str, scenario: str, calls: Sequence[Call], lengths: Sequence[int] = ()
) -> Answer:
    """What a snapshot tells.

    Args:
        text: The snapshot's.
        file: Its path.
        scenario: The scenario, in the form of a node id.
        calls: Those that it is linked to.
        lengths: How many pages each request has, if that is known: page tokens may be others than the calls'.

    Raises:
        ValueError: It is no JSON.
    """
    value = load_once(text.decode("utf-8"))
    names = {call.capability for call in calls}
    pages = _pages(value)
    if not names or pages is None:
        return Answer(Request("", "", scenario), file, value=value)
    if any(page.get("is_error") and not isinstance(page.get("error"), Mapping) for page in pages):
        raise ValueError("an error in it is no object")
    whole = Answer(Request("", "", scenario), file, value=value)
    if len(names) == 1:
        whole = _of_calls(pages, file, scenario, calls)
    walks: list[Walk] = []
    if len(pages) == len(calls):
        ends = list(accumulate(lengths))
        is_known = bool(ends) and ends[-1] == len(calls)
        starts = zip([0, *ends], ends, strict=False)
        walks = [list(calls[a:b]) for a, b in starts] if is_known else list(_walks(calls, pages))
    if len(walks) < 2:
        return whole
    rest = iter(pages)
    parts = (_of_calls([next(rest) for _ in walk], file, scenario, walk) for walk in walks)
    return replace(whole, parts=tuple(parts))


def _walks(calls: Sequence[Call], pages: Sequence[Mapping[str, Any]]) -> Iterator[Walk]:
    """The calls, those of a walk together: each has the page token that the one before gave."""
    walk: Walk = []
    given = None
    for call, page in zip(calls, pages, strict=True):
        if walk and (asked_for(call) != asked_for(walk[-1]) or given is None or token_of(call) != given):
            yield walk
            walk = []
        walk.append(call)
        given = _object(page.get("page")).get("token")
    yield walk


def _of_calls(pages: Sequence[Mapping[str, Any]], file: str, scenario: str, calls: Sequence[Call]) -> Answer:
    """What the responses tell that calls of one capability have given."""
    first = calls[0]
    name = first.capability
    owes = STANDARD.get(name)
    asked = {part: value for part, value in first.asked.items() if part != "page"}
    known = Answer(
        Request(name, asked_text(first), scenario),
        file,
        pages=pages,
        asked=json.dumps(asked, sort_keys=True, ensure_ascii=False),
        is_part=_is_part(pages, calls),
    )
    if owes is None:
        return known
    if owes.kind is Serves.WRITES:
        kind = Kind.ASSOCIATION if name in _ASSIGNMENTS else Kind.ACCOUNT
        subject = _subject(_object(first.asked.get("request")))
        return replace(known, kind=kind, is_part=False, subject=subject)
    return replace(known, kind=kind_of(name), key=owes.key, within=owes.within)


def kind_of(capability: str) -> Kind:
    """What the records of a capability are."""
    owes = STANDARD.get(capability)
    if owes is None or owes.key is None:
        return Kind.OTHER
    return _KINDS.get(owes.key.schema, Kind.OTHER)


def _pages(value: Any) -> list[Mapping[str, Any]] | None:
    """The responses that a snapshot has; ``None`` if it has something else."""
    pages = value if isinstance(value, list) else [value]
    is_walk = pages and all(
        isinstance(page, Mapping) and ("response" in page or page.get("is_error")) for page in pages
    )
    return pages if is_walk else None


def _is_part(pages: Sequence[Mapping[str, Any]], calls: Sequence[Call]) -> bool:
    starts, goes_on = (_object(each.get("page")).get("token") for each in (calls[0].asked, pages[-1]))
    return bool(starts or goes_on) or any(call.stopped_after is not None for call in calls)


def _object(value: Any) -> Mapping[str, Any]:
    """What is said where an object belongs: none is said by anything else that is there."""
    return value if isinstance(value, Mapping) else {}


def asked_text(call: Call) -> str:
    """With what a call was made, in words; page tokens are the connector's own, and say nothing."""
    parts = []
    page, request = (_object(call.asked.get(name)) for name in ("page", "request"))
    if "size" in page:
        parts.append(f"in pages of {page['size']}")
    if request:
        fields = (f"{name} {_short(value)}" for name, value in request.items())
        parts.append(_short(f"with {', '.join(fields)}"))
    others = [name for name in ("auth", "credentials", "settings") if name in call.asked]
    if others:
        parts.append(f"with other {' and '.join(others)}")
    return " ".join(parts)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}..."


def _subject(request: Mapping[str, Any]) -> RecordKey:
    """The key of what a write is about, by what its request names."""
    ids = [str(value) for name, value in request.items() if name.endswith("_id") and _is_plain(value)]
    known = [str(request[name]) for name in NAMES if _is_plain(request.get(name))]
    return tuple(ids or known[:1]) or ("what was asked for",)


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int)) and value != ""


def shown_key(key: RecordKey) -> str:
    """A key as people read it."""
    return " / ".join(each for each in key if each) or ('""' if key else "")


def name_of(record: Mapping[str, Any]) -> str:
    """By what people know a record; empty if by nothing."""
    found = (record.get(name) for name in NAMES)
    return next((each for each in found if isinstance(each, str) and each), "")
