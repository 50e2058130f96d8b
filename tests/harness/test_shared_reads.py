"""In which pages a contract class reads a list: the largest first, and a few of those that are too many."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest
from mockapp_connector.integration import integration

from connector_contract import ConnectorContract
from connector_contract.contract.capabilities import own_capabilities
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.shared_reads import SharedReads
from connector_contract.contract.shared_recordings import Shared
from connector_contract.recording.interactions import Cassette

CONFIG = replace(ContractConfig.of(ConnectorContract), page_sizes=(1, 3, 100))
ERROR = {"is_error": True, "error": {"error_code": "bad_gateway", "message": "?"}}


class Recordings:
    """Shared recordings of a list of so many records, which gives an error in pages of some sizes."""

    def __init__(self, records, errors=()):
        self.records, self.errors = records, errors
        self.read = []

    async def get(self, name, _script, _nodeid, _report_once, elsewhere, *, is_asked_once):
        assert not is_asked_once
        asked = name.rpartition("-")[2].rstrip("]")
        self.read.append(asked)
        self.compared = elsewhere
        size = 10 if asked == "default" else int(asked)
        pages = [{"response": []} for _ in range(0, self.records, size)]
        walk = Walk("list_accounts", size, [ERROR] if size in self.errors else pages)
        return Shared(walk, Cassette(), None)

    def snapshot(self, name, index):
        assert index == 0
        return f"TestC.{name}.json"


def reads(recordings):
    scenario = SimpleNamespace(
        know=lambda _redactor: None,
        forget=lambda: None,
        replaced_before=[],
        traces_before=[],
        traffic=SimpleNamespace(calls=[]),
    )
    capabilities = own_capabilities(integration)
    return SharedReads(recordings, capabilities, CONFIG, "t.py::t", lambda error: error, scenario, None)


def read(records, size):
    recordings = Recordings(records)
    asyncio.run(reads(recordings).read("list_accounts", size))
    return list(dict.fromkeys(recordings.read))


@pytest.mark.parametrize(
    ("records", "size", "names"),
    [
        (13, 100, ["100"]),
        # Whether a size is walked to its end depends on the larger ones.
        (13, 3, ["100", "3"]),
        (13, 1, ["100", "3", "1"]),
        (13, None, ["100", "3", "default"]),
        (500, 1, ["100", "1"]),
        (2, None, ["100", "3", "1", "default"]),
    ],
)
def test_larger_pages_are_read_first(records, size, names):
    assert read(records, size) == names


@pytest.mark.parametrize(
    ("records", "errors", "size"),
    [
        (500, (), 100),
        (13, (), 3),
        (2, (), 1),
        (13, (100,), 3),
        # It is the first that says what is wrong.
        (13, (100, 3, 1), 100),
    ],
)
def test_the_walk_with_the_most_pages_that_came_to_its_end(records, errors, size):
    shared = asyncio.run(reads(Recordings(records, errors)).paged("list_accounts"))
    assert shared.result.size == size


def test_the_largest_pages_are_compared_by_the_rule_records():
    recordings = Recordings(13)
    asyncio.run(reads(recordings).read("list_accounts", 100))
    assert recordings.compared == ["TestC.test_records[list_accounts].json"]
    asyncio.run(reads(recordings).read("list_accounts", 3))
    assert recordings.compared == ()
