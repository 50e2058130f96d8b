"""What Lumos asks for is somebody's, or the author's own: it depends on what was answered before."""

from __future__ import annotations

import pytest

from connector_contract.people.people_in_http import PeopleInHttp
from tests.people_testing import people

ALICE = {"id": "u-1", "email": "alice.martin@example.com", "displayName": "Alice Martin"}


@pytest.fixture
def in_http():
    return PeopleInHttp(people([ALICE]))


def test_an_address_of_an_answer_leaves_the_names_in_it_made_up(in_http):
    shown = in_http.answered([ALICE])
    assert shown[0]["email"] == ALICE["email"]
    assert in_http.asked({"email": shown[0]["email"], "display_name": "New User"})["email"] == ALICE["email"]
    assert in_http.answered([ALICE]) == shown


def test_an_address_of_the_author_s_own_stays_with_the_names_in_it(in_http):
    assert in_http.asked({"email": ALICE["email"]}) == {"email": ALICE["email"]}
    assert in_http.answered([ALICE]) == [ALICE]
