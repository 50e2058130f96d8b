import time

import connector.oai.integration  # noqa: F401 - what it imports is there in each side
import pytest

from benchmarks.facts import number


@pytest.mark.parametrize("index", range(number("BENCH_SCENARIOS")))
def test_read(index):
    end = time.thread_time() + number("BENCH_BURN") / 1_000_000
    while time.thread_time() < end:
        pass
