"""Which raw statuses the author of a connector says are listed: ``listed_statuses``, checked."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from connector_contract.errors import UsageError
from connector_contract.fill_in import refuse_fill_ins

ACCOUNTS = "list_accounts"
"""What a sequence of statuses is about, if it names no capability."""

_NAME = "listed_statuses"


def by_capability(value: Any) -> Any:
    """The author's value as a mapping of capabilities; what cannot be one stays as it is."""
    if _is_sequence(value):
        return {ACCOUNTS: value} if value else {}
    return value


def raw_text(parts: Sequence[Any]) -> str:
    """A raw status as the table of statuses shows it, from what makes it up."""
    return ", ".join(part if isinstance(part, str) else json.dumps(part) for part in parts)


def raw_texts(statuses: Collection[Any]) -> list[str]:
    """Raw statuses as the table of statuses shows them, in order."""
    return sorted(raw_text(list(each) if isinstance(each, (list, tuple)) else [each]) for each in statuses)


def check_listed(value: object) -> None:
    """Refuse what is not a list of raw statuses for each capability.

    Raises:
        UsageError: The value has another form, or is not filled in.
    """
    refuse_fill_ins(value)
    if not isinstance(value, Mapping):
        raise UsageError(
            f"{_NAME} is {value!r}, and should be a list of raw statuses.",
            remedy=f'Write it as {_NAME} = ["active", "suspended"].',
        )
    for capability, statuses in value.items():
        example = f'Write them as {_NAME} = {{"{capability}": ["active", "suspended"]}}.'
        if not _is_sequence(statuses) or not statuses:
            raise UsageError(
                f"{_NAME}[{capability!r}] is {statuses!r}, and should be a list of raw statuses.",
                remedy=example,
            )
        for status in statuses:
            parts = status if isinstance(status, (list, tuple)) else [status]
            if not parts or not all(isinstance(part, str | int | float | None) for part in parts):
                raise UsageError(
                    f"{_NAME}[{capability!r}] has {status!r}, which is no raw status.",
                    remedy=f"{example}\nOne of several parts is a list of them, or as its table shows it.",
                )


def check_found(value: Mapping[str, object], upstream_status: Collection[str]) -> None:
    """Refuse statuses of which nobody knows where they are.

    Raises:
        UsageError: ``upstream_status`` does not say where a capability finds them.
    """
    for capability in value:
        if capability not in upstream_status:
            raise UsageError(
                f"{_NAME}[{capability!r}] needs upstream_status[{capability!r}], which is not there.",
                remedy="Say where the raw statuses are:\n"
                f'  upstream_status = {{"{capability}": "items[].[id, status]"}}',
            )


def _is_sequence(value: object) -> bool:
    return isinstance(value, (list, tuple, set, frozenset))
