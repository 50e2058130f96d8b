"""Decisions that no test noticed when they were turned round; to be moved to the modules' own tests."""

from __future__ import annotations

from types import SimpleNamespace

from connector_contract.recording.call import Call, Success
from connector_contract.recording.envelope import envelope_of
from connector_contract.recording.interactions import Cassette, GivenUp, Interaction, Request, Response
from connector_contract.recording.kept_tokens import sent_in
from connector_contract.recording.mismatch import Place, unplayed
from connector_contract.recording.player import Player
from connector_contract.recording.recorder import Sent, are_concurrent
from connector_contract.secrets.known_secrets import Secrets

ASKED = Request("GET", "https://a.example/x")


def test_exactly_as_many_requests_as_are_shown_have_no_more():
    recorded = [Interaction(Request("GET", f"https://a.example/{n}"), Response(200)) for n in range(5)]
    error = unplayed(recorded, [1, 2, 3, 4, 5], [], Place("t.py::t", "t.yaml", "https://a.example"))
    assert len(error.details) == 5


def test_a_token_of_eight_characters_is_found():
    request = Request("GET", "https://a.example/x", (("authorization", "Bearer 12345678"),))
    assert sent_in(request, {"12345678"}) == "the header authorization"
    assert sent_in(request, {"1234567"}) is None


def test_each_call_gives_up_its_own_of_equal_requests():
    given_up = (GivenUp(ASKED, 1, 0), GivenUp(ASKED, 2, 0))
    player = Player(Cassette(calls=(Call("x", Success()), Call("x", Success())), given_up=given_up))
    player.hold(ASKED, 2)
    player.hold(ASKED, 1)
    assert player.given_up == given_up


def test_a_call_with_credentials_of_its_own_is_not_sent_the_configured_auth():
    connector = SimpleNamespace(auth={"token": {"token": "t"}}, credentials=None, settings={})
    call = Call("x", Success(), {"credentials": [{"id": "a", "token": {"token": "u"}}]})
    assert "auth" not in envelope_of(call, connector, Secrets())


def test_the_counters_of_a_rate_limit_are_not_sent_again():
    connector = SimpleNamespace(auth=None, credentials=None, settings={})
    limit = {"max_execution_time": 60, "last_known_state": {"a": {"remaining": "<varies>"}}}
    envelope = envelope_of(Call("x", Success(), {"rate_limit": limit}), connector, Secrets())
    assert envelope["rate_limit"] == {"max_execution_time": 60}


def test_one_thread_alone_is_not_concurrent():
    assert are_concurrent([Sent(ASKED, None, (1, 0, ()))]) == [False]
