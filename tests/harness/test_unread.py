"""Lists that were read to their end, and those that were not, by what the upstream says."""

from __future__ import annotations

import json

import pytest

from connector_contract.interactions import Interaction, Request, Response
from connector_contract.standard.rules.answers import Walk
from connector_contract.standard.rules.unread import unread_breach

URL = "https://app.example.com/v1/groups/g%201/members?role=owner&role=guest"


def exchange(body, uri=URL, headers=()):
    return Interaction(Request("GET", uri), Response(200, "OK", tuple(headers), json.dumps(body).encode()))


def walk(*exchanges):
    return Walk("list_things", 3, [{"response": []}], exchanges, key_fields=("id",))


@pytest.mark.parametrize(
    "body",
    [
        {"items": [1, 2], "quota": {"total": 500}},
        {"content": [1], "last": True, "next": 2},
        {"more": "text", "items": [1]},
        {"quota": {"total": 100}, "next": "https://app.example.com/next-steps"},
        {"items": [1, 2], "total": 2, "has_more": False, "next_cursor": "at the end, too"},
        {"items": [1, 2], "next": None},
        {"items": [1, {"total": 7, "next": "x"}]},
    ],
)
def test_a_list_that_was_read_to_its_end(body):
    assert list(unread_breach(walk(exchange(body)))) == []


@pytest.mark.parametrize(
    ("body", "headers", "says"),
    [
        ({"items": [1, 2], "total": 3}, [], "the connector read 2 of the 3 records of GET /v1/groups"),
        ({"items": [1], "meta": {"hasMore": True}}, [], "the upstream has more: meta.hasMore is true"),
        ({"items": [1], "nextCursor": "c"}, [], 'the upstream has more: nextCursor is "c"'),
        ([1], [("link", '<https://app.example.com/2>; rel="next"')], "the upstream has more: Link: "),
        ([1], [("link", "<https://app.example.com/2>; rel=next")], "the upstream has more: Link: "),
        ({"content": [1], "last": False}, [], "the upstream has more: last is false"),
        ({"items": [1], "more": "text", "next": "x"}, [], 'the upstream has more: next is "x"'),
        ({"data": [1], "meta": {"pagination": {"total": 5}}}, [], "read 1 of the 5 records"),
    ],
)
def test_a_list_that_was_left_before_its_end(body, headers, says):
    (breach,) = unread_breach(walk(exchange(body, headers=headers)))
    assert says in breach.what


HOST = "https://app.example.com"
MORE, DONE = {"items": [1, 2], "has_more": True, "total": 3}, {"items": [3], "has_more": False, "total": 3}


def graphql(body, **variables):
    sent = json.dumps({"query": "query Q { members }", "variables": variables}).encode()
    return Interaction(
        Request("POST", f"{HOST}/graphql", (), sent), Response(200, "OK", (), json.dumps(body).encode())
    )


@pytest.mark.parametrize(
    "exchanges",
    [
        [exchange(MORE, f"{HOST}/m?group=g1&offset=0"), exchange(DONE, f"{HOST}/m?group=g1&offset=2")],
        [exchange(MORE, f"{HOST}/m"), exchange(MORE, f"{HOST}/n"), exchange(DONE, f"{HOST}/m?page=2"),
         exchange(DONE, f"{HOST}/n?page=2")],
        [exchange({**MORE, "bookmark": "b"}, f"{HOST}/m"), exchange(DONE, f"{HOST}/m?mark=b")],
        [exchange({**MORE, "next": f"{HOST}/m/2"}, f"{HOST}/m"), exchange(DONE, f"{HOST}/m/2")],
        [exchange({**MORE, "next": "/m/2"}, f"{HOST}/m"), exchange(DONE, f"{HOST}/m/2")],
        [graphql(MORE, group="g1", after=None), graphql(DONE, group="g1", after="x")],
    ],
)  # fmt: skip
def test_pages_of_one_list_are_known_for_such(exchanges):
    assert list(unread_breach(walk(*exchanges))) == []


@pytest.mark.parametrize(
    "exchanges",
    [
        [exchange(MORE, f"{HOST}/m?group=g1"), exchange(DONE, f"{HOST}/m?group=g2")],
        [exchange({"items": [1], "total": 2}, f"{HOST}/m?group=g1"), exchange(DONE, f"{HOST}/m?group=g2")],
        [graphql(MORE, group="g1"), graphql(MORE, group="g2"), graphql(DONE, group="g2", after="x")],
    ],
)
def test_one_of_several_lists_that_was_not_read_to_its_end(exchanges):
    (breach, *_) = unread_breach(walk(*exchanges))
    assert "g1" in breach.records[0] or "POST" in breach.records[0]
