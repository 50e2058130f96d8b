"""Lists that were read to their end, and those that were not, by what the upstream says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.rules.unread import unread_breach
from connector_contract.recording.interactions import Interaction, Request, Response

URL = "https://app.example.com/v1/groups/g%201/members?role=owner&role=guest"


def interaction(body, uri=URL, headers=()):
    return Interaction(Request("GET", uri), Response(200, "OK", tuple(headers), json.dumps(body).encode()))


def walk(*interactions):
    return Walk("list_things", 3, [{"response": []}], interactions, key_fields=("id",))


USERS = {name: {"id": name, "tags": []} for name in ("u1", "u2", "u3")}


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
        {"items": [1, 2], "total": 2, "summary": {"total": 9}},
        {"items": [1], "links": {"next": {"href": None}}},
        {"items": [1], "_links": {"self": {"href": "/m"}, "next": {"href": "", "templated": False}}},
        {"items": [1], "paging": {"next": {}}},
        {"id": 4711, "plan": {"name": "pro", "next": "2027-01-01"}, "domains": ["example.com"]},
        {"items": [1], "trial": {"more": True, "total": 7}},
        {"items": [1], "linked_accounts": {"total": 7}},
        {"content": [1], "first": True, "last": True, "number": 0, "totalPages": 1, "totalElements": 1},
        {"pages": {"type": "pages", "next": None, "page": 1, "total_pages": 1}, "users": [1]},
        {"users": [1], "more": False, "total": None, "offset": 0},
        {"members": [1], "cursor": "c", "has_more": False},
        {"data": USERS, "total": 3},
        {"data": {"u1": {"id": "u1"}}, "total": 1},
        {"result": {"users": USERS}, "meta": {"total": 3}},
        {"users": USERS, "total": 3, "schemas": ["a"]},
        {"user": {"id": "u1"}, "account": {"id": "a1", "total": 7}},
        {"data": {"id": "u1"}, "links": {"self": {"href": "/1"}, "next": {"href": "/2"}}},
        {"items": [1], "page": 1, "pages": 1},
        {"items": [1], "page": 0, "pages": 1},
        {"items": [], "page": 1, "pages": 0},
        {"items": [1], "page": {"number": 0, "totalPages": 1, "totalElements": 1}},
        {"chapters": [1], "pages": 300},
        {"items": [1], "page": 1, "book": {"pages": 300}},
        {"items": [1], "page": 3, "total_pages": 3},
        {"items": [1], "page": 1, "pages": 2, "has_more": False},
        {"items": [1], "total": "1"},
        {"items": [1], "total": "some"},
        {"schemas": ["urn"], "totalResults": 0},
    ],
)
def test_a_list_that_was_read_to_its_end(body):
    assert list(unread_breach(walk(interaction(body)))) == []


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
        ({"data": {"users": {"nodes": [1], "totalCount": 2}}}, [], "read 1 of the 2 records"),
        (
            {"data": {"list": {"total": 2, "items": [1]}, "also": {"total": 1, "items": [1]}}},
            [],
            "1 of the 2",
        ),
        ({"data": USERS, "total": 7}, [], "read 3 of the 7 records"),
        (
            {"items": [{}], "facets": {"role": {"size": 1}, "state": {"size": 1}}, "total": 2},
            [],
            "1 of the 2",
        ),
        ({"items": [1], "total": "7"}, [], "read 1 of the 7 records"),
        ({"items": [1], "totalSize": 2}, [], "read 1 of the 2 records"),
        ({"items": [1], "page": {"totalElements": 2}}, [], "read 1 of the 2 records"),
        ({"schemas": ["urn"], "totalResults": 5, "startIndex": 1, "Resources": [1]}, [], "read 1 of the 5"),
        ([1, 2], [("x-total-count", "7")], "read 2 of the 7 records"),
        ([1, 2], [("x-total", "7")], "read 2 of the 7 records"),
        ([1], [("x-page", "1"), ("x-total-pages", "2")], 'X-Page is "1", and X-Total-Pages is "2"'),
        ([1], [("x-next-page", "2"), ("x-prev-page", "")], 'the upstream has more: X-Next-Page is "2"'),
        ({"items": [1], "moreItems": True}, [], "the upstream has more: moreItems is true"),
        ({"items": [1], "moreResults": True}, [], "the upstream has more: moreResults is true"),
        ({"items": [1], "hasMoreItems": True}, [], "the upstream has more: hasMoreItems is true"),
        ({"items": [1], "next_page_url": "/m/2"}, [], 'the upstream has more: next_page_url is "/m/2"'),
        ({"entries": [1], "next_marker": "c"}, [], 'the upstream has more: next_marker is "c"'),
        ({"users": [1], "next_page_uri": "/m/2", "page": 0}, [], 'next_page_uri is "/m/2"'),
        ({"items": [1], "nextPageUrl": "/m/2"}, [], 'the upstream has more: nextPageUrl is "/m/2"'),
        ({"value": [1], "@odata.nextLink": "/m/2"}, [], 'the upstream has more: @odata.nextLink is "/m/2"'),
        ({"items": [1], "links": {"next": {"href": "/m/2"}}}, [], "the upstream has more: links.next is "),
        ({"results": [1], "paging": {"next": {"after": "c", "link": "?after=c"}}}, [], "paging.next is "),
        ({"items": [1], "response_metadata": {"next_cursor": "c"}}, [], "response_metadata.next_cursor is "),
        ({"response": {"next": "c", "data": {"users": [1]}}}, [], 'response.next is "c"'),
        ({"items": [1], "page": 1, "pages": 3}, [], "has more: page is 1, and pages is 3"),
        ({"items": [1], "page": "1", "pageCount": "2"}, [], 'page is "1", and pageCount is "2"'),
        (
            {"data": [1], "meta": {"current_page": 1, "last_page": 2}},
            [],
            "meta.current_page is 1, and meta.las",
        ),
    ],
)
def test_a_list_that_was_left_before_its_end(body, headers, says):
    (breach,) = unread_breach(walk(interaction(body, headers=headers)))
    assert says in breach.title


def users_xml(numbers, further="", query=""):
    users = "".join(f'<user id="{number}"/>' for number in numbers)
    body = f'<users total="5" {further}>{users}</users>'.encode()
    return Interaction(Request("GET", f"{HOST}/users.xml{query}"), Response(200, "OK", (), body))


@pytest.mark.parametrize(
    "pages", [[range(5)], [range(3), range(3, 5)], [range(4), [4]], [[0], [1], [2], [3], [4], []]]
)
def test_a_list_of_xml_that_was_read_to_its_end(pages):
    asked = [users_xml(numbers, query=f"?page={page}") for page, numbers in enumerate(pages)]
    assert list(unread_breach(walk(*asked))) == []


@pytest.mark.parametrize(
    ("further", "says"),
    [
        ("", "read 4 of the 5 records of GET /users.xml"),
        ('has-more="true"', "the upstream has more: users.@has-more is true"),
        ('has-more="false" next="2"', "read 4 of the 5 records"),
        ('next="/users.xml?page=3"', 'the upstream has more: users.@next is "/users.xml?page=3"'),
    ],
)
def test_a_list_of_xml_that_was_left_before_its_end(further, says):
    asked = [users_xml(range(3)), users_xml([3], further, "?page=2")]
    (breach,) = unread_breach(walk(*asked))
    assert says in breach.title


def test_a_list_of_csv_that_was_left_before_its_end():
    kind = ("content-type", "text/csv")
    sent = Response(200, "OK", (kind, ("x-total-count", "3")), b"id,name\r\n1,Ann\r\n2,Bob\r\n")
    (breach,) = unread_breach(walk(Interaction(Request("GET", f"{HOST}/users"), sent)))
    assert "read 2 of the 3 records" in breach.title
    all_sent = replace(sent, body=sent.body + b"3,Cy\r\n")
    assert list(unread_breach(walk(Interaction(Request("GET", f"{HOST}/users"), all_sent)))) == []


HOST = "https://app.example.com"
MORE, DONE = {"items": [1, 2], "has_more": True, "total": 3}, {"items": [3], "has_more": False, "total": 3}


def graphql(body, **variables):
    sent = json.dumps({"query": "query Q { members }", "variables": variables}).encode()
    return Interaction(
        Request("POST", f"{HOST}/graphql", (), sent), Response(200, "OK", (), json.dumps(body).encode())
    )


def form(body, sent):
    request = Request("POST", f"{HOST}/api/members", (), sent.encode())
    return Interaction(request, Response(200, "OK", (), json.dumps(body).encode()))


FILTERS = ["account_id", "country", "topic", "lastname", "from_department"]
BY_ID = [{name: user} for name, user in USERS.items()]
NOTHING = Interaction(Request("GET", f"{HOST}/m?cursor=c"), Response(204))


@pytest.mark.parametrize(
    "interactions",
    [
        [interaction(MORE, f"{HOST}/m?group=g1&offset=0"), interaction(DONE, f"{HOST}/m?group=g1&offset=2")],
        [interaction(MORE, f"{HOST}/m"), interaction(MORE, f"{HOST}/n"),
         interaction(DONE, f"{HOST}/m?page=2"), interaction(DONE, f"{HOST}/n?page=2")],
        [interaction({**MORE, "bookmark": "b"}, f"{HOST}/m"), interaction(DONE, f"{HOST}/m?mark=b")],
        [interaction({**MORE, "next": f"{HOST}/m/2"}, f"{HOST}/m"), interaction(DONE, f"{HOST}/m/2")],
        [interaction({**MORE, "next": "/m/2"}, f"{HOST}/m"), interaction(DONE, f"{HOST}/m/2")],
        [graphql(MORE, group="g1", after=None), graphql(DONE, group="g1", after="x")],
        [interaction({"items": [1], "page": at, "pages": 3}, f"{HOST}/m?page={at}") for at in range(3)],
        [interaction({"data": users, "total": 3}, f"{HOST}/m?page={at}") for at, users in enumerate(BY_ID)],
        [interaction({"items": [1], "next": "c"}, f"{HOST}/m"), NOTHING],
    ],
)  # fmt: skip
def test_pages_of_one_list_are_known_for_such(interactions):
    assert list(unread_breach(walk(*interactions))) == []


@pytest.mark.parametrize(
    "interactions",
    [
        [interaction(MORE, f"{HOST}/m?group=g1"), interaction(DONE, f"{HOST}/m?group=g2")],
        [
            interaction({"items": [1], "total": 2}, f"{HOST}/m?group=g1"),
            interaction(DONE, f"{HOST}/m?group=g2"),
        ],
        [graphql(MORE, group="g1"), graphql(MORE, group="g2"), graphql(DONE, group="g2", after="x")],
        [form(MORE, "group=g1&limit=2"), form(DONE, "group=g2&limit=2")],
        *(
            [interaction(MORE, f"{HOST}/m?{name}=g1"), interaction(DONE, f"{HOST}/m?{name}=g2")]
            for name in FILTERS
        ),
        [interaction({"items": [1], "total": 1}, f"{HOST}/n"), interaction(MORE, f"{HOST}/m?of=g1&limit=1")],
        [interaction({"items": [1], "page": at, "pages": 3}, f"{HOST}/g1?page={at}") for at in range(2)],
    ],
)
def test_one_of_several_lists_that_was_not_read_to_its_end(interactions):
    (breach, *_) = unread_breach(walk(*interactions))
    assert "g1" in breach.records[0] or "POST" in breach.records[0]


def test_what_was_sent_tells_lists_of_one_path_apart():
    (breach, _) = unread_breach(walk(form(MORE, "group=g1"), form(DONE, "group=g2")))
    assert "stopped reading POST /api/members group=g1 although" in breach.title


def pages(*interactions, gap=None, goes_on=False):
    """A walk of one interaction for each page, which may stop, or leave pages out before the last one."""
    last = {"response": [], "page": {"token": "t"}} if goes_on else {"response": []}
    each = [{"response": [], "page": {"token": "t"}}] * (len(interactions) - 1) + [last]
    return Walk("list_things", 2, each, interactions, per_page=[1] * len(interactions), gap=gap)


def at(place, body, name="offset"):
    return interaction(body, f"https://app.example.com/v1/users?{name}={place}")


TWO_OF_NINE = {"items": [{"id": "a"}, {"id": "b"}], "total": 9}


def test_nobody_reads_on_where_a_walk_stops():
    assert list(unread_breach(pages(at(0, TWO_OF_NINE), goes_on=True))) == []
    assert list(unread_breach(pages(at(0, TWO_OF_NINE), at(2, TWO_OF_NINE), goes_on=True))) == []


def test_what_is_read_within_a_page_is_read_to_its_end_although_the_walk_stops():
    members = interaction({"items": [{"id": "m"}], "total": 5}, "https://app.example.com/v1/groups/1/members")
    first = pages(at(0, TWO_OF_NINE), members, at(2, TWO_OF_NINE), goes_on=True)
    found = list(unread_breach(first))
    assert [breach.title for breach in found] == [
        "the connector read 1 of the 5 records of GET /v1/groups/1/members"
    ]


@pytest.mark.parametrize(
    ("place", "name", "title"),
    [
        (7, "offset", None),
        (5, "offset", "the connector read 7 of the 9 records of GET /v1/users"),
        (7, "startIndex", None),
        # Of a cursor, nobody knows how many records come before it.
        (5, "cursor", None),
    ],
)
def test_a_last_page_is_judged_by_where_it_begins(place, name, title):
    found = list(unread_breach(pages(at(0, TWO_OF_NINE, name), at(place, TWO_OF_NINE, name), gap=1)))
    assert [breach.title for breach in found] == ([title] if title else [])


@pytest.mark.parametrize(("number", "title"), [(5, None), (4, "read 8 of the 9")])
def test_a_last_page_is_judged_by_its_number(number, title):
    found = list(unread_breach(pages(at(1, TWO_OF_NINE, "page"), at(number, TWO_OF_NINE, "page"), gap=1)))
    assert [title in breach.title for breach in found] == ([True] if title else [])


def test_a_last_page_that_says_there_is_more_is_not_the_last():
    more = {"items": [{"id": "z"}], "has_more": True}
    (breach,) = unread_breach(pages(at(0, {**TWO_OF_NINE, "has_more": True}), at(7, more), gap=1))
    assert "the upstream has more: has_more is true" in breach.title


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("skip=2&take=2", None),
        ("startIndex=3&count=2", None),
        # What came before it is in pages that were left out.
        ("page=2", None),
        ("cursor=abc", None),
        ("skip=1&take=2", "the connector read 3 of the 4 records of GET /v1/groups/4/members"),
        ("role=owner", "the connector read 2 of the 4 records of GET /v1/groups/4/members"),
    ],
)
def test_a_list_of_which_only_the_last_page_reads_something(query, title):
    groups = at(0, {"items": [{"id": "g1"}]})
    members = interaction(
        {"items": [{"id": "a"}, {"id": "b"}], "total": 4},
        f"https://app.example.com/v1/groups/4/members?{query}",
    )
    found = list(unread_breach(pages(groups, members, gap=1)))
    assert [breach.title.split("?")[0] for breach in found] == ([title] if title else [])


def test_the_requests_of_a_last_page_are_read_together():
    last = [at(place, {"items": [{"id": place}, {"id": place + 1}], "total": 8}) for place in (4, 6)]
    walked = pages(at(0, {**TWO_OF_NINE, "total": 8}), *last, gap=1)
    assert list(unread_breach(replace(walked, per_page=[1, 2], pages=walked.pages[:2]))) == []
