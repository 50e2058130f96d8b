"""What a cassette is to hold is put together from what was kept, what was played and what was recorded."""

from __future__ import annotations

from dataclasses import replace

from traffic_testing import ORIGIN, traffic_for

from connector_contract.recording.assembly import assemble
from connector_contract.recording.call import Call, Failure, Success
from connector_contract.recording.interactions import Cassette, GivenUp, Interaction, Request, Response
from connector_contract.recording.lanes import asking
from connector_contract.secrets.known_secrets import Secrets

KEY = "open-sesame"


def get(path):
    return Request("GET", f"{ORIGIN}{path}")


def ask(traffic, call, *paths):
    with asking(call, call.lane):
        for path in paths:
            traffic.record(traffic.send(get(path)), Response(200, "OK", (), b"{}"))


def begin(traffic, capability="x", asked=None):
    return traffic.begin(capability, asked or {})


def end(traffic, call, response=None):
    call.ended = True
    traffic.end(call, {"response": []} if response is None else response)


def put_together(traffic, kept=None):
    return assemble(kept or Cassette(), traffic.calls, traffic.recorder, traffic._normalizer)


def recording(secrets=None):
    """Traffic that records, without a loop whose tasks it would follow."""
    traffic = traffic_for(ORIGIN, secrets=secrets)
    traffic._plan = replace(traffic._plan, record=False)
    return traffic


def test_each_call_has_its_interactions_in_the_order_of_the_calls():
    traffic = recording()
    first, second = begin(traffic), begin(traffic, "y")
    ask(traffic, second, "/c")
    ask(traffic, first, "/a", "/b")
    end(traffic, second, {"is_error": True, "error": {"error_code": "not_found"}})
    end(traffic, first)
    cassette = put_together(traffic)
    assert [each.request.uri for each in cassette.interactions] == [f"{ORIGIN}/{name}" for name in "abc"]
    assert cassette.calls == (
        Call("x", Success(0), {}, (1, 2)),
        Call("y", Failure("not_found"), {}, (3,)),
    )


def test_what_was_asked_has_no_secrets_and_readable_tokens():
    secrets = Secrets()
    secrets.add({"token": {"token": KEY}}, None)
    traffic = recording(secrets)
    end(traffic, begin(traffic, "x", {"request": {"by": KEY}, "page": {"token": "eyJhIjogMX0="}}))
    (call,) = put_together(traffic).calls
    assert call.asked["request"] == {"by": "<token.token>"}


def test_snapshots_come_once():
    traffic = recording()
    call, response = begin(traffic), {"response": []}
    end(traffic, call, response)
    for name in ("a.json", "b.json", "a.json"):
        traffic.link(response, name)
    assert put_together(traffic).calls[0].snapshots == ("a.json", "b.json")


def test_what_is_no_whole_response_is_linked_to_nothing():
    traffic = recording()
    responses = [{"response": [{"id": 1}]}, {"response": []}]
    for response in responses:
        end(traffic, begin(traffic), response)
    for part in (responses[0]["response"], [responses[0], "more"], dict(responses[0]), [], None, [[]]):
        traffic.link(part, "part.json")
    traffic.link(responses[::-1], "all.json")
    traffic.link(responses[1], "second.json")
    assert [call.snapshots for call in traffic.calls] == [["all.json"], ["all.json", "second.json"]]


def test_what_is_recorded_comes_after_what_is_kept():
    old = Interaction(get("/old"), Response(200))
    traffic = recording()
    call = begin(traffic)
    call.played.append(1)
    ask(traffic, call, "/new")
    end(traffic, call)
    cassette = put_together(traffic, Cassette((old,)))
    assert [each.request.uri for each in cassette.interactions] == [f"{ORIGIN}/old", f"{ORIGIN}/new"]
    assert cassette.calls[0].interactions == (1, 2)


def test_what_was_concurrent_when_it_was_recorded_stays_so():
    """A replay answers at once, and has nothing under way beside anything."""
    kept = Cassette(
        tuple(Interaction(get(f"/{n}"), Response(200)) for n in range(3)),
        (Call("x", Success(3), {}, (1, 2, 3), (2, 3)),),
    )
    traffic = recording()
    call = begin(traffic)
    call.played += [3, 1, 2]
    end(traffic, call)
    assert put_together(traffic, kept).calls == (Call("x", Success(0), {}, (1, 2, 3), (2, 3)),)


def test_what_is_recorded_between_what_is_played_stands_there():
    kept = Cassette((Interaction(get("/a"), Response(200)), Interaction(get("/c"), Response(200))))
    traffic = recording()
    call = begin(traffic)
    for number in (1, None, 2):
        if number is None:
            ask(traffic, call, "/b")
        else:
            call.played.append(number)
            call.places[number] = call.lane.step()
    end(traffic, call)
    assert put_together(traffic, kept).calls[0].interactions == (1, 3, 2)


def test_a_replay_leaves_the_order_of_a_call_as_it_is():
    kept = Cassette(
        tuple(Interaction(get(f"/{n}"), Response(200)) for n in range(3)),
        (Call("x", Success(), {}, (1, 3, 2)),),
    )
    traffic = recording()
    call = begin(traffic)
    call.played += [2, 1, 3]
    end(traffic, call)
    assert put_together(traffic, kept).calls[0].interactions == (1, 3, 2)


def test_what_was_given_up_is_kept_with_its_call_and_place():
    traffic = recording()
    first, second = begin(traffic), begin(traffic)
    ask(traffic, first, "/a")
    with asking(first, first.lane):
        traffic.send(get("/b")).given_up = True
    ask(traffic, first, "/c")
    with asking(second, second.lane):
        traffic.send(get("/d")).given_up = True
    end(traffic, first)
    end(traffic, second)
    traffic.send(get("/outside")).given_up = True
    assert put_together(traffic).given_up == (
        GivenUp(get("/outside"), 0, 0),
        GivenUp(get("/b"), 1, 1),
        GivenUp(get("/d"), 2, 0),
    )


def test_what_a_call_gave_up_that_is_not_made_any_more_is_left_out():
    kept = Cassette((), (), (GivenUp(get("/a"), 1, 0), GivenUp(get("/b"), 2, 0)))
    traffic = recording()
    end(traffic, begin(traffic))
    assert put_together(traffic, kept).given_up == (GivenUp(get("/a"), 1, 0),)


def test_the_form_is_that_of_what_is_kept():
    assert put_together(recording(), Cassette(form=1)).form == 1
    assert put_together(recording()).form == 2
