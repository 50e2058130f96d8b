"""What MockApp's scenarios call, and what its upstream answers, for a test that has no harness.

The scenarios are read by the harness, once, before anything is measured; the measured tests import nothing
of it.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from connector_contract import ConnectorUnderTest
    from connector_contract.recording.interactions import Cassette, Interaction


def scenarios(root: Path) -> list[list[dict[str, Any]]]:
    """The calls of each scenario that has a cassette: what is sent, what comes of it, and all answers.

    Args:
        root: The project.
    """
    from connector_contract.storage.cassette_format import read_cassette

    found = []
    for path in sorted((root / "cassettes" / "tests" / "contract").rglob("*.yaml")):
        with path.open("rb") as stream:
            found.append(_calls(read_cassette(stream), _connector()))
    return found


def _connector() -> ConnectorUnderTest:
    from mockapp_connector.integration import integration

    from connector_contract import ConnectorUnderTest, Upstream

    origin = "http://localhost:8000"
    auth = {"token": {"token": "valid-token"}}
    return ConnectorUnderTest(integration, Upstream(origin), auth=auth, settings={"api_url": origin})


def _calls(cassette: Cassette, connector: ConnectorUnderTest) -> list[dict[str, Any]]:
    from connector_contract.recording.call import Failure
    from connector_contract.recording.envelope import envelope_of
    from connector_contract.secrets.known_secrets import Secrets

    return [
        {
            "capability": call.capability,
            "envelope": json.dumps(envelope_of(call, connector, Secrets())),
            "is_error": isinstance(call.outcome, Failure),
            "answers": [_answer(cassette.interactions[number - 1]) for number in call.interactions],
        }
        for call in cassette.calls
    ]


def _answer(interaction: Interaction) -> dict[str, Any]:
    response = interaction.response
    return {
        "asked": f"{interaction.request.method} {interaction.request.uri}",
        "status": response.status,
        "headers": list(response.headers),
        "body": response.body.decode(),
    }


def transport(answers: list[dict[str, Any]]) -> httpx.MockTransport:
    """What answers one call, each request once."""
    left: dict[str, deque[dict[str, Any]]] = defaultdict(deque)
    for answer in answers:
        left[answer["asked"]].append(answer)

    def answered(request: httpx.Request) -> httpx.Response:
        answer = left[f"{request.method} {request.url}"].popleft()
        return httpx.Response(answer["status"], headers=answer["headers"], content=answer["body"].encode())

    return httpx.MockTransport(answered)
