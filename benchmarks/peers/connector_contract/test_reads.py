import pytest

from benchmarks.facts import READS, number
from benchmarks.stopwatch import seen


@pytest.mark.parametrize("index", range(number("BENCH_SCENARIOS")))
async def test_read(lumos, snapshot, index):
    name, request, page = READS[index % len(READS)]
    assert seen(await lumos.call(name, request, page=page)) == snapshot
