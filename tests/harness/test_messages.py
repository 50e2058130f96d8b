from connector_contract.reporting.messages import cause_lines, note_lines, summary_lines, write_lines
from connector_contract.reporting.outcome import Outcome
from connector_contract.reporting.run_report import Note


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


def test_a_recording_that_asks_for_more_a_day_later_is_named():
    outcomes = [Outcome("a.py::t1", recorded=True, upstream="app", fails_later=True)]
    assert summary_lines(outcomes)[-1] == (
        "its replay will fail a day later: a.py::t1: the connector asks for something else then, "
        "because a time in a response, such as the expiry of a token, is over"
    )


def test_real_people_are_spoken_of_once():
    outcomes = [
        Outcome("a.py::t1", recorded=True, upstream="https://a.acme.com", stores_people=True),
        Outcome("a.py::t2", recorded=True, upstream="https://a.acme.com", stores_people=True),
        Outcome("b.py::t1", recorded=True, upstream="https://b.acme.com", stores_people=True),
        Outcome("c.py::t1", recorded=True, upstream="https://c.acme.com"),
    ]
    assert summary_lines(outcomes)[-1:] == [
        "names, addresses and numbers of the people in https://a.acme.com, https://b.acme.com are stored as "
        "they are. To have made-up people: ConnectorUnderTest(personal_data=True); if this is meant: "
        "personal_data=False"
    ]
    assert not [line for line in summary_lines(outcomes[3:]) if "people" in line]


def test_new_snapshots_with_an_error_are_named():
    paths = [f"snapshots/{number}.json" for number in range(12)]
    outcomes = [Outcome("a.py::t1", recorded=True, upstream="app", new_snapshots=12, new_errors=paths)]
    lines = summary_lines(outcomes)[-11:]
    assert lines[0] == "a new snapshot has an error: snapshots/0.json"
    assert lines[10] == "and 2 more new snapshots have one"


def test_one_reason_behind_many_failures_is_told_at_the_end():
    causes = {"It is down.\n  where: here\nStart it.": 2, "Another.": 1}
    assert cause_lines(causes, 3, ["tests/a b", "-q"]) == [
        "2 more tests failed for this reason:",
        "It is down.",
        "  where: here",
        "Start it.",
        "1 more test failed for this reason:",
        "Another.",
        "3 scenarios are not recorded. Record them:",
        "  pytest 'tests/a b' -q --record-mode=once",
    ]


def test_one_scenario_that_is_not_recorded_says_so_itself():
    assert cause_lines({}, 1, []) == []


def test_without_scenarios_there_is_nothing_to_say():
    assert summary_lines([]) == []


def test_requests_that_grow_with_the_records_are_told_for_each_capability():
    outcomes = [
        Outcome(
            "a.py::t1", recorded=True, requests={"list_b": [{"/b": 1, "/b/*": 3}], "list_a": [{"/a": 9}]}
        ),
        Outcome("a.py::t2", recorded=True, requests={"list_b": [{"/b": 2}], "get_a": [{"/a/*": 4}]}),
    ]
    assert summary_lines(outcomes)[-2:] == [
        "requests in a call of get_a: 1 per /a/*",
        "requests in a call of list_b: 1 + 1 per /b/*",
    ]


def test_cassettes_of_an_earlier_form_are_counted_once():
    outcomes = [Outcome(f"a.py::t{number}", recorded=False, old_form=number > 0) for number in range(3)]
    assert summary_lines(outcomes)[1:] == [
        "2 cassettes of an earlier form, without calls. Bring them up to date: pytest --record-mode=rewrite"
    ]


def test_files_that_were_replaced_under_a_broken_rule_can_be_had_again():
    outcomes = [
        Outcome(f"a.py::t{number}", recorded=False, replaced_under=[f"cassettes/a b/{number}.yaml"])
        for number in range(12)
    ]
    lines = summary_lines(outcomes)[1:]
    assert lines[:2] == [
        "12 files replaced, although a rule fails. To get the old ones back:",
        "  git restore 'cassettes/a b/0.yaml'",
    ]
    assert (len(lines), lines[-1]) == (12, "  and 2 more")
    assert len(summary_lines(outcomes[:10])[1:]) == 11


def test_snapshots_that_a_replay_wrote_are_not_counted_as_proved():
    outcomes = [Outcome("a.py::t", recorded=False, snapshots=5, new_snapshots=1, changed_snapshots=2)]
    assert summary_lines(outcomes) == [
        "1 scenario replayed offline: 0 requests as recorded, 2 responses as in the snapshots, "
        "0 capabilities called; 1 new snapshot, 2 changed"
    ]


def test_waivers_are_told_before_what_had_nothing_to_check():
    notes = [Note("nothing to check", "a", "x"), Note("waived", "c", "z"), Note("waived", "b", "y")]
    assert note_lines(notes) == ["waived: b: y", "waived: c: z", "nothing to check: a: x"]


def test_what_was_written_is_said_and_what_became_of_it():
    assert write_lines([], [], []) == []
    assert write_lines(
        ["delete_account: account_id: u2"], ["activate_account u1"], ["delete_account u2: no"]
    ) == [
        "written, though writable_ids does not declare it: delete_account: account_id: u2",
        "put back: activate_account u1",
        "not put back: delete_account u2: no",
    ]


def test_a_user_name_that_is_data_is_said_once():
    outcomes = [
        Outcome(f"a.py::t{n}", recorded=True, user_names=["admin (basic.username)"]) for n in range(3)
    ]
    (line,) = (each for each in summary_lines(outcomes) if "user name" in each)
    assert line == (
        "a user name that is data, too, and stays there: admin (basic.username), in a.py::t0 and 2 more. "
        "It has a placeholder where it authenticates alone"
    )
