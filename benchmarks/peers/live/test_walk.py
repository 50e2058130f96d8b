import pytest

from benchmarks.facts import expected, number
from benchmarks.stopwatch import seen
from benchmarks.subject import walk


@pytest.mark.parametrize("pages", [1, number("BENCH_PAGES")])
def test_walk(pages):
    assert seen(walk(pages)) == expected(f"walk {pages}")
