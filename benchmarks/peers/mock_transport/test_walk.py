import httpx
import pytest

from benchmarks import subject
from benchmarks.facts import PAGE_SIZE, expected, number
from benchmarks.stopwatch import seen
from benchmarks.subject import body, walk

BODIES = {str(index * PAGE_SIZE): body(index * PAGE_SIZE) for index in range(number("BENCH_PAGES"))}


def answer(request):
    return httpx.Response(
        200, headers={"content-type": "application/json"}, content=BODIES[request.url.params["offset"]]
    )


@pytest.mark.parametrize("pages", [1, number("BENCH_PAGES")])
def test_walk(monkeypatch, pages):
    monkeypatch.setattr(subject, "transport", httpx.MockTransport(answer))
    assert seen(walk(pages)) == expected(f"walk {pages}")
