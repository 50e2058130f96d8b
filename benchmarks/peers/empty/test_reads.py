import connector.oai.integration  # noqa: F401 - what it imports is there in each side
import pytest

from benchmarks.facts import number


@pytest.mark.parametrize("index", range(number("BENCH_SCENARIOS")))
async def test_read(snapshot, index):
    assert snapshot == {"response": []}
