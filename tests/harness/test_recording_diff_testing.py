"""The comparison of two recordings sees what changes of anybody else, and nothing more."""

from __future__ import annotations

import json

import pytest
from recording_diff_testing import changed_lines, strangers_lines

CASSETTE = """version: 1
count: {count}
interactions:
- request:
    method: GET
    uri: https://example.com/users?limit=2&after={after}
    body: null
  response:
    headers:
      x-total-count:
      - '{count}'
    body:
      string: |-
        {body}
"""
ANN = {"id": "1", "name": "Ann", "emails": [{"value": "ann@example.com"}], "active": True}
BOB = {"id": "2", "name": "Bob", "emails": [{"value": "bob@example.com"}], "active": False}
CARL = {"id": "3", "name": "Carl", "emails": [{"value": "carl@example.com"}], "active": True}


def recorded(*users, after="x", **snapshot):
    body = json.dumps({"totalResults": len(users), "users": users}, indent=1).replace("\n", "\n" + " " * 8)
    text = CASSETTE.format(count=len(users), after=after, body=body)
    accounts = [{"account_id": user["id"], "username": user["name"], **snapshot} for user in users]
    return {"cassettes/a.yaml": text.encode(), "snapshots/a.json": json.dumps(accounts, indent=1).encode()}


def test_a_person_more_is_that_persons_lines_and_numbers():
    before, after = recorded(ANN, CARL, after="1"), recorded(ANN, BOB, CARL, after="2")
    assert strangers_lines(before, after, {"2"}) == []
    assert len(list(changed_lines(before, after))) > 6


def test_the_order_is_not_compared():
    assert list(changed_lines(recorded(ANN, BOB), recorded(BOB, ANN))) == []


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({**CARL, "name": "Carla"}, '"name": "Carla"'),
        ({**CARL, "emails": [{"value": "c@example.com"}]}, '"value": "c@example.com"'),
        ({**CARL, "emails": []}, '"value": "carl@example.com"'),
    ],
)
def test_what_changes_of_somebody_else_is_found(changed, line):
    before, after = recorded(ANN, CARL), recorded(ANN, BOB, changed)
    assert ("cassettes/a.yaml", line) in strangers_lines(before, after, {"2"})


def test_what_changes_in_a_snapshot_is_found():
    before, after = recorded(ANN, BOB), recorded(ANN, BOB, given_name="Made")
    assert [name for name, _line in strangers_lines(before, after, {"3"})] == ["snapshots/a.json"]


def test_an_id_that_lumos_has_in_place_of_the_first_is_the_persons_too():
    user = {"id": "7", "userPrincipalName": "dan@example.com", "name": "Dan"}
    account = [{"integration_specific_id": "dan@example.com", "given_name": "Dan"}]
    before = recorded(ANN)
    after = {**recorded(ANN, user), "snapshots/a.json": json.dumps(account, indent=1).encode()}
    assert [line for _name, line in strangers_lines(before, after, {"7", "1"})] == []
    assert strangers_lines(before, after, {"1"})
