"""What of a link a server has made up, and what is the connector's own, or the API's."""

from __future__ import annotations

import json

import pytest

from connector_contract.recording.interactions import Request
from connector_contract.secrets.link_parts import is_short_number, link_parts

URL = "https://api.example.com/v1/users"
ASKED = Request("GET", f"{URL}/tenant-7f/all?limit=2000&filter=status%20eq%20%22ON%22&view=x9-k2")


def texts(value, asked=ASKED):
    parts = link_parts(value, asked)
    return None if parts is None else [text for text, *_ in parts]


@pytest.mark.parametrize(
    ("link", "made_up"),
    [
        (f"{URL}?cursor=Zk3-x_9&limit=2000", ["Zk3-x_9"]),
        ("/v1/users?after=Zk3", ["Zk3"]),
        ("users?after=Zk3", ["Zk3"]),
        ("?after=Zk3", ["Zk3"]),
        ("/v1/pages/Zk3x9", ["Zk3x9"]),
        ("/v1/pages/01gRO0000016PIAYA2-500", ["01gRO0000016PIAYA2-500"]),
        ("https://other.example:8080/v1/pages/Zk3?page=Ab1", ["Zk3", "Ab1"]),
        # What the request says is in the link again.
        (f"{URL}/tenant-7f/all?limit=2000&filter=status%20eq%20%22ON%22&view=x9-k2&next=Zk3", ["Zk3"]),
        # A cursor's name tells more than its looks.
        (f"{URL}?nextPageToken=abcdefgh", ["abcdefgh"]),
        (f"{URL}?$skiptoken=abcdefgh&$top=5000", ["abcdefgh"]),
        (f"{URL}?last_id=abcdefgh&starting_after=bcdefghi", ["abcdefgh", "bcdefghi"]),
        (f"{URL}?state=Zk3x9", ["Zk3x9"]),
        # Sizes, words, short numbers, filters and addresses are the API's.
        (f"{URL}?page=2&per_page=5000&pageSize=5000&max_results=5000&count=5000&first=5000", []),
        (f"{URL}?sort=createdAt&order=desc&next=true&fields=id,last-login&api-version=7.1", []),
        (f"{URL}?q=name%20eq%20'Ann'&mail=ann@example.com", []),
        ("/services/users.json/users('ann')/users:search/v2", []),
        (f"{URL}?cursor=", []),
        (f"{URL}?cursor", []),
        # An offset is a number like others.
        (f"{URL}?offset=123&start=1234", ["1234"]),
        # As a whole, encoded; a link in a link.
        ("https%3A%2F%2Fapi.example.com%2Fusers%3Fcursor%3DZk3", ["Zk3"]),
        ("https%253A%252F%252Fapi.example.com%252Fusers%253Fcursor%253DZk3", ["Zk3"]),
        (f"{URL}?url=https%3A%2F%2Fapi.example.com%2Fusers%3Fcursor%3DZk3", ["Zk3"]),
        # One thing that comes twice.
        (f"{URL}/Zk3?cursor=Zk3", ["Zk3"]),
        (f'<{URL}?after=Zk3>; rel="next", <{URL}?before=Ab1>; rel="prev"', ["Zk3", "Ab1"]),
        (f"<{URL}>; rel=first", []),
    ],
)
def test_a_link_has_the_parts_that_its_server_made_up(link, made_up):
    assert texts(link) == made_up


@pytest.mark.parametrize(
    "value",
    [
        "Zk3x9",
        "a/b+c==",
        "/9j/4AAQSkZJRg==",
        "/k3Zx9a+b/c==",
        "a=1&b=2",
        "users/1000",
        "00000000-0000-4000-8000-000000000001",
        "2026-11-29T10:00:00Z",
        "1234",
        "<p>no link</p>",
        "<Zk3x9@mail.example>",
        "100%",
        "",
    ],
)
def test_what_is_no_link_is_made_up_as_a_whole(value):
    assert texts(value) is None


@pytest.mark.parametrize(
    ("spelled", "spellings"),
    [
        ("Zk3", ("Zk3",)),
        ("a%2Fb%3D", ("a/b=", "a%2Fb%3D")),
        ("a+b", ("a b", "a+b")),
        ("a%2Bb+c", ("a+b c", "a+b+c", "a%2Bb+c")),
    ],
)
def test_a_part_is_known_in_each_spelling_in_which_it_is_taken_out(spelled, spellings):
    assert link_parts(f"{URL}?cursor={spelled}") == [spellings]


@pytest.mark.parametrize(
    "asked",
    [
        Request("GET", f"{URL}?after=Zk3x9"),
        Request("POST", URL, (), json.dumps({"page": [{"after": "Zk3x9"}, None, 7]}).encode()),
        Request("POST", URL, (("content-type", "application/x-www-form-urlencoded"),), b"after=Zk3x9"),
        Request("GET", f"{URL}/Zk3x9"),
    ],
)
def test_what_the_connector_has_sent_is_not_made_up(asked):
    assert texts(f"{URL}?after=Zk3x9", asked) == []
    assert texts(f"{URL}?after=Zk3x9", None) == ["Zk3x9"]


def test_a_short_number_may_be_anything():
    assert [is_short_number(text) for text in ("7", "123", "1234", "a1", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]
