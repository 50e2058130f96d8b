import pytest

from benchmarks.facts import READS, expected, number
from benchmarks.stopwatch import seen
from benchmarks.subject import read_mockapp


@pytest.mark.vcr
@pytest.mark.parametrize("index", range(number("BENCH_SCENARIOS")))
def test_read(index):
    assert seen(read_mockapp(index)) == expected(READS[index % len(READS)][0])
