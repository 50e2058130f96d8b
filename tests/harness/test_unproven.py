"""What a refusal says of a response that the replay changes: both sides alike, around what differs."""

from __future__ import annotations

import pytest

from connector_contract.recording.unproven import differences_of
from tests.people_testing import people

AKT = {"name": "Annelise K. Thorvaldsdottir", "email": "akt@acme.com"}
FILLER = "on Mondays she covers for whoever is out of the office, and on all other days she is in it. "


@pytest.fixture(scope="module")
def known():
    return people(AKT)


def lines(known, old, new):
    return differences_of({"a": old}, {"a": new}, 0.0, is_compared=True, shown=known.hidden)


def test_a_long_text_is_quoted_around_the_first_difference(known):
    [line] = lines(known, f"{FILLER}Thorval, yes. {FILLER}", f"{FILLER}Xyzabc, no. {FILLER}")
    assert line.startswith("a: recorded ...")
    assert "she is in it. *******, yes. on Monday" in line
    assert "she is in it. Xyzabc, no. on Mondays" in line
    assert "Thorval" not in line
    assert line.endswith(" (asterisks stand for the letters of real people)")


def test_what_a_message_would_show_alike_has_asterisks(known):
    made = known.text("AKT")
    assert lines(known, f"{made} {made}", f"{made} AKT") == [
        f'a: recorded "{made} {made}", now "{made} ***" (asterisks stand for the letters of real people)'
    ]


def test_lists_and_objects_are_hidden_within(known):
    [line] = lines(known, [{"of": "nothing"}, {"of": "Thorvalds"}], [{"of": "nothing"}])
    assert line.startswith(
        'a: recorded a list of 2, now a list of 1; only in the recording: {"of": "*********"}'
    )


def test_what_is_nobodys_is_shown(known):
    assert lines(known, "a * of 3", None) == ['a: recorded "a * of 3", now null']
    assert differences_of({"a": 1}, {}, 0.0, is_compared=True) == ["a: recorded 1, now nothing"]
