"""**agreement**: what is asked for several ids at once is answered for each as if it was asked alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Walk, lasting
from connector_contract.reporting.excerpts import beginning

LISTED = {"get_last_activity": "list_accounts"}
"""For each capability that is asked for several ids, the list that has more of them."""
ENOUGH = 2
"""Of so many ids, each with a record of its own, a mistake between them shows."""
_MOST = 5
_LOST = "Lumos asks for many at once, and takes whoever is left out to have none."


def candidates(field: str, request: Json, full: Walk | None) -> list[str]:
    """The ids to ask for: the author's own, and further ones of the list.

    Args:
        field: The field of the request with the ids.
        request: The author's example.
        full: The list that has more; ``None`` if the connector has none.
    """
    own = [str(each) for each in request.get(field) or ()]
    more = [str(record.get("integration_specific_id")) for record in (full.records if full else ())]
    return list(dict.fromkeys([*own, *more]))


def is_enough(alone: Mapping[str, Walk]) -> bool:
    """Whether enough ids were asked for alone."""
    return has_enough(alone) or len(alone) >= _MOST


def has_enough(alone: Mapping[str, Walk]) -> bool:
    """Whether enough of the ids that were asked for alone have records."""
    return sum(bool(walk.records) for walk in alone.values()) >= ENOUGH


def differing(together: Walk, alone: Mapping[str, Walk]) -> list[str]:
    """The ids whose records are not all as they were when asked for alone.

    Args:
        together: What was answered for all ids at once.
        alone: What was answered for each of them.
    """
    found = _texts(together.records)
    known = {text for walk in alone.values() for text in _texts(walk.records)}
    # A record that no id has alone belongs to one of them, and nobody knows to which.
    if [text for text in found if text not in known] or len(found) != len(set(found)):
        return list(alone)
    return [id_ for id_, walk in alone.items() if not set(_texts(walk.records)) <= set(found)]


def together_breach(together: Walk, alone: Mapping[str, Walk]) -> Iterator[Breach]:
    """Where the response for several ids is not what it is for each of them.

    Args:
        together: What was answered for all ids at once.
        alone: What was answered for each of them.

    Source: the operation ``get_last_activity`` of the SDK's specification: "Retrieve the last activity
    information for specified user accounts."; ``GetLastActivity.account_ids``: "List of account identifiers
    to fetch activity data for".
    """
    if not differing(together, alone):
        return
    found, known = _texts(together.records), {id_: _texts(walk.records) for id_, walk in alone.items()}
    expected = [text for texts in known.values() for text in texts]
    lines = [
        *(
            f"{id_}: only alone: {beginning(text, 200)}"
            for id_, texts in known.items()
            for text in texts
            if text not in found
        ),
        *(f"only together: {beginning(text, 200)}" for text in dict.fromkeys(found) if text not in expected),
        *(f"twice: {beginning(text, 200)}" for text in dict.fromkeys(found) if found.count(text) > 1),
    ]
    title = f"{', '.join(alone)}, asked for together, are not answered as each alone"
    yield Breach(together.capability, title, _LOST, lines)


def _texts(records: Sequence[Json]) -> list[str]:
    return [json.dumps(lasting(record), sort_keys=True) for record in records]
