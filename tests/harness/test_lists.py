"""Which answers are pages of one list."""

from __future__ import annotations

import json

import pytest

from connector_contract.contract.rules.lists import lists_of
from connector_contract.recording.interactions import Interaction, Request, Response

HOST = "https://app.example.com"


def get(path, body=(), headers=(), status=200):
    answer = Response(status, "", tuple(headers), b"" if status == 204 else json.dumps(body).encode())
    return Interaction(Request("GET", HOST + path), answer)


def post(sent, body=()):
    request = Request("POST", f"{HOST}/m", (), sent.encode())
    return Interaction(request, Response(200, "OK", (), json.dumps(body).encode()))


def link(target):
    return [("link", f'<{HOST}{target}>; rel="next"')]


@pytest.mark.parametrize(
    "interactions",
    [
        [get("/m?group=g1"), get("/m?group=g1&startIndex=3"), get("/m?page[number]=3&group=g1")],
        [post("group=1&limit=3"), post("group=1&limit=3&cursor=abc")],
        [post('{"group": 1}'), post('{"group": 1, "page": {"after": "abc"}}')],
        # A cursor may stand for all that was asked for, under whatever name.
        [get("/m?group=g1", {"next_cursor": "abc"}), get("/m?cursor=abc")],
        [get("/m?group=g1", {"next_cursor": "abc"}), get("/more?c=abc")],
        [get("/m?group=g1", {"next_cursor": 1234567}), get("/more?c=1234567")],
        [get("/m?group=g1", {"bookmark": "b"}), get("/m?mark=b")],
        [get("/m", {"links": {"next": {"href": "/m/2"}}}), get("/m/2")],
        [get("/m", headers=link("/m/2")), get("/m/2")],
        [get("/m", {"next": "/m/2"}), get("/m/2", status=204)],
    ],
)
def test_pages_of_one_list(interactions):
    assert [len(answers) for answers in lists_of(interactions)] == [len(interactions)]


@pytest.mark.parametrize(
    "interactions",
    [
        *([get(f"/m?{name}=1"), get(f"/m?{name}=2")] for name in ("account_id", "topic", "lastname")),
        [post("group=1&limit=3"), post("group=2&limit=3")],
        [post('{"group": 1}'), post('{"group": 2}')],
        [get("/groups", {"total": 2}), get("/m?group=2")],
        [get("/groups", {"count": 1}), get("/m?limit=1")],
        [get("/groups", {"next": 2}), get("/m?group=2")],
        [get("/groups", {"owner": "u1"}), get("/m?user=u1")],
        [get("/team", {"url": f"{HOST}/m"}), get("/m")],
    ],
)
def test_a_list_of_its_own_for_each_request(interactions):
    assert [len(answers) for answers in lists_of(interactions)] == [1] * len(interactions)


def test_what_was_refused_or_is_no_json_is_no_page():
    html = Interaction(Request("GET", f"{HOST}/m"), Response(200, "OK", (), b"<html>"))
    assert lists_of([html, get("/m", status=404)]) == []
