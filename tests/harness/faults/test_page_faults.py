"""Pure: the trials of pages, by walks of well-known APIs made by hand."""

from __future__ import annotations

import json

import pytest
from fault_planning_testing import ORIGIN, called, not_planned, planned, said

from connector_contract.faults import page_faults
from connector_contract.faults.fault import Owed
from connector_contract.faults.page_faults import PAGE_AGAIN, PAGE_EMPTY, PAGES_ENDLESS

U1, U2, U3 = ({"id": f"u{number}"} for number in (1, 2, 3))
LINK = f'<{ORIGIN}/users?after=u2>; rel="next"'

OFFSET = (
    said("/users?offset=0&limit=2", {"items": [U1, U2], "total": 3, "offset": 0, "has_more": True}),
    said("/users?offset=2&limit=2", {"items": [U3], "total": 3, "offset": 2, "has_more": False}),
)
OKTA = (said("/users", [U1, U2], ("link", LINK)), said("/users?after=u2", [U3]))
GRAPH = (
    said("/users", {"value": [U1, U2], "@odata.nextLink": f"{ORIGIN}/users?$skiptoken=x"}),
    said("/users?$skiptoken=x", {"value": [U3]}),
)
SLACK = (
    said("/users.list", {"ok": True, "members": [U1, U2], "response_metadata": {"next_cursor": "abc"}}),
    said("/users.list?cursor=abc", {"ok": True, "members": [U3], "response_metadata": {"next_cursor": ""}}),
)
SCIM = (
    said("/Users?startIndex=1", {"Resources": [U1, U2], "totalResults": 3, "startIndex": 1}),
    said("/Users?startIndex=3", {"Resources": [U3], "totalResults": 3, "startIndex": 3}),
)


def asked(after):
    return json.dumps({"query": "{users}", "variables": {"after": after}}).encode()


def nodes(*users, more, cursor):
    info = {"hasNextPage": more, "endCursor": cursor}
    return {"data": {"users": {"edges": [{"node": each} for each in users], "pageInfo": info}}}


GRAPHQL = (
    said("/graphql", nodes(U1, U2, more=True, cursor="b"), method="POST", sent=asked(None)),
    said("/graphql", nodes(U3, more=False, cursor="c"), method="POST", sent=asked("b")),
)
WALKS = {"offset": OFFSET, "okta": OKTA, "graph": GRAPH, "slack": SLACK, "scim": SCIM, "graphql": GRAPHQL}
IDS = ("u1", "u2", "u3")


def only(fault, call, number):
    (trial,) = planned(page_faults, call, number, fault=fault)
    return trial


def body(trial):
    return json.loads(next(iter(trial.changes.values())).body)


def why(fault, call, number=1):
    return not_planned(page_faults, call, number)[fault.name]


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_a_page_with_a_successor_is_empty_and_loses_its_own_records_alone(walk):
    call = called(*walk, ids=IDS)
    trial = only(PAGE_EMPTY, call, 1)
    assert trial.owed == Owed(may_be_same=True, may_differ=True, keeps=frozenset({"u3"}))
    assert "u1" not in trial.changes[1].body.decode()
    assert trial.changes[1].headers == walk[0].response.headers
    assert why(PAGE_EMPTY, call, 2) == "there is no page after it"


def test_an_empty_page_says_of_its_pages_what_it_said():
    found = body(only(PAGE_EMPTY, called(*OFFSET), 1))
    assert found == {"items": [], "total": 3, "offset": 0, "has_more": True}
    assert body(only(PAGE_EMPTY, called(*GRAPHQL), 1)) == nodes(more=True, cursor="b")
    assert body(only(PAGE_EMPTY, called(*OKTA), 1)) == []


def test_a_call_that_is_one_page_of_lumos_walk_leads_on():
    response = {"response": [{"integration_specific_id": "u1"}], "page": {"token": "x"}}
    assert only(PAGE_EMPTY, called(OFFSET[0], response=response), 1).owed.leads_on
    assert only(PAGE_EMPTY, called(OKTA[0], response=response), 1).owed.leads_on


def test_a_page_whose_call_reads_on_has_a_successor_though_it_does_not_say():
    walk = (said("/users?page=1", [U1]), said("/users?page=2", [U2]), said("/users?page=3", []))
    call = called(*walk, ids=("u1", "u2"))
    assert only(PAGE_EMPTY, call, 1).owed.keeps == {"u2"}
    assert why(PAGE_EMPTY, call, 3) == "there is no page after it"


def test_a_list_that_is_asked_for_twice_is_no_page_after_itself():
    call = called(said("/users", [U1]), said("/users", [U1]))
    assert why(PAGE_EMPTY, call, 1) == "there is no page after it"


@pytest.mark.parametrize("walk", [OFFSET, SCIM], ids=["offset", "scim"])
def test_a_page_that_comes_again_and_says_so_is_an_error(walk):
    trial = only(PAGE_AGAIN, called(*walk, ids=IDS), 2)
    assert trial.changes == {2: walk[0].response}
    assert trial.owed == Owed()
    assert trial.detail in ("offset", "startIndex")


