"""How many people a recording has made up, as plain data: it crosses from the recording to the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PeopleCounts:
    """What has become of the people in a run's recordings. It has none of their data.

    Attributes:
        people: How many different ones were made up.
        fields: How many fields with their data there were, by kind.
        replaced: How many values were replaced, in these fields and elsewhere.
        unreplaced: Each place of what looks personal and stayed, with what it looks like.
        has_key: Whether they come from a key, and not in order.
        unfound: Kind and path of what an author names and no response has.
    """

    people: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)
    replaced: int = 0
    unreplaced: tuple[tuple[str, str], ...] = ()
    has_key: bool = True
    unfound: tuple[tuple[str, str], ...] = ()
