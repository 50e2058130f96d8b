"""Bodies that cannot be read, as faults."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from faults_testing import HOST, JSON, asked, call_of, change_of, trial_of, why_not

from connector_contract.faults.body_faults import FAULTS, trials
from connector_contract.recording.interactions import Interaction, Request, Response

XML = b"<users><user><name>Ann</name></user></users>"
TABLE = b"id,name\n1,Ann\n"
LINES = b'{"id": 1, "name": "Ann"}\n{"id": 2, "name": "Bob"}\n'
TYPES = {
    "XML": "text/xml",
    "CSV": "text/csv",
    "lines": "application/x-ndjson",
    "HTML": "text/html",
    "PDF": "",
}


def _call(body, kind="", **rest):
    headers = (("content-type", TYPES[kind]),) if kind else JSON
    return call_of("list_accounts", asked(body=body, headers=headers, **rest))


def _broken(body, name, kind=""):
    return change_of(trial_of(trials(_call(body, kind), 1), name))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_owes_invalid_response(fault):
    call = _call(XML, "XML") if fault.name == "truncated-xml" else _call({"name": "Ann"})
    trial = trial_of(trials(call, 1), fault.name)
    assert (trial.owed.codes, trial.owed.retryable) == ({"invalid_response"}, False)
    assert trial.owed.may_be_same is (fault.name == "wrong-content-type")


def test_what_is_polled_has_another_content_type_each_time_and_ends():
    call = call_of(
        "list_accounts", asked(body={"done": False}), asked(body={"done": True}), asked(status=404)
    )
    trial = trial_of(trials(call, 1), "wrong-content-type")
    assert [json.loads(trial.changes[number].body) for number in (1, 2)] == [{"done": False}, {"done": True}]
    assert trial.in_turn
    assert list(trial.changes) == [1, 2]
    assert not trial_of(trials(call, 1), "truncated-json").in_turn


@pytest.mark.parametrize("body", [{"a": 1}, [], [{"name": "Ann"}], {}, "text", LINES])
def test_json_that_ends_early_is_no_json(body):
    kind = "lines" if body is LINES else ""
    content = _broken(body, "truncated-json", kind).body
    assert content
    with pytest.raises(ValueError, match=r"."):
        [json.loads(line) for line in content.splitlines()] if kind else json.loads(content)


@pytest.mark.parametrize(
    ("body", "name", "kind", "why"),
    [
        (12, "truncated-json", "", "a number that ends early is a number"),
        (TABLE, "truncated-json", "CSV", "its body is a table, and not JSON"),
        ({}, "truncated-xml", "", "its body is JSON, and not XML"),
        (b"<html></html>", "html-200", "HTML", "its body is HTML as it is"),
        (LINES, "empty-body", "lines", "JSON lines may be empty"),
        ({"n": 1}, "broken-utf-8", "", "its body has no text"),
        (b"%PDF-1.7", "broken-utf-8", "PDF", "its body has no text"),
    ],
)
def test_some_do_not_apply_to_some_formats(body, name, kind, why):
    assert why_not(trials(_call(body, kind), 1), name) == why


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_none_applies_without_a_body_or_a_success(fault):
    assert why_not(trials(_call(None, status=204), 1), fault.name) == "its response has no body"
    assert why_not(trials(_call({}, status=404), 1), fault.name) == "its response is no success: 404"


def test_what_is_handed_on_unaltered_is_not_read():
    call = call_of("fulfill_arbitrary_endpoint", asked(body={"a": "b"}))
    assert why_not(trials(call, 1), "truncated-json").startswith("its capability hands on")


def test_html_comes_with_200_and_its_own_type():
    response = _broken({}, "html-200")
    assert (response.status, dict(response.headers)["content-type"]) == (200, "text/html; charset=utf-8")
    assert response.body.startswith(b"<!DOCTYPE html>")


def test_what_is_said_to_be_gzip_is_not():
    response = _broken({"a": 1}, "broken-gzip")
    assert dict(response.headers)["content-encoding"] == "gzip"
    with pytest.raises(zlib.error):
        gzip.decompress(response.body)


@pytest.mark.parametrize(
    ("body", "kind", "start"),
    [
        ({"n": 1, "name": "Ann"}, "", b'{"n": 1, "name": "\xffAnn'),
        (["Ann", "Bob"], "", b'["\xffAnn'),
        ({"n": [1, 2], "b": {"c": "d"}}, "", b'{"n": [1, 2], "b": {"c": "\xffd'),
        ("Ann", "", b'"\xffAnn'),
        (LINES, "lines", b'{"id": 1, "name": "\xffAnn'),
        (XML, "XML", b"<users><user><name>\xffAnn"),
        (TABLE, "CSV", b"id,name\n\xff1"),
    ],
)
def test_a_value_is_not_utf_8(body, kind, start):
    assert _broken(body, "broken-utf-8", kind).body.startswith(start)


def test_any_byte_is_a_character_of_some_charsets():
    headers = (("content-type", "text/csv; charset=ISO-8859-1"),)
    call = call_of("list_accounts", asked(body=TABLE, headers=headers))
    assert why_not(trials(call, 1), "broken-utf-8") == "in iso-8859-1, any byte may be a character"


def test_another_type_keeps_the_body_and_the_other_headers():
    response = _broken({"a": 1}, "wrong-content-type")
    assert response.body == b'{"a": 1}'
    assert dict(response.headers)["content-type"] == "text/plain"
    text = call_of("list_accounts", asked(body={}, headers=(("content-type", "text/plain"), ("link", "x"))))
    headers = dict(change_of(trial_of(trials(text, 1), "wrong-content-type")).headers)
    assert headers == {"link": "x", "content-type": "application/octet-stream", "content-length": "2"}


def test_a_body_in_a_content_coding_is_broken_within():
    packed = gzip.compress(b'{"name": "Ann"}')
    headers = (*JSON, ("content-encoding", "gzip"), ("content-length", str(len(packed))))
    call = call_of("list_accounts", Interaction(Request("GET", HOST), Response(200, "", headers, packed)))
    response = change_of(trial_of(trials(call, 1), "truncated-json"))
    assert response.body == b'{"name"'
    assert "content-encoding" not in dict(response.headers)
