import pytest

from benchmarks.facts import number
from benchmarks.stopwatch import seen


@pytest.mark.parametrize("pages", [1, number("BENCH_PAGES")])
async def test_walk(lumos, snapshot, pages):
    assert seen(await lumos.call("validate_credentials")) == snapshot
