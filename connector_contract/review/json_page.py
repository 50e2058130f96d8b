"""A review for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from connector_contract.review.change import Change, Difference, HttpChange, Review
from connector_contract.review.lines import title

# Values are nested so deeply at most.
_DEEPEST = 100


def json_page(review: Review) -> str:
    """A review as JSON, in ASCII; ``docs/review-json.md`` says what its keys mean.

    Source: section 8 of the design.
    """
    severity = review.severity
    page = {
        "base": review.base,
        "head": review.head,
        "severity": severity.value if severity is not None else None,
        "changes": [_change(each) for each in review.changes],
        "requests": [_where(each) for each in review.requests],
        "upstream": [_where(each) for each in review.upstream],
        "waivers": [{"name": each.name, "reason": each.reason, "file": each.file} for each in review.waivers],
        "not_understood": [
            {"what": each.what, "count": each.count, "files": list(each.files)}
            for each in review.not_understood
        ],
        "compared": review.compared,
    }
    return json.dumps(_valid(page), indent=2)


def _change(change: Change) -> dict[str, Any]:
    return {
        "severity": change.severity.value,
        "capability": ", ".join(change.capabilities),
        "kind": change.kind.value,
        "what": change.what.value,
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "count": change.count,
        "explained_by": change.explained_by,
        "scenarios": change.scenarios,
        "files": change.files,
        "examples": [_example(each) for each in change.people],
        "title": title(change),
        "why": change.why,
        "capabilities": list(change.capabilities),
        "shown_in": [{"request": name, "count": count} for name, count in change.shown_in.items()],
        "still_in": [{"request": name, "count": count} for name, count in change.still_in],
        "followed_by": [
            {"kind": kind.value, "field": field, "count": count}
            for (kind, field), count in change.followed_by.items()
        ],
    }


def _example(one: Difference) -> dict[str, Any]:
    return {"record": one.record, "name": one.name, "old": one.old, "new": one.new, "file": one.file}


def _where(one: HttpChange) -> dict[str, Any]:
    return {
        "severity": one.severity.value,
        "text": one.text,
        "endpoint": one.endpoint,
        "count": one.count,
        "scenarios": list(one.scenarios),
        "files": list(one.files),
    }


def _valid(value: Any, depth: int = 0) -> Any:
    """A value that every parser takes: no number that JSON has not, no half of a letter, not too deep."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, (Mapping, list, tuple)) and depth == _DEEPEST:
        return "..."
    if isinstance(value, Mapping):
        return {_valid(str(key)): _valid(each, depth + 1) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_valid(each, depth + 1) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
