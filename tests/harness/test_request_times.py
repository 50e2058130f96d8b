"""Where a request has times, and what stands there in their place."""

from __future__ import annotations

import json

import pytest

from connector_contract.recording.interactions import Request
from connector_contract.recording.request_times import (
    has_relative_times,
    key_without_times,
    may_have_times,
    spots_of,
    with_relative,
    with_texts,
)

URL = "https://app.example.com"
FORM = (("content-type", "application/x-www-form-urlencoded"),)
PLUS = "<now+7d, YYYY-MM-DDThh:mm:ss+HH:MM>"
IN_URL = PLUS.replace("+", "%2B")


def get(path="", headers=()):
    return Request("GET", URL + path, tuple(headers))


def post(body, headers=()):
    return Request(
        "POST", URL, tuple(headers), body if isinstance(body, bytes) else json.dumps(body).encode()
    )


# A request, the place of its time, and the same with another text there.
PLACES = {
    "path": (get("/days/2026-10-29/events"), "path", get(f"/days/{IN_URL}/events")),
    "query": (get("/e?a=b&since=2026-10-29&c"), "query.since", get(f"/e?a=b&since={IN_URL}&c")),
    "encoded": (
        get("/e?%24filter=created+ge+2026-10-29T00%3A00%3A00%2B00%3A00+and+a"),
        "query.$filter",
        get(f"/e?%24filter=created+ge+{IN_URL}+and+a"),
    ),
    "header": (
        get("/e", [("x-since", "Thu, 29 Oct 2026 00:00:00 GMT")]),
        "headers.x-since",
        get("/e", [("x-since", PLUS)]),
    ),
    "form": (post(b"a=b&from=2026-10-29", FORM), "body.from", post(b"a=b&from=" + IN_URL.encode(), FORM)),
    "JSON": (post({"a": {"b": "2026-10-29"}}), "body.a.b", post({"a": {"b": PLUS}})),
    "JSON list": (post([{"x": [1, {"f": "2026-10-29"}]}]), "body[].x[].f", post([{"x": [1, {"f": PLUS}]}])),
    "JSON number": (post({"a": 1, "from": 1793255071}), "body.from", post({"a": 1, "from": PLUS})),
    "quoted in JSON": (
        post({"q": 'at gt "2026-10-29T00:00:00Z"', "n": [-1793255071, 1.5, True, None, "a\\"]}),
        "body.q",
        post({"q": f'at gt "{PLUS}"', "n": [-1793255071, 1.5, True, None, "a\\"]}),
    ),
    "after an escape in JSON": (post({"q": "a\n2026-10-29"}), "body.q", post({"q": f"a\n{PLUS}"})),
    "text": (post(b"<at>2026-10-29</at>\xff"), "body", post(b"<at>" + PLUS.encode() + b"</at>\xff")),
}


@pytest.mark.parametrize("where", PLACES)
def test_a_time_has_a_place_and_another_text_may_stand_there(where):
    request, place, replaced = PLACES[where]
    [spot] = spots_of(request)
    assert spot.place == place
    assert may_have_times(request)
    assert not has_relative_times(request)
    assert with_texts(request, {spot: PLUS}) == replaced
    assert with_relative(request, {0: PLUS}) == replaced
    assert has_relative_times(replaced)
    [stored] = spots_of(replaced)
    assert (stored.place, stored.text, stored.time) == (place, PLUS, None)
    assert key_without_times(request, [spot]) == key_without_times(replaced, [stored])


def test_times_are_in_the_order_of_their_places_whatever_the_order_of_the_query():
    one, other = get("/e?until=2026-02-02&since=2026-01-01"), get("/e?since=2026-01-01&until=2026-02-02")
    assert [spot.text for spot in spots_of(one)] == [spot.text for spot in spots_of(other)]
    assert key_without_times(one, spots_of(one)) == key_without_times(other, spots_of(other))


def test_several_times_are_replaced_each():
    request = get("/e?range=2026-01-01..2026-02-02")
    first, last = spots_of(request)
    assert with_texts(request, {first: "a", last: "b"}) == get("/e?range=a..b")


@pytest.mark.parametrize(
    "request_", [get("/users?page=2"), post({"name": "ada"}), post(b""), post(b"\x00\xff")]
)
def test_most_requests_have_no_times(request_):
    assert not may_have_times(request_)
    assert not has_relative_times(request_)
    assert spots_of(request_) == []
    assert with_relative(request_, {}) is request_


def test_what_the_origin_has_is_no_time():
    assert spots_of(Request("GET", "https://2026-10-29.example.com/")) == []
