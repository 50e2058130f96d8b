"""How much a change matters, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from connector_contract.faults.field_changes import FieldChange
from connector_contract.review.change import Difference, Kind, Severity, What
from connector_contract.review.differences import ASKS, COUNT, OUTCOME, STATUSES

SCENARIO, SNAPSHOT, CALL = "scenario", "snapshot", "a call"
"""In place of a field, where scenarios, snapshots or calls came or went."""

TABLE = "the table"
"""In place of a field of the upstream, where the whole table of a capability's fields came or went."""

CHOICES = "declared_choices"
"""The declarations with a choice each, which their values begin with: ``keeps_access: It does.``"""

LOWERS = (
    "waivers",
    CHOICES,
    "tolerated_faults",
    "excluded_ids",
    "not_http",
    "empty_attributes",
    "sample",
    "listed_statuses",
)
"""The declarations that lower what the contract demands."""

FIXED = "the same for any number of records"
"""How the requests of a call grow that do not."""

_ACCESS = {Kind.ACCOUNT, Kind.RESOURCE, Kind.ENTITLEMENT, Kind.ASSOCIATION}
# What people read, and no program decides by: of an error, and of what an execution reports.
_TEXTS = re.compile(
    r"(error_metadata\.)?(message|hint|raised_by|raised_in)"
    r"|execution_summary\.(description|caught_errors\[\d+]\.(message|raised_by|raised_in))"
)

_GONE = "Lumos takes away the access of who is no longer listed."
_ID = "Lumos takes another id for another one: the old one is gone, with its access."
_STATUS = "Lumos decides by the status who may have access."
_TEXT = "People read this text; Lumos does not decide by it."
_MORE = "Lumos is told more than before."
_LESS = "Lumos is no longer told this."
_DEMANDS_LESS = "The contract demands less than before."
_DEMANDS_MORE = "The contract demands more than before."
_STOPS = "Where it stops, Lumos gets an error in place of what it has asked for."
_NO_ERROR = "Lumos acts on a success: what it does not list is gone."


def judged(one: Difference) -> tuple[Severity, str]:
    """How much a difference matters, and why, in a sentence.

    Source: section 8 of the design, the table of severities.
    """
    if one.kind is Kind.ERROR:
        return _of_error(one)
    if one.kind is Kind.STATUS:
        return Severity.CRITICAL, _STATUS
    if one.kind is Kind.FIELD:
        return _of_field(one)
    if one.kind is Kind.DECLARATION:
        return _of_declaration(one)
    if one.kind is Kind.PAGE:
        return Severity.MINOR, "How many records a page has changes nobody's access."
    if one.kind is Kind.REQUEST:
        return _of_growth(one)
    if one.field in (SCENARIO, SNAPSHOT, CALL):
        return _of_scenario(one)
    if one.field == ASKS:
        return Severity.MINOR, "The test asks for something else, and its answer is another one."
    if one.field == COUNT:
        if one.new > one.old:
            return Severity.MAJOR, _MORE
        return (Severity.CRITICAL, _GONE) if one.kind in _ACCESS else (Severity.MAJOR, _LESS)
    if one.kind in _ACCESS and one.what is What.REMOVED:
        return Severity.CRITICAL, _GONE
    if one.what is What.REMOVED:
        return Severity.MAJOR, _LESS
    if one.what is What.ADDED:
        return Severity.MAJOR, _MORE
    if one.kind in _ACCESS and one.field in STATUSES:
        return Severity.CRITICAL, _STATUS
    if one.kind in _ACCESS and one.is_key:
        return Severity.CRITICAL, _ID
    if is_text(one):
        return Severity.MINOR, _TEXT
    return Severity.MAJOR, "Lumos is told another value."


def is_text(one: Difference) -> bool:
    """Whether a difference is in a text that people read, and no program decides by."""
    about = one.kind is Kind.ERROR or one.field.startswith("execution_summary")
    return about and _TEXTS.fullmatch(one.field) is not None


def _of_error(one: Difference) -> tuple[Severity, str]:
    if one.field == OUTCOME:
        if _is_error(one.old) and not _is_error(one.new):
            return Severity.CRITICAL, _NO_ERROR
        return Severity.MAJOR, "Lumos gets an error in place of what it has asked for."
    if is_text(one):
        return Severity.MINOR, _TEXT
    return Severity.MAJOR, "Lumos decides by the error what to do next."


def _of_growth(one: Difference) -> tuple[Severity, str]:
    if one.new == FIXED:
        return Severity.MINOR, "The connector asks for less in a large tenant."
    return Severity.MAJOR, "In a large tenant, the connector takes long, and meets rate limits."


def _of_scenario(one: Difference) -> tuple[Severity, str]:
    if one.what is What.REMOVED:
        return Severity.MAJOR, "What it has shown is no longer checked."
    if one.what is What.ADDED:
        return Severity.INFO, "What is new is checked from now on."
    return Severity.MINOR, "It has the same records, under another name."


def _of_field(one: Difference) -> tuple[Severity, str]:
    if one.field == TABLE:
        return _of_scenario(one)
    change = FieldChange.at(one.field, one.old, one.new)
    if change.moves_refusals:
        return Severity.MAJOR, _STOPS
    if change.is_unread:
        return Severity.INFO, "The connector does not look at it."
    return Severity.MINOR, "It moves what Lumos is told, and stops nothing."


def _is_error(outcome: Any) -> bool:
    return str(outcome).startswith("the error")


def _of_declaration(one: Difference) -> tuple[Severity, str]:
    if one.field.partition("[")[0] not in LOWERS:
        return Severity.MAJOR, "The contract looks at something else than before."
    if one.what is What.ADDED:
        return Severity.CRITICAL, _DEMANDS_LESS
    if one.what is What.REMOVED:
        return Severity.MINOR, _DEMANDS_MORE
    if one.field == "sample" or one.field.startswith("listed_statuses"):
        return _of_part(one)
    if one.field.startswith(CHOICES) and _chosen(one.old) != _chosen(one.new):
        return Severity.CRITICAL, "The contract demands something else than before."
    return Severity.MINOR, "The contract demands the same, for another reason."


def _chosen(value: Any) -> str:
    return str(value).partition(":")[0]


def _of_part(one: Difference) -> tuple[Severity, str]:
    """Of a declaration of what the contract looks at: less of it demands less."""
    if one.field == "sample":
        old, new = _sample(one.old), _sample(one.new)
        is_less = any(after < before for before, after in zip(old, new, strict=True))
    else:
        is_less = not _listed(one.old) <= _listed(one.new)
    if is_less:
        return Severity.CRITICAL, _DEMANDS_LESS
    return Severity.MINOR, _DEMANDS_MORE


def _sample(value: Any) -> tuple[int, bool]:
    """How many pages are looked at, and whether the last one is."""
    parts = value if isinstance(value, Mapping) else {}
    pages = parts.get("pages")
    return pages if isinstance(pages, int) else 0, bool(parts.get("last"))


def _listed(value: Any) -> set[str]:
    return {json.dumps(each) for each in value} if isinstance(value, list) else {json.dumps(value)}
