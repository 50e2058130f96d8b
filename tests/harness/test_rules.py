"""The rules of the standard contract, where a connector of the tests would be much for a detail."""

from __future__ import annotations

import json

import pytest

from connector_contract.errors import UsageError
from connector_contract.interactions import Interaction, Request, Response
from connector_contract.standard.rules.answers import Walk
from connector_contract.standard.rules.bodies import found
from connector_contract.standard.rules.complete import lost_breach, unread_breach

URL = "https://app.example.com/v1/groups/g%201/members?role=owner&role=guest"


def exchange(body, uri=URL, headers=()):
    request = Request("GET", uri, (), b"")
    return Interaction(request, Response(200, "OK", tuple(headers), json.dumps(body).encode()))


def walk(*exchanges, records=(), key_fields=("id",)):
    return Walk("list_things", 3, [{"response": list(records)}], exchanges, key_fields=key_fields)


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("items[].[id, path_after('groups'), query('role')]", [["a", "g 1", "owner"]]),
        ("items[].[id, path_after('members'), query('page')]", [["a", None, None]]),
        ("path_after('users')", []),
    ],
)
def test_an_expression_may_use_what_was_asked_for(expression, values):
    assert [values for _, values in found([exchange({"items": [{"id": "a"}]})], expression, "fact")] == [
        values
    ]


@pytest.mark.parametrize("expression", ["length(items)", "no_such_function(items)", "path_after(`1`)"])
def test_an_expression_that_goes_wrong_on_a_body_is_the_authors_mistake(expression):
    with pytest.raises(UsageError) as caught:
        list(found([exchange({"items": None})], expression, "upstream_ids['list_things']"))
    assert f"upstream_ids['list_things'] = {expression!r} goes wrong: " in str(caught.value)
    assert "GET https://app.example.com/v1/groups/g%201/members" in str(caught.value)
    assert "{items}" in str(caught.value)


@pytest.mark.parametrize(
    ("key_fields", "expression", "remedy"),
    [
        (("id",), "items[].[id, path_after('users')]", "It should find each id."),
        (("id", "of"), "items[].[id, path_after('users')]", "or lists of them in the order id, of"),
        ((), "items[].id", "Nothing is known that tells these records apart"),
    ],
)
def test_ids_that_cannot_be_compared_are_the_authors_mistake(key_fields, expression, remedy):
    sent = walk(exchange({"items": [{"id": "a"}]}), records=[{"id": "a"}], key_fields=key_fields)
    with pytest.raises(UsageError) as caught:
        list(lost_breach(sent, expression, {}))
    assert "cannot be compared with the records of list_things" in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
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
    ],
)
def test_a_list_that_was_left_before_its_end(body, headers, says):
    (breach,) = unread_breach(walk(exchange(body, headers=headers)))
    assert says in breach.what
