"""The traffic of a scenario, for tests that need neither a connector nor pytest's part."""

from __future__ import annotations

from pathlib import Path

from connector_contract.recording.assembly import assemble
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.mismatch import Place
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.player import Player
from connector_contract.recording.record_modes import plan_for
from connector_contract.recording.traffic import Traffic
from connector_contract.secrets.redaction import Secrets


def traffic_for(origin: str, cassette: Cassette | None = None, secrets: Secrets | None = None) -> Traffic:
    """Traffic that plays a cassette, or, without one, records."""
    return Traffic(
        plan_for("rewrite" if cassette is None else "none", cassette is not None),
        Player(cassette or Cassette()),
        Normalizer(secrets or Secrets()),
        Place("test_x.py::test_x", "x.yaml", origin),
        Path.cwd(),
    )


def recorded_by(traffic: Traffic) -> Cassette:
    """What has been recorded, as a cassette keeps it."""
    return assemble(Cassette(), traffic.calls, traffic.recorder, traffic._normalizer)
