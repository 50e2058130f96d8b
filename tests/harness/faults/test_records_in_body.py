"""Pure: the records in bodies of well-known APIs, and what these say of their pages."""

from __future__ import annotations

import pytest

from connector_contract.faults.records_in_body import (
    emptied,
    page_signs,
    record_lists,
    records_of,
    signs_of_pages,
)
from connector_contract.recording.interactions import Response

ANN, BOB = {"id": "u1", "name": "Ann"}, {"id": "u2", "name": "Bob"}
OKTA = [ANN, BOB]
GRAPH = {"@odata.context": "c", "value": [ANN, BOB], "@odata.nextLink": "https://g/users?$skiptoken=x"}
SCIM = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    "totalResults": 5,
    "startIndex": 1,
    "itemsPerPage": 2,
    "Resources": [ANN, BOB],
}
SLACK = {"ok": True, "members": [ANN, BOB], "response_metadata": {"next_cursor": "dXNlcg=="}}
OFFSET = {"items": [ANN, BOB], "total": 5, "limit": 2, "offset": 0, "has_more": True}
GRAPHQL = {
    "data": {
        "users": {
            "edges": [{"cursor": "a", "node": ANN}, {"cursor": "b", "node": BOB}],
            "pageInfo": {"hasNextPage": True, "endCursor": "b"},
        }
    }
}
HAL = {"_embedded": {"users": [ANN, BOB]}, "_links": {"next": {"href": "/users?page=2"}}}
JSON_API = {"data": [ANN, BOB], "included": [{"id": "g1"}], "links": {"next": "https://a/users?page=2"}}
SPRING = {"content": [ANN, BOB], "number": 0, "totalPages": 3, "totalElements": 5, "last": False}
BY_ID = {"users": {"u1": ANN, "u2": BOB}, "more": True}
VENDORS = {
    "okta": (OKTA, [""]),
    "graph": (GRAPH, ["value"]),
    "scim": (SCIM, ["Resources"]),
    "slack": (SLACK, ["members"]),
    "offset": (OFFSET, ["items"]),
    "graphql": (GRAPHQL, ["data.users.edges"]),
    "hal": (HAL, ["_embedded.users"]),
    "json:api": (JSON_API, ["data", "included"]),
    "spring": (SPRING, ["content"]),
    "by id": (BY_ID, ["users"]),
}


def more(body, *headers):
    return page_signs(Response(200, "", headers), body).more


@pytest.mark.parametrize(("body", "paths"), VENDORS.values(), ids=VENDORS)
def test_the_records_of_each_vendor(body, paths):
    lists = record_lists(body)
    assert [each.path for each in lists] == paths
    assert [record for _, record in lists[0].records] == [ANN, BOB]
    assert [record for _, record in records_of(body)][:2] == [ANN, BOB]


@pytest.mark.parametrize("name", [name for name in VENDORS if name != "by id"])
def test_an_emptied_page_says_what_it_said_of_its_pages(name):
    body, paths = VENDORS[name]
    empty = emptied(body)
    assert [(each.path, each.records) for each in record_lists(empty)] == [(path, ()) for path in paths]
    assert page_signs(Response(200), empty) == page_signs(Response(200), body)


def test_an_object_of_records_is_emptied():
    assert emptied(BY_ID) == {"users": {}, "more": True}


@pytest.mark.parametrize("name", [name for name in VENDORS if name not in ("okta", "scim")])
def test_a_page_announces_more(name):
    assert more(VENDORS[name][0]) is True


@pytest.mark.parametrize(
    "body",
    [
        {**GRAPH, "@odata.nextLink": None},
        {**SLACK, "response_metadata": {"next_cursor": ""}},
        {**OFFSET, "has_more": False},
        {"data": {"users": {"nodes": [ANN], "pageInfo": {"hasNextPage": False, "endCursor": "b"}}}},
        {**HAL, "_links": {"next": {"href": None}}},
        {**SPRING, "last": True},
        {**OFFSET, "has_more": False, "next": "a-cursor-on-the-last-page-too"},
        {"items": [ANN], "page": 3, "pages": 3},
    ],
)
def test_a_last_page_says_so(body):
    assert more(body) is False


@pytest.mark.parametrize(
    "body",
    [
        OKTA,
        {"value": [ANN]},
        SCIM,
        {"ok": True, "items": [ANN]},
        {"items": [ANN], "page": 0, "pages": 1},
        {"items": [ANN], "page": 1, "pages": 2},
    ],
)
def test_a_page_that_does_not_say(body):
    assert more(body) is None


def test_a_header_announces_more():
    assert more(OKTA, ("link", '<https://a/users?after=u2>; rel="next"')) is True
    assert more(OKTA, ("link", '<https://a/users>; rel="self", <https://a/users?after=u2>; rel=next')) is True
    assert more(OKTA, ("link", '<https://a/users>; rel="self"')) is None
    assert more(OKTA, ("x-next-page", "2")) is True
    assert more(OKTA, ("x-next-page", "")) is None


def test_a_position_says_whether_all_is_read():
    assert page_signs(Response(200), SCIM).all_read(2) is False
    assert page_signs(Response(200), SCIM).all_read(5) is True
    assert page_signs(Response(200), {**OFFSET, "offset": 3}).all_read(2) is True
    assert page_signs(Response(200), OKTA).all_read(2) is None


def test_one_record_has_no_pages_whatever_its_fields_are_called():
    user = {"id": "u1", "next": "x", "page": 1, "pages": 3, "has_more": True, "address": {"number": 7}}
    assert record_lists(user) == []
    assert records_of(user) == [((), user)]
    assert signs_of_pages(user) == []
    assert more(user) is None


def test_the_fields_of_records_are_no_signs():
    body = {"items": [{"id": "u1", "total": 3, "next": "x"}], "meta": {"total": 1, "took": 3}}
    assert [each.path for each in signs_of_pages(body)] == ["meta.total"]


def test_the_cursors_of_graphql_are_signs():
    users = {"nodes": [{"id": "u1", "cursor": "x"}], "pageInfo": {"endCursor": "y", "hasNextPage": True}}
    paths = [each.path for each in signs_of_pages({"data": {"users": users}})]
    assert paths == ["data.users.pageInfo.endCursor", "data.users.pageInfo.hasNextPage"]


def test_lists_of_ids_are_records_where_there_are_no_others():
    assert [each.path for each in record_lists({"ids": ["u1", "u2"], "next": "x"})] == ["ids"]
    assert [each.path for each in record_lists({"ids": ["u1"], "users": [ANN]})] == ["users"]
    assert [each.path for each in record_lists({"ids": ["u1"], "users": []})] == ["users"]
    assert record_lists({"schemas": ["urn:x"], "totalResults": 0}) == []
    assert record_lists({"errors": [{"message": "x"}], "links": [{"rel": "self"}]}) == []
