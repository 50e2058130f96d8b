"""The counts of made-up people, which cross from the recording to the report."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from connector_contract.reporting.people_counts import PeopleCounts


def test_they_are_plain_data():
    counts = PeopleCounts(
        2, {"email": 3}, 9, (("users[].nick", "a name"),), has_key=False, unfound=(("name", "x"),)
    )
    data = json.loads(json.dumps(asdict(counts)))
    pairs = {name: tuple(map(tuple, data[name])) for name in ("unreplaced", "unfound")}
    again = PeopleCounts(**{**data, **pairs})
    assert again == counts
    assert replace(counts, people=3) != counts


def test_without_anybody_there_is_nothing():
    assert PeopleCounts() == PeopleCounts(0, {}, 0, (), has_key=True)
