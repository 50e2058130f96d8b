"""The standard contract serves connectors of every kind: by pagination, credentials and protocol."""

from __future__ import annotations

import pytest

# How many tests there are for each kind, and for how many of them there was something to check.
KINDS = {
    "client_credentials": (0, 0),
    "cursors": (0, 0),
    "graphql": (0, 0),
    "groups_and_members": (0, 0),
    "link_header": (0, 0),
    "page_numbers": (0, 0),
    "synchronous": (0, 0),
}


@pytest.mark.loopback
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_recorded_and_replayed(zoo, kind):
    tests, checked = KINDS[kind]
    recorded = zoo(kind).run("--record-mode=once")
    assert recorded.exit_code == 0, recorded.output
    replayed = recorded.project.run()
    assert replayed.exit_code == 0, replayed.output
    assert replayed.outcomes == recorded.outcomes
