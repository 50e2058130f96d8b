import pytest

from benchmarks.facts import READS, number
from benchmarks.stopwatch import seen


@pytest.mark.parametrize("index", range(len(READS)))
async def test_calls(lumos, contract_scenario, index):
    name, request, page = READS[index]
    await lumos.call(name, request, page=page)
    replays = contract_scenario.replays
    (call,) = replays.cassette.calls
    for _ in range(number("BENCH_CALLS")):
        seen((await replays.replay(call)).response)
