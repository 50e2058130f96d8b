"""The calls of a scenario, as a page draws them."""

from __future__ import annotations

from dataclasses import replace

from connector_contract.recording.call import Call, Failure, Success
from connector_contract.recording.interactions import Cassette, GivenUp, Interaction, Request, Response
from connector_contract.review.drawn_calls import (
    AS_BEFORE,
    BEFORE,
    NOW,
    REQUESTS,
    STEPS,
    LeftOut,
    capabilities_of,
    drawing_of,
)
from connector_contract.review.stored import Revision
from connector_contract.storage.cassette_format import cassette_parts

PATH = "cassettes/tests/test_acme/test_a.yaml"
ORIGIN = "https://acme.example.com"


def sent(target="/users", status=200, method="GET", origin=ORIGIN):
    return Interaction(Request(method, f"{origin}{target}"), Response(status))


def walk(*offsets, size=5):
    """A cassette of a walk with a page at each offset."""
    calls = [
        Call(
            "list_accounts",
            Success(size),
            {"page": {"size": size, **({"token": f"t{offset}"} if number else {})}},
            (number + 1,),
        )
        for number, offset in enumerate(offsets)
    ]
    return Cassette(tuple(sent(f"/users?offset={offset}") for offset in offsets), tuple(calls))


def revision(cassette):
    files = {} if cassette is None else {PATH: b"".join(cassette_parts(cassette))}
    return Revision(files)


def drawn(before, after):
    return drawing_of(PATH, revision(before), revision(after))


def told(drawing):
    return [
        (step.count, step.mark)
        if isinstance(step, LeftOut)
        else (step.capability, step.asked, [r.target for r in step.requests], step.answered, step.mark)
        for step in drawing.steps
    ]


def test_calls_that_went_as_before():
    drawing = drawn(walk(0, 5), walk(0, 5))
    assert told(drawing) == [
        ("list_accounts", "in pages of 5", ["/users?offset=0"], "5 records", AS_BEFORE),
        ("list_accounts", "the next page", ["/users?offset=5"], "5 records", AS_BEFORE),
    ]
    assert drawing.note == "The calls went as before."


def test_calls_that_only_one_revision_has_are_marked():
    marks = [(step.requests[0].target, step.mark) for step in drawn(walk(0, 5, 10), walk(0, 6)).steps]
    assert marks == [
        ("/users?offset=0", AS_BEFORE),
        ("/users?offset=5", BEFORE),
        ("/users?offset=10", BEFORE),
        ("/users?offset=6", NOW),
    ]


def test_a_scenario_that_is_new_has_only_new_calls():
    assert [step.mark for step in drawn(None, walk(0, 5)).steps] == [NOW, NOW]


def test_a_request_has_its_method_its_status_and_what_it_asks_for():
    cassette = Cassette(
        (sent("/users", 201, "POST"), sent("/users/1", 404)),
        (Call("create_account", Failure("not_found"), {"request": {"email": "a@b.c"}}, (1, 2), (1, 2)),),
    )
    (step,) = drawn(cassette, cassette).steps
    assert (step.asked, step.answered, step.is_error) == ("with email a@b.c", "error: not_found", True)
    assert [(r.method, r.target, r.status, r.is_error, r.at_once) for r in step.requests] == [
        ("POST", "/users", "201", False, True),
        ("GET", "/users/1", "404", True, True),
    ]


def test_a_success_that_is_no_list():
    cassette = Cassette((), (Call("info", Success()),))
    (step,) = drawn(cassette, cassette).steps
    assert (step.answered, step.requests, step.more) == ("success", (), 0)


def test_of_several_origins_each_is_named():
    cassette = Cassette(
        (sent("/token", origin="https://login.example.com"), sent()),
        (Call("list_accounts", Success(0), {}, (1, 2)),),
    )
    (step,) = drawn(cassette, cassette).steps
    assert [r.target for r in step.requests] == ["https://login.example.com/token", f"{ORIGIN}/users"]


def test_a_request_that_the_connector_gave_up():
    given_up = GivenUp(Request("GET", f"{ORIGIN}/slow"), 1, 0, "read")
    cassette = Cassette((), (Call("list_accounts", Failure("timeout")),), (given_up,))
    (step,) = drawn(cassette, cassette).steps
    assert [(r.target, r.status, r.is_error) for r in step.requests] == [("/slow", "given up", True)]


def test_a_call_of_many_requests_says_how_many_more():
    numbers = tuple(range(1, 31))
    cassette = Cassette(tuple(sent(f"/users/{n}") for n in numbers), (Call("a", Success(30), {}, numbers),))
    (step,) = drawn(cassette, cassette).steps
    assert (len(step.requests), step.more) == (REQUESTS, 30 - REQUESTS)


def test_a_long_walk_is_shortened_and_counted():
    assert told(drawn(walk(*range(20)), walk(*range(20))))[3] == (14, AS_BEFORE)


def test_a_very_long_walk_is_compared_to_where_it_differs():
    before, after = walk(*range(600)), walk(*range(300), *range(301, 601))
    found = [(step.count, step.mark) for step in drawn(before, after).steps if isinstance(step, LeftOut)]
    assert found == [(294, AS_BEFORE), (294, BEFORE), (294, NOW)]


def test_calls_that_differ_all_the_way_are_shortened_too():
    drawing = drawn(walk(*range(200)), walk(*range(0, 200, 2)))
    shown = sum(step.count if isinstance(step, LeftOut) else 1 for step in drawing.steps)
    assert len(drawing.steps) == STEPS + 1
    assert shown == 200
    assert drawing.steps[-1].mark == ""


def test_a_recording_of_the_earlier_form_has_its_requests_alone():
    cassette = replace(walk(0, 5), calls=(), form=1)
    drawing = drawn(cassette, cassette)
    assert told(drawing) == [("", "", ["/users?offset=0", "/users?offset=5"], "", AS_BEFORE)]
    assert drawing.note == "A recording does not say which calls its requests belong to."


def test_requests_of_no_call_come_last():
    whole = walk(0)
    cassette = replace(whole, interactions=(*whole.interactions, sent("/reset")))
    assert [step.capability for step in drawn(cassette, cassette).steps] == ["list_accounts", ""]


def test_a_recording_that_cannot_be_read():
    broken = Revision({PATH: b"version: 1\nbroken"})
    drawing = drawing_of(PATH, revision(walk(0)), broken)
    assert [step.mark for step in drawing.steps] == [BEFORE]
    assert drawing.note == "A recording cannot be read."


def test_a_huge_recording_has_its_calls_without_their_requests():
    whole = walk(0, 5)
    large = replace(whole.interactions[0], response=Response(200, body=b"x" * 1_100_000))
    cassette = replace(whole, interactions=(large, whole.interactions[1]))
    drawing = drawn(cassette, cassette)
    assert [(step.requests, step.more) for step in drawing.steps] == [((), 1), ((), 1)]
    assert drawing.note == "The requests are too many to draw."


def test_the_capabilities_that_a_scenario_calls():
    before, after = revision(walk(0)), revision(Cassette((), (Call("info", Success()),)))
    assert capabilities_of(PATH, before, after) == ["info", "list_accounts"]
    assert capabilities_of("cassettes/none.yaml", before, after) == []
