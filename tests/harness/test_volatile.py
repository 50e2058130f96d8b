import json

import pytest

from connector_contract.storage.snapshot_format import snapshot_text
from connector_contract.storage.volatile import without_volatile

STATE = {
    "remaining": 28,
    "limit": 30,
    "reset": 1785315660,
    "window_seconds": 60,
    "current_delay": 2,
    "source": "sdk_counter",
}
SHOWN = {**STATE, "remaining": "<varies>", "reset": "<varies>"}


def test_of_a_rate_limit_the_counters_vary_and_the_rest_stays():
    response = {"response": [], "rate_limit": {"current_state": {"acme": STATE}}, "page": None}
    shown = {"response": [], "rate_limit": {"current_state": {"acme": SHOWN}}, "page": None}
    assert without_volatile(response) == shown
    assert list(without_volatile(response)) == list(response)
    assert response["rate_limit"]["current_state"]["acme"] == STATE


def test_what_a_request_hands_back_varies_as_well():
    request = {"rate_limit": {"max_execution_time": 60, "last_known_state": {"acme": STATE}}}
    assert without_volatile(request) == {
        "rate_limit": {"max_execution_time": 60, "last_known_state": {"acme": SHOWN}}
    }


def test_a_delay_varies_where_the_upstream_says_when_its_window_ends():
    told = {"rate_limit": {"current_state": {"acme": {**STATE, "source": "api_headers"}}}}
    (state,) = without_volatile(told)["rate_limit"]["current_state"].values()
    assert state == {**SHOWN, "source": "api_headers", "current_delay": "<varies>"}


def test_what_the_connector_does_not_know_stays_null():
    state = {**STATE, "reset": None}
    shown = without_volatile({"rate_limit": {"current_state": {"acme": state}}})
    assert shown["rate_limit"]["current_state"]["acme"]["reset"] is None


def test_a_probe_does_not_show_how_long_it_took():
    probe = {"status": "passed", "checks": [{"check": "accounts", "duration_ms": 12}], "duration_ms": 31}
    assert without_volatile({"response": probe}) == {
        "response": {
            "status": "passed",
            "checks": [{"check": "accounts", "duration_ms": "<varies>"}],
            "duration_ms": "<varies>",
        }
    }


def test_an_arbitrary_answer_does_not_show_the_headers_that_no_recording_keeps():
    passing = {"Date": "now", "Content-Encoding": "gzip", "X-Okta-Request-Id": "r1", "Content-Length": "9"}
    answer = {"ok": True, "headers": {**passing, "x-total-count": "2"}, "resolved_url": "https://a.b/c"}
    shown = without_volatile({"response": answer})["response"]
    assert shown == {**answer, "headers": {"x-total-count": "2"}}
    assert list(shown) == list(answer)


@pytest.mark.parametrize(
    "envelope",
    [
        {"response": [{"remaining": 3, "reset": 4, "duration_ms": 5}], "rate_limit": None},
        {"rate_limit": "none", "response": {"checks": 3, "duration_ms": 5}},
        {"rate_limit": {"current_state": None, "remaining": 3}},
        {"rate_limit": {"current_state": {"acme": [3]}}},
        {"response": {"checks": [7]}},
        {"response": {"ok": True, "headers": None, "resolved_url": ""}},
        {"response": {"headers": {"date": "now"}}},
        {},
    ],
)
def test_everything_else_stays_as_it_is(envelope):
    assert without_volatile(envelope) == envelope


def test_a_snapshot_shows_it_at_whatever_depth_the_response_is():
    pages = {"before": [{"rate_limit": {"current_state": {"acme": STATE}}}]}
    assert json.loads(snapshot_text(pages)) == {
        "before": [{"rate_limit": {"current_state": {"acme": SHOWN}}}]
    }
