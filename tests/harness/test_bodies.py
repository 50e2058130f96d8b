"""Recorded bodies, and what expressions find in them."""

from __future__ import annotations

import json

import pytest

from connector_contract.errors import UsageError
from connector_contract.interactions import Interaction, Request, Response
from connector_contract.standard.rules.answers import Walk
from connector_contract.standard.rules.bodies import found, require_found

URL = "https://app.example.com/v1/groups/g%201/members?role=owner&role=guest"


def exchange(body, uri=URL):
    return Interaction(Request("GET", uri), Response(200, "OK", (), json.dumps(body).encode()))


def walk(*exchanges, records=()):
    return Walk("list_things", 3, [{"response": list(records)}], exchanges, key_fields=("id",))


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


def test_an_expression_that_finds_nothing_where_there_are_records_is_the_authors_mistake():
    by_id = walk(exchange({"users": {"u1": {"id": "u1"}}}), records=[{"id": "u1"}])
    with pytest.raises(UsageError, match="matches nothing in the 1 recorded bodies"):
        require_found(by_id, "users[].id", "fact")


def test_a_list_without_json_cannot_be_compared():
    xml = Interaction(Request("GET", URL), Response(200, "OK", (), b"<users/>"))
    with pytest.raises(UsageError, match="none of the 1 recorded bodies is JSON"):
        require_found(walk(xml, records=[{"id": "u1"}]), "users[].id", "fact")
