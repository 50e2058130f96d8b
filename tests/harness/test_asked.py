"""What the connector asks its upstream for now, and asked before."""

from __future__ import annotations

import pytest

from connector_contract.recording.call import Call, Success
from connector_contract.recording.interactions import Cassette, GivenUp, Interaction, Request, Response
from connector_contract.review.change import Severity
from connector_contract.storage.cassette_format import cassette_parts
from tests.review_testing import MODULE, Scenario, account, reviewed, said, stored, success, titles

PEOPLE = [account(number) for number in range(1, 5)]


CASSETTE = f"cassettes/{MODULE}/test_own.yaml"


def cassette(**parts):
    return b"".join(cassette_parts(Cassette(**parts)))


def made(capability, interactions, concurrent=()):
    return Call(capability, Success(), {}, interactions, concurrent)


def walk(*interactions, name="test_walk", people=PEOPLE):
    return stored(Scenario(name, "list_accounts", [success(list(people))], interactions=[interactions]))


def asked(base, head):
    return [(each.count, each.endpoint, each.text) for each in reviewed(base, head).requests]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (said("/users?limit=5", []), said("/users?limit=10", []), "query limit: '5' → '10'"),
        (said("/users", []), said("/users", [], headers=[("x-a", "1")]), "header x-a: none → '1'"),
    ],
)
def test_a_request_that_has_changed(before, after, text):
    review = reviewed(walk(before), walk(after))
    assert [(each.count, each.endpoint, each.text) for each in review.requests] == [(1, "GET /users", text)]
    assert review.severity is Severity.MINOR
    assert (review.changes, review.upstream) == ([], [])


PARTS = '--{0}\r\nContent-Disposition: form-data; name="mode"\r\n\r\n{1}\r\n--{0}--\r\n'


@pytest.mark.parametrize(
    ("kinds", "bodies", "text"),
    [
        (["application/x-www-form-urlencoded"] * 2, ["a=1&b=2", "b=3&a=1"], "form field b: '2' → '3'"),
        (
            [f"multipart/form-data; boundary={each}" for each in "xy"],
            [PARTS.format("x", "all"), PARTS.format("y", "some")],
            "part mode: 'all' → 'some'",
        ),
        (["application/json"] * 2, ['{"a": 1}', '{"a": 1.0}'], "body.a: 1 → 1.0"),
    ],
)
def test_a_changed_field_or_part_is_shown_by_its_name(kinds, bodies, text):
    before, after = (
        Interaction(
            Request("POST", "https://acme.example.com/users", (("content-type", kind),), body.encode()),
            Response(200),
        )
        for kind, body in zip(kinds, bodies, strict=True)
    )
    assert asked(walk(before), walk(after)) == [(1, "POST /users", text)]


def test_another_boundary_is_no_change():
    before, after = (
        Interaction(
            Request(
                "POST",
                "https://acme.example.com/users",
                (("content-type", f"multipart/form-data; boundary={each}"),),
                PARTS.format(each, "all").encode(),
            ),
            Response(200),
        )
        for each in "xy"
    )
    assert asked(walk(before), walk(after)) == []


def test_a_header_added_to_every_request_is_one_line():
    base = [said(f"/{name}", []) for name in ("users", "roles", "teams")]
    head = [said(f"/{name}", [], headers=[("x-trace", "a")]) for name in ("users", "roles", "teams")]
    assert asked(walk(*base), walk(*head)) == [(3, "", "header x-trace: none → 'a'")]


def test_values_that_differ_from_request_to_request_are_one_line():
    base = [said(f"/users?offset={number}", []) for number in (0, 5, 10)]
    head = [said(f"/users?offset={number}", []) for number in (0, 6, 12)]
    assert asked(walk(*base), walk(*head)) == [(2, "GET /users", "query offset: '5' → '6', and other values")]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("/v1/{}", "/v2/{}", "path: v1 → v2"),
        ("/{}", "/v2/{}", "path: now with 'v2/' in it"),
        ("/v1/{}", "/{}", "path: now without 'v1/'"),
    ],
)
def test_the_same_part_of_different_paths_is_one_line(before, after, text):
    base, head = ([said(path.format(name), []) for name in ("users", "teams")] for path in (before, after))
    assert asked(walk(*base), walk(*head)) == [(2, "", text)]


def test_requests_that_came_and_went():
    one, other = said("/users", []), said("/teams/t1", [])
    assert asked(walk(one, other), walk(one)) == [(1, "GET /teams/*", "less often, or not at all")]
    assert asked(walk(one), walk(one, one)) == [(1, "GET /users", "more often, or for the first time")]


def test_the_order_of_requests_that_read_is_no_change():
    one, other = said("/users", []), said("/teams", [])
    assert asked(walk(one, other), walk(other, one)) == []


def test_the_order_of_requests_that_write_is_a_change():
    look = said("/users/u1", {})
    create, delete = said("/users", {}, "POST"), said("/users/u1", {}, "DELETE")

    def write(*interactions):
        return stored(
            Scenario(
                "test_write", "update_account", [success({})], interactions=[interactions], is_walk=False
            )
        )

    assert asked(write(look, create, delete), write(look, delete, create)) == [
        (1, "POST /users", "in another order")
    ]
    assert asked(write(look, create, delete), write(create, look, delete)) == []


