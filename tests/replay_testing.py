"""A stored call that is replayed alone, for tests that need no recording."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager

from scenario_testing import ORIGIN, Connector, client
from traffic_testing import traffic_for

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.clients.vcr_adapter import intercepted
from connector_contract.recording.call import Call, Success
from connector_contract.recording.dispatch import forget
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.recording.lanes import following_threads
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.replay import Replays
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.upstream.network import no_network

BROKEN = Response(503)


def said(path, body=None, *, method="GET", status=200, headers=(), sent=b"", origin=ORIGIN):
    """An interaction whose response is JSON."""
    request = Request(method, origin + path, tuple(headers), sent)
    return Interaction(request, Response(status, "", (), json.dumps(body).encode()))


def called(*numbers, capability="read", **asked):
    """A call that has made these interactions."""
    return Call(capability, Success(), asked, numbers)


@contextmanager
def replaying(connector, interactions, calls=(), given_up=(), origin=ORIGIN, **options):
    """Replays of a cassette; no verdict may be left of them, and no call."""
    under_test = ConnectorUnderTest(integration=connector, upstream=Upstream(origin=origin), **options)

    def normalizer(_connector):
        secrets = Secrets(aliases=under_test.aliases)
        secrets.add(under_test.auth, under_test.credentials)
        return Normalizer(secrets)

    cassette = Cassette(tuple(interactions), tuple(calls), tuple(given_up))
    traffic = traffic_for(origin, cassette)
    with following_threads(), no_network(traffic.report), intercepted(traffic):
        yield Replays(under_test, cassette, traffic, normalizer, lambda: forget(under_test))
    assert (traffic.verdicts, traffic.calls, traffic.recorder.sent) == ([], [], [])
    assert traffic.player.left == list(range(1, len(interactions) + 1))


def replay(
    connector, interactions, call, changes=None, *, otherwise=None, in_turn=False, rate_limit=None, **options
):
    """What comes of a call that is replayed alone."""
    how = {"otherwise": otherwise, "in_turn": in_turn, "rate_limit": rate_limit}
    with replaying(connector, interactions, [call], **options) as replays:
        return asyncio.run(replays.replay(call, changes, **how))


def reads(*paths):
    """A connector that reads one path after the other."""

    async def read(_):
        async with client() as http:
            return [(await http.get(path)).status_code for path in paths]

    return Connector(read=read)
