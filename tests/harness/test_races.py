"""A recording is the same whichever of several concurrent requests was answered first."""

from __future__ import annotations

import asyncio

import anyio
import pytest
from scenario_testing import ORIGIN, Connector, Project, client

from connector_contract.recording.interactions import Cassette, GivenUp, Interaction, Request, Response
from connector_contract.recording.races import settled
from connector_contract.recording.recorder import Sent


def settle(sent, needs, asks=None):
    """Settle requests of which a replay needs some, and gives up those of the rest that it asks for."""

    def stored():
        answered = tuple(Interaction(each.request, each.response) for each in sent if each.is_answered)
        return Cassette(answered, (), tuple(GivenUp(each.request, 1, 0) for each in sent if each.given_up))

    async def given_up_in_replay(cassette):
        left = {each.request.uri for each in cassette.interactions}
        replays.append("".join(sorted(left)))
        asked = [each for each in cassette.given_up if asks is None or each.request.uri in asks]
        return tuple(asked) if set(needs) <= left else None

    replays = []
    racing = [each for each in sent if each.is_answered]
    cassette = asyncio.run(settled(racing, stored, given_up_in_replay))
    shown = [
        "".join(each.request.uri for each in part) for part in (cassette.interactions, cassette.given_up)
    ]
    return shown, replays


def sent(answered, given_up=""):
    return [
        *(Sent(Request("GET", each), None, (1, 0, ()), response=Response(200)) for each in answered),
        *(Sent(Request("GET", each), None, (1, 0, ()), given_up=True) for each in given_up),
    ]


def test_what_is_not_needed_is_given_up_at_once():
    assert settle(sent("abc", "d"), needs="") == (["", "abcd"], ["", ""])


def test_what_is_needed_stays():
    assert settle(sent("abc", "d"), needs="b") == (["b", "acd"], ["", "bc", "c", "b", "b"])


def test_a_call_that_has_failed_needs_the_error_alone():
    failed = Sent(Request("GET", "e"), None, (1, 0, ()), response=Response(404))
    assert settle([*sent("abc", "d"), failed], needs="e") == (["e", "abcd"], ["e", "", "e"])


def test_what_a_replay_does_not_ask_for_is_left_out():
    assert settle(sent("ab", "cd"), needs="a", asks="ac")[0] == ["a", "c"]


def test_what_cannot_be_replayed_stays_as_it_is():
    assert settle(sent("ab", "c"), needs="x")[0] == ["ab", "c"]


def test_of_many_each_is_not_tried_alone():
    many = "".join(map(chr, range(ord("A"), ord("A") + 30)))
    shown, replays = settle(sent(many), needs="A")
    assert shown == [many, ""]
    assert replays == ["", many]


SIBLINGS = ("/a", "/b", "/c")


async def gathers(ask):
    await asyncio.gather(*map(ask, (*SIBLINGS, "/fails")))


async def has_a_task_group(ask):
    async with anyio.create_task_group() as group:
        for path in (*SIBLINGS, "/fails"):
            group.start_soon(ask, path)


async def has_a_semaphore(ask):
    two_at_a_time = asyncio.Semaphore(2)

    async def in_turn(path):
        async with two_at_a_time:
            await ask(path)

    await asyncio.gather(*map(in_turn, ("/a", "/fails", "/b", "/c")))


async def asks_for_more(ask):
    async def twice(path):
        await ask(path)
        await ask(f"{path}/more")

    await asyncio.gather(*map(twice, SIBLINGS), ask("/fails"))


@pytest.mark.loopback
@pytest.mark.parametrize("connector", [gathers, has_a_task_group, has_a_semaphore, asks_for_more])
def test_a_recording_is_the_same_whatever_was_answered_before_a_request_failed(tmp_path, connector):
    def recorded(before):
        got = set()

        async def upstream(asked):
            while asked.path == "/fails" and not got.issuperset(before):
                await asyncio.sleep(0)
            if asked.path not in (*before, "/fails"):
                await asyncio.Event().wait()
            return (404 if asked.path == "/fails" else 200), {}, {}

        async def list_accounts(_):
            async with client() as http:

                async def ask(path):
                    response = await http.get(path)
                    got.add(path)
                    response.raise_for_status()

                await connector(ask)

        async def test(lumos):
            await lumos.call("list_accounts")

        project = Project(tmp_path, Connector(list_accounts=list_accounts), upstream)
        text = project.record(test)
        project.replay(test)
        assert [each.request.uri for each in project.cassette().interactions] == [f"{ORIGIN}/fails"]
        return text

    # With the semaphore, what comes later is asked for only after what comes before was answered.
    assert len({recorded(SIBLINGS[:count]) for count in range(len(SIBLINGS) + 1)}) == 1
