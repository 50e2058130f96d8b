"""One scenario, and after it tests that are none: what these still cost."""

import copy
import json

import httpx
import pytest

from benchmarks.facts import READS, number
from benchmarks.stopwatch import seen

RECORDS = [{"id": str(each), "tags": ["a", "b"], "address": {"city": "Delft"}} for each in range(10)]


async def test_a_scenario(lumos, snapshot):
    name, request, page = READS[0]
    assert seen(await lumos.call(name, request, page=page)) == snapshot


@pytest.mark.parametrize("index", range(number("BENCH_SCENARIOS")))
def test_plain(tmp_path, index):
    def answer(request):
        return httpx.Response(200, json=copy.deepcopy(RECORDS))

    with httpx.Client(transport=httpx.MockTransport(answer), verify=False) as client:  # noqa: S501
        found = client.get(f"https://app.example/{index}").json()
    path = tmp_path / "found.json"
    path.write_text(json.dumps(found), "utf-8")
    assert json.loads(path.read_text("utf-8")) == RECORDS
