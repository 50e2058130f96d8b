"""What came of a sweep, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from connector_contract.faults.fault import Outcome, Row
from connector_contract.faults.fault_cells import Shown, counts, matrix_of, shown
from connector_contract.faults.field_table import NeverUsed
from connector_contract.faults.swept_call import SweptCall, fields_seen, key_of, not_broken


def as_json(swept: Sequence[SweptCall], not_reached: int = 0) -> str:
    """A sweep as JSON, in ASCII; ``docs/faults-json.md`` says what its keys mean.

    Args:
        swept: What came of all calls; their order makes no difference.
        not_reached: How many further calls the run has not come to.
    """
    matrix = matrix_of(swept)
    found = counts(matrix.rows)
    page = {
        "calls": matrix.calls,
        "not_reached": not_reached,
        "faults": found.total() - found[Shown.ABSENT],
        "findings": found[Shown.FINDING],
        "tolerated": found[Shown.TOLERATED],
        "notes": found[Shown.NOTE],
        "not_applicable": found[Shown.ABSENT],
        "not_broken": [
            {
                "connector": each.connector,
                "capability": each.capability,
                "scenario": each.scenario,
                "why": each.why_not,
            }
            for each in not_broken(swept)
        ],
        "rows": [
            _row(connector, row)
            for (connector, _), by_fault in matrix.cells.items()
            for rows in by_fault.values()
            for row in rows
        ],
        "never_used": [
            _never_used(seen.connector, each) for seen in fields_seen(swept) for each in seen.never_used
        ],
    }
    return json.dumps(_valid(page), indent=2) + "\n"


def _never_used(connector: str, found: NeverUsed) -> dict[str, Any]:
    return {
        "connector": connector,
        "capability": found.capability,
        "endpoint": found.endpoint,
        "use": found.use.value,
        "fields": [*found.fields],
    }


def _row(connector: str, row: Row) -> dict[str, Any]:
    is_applicable = row.outcome is not Outcome.NOT_APPLICABLE
    return {
        "connector": connector,
        "capability": row.capability,
        "fault": row.fault,
        "group": row.group.value,
        "endpoint": row.endpoint,
        "interaction": row.place,
        "detail": row.detail,
        "outcome": row.outcome.value,
        "shown": shown(row).meaning,
        "weight": row.weight.name.lower(),
        "expected": row.expected,
        "told": row.told,
        "consequence": row.consequence,
        "remedy": row.remedy,
        "tolerated": row.tolerated,
        "key": key_of(row) if is_applicable else None,
        "scenario": row.scenario,
        "evidence": list(row.evidence),
    }


def _valid(value: Any) -> Any:
    """A value that every parser takes: no half of a letter."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _valid(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_valid(each) for each in value]
    return value
