"""Which calls walk through one list, and what all of them ask for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from connector_contract.recording.call import Call, Failure

Walk = list[Call]
"""The calls that walk through a list, or one call."""


class AskedFor(NamedTuple):
    """What the calls of a walk have in common.

    Attributes:
        capability: Its name.
        asked: With what it was asked, but for its pages, as JSON.
    """

    capability: str
    asked: str


def asked_for(call: Call) -> AskedFor:
    """What a call asks for, on whichever page."""
    asked = {name: value for name, value in call.asked.items() if name != "page"}
    return AskedFor(call.capability, json.dumps(asked, sort_keys=True, ensure_ascii=False))


def token_of(call: Call) -> Any:
    """The page token that a call was made with; ``None`` if with none."""
    page = call.asked.get("page")
    return page.get("token") if isinstance(page, dict) else None


def walks_of(calls: Iterable[Call]) -> dict[AskedFor, list[Walk]]:
    """The walks, by what is asked for, in their order.

    A call with a page token goes on with the walk before it, unless that has ended with an error.
    """
    found: dict[AskedFor, list[Walk]] = {}
    for call in calls:
        walks = found.setdefault(asked_for(call), [])
        if not walks or not token_of(call) or isinstance(walks[-1][-1].outcome, Failure):
            walks.append([])
        walks[-1].append(call)
    return found
