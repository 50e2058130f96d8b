"""**shape**, what no model checks: texts that are to be times, amounts or currencies."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import error_of
from connector_contract.contract.rules.times import Moment, moment_of
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.reporting.messages import counted

_ACTIVITY = ("happened_at",)
_TIMES: Mapping[str, tuple[str, ...]] = {
    "Credential": (
        "created_at", "updated_at", "last_used_at", "expires_at", "last_rotated_at", "last_activity",
    ),
    "NonHumanAccount": ("created_at", "updated_at", "last_login", "last_activity"),
    "LastActivityData": _ACTIVITY,
    "CredentialLastActivity": _ACTIVITY,
    "NonHumanAccountLastActivity": _ACTIVITY,
    "ActivityRecord": ("timestamp",),
    "ApplicationActivityRecord": ("timestamp",),
}  # fmt: skip
"""The fields of each schema that say when something was."""
_ISO: Mapping[str, tuple[str, ...]] = {
    "Credential": ("last_activity",),
    "NonHumanAccount": ("last_login", "last_activity"),
    "CredentialLastActivity": _ACTIVITY,
    "NonHumanAccountLastActivity": _ACTIVITY,
    "ActivityRecord": ("timestamp",),
    "ApplicationActivityRecord": ("timestamp",),
}
"""The timestamps that are ISO 8601 by the specification."""
_DATES: Mapping[str, tuple[str, ...]] = {"Expense": ("transaction_date", "payment_date")}
"""The dates that are; a month or a week may stand for one."""
_AMOUNTS: Mapping[str, tuple[str, ...]] = {"Expense": ("total_amount", "paid_amount")}
_DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?")
_CURRENCY = re.compile("[A-Z]{3}")

# A time of day, and what comes after it; "AM" and "PM" are no zone.
_CLOCK = re.compile(r"(?<![\d:+-])\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?P<rest>(?![\d:]).*)")
_ZONE = re.compile(r"(?:^|\s|\d)(?!AM\b|PM\b)[A-Z]{1,5}\b|[+-]\d{1,2}(?::?\d{2})?\b")

# As programs write it in JSON, XML or CSV.
_WITH_ZONE = re.compile(rb"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)")

_PLURALS = {"currency": "currencies"}

_Values = list[tuple[str, Any]]


def form_breach(capability: str, responses: Sequence[Json]) -> Iterator[Breach]:
    """Texts that are not in the form that the specification gives them.

    Where it names no form, as for the ``created_at`` of a credential, only a time without a zone is wrong,
    in whatever form. A date has no zone, and may stand for a time. The days of an expense need none either.

    Args:
        capability: What was called.
        responses: The responses, errors among them.

    Source: the schemas of the SDK's specification: ``CredentialLastActivity`` ("ISO 8601 timestamp when the
    activity occurred"), ``ActivityRecord`` ("Timestamp when the activity occurred (ISO 8601 format)"),
    ``Expense`` ("in ISO 8601 format"), ``Amount`` ("An amount, stored as a decimal string", "A currency, in
    ISO 4217 format"); of the zone, ``ListUpdatedAccounts``: "Must be a valid ISO 8601 datetime string with
    timezone information".
    """
    owes = STANDARD.get(capability)
    if owes is None or owes.key is None:
        return
    records, schema = list(_records(responses, owes.within)), owes.key.schema
    times = _values(records, _TIMES.get(schema, ()))
    timestamps = _ISO.get(schema, ())
    loose = [name for name in _TIMES.get(schema, ()) if name not in timestamps]
    without_zone = [each for each in times if not _says_where(each[1])]
    without_zone += [each for each in _values(records, loose) if _is_naive_text(each[1])]
    amounts = [pair for pair in _values(records, _AMOUNTS.get(schema, ())) if isinstance(pair[1], Mapping)]
    wrong = [
        (
            "time",
            "not in ISO 8601",
            "Lumos cannot read when it was.",
            [
                each
                for each in _values(records, (*timestamps, *_DATES.get(schema, ())))
                if not moment_of(each[1])
            ],
        ),
        (
            "time",
            "a month or a week alone",
            "Lumos cannot read when it was.",
            [each for each in _values(records, timestamps) if _is_span(each[1])],
        ),
        (
            "time",
            "without a zone",
            "Lumos takes it for another hour.",
            without_zone,
        ),
        (
            "amount",
            "not decimal",
            "Lumos cannot add it up.",
            _not_like(_DECIMAL, "amount", amounts),
        ),
        (
            "currency",
            "not in ISO 4217",
            "Lumos does not know what it is worth.",
            _not_like(_CURRENCY, "currency", amounts),
        ),
    ]
    for what, how, consequence, values in wrong:
        if values:
            title = f"{counted(len(values), what, _PLURALS.get(what, ''))} {_are(values)} {how}"
            yield Breach(capability, title, consequence, [f"{path}: {value!r}" for path, value in values])


def moved_breach(capability: str, responses: Sequence[Json], bodies: Iterable[bytes]) -> Iterator[Breach]:
    """Times that show the upstream's clock, and say that it is of another zone.

    Args:
        capability: What was called.
        responses: The responses, errors among them.
        bodies: What the upstream said for them, decoded.

    Source: as for ``form_breach``: a time with a zone says when something was.
    """
    owes = STANDARD.get(capability)
    if owes is None or owes.key is None:
        return
    said = {text.decode() for body in bodies for text in _WITH_ZONE.findall(body)}
    known = {_second(moment) for text in said if (moment := moment_of(text)) is not None}
    clocks = {_clock(text): text for text in sorted(said)}
    moved = [
        (path, value)
        for path, value in _values(_records(responses, owes.within), _TIMES.get(owes.key.schema, ()))
        if isinstance(value, str) and _clock(value) in clocks and _is_elsewhere(value, known)
    ]
    if moved:
        title = f"{counted(len(moved), 'time')} {_are(moved)} in another zone than the upstream has it"
        shown = [f"{path}: {value!r}, made of {clocks[_clock(value)]!r}" for path, value in moved]
        yield Breach(capability, title, "Lumos takes it for another hour.", shown)


def _clock(time: str) -> str:
    """The date and the time of day, as the clock showed them."""
    return time.strip().upper().replace(" ", "T")[: len("2024-05-01T09:00:00")]


def _is_elsewhere(time: str, known: Collection[datetime]) -> bool:
    moment = moment_of(time)
    return moment is not None and moment.has_zone and _second(moment) not in known


def _second(moment: Moment) -> datetime:
    # Some leave out what is less.
    return moment.first.replace(microsecond=0)


def _are(values: _Values) -> str:
    return "is" if len(values) == 1 else "are"


def _records(responses: Iterable[Json], within: str) -> Iterator[tuple[str, Json]]:
    """Each record with its path."""
    for number, response in enumerate(responses, 1):
        if error_of(response) is not None:
            continue
        path, payload = f"page {number}, response", response.get("response")
        if within and isinstance(payload, Mapping):
            path, payload = f"{path}.{within}", payload.get(within)
        items = payload if isinstance(payload, list) else []
        yield from ((f"{path}[{at}]", item) for at, item in enumerate(items) if isinstance(item, Mapping))


def _values(records: Iterable[tuple[str, Json]], fields: Iterable[str]) -> _Values:
    """What the fields have that are there; the model says whether they may be left out."""
    names = list(fields)
    return [
        (f"{path}.{name}", record[name])
        for path, record in records
        for name in names
        if record.get(name) is not None
    ]


def _is_span(value: Any) -> bool:
    moment = moment_of(value)
    return moment is not None and moment.is_span


def _says_where(value: Any) -> bool:
    moment = moment_of(value)
    return moment is None or moment.day is not None or moment.has_zone


def _is_naive_text(value: Any) -> bool:
    """Whether a text in a form of its own has a time of day, and does not say where."""
    found = None if moment_of(value) else _CLOCK.search(str(value))
    return found is not None and _ZONE.search(found["rest"]) is None


def _not_like(form: re.Pattern[str], part: str, amounts: _Values) -> _Values:
    return [
        (f"{path}.{part}", amount.get(part))
        for path, amount in amounts
        if not form.fullmatch(str(amount.get(part)))
    ]
