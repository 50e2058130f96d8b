import pytest

from benchmarks.facts import PATHS, READS, expected, number, origin
from benchmarks.stopwatch import seen
from benchmarks.subject import read_mockapp


@pytest.mark.parametrize("index", range(number("BENCH_SCENARIOS")))
def test_read(httpx_mock, index):
    name = READS[index % len(READS)][0]
    httpx_mock.add_response(
        url=origin("BENCH_MOCKAPP") + PATHS[name],
        match_headers={"Authorization": "Bearer valid-token"},
        json=expected(PATHS[name]),
    )
    assert seen(read_mockapp(index)) == expected(name)
