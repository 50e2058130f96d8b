import pytest
from pytest_recording.plugin import RECORD_MODES

from connector_contract.recording.record_modes import plan_for


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize("mode", RECORD_MODES)
def test_every_mode_of_pytest_recording_has_a_plan(mode, exists):
    plan = plan_for(mode, exists)
    assert plan.load or plan.record or (mode, exists) == ("none", False)
    assert exists or not plan.load


@pytest.mark.parametrize("mode", ["none", "once"])
def test_what_is_recorded_is_replayed_and_not_asked_for_again(mode):
    plan = plan_for(mode, cassette_exists=True)
    assert (plan.load, plan.play, plan.record) == (True, True, False)


def test_only_a_recording_writes_snapshots():
    assert not plan_for("none", cassette_exists=True).write_snapshots
    assert plan_for("once", cassette_exists=False).write_snapshots
