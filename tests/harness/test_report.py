from connector_contract.outcome import Outcome
from connector_contract.report import summary_lines


def test_a_replay_is_one_line():
    outcomes = [
        Outcome("a.py::t1", recorded=False, played=2, snapshots=1, capabilities={"list_accounts": 2}),
        Outcome(
            "a.py::t2", recorded=False, played=1, snapshots=2, capabilities={"list_accounts": 1, "info": 1}
        ),
    ]
    assert summary_lines(outcomes) == [
        "2 scenarios replayed offline: 3 requests as recorded, 3 responses as in the snapshots, "
        "2 capabilities called"
    ]


def test_a_recording_is_a_row_a_module_and_a_line():
    outcomes = [
        Outcome(
            "b.py::t1", recorded=True, upstream="app:create", new=3, cassette_changed=True, new_snapshots=1
        ),
        Outcome("a.py::t1", recorded=True, upstream="app:create", new=1),
        Outcome("b.py::t2", recorded=True, upstream="app:create", new=4, changed_snapshots=1),
    ]
    assert summary_lines(outcomes) == [
        "module  scenarios  interactions  changed cassettes  new snapshots",
        "a.py            1             1                  0              0",
        "b.py            2             7                  1              1",
        "3 scenarios recorded from app:create: 8 interactions, 1 cassette changed, 1 new snapshot, 1 changed",
    ]


def test_without_scenarios_there_is_nothing_to_say():
    assert summary_lines([]) == []