@pytest.mark.parametrize("walk", [OKTA, GRAPH, SLACK, GRAPHQL], ids=["okta", "graph", "slack", "graphql"])
def test_a_page_that_comes_again_and_does_not_say_so_loses_no_record_before_it(walk):
    call = called(*walk, ids=IDS)
    trial = only(PAGE_AGAIN, call, 2)
    assert trial.changes == {2: walk[0].response}
    assert trial.owed == Owed(may_be_same=True, may_differ=True, keeps=frozenset({"u1", "u2"}))
    assert why(PAGE_AGAIN, call, 1) == "no page before it is recorded"


def test_the_page_before_may_be_another_calls():
    call = called(GRAPH[1], ids=("u3",), recorded=GRAPH, page={"token": "x"})
    assert only(PAGE_AGAIN, call, 1).changes == {1: GRAPH[0].response}
    first = called(GRAPH[0], ids=("u1", "u2"), recorded=(*GRAPH, GRAPH[0]))
    assert why(PAGE_AGAIN, first) == "no page before it is recorded"


@pytest.mark.parametrize(
    ("walk", "last"),
    [
        (OFFSET, {"items": [U3], "total": 3, "offset": 2, "has_more": True}),
        (GRAPH, {"value": [U3], "@odata.nextLink": f"{ORIGIN}/users?$skiptoken=x&cursor=unexpected-cursor"}),
        (SLACK, {"ok": True, "members": [U3], "response_metadata": {"next_cursor": "abcx"}}),
        (SCIM, {"Resources": [U3], "totalResults": 4, "startIndex": 3}),
        (GRAPHQL, nodes(U3, more=True, cursor="c")),
    ],
    ids=["offset", "graph", "slack", "scim", "graphql"],
)
def test_the_last_page_announces_another_in_its_own_way(walk, last):
    call = called(*walk, ids=IDS)
    trial = only(PAGES_ENDLESS, call, 2)
    assert body(trial) == last
    assert trial.owed == Owed(may_be_same=True, may_differ=True, keeps=frozenset(IDS))
    assert why(PAGES_ENDLESS, call, 1) == "it is not the last page"


def test_the_last_page_announces_another_in_its_header():
    trial = only(PAGES_ENDLESS, called(*OKTA), 2)
    link = f'<{ORIGIN}/users?after=u2&cursor=unexpected-cursor>; rel="next"'
    assert (trial.changes[2].headers, trial.detail) == ((("link", link),), "Link")


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_what_asks_for_more_of_the_list_is_given_its_last_page_again(walk):
    trial = only(PAGES_ENDLESS, called(*walk), 2)
    uri = {
        "/users?offset=2&limit=2": "/users?offset=3&limit=2",
        "/users?after=u2": "/users?after=u2&cursor=unexpected-cursor",
        "/users?$skiptoken=x": "/users?$skiptoken=x&cursor=unexpected-cursor",
        "/users.list?cursor=abc": "/users.list?cursor=abcx",
        "/Users?startIndex=3": "/Users?startIndex=4",
        "/graphql": "/graphql",
    }[walk[1].request.uri.removeprefix(ORIGIN)]
    method, sent = walk[1].request.method, asked("c") if "graphql" in uri else b""
    assert trial.otherwise(said(uri, {}, method=method, sent=sent).request) == trial.changes[2]
    other = asked(None).replace(b"users", b"groups") if sent else b""
    assert trial.otherwise(said(uri if sent else "/groups", {}, method=method, sent=other).request) is None


@pytest.mark.parametrize("beside", [{}, {"response_metadata": None}, {"response_metadata": {}}])
def test_a_cursor_gets_the_place_that_the_page_before_has_for_it(beside):
    last = said("/users.list?cursor=abc", {"ok": True, "members": [U3], **beside})
    found = body(only(PAGES_ENDLESS, called(SLACK[0], last), 2))
    assert found == {"ok": True, "members": [U3], "response_metadata": {"next_cursor": "abcx"}}


def test_one_page_alone_announces_another_where_it_has_a_place_for_it():
    assert body(only(PAGES_ENDLESS, called(said("/users", {"items": [U1], "next": None})), 1))["next"] == (
        "unexpected-cursor"
    )
    link = body(only(PAGES_ENDLESS, called(said("/users?a=1", {"items": [U1], "next_url": None})), 1))
    assert link["next_url"] == f"{ORIGIN}/users?a=1&cursor=unexpected-cursor"
    pages = body(only(PAGES_ENDLESS, called(said("/users", {"items": [U1], "page": "1", "pages": "1"})), 1))
    assert pages["pages"] == "2"
    assert why(PAGES_ENDLESS, called(said("/users", [U1]))) == "it does not say whether there are more pages"
    assert why(PAGES_ENDLESS, called(said("/users", {"items": [], "total": 0}))) == "it has no records"


@pytest.mark.parametrize(
    ("interaction", "reason"),
    [
        (said("/users/u1", {"id": "u1", "next": "x"}), "its body has no list"),
        (said("/users", {"detail": "no"}, status=403), "its response is a 403"),
        (said("/users", b""), "its response has no body"),
    ],
)
def test_what_is_no_page_says_why(interaction, reason):
    found = not_planned(page_faults, called(interaction))
    assert found == {"page-empty": reason, "page-again": reason, "pages-endless": reason}
