"""Recordings that the rules of a class share: made once in a run, played once in a process, checked whole."""

from __future__ import annotations

import asyncio

import pytest
from scenario_testing import ORIGIN, Connector, application, client

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.contract.shared_recordings import OnceInRun, SharedRecordings
from connector_contract.errors import (
    ChangedOutcome,
    MissingCassette,
    UnmatchedRequest,
    UnplayedInteractions,
)
from connector_contract.recording.record_modes import DISABLED
from connector_contract.recording.scenario import Session
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.files import scenario_files

pytestmark = pytest.mark.loopback

NODEID = "test_c.py::TestC::test_shape[list_accounts]"
NAME = "reads[list_accounts-100]"
FILE = "cassettes/test_c/TestC.reads[list_accounts-100].yaml"


class Contract:
    """The shared recordings of one class, in one process after the other, and what its upstream is asked."""

    def __init__(self, root):
        self.root = root
        self.asked = []
        self.path = "/users"
        self.times = 1
        self.records = ["u1"]
        self.once = OnceInRun()
        self.reported = []

    def process(self, mode, once=None, *, update=False):
        async def list_accounts(_envelope):
            async with client() as http:
                for _ in range(self.times):
                    await http.get(self.path)
            return self.records

        def handle(asked):
            self.asked.append(asked.path)
            return {}

        under_test = ConnectorUnderTest(
            integration=Connector(list_accounts=list_accounts),
            upstream=Upstream(ORIGIN, lambda: application(handle)),
        )
        return SharedRecordings(
            under_test,
            scenario_files(self.root, NODEID),
            mode,
            None,
            Session(),
            WELL_KNOWN,
            update,
            once or self.once,
        )

    def get(self, recordings, elsewhere=()):
        async def script(scenario):
            response = await scenario.lumos.call("list_accounts")
            scenario.traffic.calls[-1].snapshots.extend(elsewhere)
            return response["response"]

        def report_once(error):
            self.reported.append(error)
            return error

        return asyncio.run(recordings.get(NAME, script, NODEID, report_once, elsewhere))

    def record(self):
        recordings = self.process("once")
        self.get(recordings)
        self.asked.clear()
        return recordings


@pytest.fixture
def contract(tmp_path):
    return Contract(tmp_path)


def test_whoever_asks_later_gets_what_the_first_one_got(contract):
    recordings = contract.process("once")
    first, second = contract.get(recordings), contract.get(recordings)
    assert first is second
    assert (first.result, len(first.cassette.interactions)) == (["u1"], 1)
    assert contract.asked == ["/users"]
    assert (contract.root / FILE).exists()


def test_it_is_replayed_by_another_process(contract):
    contract.record()
    recordings = contract.process("none")
    assert contract.get(recordings).result == ["u1"]
    assert contract.asked == []
    (outcome,) = recordings.taken()
    assert (outcome.nodeid, outcome.is_shared) == (f"test_c.py::TestC.{NAME}", True)
    assert (outcome.recorded, outcome.played) == (False, 1)
    assert recordings.taken() == []


def test_what_is_missing_is_missing_for_each_that_asks(contract):
    recordings = contract.process("none")
    for _ in range(2):
        with pytest.raises(MissingCassette, match=FILE.replace("[", r"\[")):
            contract.get(recordings)
    first, second = contract.reported
    assert first is second


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"path": "/people"}, UnmatchedRequest),
        ({"times": 2}, UnmatchedRequest),
        ({"times": 0}, UnplayedInteractions),
        ({"records": []}, ChangedOutcome),
    ],
)
def test_it_is_checked_as_a_scenario_is(contract, change, error):
    contract.record()
    vars(contract).update(change)
    with pytest.raises(error):
        contract.get(contract.process("none"))


def test_what_a_rule_compares_in_a_snapshot_is_left_to_it(contract):
    recordings = contract.process("once")
    contract.get(recordings, ["TestC.test_records[list_accounts].json"])
    contract.records = []
    assert contract.get(contract.process("none"), ["TestC.test_records[list_accounts].json"]).result == []


def test_a_changed_outcome_is_accepted_by_an_update(contract):
    contract.record()
    contract.records = ["u1", "u2"]
    contract.get(contract.process("none", update=True))
    assert contract.get(contract.process("none")).result == ["u1", "u2"]


def test_a_run_records_again_once_whichever_worker_is_first(contract, tmp_path):
    contract.record()
    folder = tmp_path / "run"
    folder.mkdir()
    one, other = (contract.process("rewrite", OnceInRun(folder)) for _ in range(2))
    assert contract.get(one).result == contract.get(other).result == ["u1"]
    assert contract.asked == ["/users"]
    (recorded,), (replayed,) = one.taken(), other.taken()
    assert (recorded.recorded, replayed.recorded) == (True, False)
    contract.get(contract.process("rewrite", OnceInRun()))
    assert contract.asked == ["/users", "/users"]


def test_a_recording_that_failed_is_tried_again_and_the_old_file_stays(contract):
    contract.record()
    before = (contract.root / FILE).read_bytes()
    contract.path = "https://elsewhere.example/users"
    recordings = contract.process("rewrite")
    with pytest.raises(Exception, match="elsewhere"):
        contract.get(recordings)
    assert (contract.root / FILE).read_bytes() == before
    contract.path = "/users"
    assert contract.get(recordings).result == ["u1"]


def test_nothing_is_written_where_recording_is_disabled(contract):
    recordings = contract.process(DISABLED)
    assert contract.get(recordings) is contract.get(recordings)
    assert contract.asked == ["/users"]
    assert not (contract.root / FILE).exists()


def test_a_file_that_was_replaced_is_named(contract):
    assert contract.record() is not None
    contract.path = "/people"
    assert contract.get(contract.process("rewrite", OnceInRun())).replaced == [FILE]
    assert contract.get(contract.process("none")).replaced == []
