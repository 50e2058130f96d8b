import json

import pytest

from connector_contract.recording import requests_per_call
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.recording.open_call import OpenCall
from connector_contract.recording.requests_per_call import request_counts

USERS = {"items": [{"id": "u1"}, {"id": "u2"}, {"id": 3}]}


def call(*said, asked=None, capability="x"):
    made = OpenCall(1, capability, asked or {})
    for number, (path, body) in enumerate(said):
        request = Request("GET", f"https://a.example{path}")
        made.said.append(((number,), Interaction(request, Response(200, body=json.dumps(body).encode()))))
    return made


def counted(*said, asked=None):
    return request_counts([call(*said, asked=asked)])["x"]


def test_what_is_asked_for_each_record_is_one_kind_of_path():
    assert counted(
        ("/users?page=1", USERS), *((f"/users/{user}/groups", []) for user in ("u1", "u2", 3))
    ) == [{"/users": 1, "/users/*/groups": 3}]


def test_what_a_call_was_asked_about_are_ids_too():
    ids = ["a@b.example", "g 2", "ü"]
    assert counted(
        *((f"/groups/{quoted}/members", []) for quoted in ("a%40b.example", "g%202", "%C3%BC")),
        asked={"request": {"ids": ids}},
    ) == [{"/groups/*/members": 3}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        # The names of fields are no ids,
        {"users": [], "groups": [], "roles": []},
        # nor is what is a part of one.
        {"id": "users-1", "name": "groups2", "of": "my roles-3"},
    ],
)
def test_several_lists_are_no_records(body):
    lists = {f"/v1/{name}": 1 for name in ("users", "groups", "roles")}
    assert counted(*((path, body) for path in lists)) == [lists]


def test_what_a_response_says_of_what_it_was_asked_for_is_no_list_of_it():
    paths = {f"/kinds/{name}": 1 for name in ("users", "groups", "roles")}
    assert counted(*((path, {"kind": path.rpartition("/")[2]}) for path in paths)) == [paths]


def test_each_call_is_counted_by_itself():
    pages = [
        call(("/users", USERS), ("/users/u1", {}), capability="a"),
        call(("/users", USERS), capability="a"),
        call(("/groups", []), capability="b"),
        call(capability="c"),
    ]
    assert request_counts(pages) == {
        "a": [{"/users": 1, "/users/u1": 1}, {"/users": 1}],
        "b": [{"/groups": 1}],
    }


def test_each_response_is_looked_through_once(monkeypatch):
    """However many requests there are: what is looked for is looked for all at once."""
    seen = []
    said = requests_per_call._said
    monkeypatch.setattr(requests_per_call, "_said", lambda text: seen.append(text) or said(text))
    many = [(f"/users/u{n}/groups", []) for n in range(100)]
    users = ("/users", [{"id": f"u{n}"} for n in range(100)])
    assert counted(users, *many) == [{"/users": 1, "/users/*/groups": 100}]
    assert len(seen) == 102
