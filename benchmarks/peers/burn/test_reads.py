import json

import connector.oai.integration  # noqa: F401 - what it imports is there in each side
import pytest

from benchmarks.facts import number

RECORDS = [{"id": f"u{index}", "email": f"user{index}@example.com", "mfa": True} for index in range(10)]


@pytest.mark.parametrize("index", range(number("BENCH_SCENARIOS")))
def test_read(index):
    # Work, and not time: where two workers slow each other down, this takes longer, too.
    for _ in range(number("BENCH_BURN")):
        json.loads(json.dumps(RECORDS))
