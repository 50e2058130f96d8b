import asyncio
import json

import httpx
import pytest

from benchmarks.facts import PATHS, READS, expected, number, origin
from benchmarks.stopwatch import seen
from benchmarks.subject import envelope


@pytest.mark.parametrize("index", range(len(READS)))
def test_calls(monkeypatch, index):
    from mockapp_connector.integration import integration

    name, request, page = READS[index]
    body = json.dumps(expected(PATHS[name])).encode()
    headers = {"content-type": "application/json"}
    mock = httpx.MockTransport(lambda request: httpx.Response(200, headers=headers, content=body))
    monkeypatch.setattr(httpx.AsyncClient, "_init_transport", lambda *_, **__: mock)
    text = envelope(request, page, {"api_url": origin("BENCH_MOCKAPP")})

    async def call_again_and_again():
        for _ in range(number("BENCH_CALLS")):
            seen(json.loads(await integration.dispatch(name, text)))

    asyncio.run(call_again_and_again())
