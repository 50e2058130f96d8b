import json
import os
from pathlib import Path

import httpx
import pytest
from mockapp_connector.integration import integration

from benchmarks.contract_calls import transport
from benchmarks.stopwatch import seen

SCENARIOS = json.loads(Path(os.environ["BENCH_CONTRACT"]).read_text("utf-8"))


async def dispatch(monkeypatch, call):
    if call["capability"] == "info":
        return integration.info().model_dump(mode="json")
    answers = transport(call["answers"])
    monkeypatch.setattr(httpx.AsyncClient, "_init_transport", lambda *_, **__: answers)
    response = json.loads(await integration.dispatch(call["capability"], call["envelope"]))
    assert bool(response.get("is_error")) == call["is_error"], response
    return response


@pytest.mark.parametrize("index", range(len(SCENARIOS)))
async def test_calls(monkeypatch, snapshot, index):
    responses = [await dispatch(monkeypatch, call) for call in SCENARIOS[index]]
    assert seen(responses) == snapshot
