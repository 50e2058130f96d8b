"""Walking MockApp's lists: sizes, tokens, and pages that would lead a walk astray."""

from typing import Any

import httpx
import msgpack
import pytest

from tests.connector.connector_testing import LISTS, USER, Connector, Json, listed


def token(*paginations: Any) -> str:
    """Encode what a page token could say."""
    encoded: bytes = msgpack.packb(list(paginations))
    return encoded.hex()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("capability", LISTS)
def test_every_size_walks_the_same_records_once(connector: Connector, capability: str, size: int) -> None:
    whole = connector.call(capability)["response"]

    pages = connector.walk(capability, size)

    assert [record for page in pages for record in page["response"]] == whole
    assert all(len(page["response"]) <= size for page in pages)
    assert pages[-1]["page"] is None
    assert len(pages) == -(-len(whole) // size)


@pytest.mark.parametrize(
    ("page", "limit"),
    [
        (None, 100),
        ({}, 100),
        ({"size": None}, 100),
        ({"size": 0}, 100),
        ({"size": 1}, 1),
        ({"size": 100}, 100),
        ({"size": 101}, 100),
        ({"size": 10**30}, 100),
    ],
)
@pytest.mark.parametrize("capability", LISTS)
def test_the_first_page_asks_for_its_size_and_an_offset_of_0(
    connector: Connector, capability: str, page: Json | None, limit: int
) -> None:
    connector.call(capability, page=page)

    path, _ = LISTS[capability]
    assert connector.asked() == [f"GET {path}?limit={limit}&offset=0"]


def test_a_later_page_asks_for_what_follows(connector: Connector) -> None:
    first = connector.call("list_accounts", page={"size": 3})
    connector.call("list_accounts", page=first["page"])

    assert first["page"]["size"] == 3
    assert connector.asked()[1] == "GET /api/users?limit=3&offset=3"


def test_a_server_may_give_fewer_items_than_asked_for(connector: Connector) -> None:
    def two_at_most(request: httpx.Request) -> httpx.Response:
        offset = int(request.url.params["offset"])
        users = [{**USER, "id": f"user-{number}"} for number in range(5)]
        return listed(*users[offset : offset + 2], total=5, offset=offset, has_more=offset + 2 < 5)

    connector.answer(two_at_most)

    pages = connector.walk("list_accounts", 3)

    ids = [account["integration_specific_id"] for page in pages for account in page["response"]]
    assert ids == ["user-0", "user-1", "user-2", "user-3", "user-4"]


@pytest.mark.parametrize("size", [-1, -100])
def test_a_negative_size_is_an_invalid_value(connector: Connector, size: int) -> None:
    assert connector.error("list_accounts", page={"size": size})["error_code"] == "invalid_value"
    assert connector.requests == []


USERS = {"endpoint": "/api/users", "offset": 3}
MALFORMED = {
    "empty": "",
    "not hex": "first-page",
    "half a byte": "9",
    "not msgpack": "c1",
    "cut off": token(USERS)[:-4],
    "something after it": token(USERS) + "00",
    "no list": msgpack.packb(7).hex(),
    "null": msgpack.packb(None).hex(),
    "a text": msgpack.packb("ab").hex(),
    "a map": msgpack.packb(USERS).hex(),
    "no pagination": token(),
    "two paginations": token(USERS, USERS),
    "no map": token(7),
    "keys that are no text": token({1: 2}),
    "no endpoint": token({"offset": 3}),
    "null for an endpoint": token({"endpoint": None, "offset": 3}),
    "an unknown endpoint": token({"endpoint": "/api/secrets", "offset": 3}),
    "another list's": token({"endpoint": "/api/resources", "offset": 3}),
    "no offset": token({"endpoint": "/api/users"}),
    "a negative offset": token({"endpoint": "/api/users", "offset": -1}),
    "the first page's offset": token({"endpoint": "/api/users", "offset": 0}),
    "a text for an offset": token({"endpoint": "/api/users", "offset": "3"}),
    "a fraction for an offset": token({"endpoint": "/api/users", "offset": 3.0}),
    "true for an offset": token({"endpoint": "/api/users", "offset": True}),
    "more than that": token({**USERS, "limit": 3}),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_token_is_an_error_and_not_the_first_page(connector: Connector, kind: str) -> None:
    error = connector.error("list_accounts", page={"token": MALFORMED[kind], "size": 3})

    assert error["error_code"] == "invalid_page_token"
    assert connector.requests == []


@pytest.mark.parametrize("capability", LISTS)
def test_a_token_is_for_its_own_capability_only(connector: Connector, capability: str) -> None:
    page = connector.call(capability, page={"size": 1})["page"]

    for other in LISTS.keys() - {capability}:
        assert connector.error(other, page=page)["error_code"] == "invalid_page_token"


OTHER = {**USER, "id": "user-2"}
MISBEHAVIOUR = {
    "an empty page with more to come": (
        listed(total=9, has_more=True),
        "it is empty, but has_more is true",
    ),
    "another page than asked for": (
        listed(USER, OTHER, offset=2, total=4),
        "it starts at offset 2, not at 0",
    ),
    "more than asked for": (
        listed(USER, OTHER, {**USER, "id": "user-3"}),
        "it has 3 items, more than the limit of 2",
    ),
    "more to come after the last": (
        listed(USER, OTHER, has_more=True),
        "has_more is true after 2 of 2 items",
    ),
    "nothing to come before the last": (
        listed(USER, OTHER, total=9),
        "has_more is false after 2 of 9 items",
    ),
    "nothing at all of what there is": (
        listed(total=9),
        "has_more is false after 0 of 9 items",
    ),
}


@pytest.mark.parametrize("kind", MISBEHAVIOUR)
def test_a_page_that_would_lead_the_walk_astray_is_an_error(connector: Connector, kind: str) -> None:
    answer, problem = MISBEHAVIOUR[kind]
    connector.answer(lambda _: httpx.Response(200, json=answer.json()))

    error = connector.error("list_accounts", page={"size": 2})

    assert error["error_code"] == "invalid_response"
    assert error["message"] == f"MockApp answered with a page that cannot be right: {problem}"


@pytest.mark.parametrize("capability", LISTS)
def test_a_server_that_never_ends_ends_the_walk_with_an_error(connector: Connector, capability: str) -> None:
    _, item = LISTS[capability]

    def same_page_again(_: httpx.Request) -> httpx.Response:
        return listed(item, total=1000, has_more=True)

    connector.answer(same_page_again)
    first = connector.call(capability, page={"size": 1})

    assert "it starts at offset 0, not at 1" in connector.error(capability, page=first["page"])["message"]


def test_a_list_that_shrank_during_the_walk_ends_it(connector: Connector) -> None:
    connector.answer(lambda _: listed(total=2, offset=3))

    assert connector.call("list_accounts", page={"token": token(USERS), "size": 3})["response"] == []


@pytest.mark.parametrize("field", ["items", "total", "offset", "has_more"])
@pytest.mark.parametrize("wrong", [None, "3", -1, {}, "missing"])
def test_a_page_without_its_fields_is_an_invalid_response(
    connector: Connector, field: str, wrong: object
) -> None:
    body = {**listed(USER).json(), field: wrong}
    if wrong == "missing":
        del body[field]
    connector.answer(lambda _: httpx.Response(200, json=body))

    error = connector.error("list_accounts")

    assert error["error_code"] == "invalid_response"
    assert f"{field}: " in error["message"]


def test_an_empty_list_is_an_empty_list(connector: Connector) -> None:
    connector.answer(lambda _: listed())

    response = connector.call("list_accounts")

    assert (response["response"], response["page"]) == ([], None)
