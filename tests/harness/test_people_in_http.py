"""What Lumos asks for is somebody's, or the author's own: it depends on what was answered before."""

from __future__ import annotations

import json
import re

import pytest

from connector_contract.people.people_in_http import PeopleInHttp
from connector_contract.recording.interactions import Request, Response
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


def told(in_http, body, answer):
    """What is shown of an answer that a connector has made of a body."""
    response = Response(200, "OK", (("content-type", "application/json"),), json.dumps(body).encode())
    in_http.learn(Request("GET", "https://app.example.com/users", (), b""), response)
    return in_http.answered(answer)


BOB = {"id": "u-2", "givenName": "Bob", "familyName": "Hillary"}


@pytest.mark.parametrize("told_as", ["username", "display_name", "given_name", "family_name"])
def test_words_of_the_connectors_own_stay_in_a_name_that_it_composes(in_http, told_as):
    answer = {told_as: "Hillary, Bob (reports to Alice Martin), unassigned"}
    shown = told(in_http, [BOB], answer)[told_as]
    assert re.fullmatch(r"\w+, \w+ \(reports to \w+ \w+\), unassigned", shown)
    assert not {"Hillary", "Bob", "Alice", "Martin"} & set(re.findall(r"\w+", shown))
    # They are as they are again, and elsewhere.
    assert in_http.answered(answer)[told_as] == shown


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"x1": "Quarbelmeth"}, "Quarbelmeth"),
        ({"x1": "Sørquin"}, "Sørquin"),
        ({"x1": "<b>S&oslash;rquin</b>"}, "Sørquin"),
        ({"x1": '{"y": "QUARBELMETH"}'}, "Quarbelmeth"),
    ],
)
def test_a_name_that_the_upstream_has_said_in_some_field_is_somebodys(in_http, body, name):
    answer = {"username": f"Bob {name} (on leave)", "given_name": "Bob"}
    assert told(in_http, [BOB, body], answer)["username"].endswith(" (on leave)")
    assert name not in str(in_http.people.json(body))
