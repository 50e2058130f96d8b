"""What a connector makes up in a replay gets the name of what it made up when recorded."""

from __future__ import annotations

import json

from connector_contract.recording.interactions import Request, Response
from connector_contract.recording.normalizer import Normalizer
from connector_contract.secrets.known_secrets import Secrets

URL = "https://app.example.com/users"


def request(login, key="", *, field="key", headers=()):
    body = json.dumps({"login": login, field: key}).encode()
    return Request("POST", URL, (("content-type", "application/json"), *headers), body)


def normalizer(*recorded, guesses=True, **aliases):
    secrets = Secrets(aliases=aliases)
    return Normalizer(secrets).expect(recorded, guesses=guesses)


def keys(replay, *made, field="key"):
    return [json.loads(replay.request(each).body)[field] for each in made]


KEY = {"key": "request.body.key"}


def test_equal_requests_are_named_in_their_order():
    replay = normalizer(request("a", "key-1"), request("a", "key-2"), **KEY)
    assert keys(replay, request("a", "x1"), request("a", "x2"), request("a", "x1")) == [
        "key-1", "key-2", "key-1",
    ]  # fmt: skip


def test_others_are_named_by_all_the_rest_of_them_whatever_their_order():
    replay = normalizer(request("a", "key-1"), request("b", "key-2"), request("c", "key-3"), **KEY)
    assert keys(replay, request("c", "x1"), request("a", "x2"), request("b", "x3")) == [
        "key-3", "key-1", "key-2",
    ]  # fmt: skip


def test_a_value_that_is_sent_again_stays_the_same():
    """As an idempotency key is, when a request is tried again."""
    replay = normalizer(request("a", "key-1"), request("a", "key-1"), request("a", "key-2"), **KEY)
    made = [request("a", "x1"), request("a", "x1"), request("a", "x2")]
    assert keys(replay, *made) == ["key-1", "key-1", "key-2"]


def test_a_value_that_comes_again_elsewhere_is_known_there():
    replay = normalizer(request("a", "key-1"), request("key-1", "key-2"), **KEY)
    assert keys(replay, request("a", "x1"), request("x1", "x2")) == ["key-1", "key-2"]


def test_more_requests_than_recorded_have_the_last_ones_values():
    replay = normalizer(request("a", "key-1"), **KEY)
    assert keys(replay, request("a", "x1"), request("a", "x2")) == ["key-1", "key-1"]


def test_another_request_has_the_likeliest_value_so_that_the_rest_of_it_shows():
    replay = normalizer(request("a", "key-1"), **KEY)
    assert keys(replay, request("changed", "x1")) == ["key-1"]


def test_while_recording_another_request_has_a_value_of_its_own():
    recording = normalizer(request("a", "key-1"), guesses=False, **KEY)
    assert keys(recording, request("changed", "x1"), request("a", "x2"), request("a", "x3")) == [
        "key-2", "key-1", "key-3",
    ]  # fmt: skip


def test_a_stand_in_that_is_asked_for_stays():
    replay = normalizer(request("a", "key-1"), request("a", "key-2"), **KEY)
    assert keys(replay, request("a", "key-2"), request("a", "x1")) == ["key-2", "key-1"]


def test_several_values_of_a_request_are_named_together():
    aliases = {"key": "request.body.key", "id": 'request.headers."x-id"'}
    recorded = [request("a", f"key-{number}", headers=[("x-id", f"id-{number + 1}")]) for number in (1, 3)]
    replay = normalizer(*recorded, **aliases)
    made = [request("a", f"k{number}", headers=[("x-id", f"i{number}")]) for number in (1, 2)]
    assert [replay.request(each) for each in made] == recorded


def test_a_secret_by_its_name_stays_one_and_is_named_as_recorded():
    recorded = request("b", "<password-2>", field="password"), request("a", "<password>", field="password")
    for aliases in ({}, {"password": "request.body.password"}):
        replay = normalizer(*recorded, **aliases)
        made = [request("b", "a-made-up-1", field="password"), request("a", "a-made-up-2", field="password")]
        assert keys(replay, *made, field="password") == ["<password-2>", "<password>"]
        restored = replay.restored(Response(200, body=b'{"a": "<password-2>", "b": "<password>"}'))
        assert json.loads(restored.body) == {"a": "a-made-up-1", "b": "a-made-up-2"}


def test_what_is_configured_is_no_value_that_is_made_up():
    replay = normalizer(request("a", "<password>", field="password"), request("b", "<token.token>"), **KEY)
    replay.secrets.add({"token": {"token": "a-good-secret-1"}}, None)
    assert keys(replay, request("b", "a-good-secret-1")) == ["<token.token>"]


def test_an_echo_has_the_value_of_this_time_and_no_other():
    replay = normalizer(*(request(f"u{n}", f"key-{n}") for n in range(1, 12)), **KEY)
    for number in (1, 11):
        replay.request(request(f"u{number}", f'new"{number}'))
    echo = Response(200, "", (("x-key", "key-1"),), b'{"a": "key-1", "b": "key-11", "c": "no-key-1 key-12"}')
    restored = replay.restored(echo)
    assert dict(restored.headers) == {"x-key": 'new"1'}
    assert json.loads(restored.body) == {"a": 'new"1', "b": 'new"11', "c": "no-key-1 key-12"}
