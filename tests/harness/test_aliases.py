"""Stand-ins for what a server, or the connector, makes up each time."""

from __future__ import annotations

import json

import pytest

from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.secrets.aliases import Aliases

URL = "https://app.example.com/users"


def request(body=None, *, query="", headers=()):
    sent = b"" if body is None else json.dumps(body).encode()
    return Request("POST", URL + query, tuple(headers), sent)


def response(body, headers=()):
    return Response(200, "OK", tuple(headers), json.dumps(body).encode())


@pytest.mark.parametrize(
    ("path", "made", "value"),
    [
        ("request.body.key", request({"key": "k-one"}), "k-one"),
        ("request.body.users[].key", request({"users": [{"key": "k-one"}]}), "k-one"),
        ("request.query.nonce", request(query="?nonce=k-one&a=b"), "k-one"),
        ('request.headers."x-request-id"', request(headers=[("x-request-id", "k-one")]), "k-one"),
        ('request.headers."X-Request-Id"', request(headers=[("x-request-id", "k-one")]), "k-one"),
        ("request.[body.a, query.b]", request({"a": "k-one"}), "k-one"),
        ("request.body.serial", request({"serial": 12345}), "12345"),
    ],
)
def test_a_value_of_a_request_has_a_stand_in_and_gets_its_value_again(path, made, value):
    aliases = Aliases({"key": path})
    assert aliases.learn_request(made)
    shown = "9000001" if value.isdigit() else "key-1"
    assert (dict(aliases.stand_ins), dict(aliases.restored)) == ({value: shown}, {shown: value})
    assert not aliases.learn_request(made)


def test_a_form_is_an_object():
    form = Request("POST", URL, (("content-type", "application/x-www-form-urlencoded"),), b"key=k%20one&a=b")
    aliases = Aliases({"key": "request.body.key"})
    aliases.learn_request(form)
    assert dict(aliases.stand_ins) == {"k one": "key-1"}


def test_what_a_server_makes_up_is_not_restored():
    aliases = Aliases({"user": "id", "key": "request.body.key"})
    aliases.learn(response({"id": "u-77", "request": {"body": {"key": "no"}}}))
    aliases.learn_request(request({"key": "k-one"}))
    assert dict(aliases.stand_ins) == {"u-77": "user-1", "k-one": "key-2"}
    assert dict(aliases.restored) == {"key-2": "k-one"}


def test_a_header_of_a_response_has_values_too():
    aliases = Aliases({"next": "response.headers.link", "job": 'response.headers."X-Job"'})
    link = f'<{URL}?after=Zk3x9&limit=2>; rel="next", <{URL}?limit=2>; rel="first"'
    answer = response({"response": {"headers": {"link": "no"}}}, [("link", link), ("x-job", "j/7")])
    assert aliases.learn(answer)
    assert dict(aliases.stand_ins) == {"Zk3x9": "next-1", "j/7": "job-2"}
    assert not aliases.learn(answer)


def test_each_part_of_a_link_has_a_stand_in_in_each_of_its_spellings():
    aliases = Aliases({"next": "next"})
    aliases.learn(
        response({"next": f"{URL}?limit=2000&after=a%2Fb&to=Zk3x9"}), (1,), request(query="?limit=2000")
    )
    assert dict(aliases.stand_ins) == {"a/b": "next-1", "a%2Fb": "next-1", "Zk3x9": "next-2"}
    # A value that comes elsewhere, in another spelling.
    assert aliases.learn(response({"next": f"{URL}?after=a%2fb"}), (2,))
    assert aliases.stand_ins["a%2fb"] == "next-1"
    assert dict(aliases.names) == {"a/b": "next", "Zk3x9": "next"}


def test_a_stand_in_of_a_played_response_is_nobody_elses():
    aliases = Aliases({"next": "next", "user": "users[].id"})
    played = response({"next": f"{URL}?limit=2&after=next-1", "users": [{"id": 9000002}, {"id": "x-7"}]})
    shown = aliases.played_in([Interaction(request(query="?limit=2"), played)])
    assert shown == {"next-1", "9000002", "x-7"}
    aliases.played = shown
    aliases.learn(played)
    aliases.learn(response({"next": "Zk3x9", "users": [{"id": 41000}]}))
    assert dict(aliases.stand_ins) == {"Zk3x9": "next-2", "41000": "9000003"}


def test_what_is_no_json_has_nothing_to_find():
    aliases = Aliases({"user": "length(n)"})
    assert not aliases.learn(Response(200, "OK", (), b"<html>"))


def test_numbers_follow_the_place_of_the_request_and_not_the_time():
    aliases = Aliases({"user": "id", "key": "request.body.key"})
    aliases.learn_request(request({"key": "third"}), (3,))
    aliases.learn(response({"id": "created"}), (2,))
    aliases.learn_request(request({"key": "first"}), (1,))
    assert dict(aliases.stand_ins) == {"first": "key-1", "created": "user-2", "third": "key-3"}


def test_a_stand_in_of_a_recording_is_nobody_elses():
    aliases = Aliases({"key": "request.body.key"})
    aliases.expect({"key-1", "key-3"})
    for value in ("key-1", "one", "two"):
        aliases.learn_request(request({"key": value}))
    assert dict(aliases.stand_ins) == {"one": "key-2", "two": "key-4"}


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("request.bdy.key", "after request, it has to go on with body, query or headers"),
        ("request.*", "after request, it has to go on with"),
        ("request.[body.a, path]", "after request, it has to go on with"),
        ("request.body.[", "'key': 'request.body.[': "),
    ],
)
def test_a_bad_path_is_one_clear_error(path, problem):
    with pytest.raises(UsageError) as caught:
        Aliases({"key": path})
    assert str(caught.value).startswith("ConnectorUnderTest(aliases=...) has 'key'")
    assert problem in str(caught.value)
    assert "into the requests, such as {'key': 'request.body.key'}" in caught.value.remedy


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("request.body", {"a": 1}, "it finds {'a': 1}, and only texts and numbers have aliases"),
        ("request.body.n", {"n": "007"}, "it finds '007': a number this short may be anything"),
        ("request.body.n", {"n": 7}, "it finds 7: a number this short may be anything"),
        ("request.body.n.sum(@)", {"n": ["x"]}, "sum"),
    ],
)
def test_what_a_path_finds_may_have_no_stand_in(path, body, problem):
    with pytest.raises(UsageError) as caught:
        Aliases({"key": path}).learn_request(request(body))
    assert problem in str(caught.value)


def test_an_expression_that_goes_wrong_on_a_response_is_the_authors_mistake():
    with pytest.raises(UsageError, match="'user': 'length"):
        Aliases({"user": "length(n)"}).learn(response({"n": 7}))