def test_a_name_that_comes_again_in_a_body_that_is_sent():
    def search(body):
        sent = said("/search", [], "POST", body=body)
        return walk(sent)

    assert asked(search(b'{"a": 1, "b": 2}'), search(b'{"b": 2, "a": 1}')) == []
    assert asked(search(b'{"a": 2}'), search(b'{"a": 1, "a": 2}')) == [
        (1, "POST /search", "body.a: 2 → 1, 2")
    ]


def test_a_request_that_another_call_makes():
    one, other = said("/users", []), said("/teams", [])
    base, head = (
        stored({CASSETTE: cassette(interactions=(one, other), calls=calls)})
        for calls in (
            (made("list_accounts", (1, 2)), made("list_resources", ())),
            (made("list_accounts", (1,)), made("list_resources", (2,))),
        )
    )
    assert asked(base, head) == [
        (1, "GET /teams", "asked for: a call of list_accounts → a call of list_resources")
    ]


def test_requests_that_are_made_at_the_same_time_now():
    both = (said("/users", []), said("/teams", []))
    base, head = (
        stored({CASSETTE: cassette(interactions=both, calls=(made("info", (1, 2), concurrent),))})
        for concurrent in ((), (1, 2))
    )
    assert asked(base, head) == [
        (2, "", "asked for: a call of info → a call of info, at the same time as others")
    ]


PUT_A, POST_A, PUT_B, POST_B = (
    said(path, {}, method) for path in ("/users/1", "/users/2") for method in ("PUT", "POST")
)
BOTH, LANES = [PUT_A, POST_A, PUT_B, POST_B], ((1, 2), (3, 4))
FREE = "without waiting for another, which came first"


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        # The lanes change places.
        ((BOTH, LANES), ([PUT_B, POST_B, PUT_A, POST_A], LANES), []),
        ((BOTH, LANES), ([PUT_A, POST_A, POST_B, PUT_B], LANES),
         [(1, "PUT /users/*", "in another order")]),
        # One lane each.
        ((BOTH, LANES), (BOTH, (1, 2, 3, 4)), [(2, "POST /users/*", FREE)]),
        ((BOTH, (1, 2, 3, 4)), (BOTH, LANES), []),
    ],
)  # fmt: skip
def test_the_order_of_writes_counts_within_a_lane(before, after, asks):
    base, head = (
        stored(
            {
                CASSETTE: cassette(
                    interactions=tuple(each), calls=(made("create_account", (1, 2, 3, 4), lanes),)
                )
            }
        )
        for each, lanes in (before, after)
    )
    assert asked(base, head) == asks


def test_a_request_that_the_connector_gives_up():
    one = said("/users", [])
    gave_up = GivenUp(said("/slow", []).request, 1, 1)
    base, head = (
        stored({CASSETTE: cassette(interactions=(one,), calls=(made("info", (1,)),), given_up=given_up)})
        for given_up in ((), (gave_up,))
    )
    text = "given up by the connector before it is answered"
    assert asked(base, head) == [(1, "GET /slow", text)]
    assert asked(head, base) == [(1, "GET /slow", f"no longer {text}")]


def test_a_list_that_costs_a_request_for_each_record_and_did_not():
    users = said("/users", [{"id": each["integration_specific_id"]} for each in PEOPLE])
    each_one = [said(f"/users/{each['integration_specific_id']}", {}) for each in PEOPLE]
    base, head = walk(users), walk(users, *each_one)
    line = "requests in a call of list_accounts: the same for any number of records → 1 + 1 per /users/*"
    assert titles(reviewed(base, head)) == [f"major: {line}"]
    back = "requests in a call of list_accounts: 1 + 1 per /users/* → the same for any number of records"
    assert titles(reviewed(head, base)) == [f"minor: {back}"]


def test_a_request_for_each_record_that_only_the_query_tells_apart():
    users = said("/users", [])
    each_one = [said(f"/roles?user={each['integration_specific_id']}", {}) for each in PEOPLE]
    line = (
        "requests in a call of list_accounts: the same for any number of records → 5 requests for 4 records"
    )
    assert titles(reviewed(walk(users), walk(users, *each_one))) == [f"major: {line}"]


def test_of_two_records_nobody_knows_how_requests_grow():
    def each_asked_for(number):
        people = [account(n) for n in range(number)]
        return walk(
            said("/users", people), *(said(f"/users/u{n}/roles", {}) for n in range(number)), people=people
        )

    for few, many in ((2, 8), (8, 2)):
        lines = titles(reviewed(each_asked_for(few), each_asked_for(many)))
        assert not [line for line in lines if "requests in a call" in line]


def test_one_request_more_is_no_other_growth():
    users, version = said("/users", []), said("/version", {})
    assert titles(reviewed(walk(users), walk(users, version))) == []


def test_another_version_of_an_api_is_one_line():
    base = [said(f"/v1/{name}?page={page}", []) for name in ("users", "roles") for page in (1, 2)]
    head = [said(f"/v2/{name}?page={page}", []) for name in ("users", "roles") for page in (1, 2)]
    assert asked(walk(*base), walk(*head)) == [(4, "", "path: v1 → v2")]
