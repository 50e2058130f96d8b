import pytest

from benchmarks.facts import number, origin
from benchmarks.stopwatch import seen


@pytest.mark.parametrize("pages", [1, number("BENCH_PAGES")])
async def test_walk(lumos, snapshot, pages):
    settings = {"url": origin("BENCH_WALKER"), "pages": pages}
    assert seen(await lumos.call("validate_credentials", settings=settings)) == snapshot
