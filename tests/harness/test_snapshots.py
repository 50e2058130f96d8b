"""A scenario's snapshots: compared by syrupy, written by nobody before the scenario has passed."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.location import PyTestLocation
from syrupy.session import SnapshotSession

from connector_contract.errors import ChangedResponse, MissingSnapshot, UsageError
from connector_contract.storage.files import scenario_files
from connector_contract.storage.snapshot_format import snapshot_text
from connector_contract.storage.snapshots import PendingSnapshots, scenario_snapshot, snapshot_extension

NODEID = "test_m.py::test_walk"
ANSWER = {"response": [{"id": "u1"}]}


class Scenario:
    """One scenario's files and snapshots, in a session of syrupy's that ends with it."""

    def __init__(self, request, root, *, write_missing=False, update=False):
        self.files = scenario_files(root, NODEID)
        self.pending = PendingSnapshots()
        self.session = SnapshotSession(request.session)
        self.extension = snapshot_extension(
            self.files.snapshot, self.pending, lambda data: {**data, "secret": "<token>"} if data else data
        )
        plain = SnapshotAssertion(
            session=self.session,
            extension_class=self.extension,
            test_location=PyTestLocation(request.node),
            update_snapshots=update,
        )
        self.snapshot = scenario_snapshot(plain, self.extension, self.pending, write_missing)

    def store(self, data, index=0):
        path = self.files.snapshot(index)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else snapshot_text(data).encode())
        return path

    def check(self):
        self.pending.check(self.files.shown, NODEID)


@pytest.fixture
def scenario(request, tmp_path):
    return lambda **options: Scenario(request, tmp_path, **options)


STORED = {**ANSWER, "secret": "<token>"}


def test_a_response_without_its_secrets_is_what_the_file_has(scenario):
    one = scenario()
    path = one.store(STORED)
    assert one.snapshot == ANSWER
    one.check()
    assert one.pending.comparisons.held == 1
    assert (one.pending.asked, one.pending.files) == ({path}, {})


def test_snapshots_are_found_by_their_number_or_name(scenario):
    one = scenario()
    paths = [one.store(STORED), one.store([], "all"), one.store([], 2)]
    assert one.snapshot == ANSWER
    assert [] == one.snapshot(name="all")  # noqa: SIM300 - either way round
    assert one.snapshot == []
    assert [comparison.snapshot for comparison in one.pending.comparisons.made] == paths
    one.check()


def test_a_difference_is_kept_with_its_lines(scenario):
    one = scenario()
    one.store({**STORED, "response": []})
    assert (one.snapshot == ANSWER) is False
    with pytest.raises(ChangedResponse) as caught:
        one.check()
    assert caught.value.what == "A response differs from its snapshot, and the test went on."
    assert '+       "id": "u1"' in caught.value.details
    assert dict(caught.value.where)["compared in"].startswith(__file__)


@pytest.mark.parametrize("options", [{"write_missing": True}, {"update": True}])
def test_what_is_missing_waits_to_be_written(scenario, options):
    one = scenario(**options)
    assert one.snapshot == ANSWER
    one.session.flush_snapshot_write_queue()
    one.check()
    path = one.files.snapshot(0)
    assert one.pending.files == {path: snapshot_text(STORED)}
    assert not path.exists()


def test_what_is_missing_is_a_failure_where_nothing_is_written(scenario):
    one = scenario()
    assert (one.snapshot == ANSWER) is False
    with pytest.raises(MissingSnapshot, match="A response has no snapshot to compare it with"):
        one.check()


@pytest.mark.parametrize(("options", "held"), [({"update": True}, True), ({"write_missing": True}, False)])
def test_a_change_is_accepted_by_an_update_alone(scenario, options, held):
    one = scenario(**options)
    path = one.store({})
    assert (one.snapshot == ANSWER) is held
    one.session.flush_snapshot_write_queue()
    assert path.read_text() == snapshot_text({})
    assert one.pending.files == ({path: snapshot_text(STORED)} if held else {})


def test_what_waits_to_be_written_is_what_is_compared_with_next(scenario):
    one = scenario(write_missing=True)
    assert one.snapshot(name="a") == ANSWER
    one.session.flush_snapshot_write_queue()
    assert one.snapshot(name="a") == ANSWER
    assert (one.snapshot(name="a") == []) is False


def test_a_file_that_is_no_text_is_a_difference(scenario):
    one = scenario()
    one.store(b"\xff\xfe")
    assert (one.snapshot == ANSWER) is False
    assert one.pending.comparisons.made[0].failure is None


def test_a_response_that_is_no_json_cannot_be_compared(scenario):
    one = scenario()
    one.store([])
    assert (one.snapshot == {"response": {1, 2}}) is False
    with pytest.raises(UsageError) as caught:
        one.check()
    assert caught.value.details == ("TypeError: Object of type set is not JSON serializable",)


def test_what_is_refused_is_a_failure_though_the_test_caught_it(scenario):
    one = scenario()
    one.store(STORED)
    with pytest.raises(UsageError, match="!= proves nothing"):
        assert one.snapshot != []
    assert one.snapshot == ANSWER
    with pytest.raises(UsageError, match="!= proves nothing"):
        one.check()


def test_of_snapshots_that_lie_elsewhere_syrupy_finds_none_to_be_unused(scenario):
    extension = scenario().extension()
    assert list(extension.discover_snapshots(test_location=None)) == []
    assert extension.matches_test_location(test_location=None, snapshot_location="x")
