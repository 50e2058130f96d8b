"""Scenarios live beside other tests, plugins and cassettes."""

from __future__ import annotations

import pytest


def test_plain_snapshots_and_cassettes_keep_their_own_places(recorded):
    plain = recorded.write(
        "test_plain.py",
        "import pytest\n\n"
        "def test_snapshot(snapshot):\n    assert {'a': 1} == snapshot\n\n"
        "@pytest.mark.vcr\ndef test_vcr(vcr):\n    assert '/test_plain/' in str(vcr._path)\n",
    )
    run = plain.run("--snapshot-update", "test_plain.py")
    run.had(passed=2)
    assert "__snapshots__/test_plain.ambr" in run.project.files


STOCK = """
import httpx
import pytest


@pytest.fixture
def vcr_cassette_dir():
    return "cassettes/test_acme"


@pytest.mark.vcr
@pytest.mark.default_cassette("test_walk.yaml")
def test_walk():
    first = httpx.get("https://acme.example.com/v1/users?limit=2&start=0").json()
    assert [user["login"] for user in first["users"]] == ["ada", "bob"]
    last = httpx.get("https://acme.example.com/v1/users?limit=2&start=2").json()
    assert [user["login"] for user in last["users"]] == ["Zoë"]
"""


def test_stock_pytest_recording_replays_our_cassettes(recorded):
    run = recorded.write("test_stock.py", STOCK).run(
        "-p", "no:connector-contract", "--block-network", "test_stock.py", subprocess=True
    )
    run.had(passed=1)


def test_pytest_asyncio_may_run_the_scenarios(recorded):
    pytest.importorskip("pytest_asyncio", reason="the lowest versions are tested without it")
    strict = recorded.write("pytest.ini", "[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    strict.run(plugins=("asyncio",)).had(passed=3)
    auto = strict.write("pytest.ini", strict.files["pytest.ini"].decode() + "asyncio_mode = auto\n")
    auto.run(plugins=("asyncio",)).had(passed=3)


def test_a_synchronous_test_may_run_its_own_loop(recorded):
    sync = recorded.write(
        "test_acme.py",
        "import asyncio\n\ndef test_walk(lumos, snapshot):\n"
        "    assert asyncio.run(lumos.walk('list_accounts', page_size=2)) == snapshot\n",
    )
    sync.run().had(passed=1)
