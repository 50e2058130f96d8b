import pytest

from benchmarks.facts import PAGE_SIZE, expected, number, origin
from benchmarks.stopwatch import seen
from benchmarks.subject import body, walk

BODIES = [body(index * PAGE_SIZE) for index in range(number("BENCH_PAGES"))]


@pytest.mark.parametrize("pages", [1, number("BENCH_PAGES")])
def test_walk(httpx_mock, pages):
    for index in range(pages):
        httpx_mock.add_response(
            url=f"{origin('BENCH_WALKER')}/api/users?limit={PAGE_SIZE}&offset={index * PAGE_SIZE}",
            match_headers={"Authorization": "Bearer valid-token"},
            content=BODIES[index],
        )
    assert seen(walk(pages)) == expected(f"walk {pages}")
