"""The rules **cursor** and **updates**: what a cursor of ``list_updated_accounts`` leads to."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_server import real_server
from rules_testing import failure, told, walk

from connector_contract.contract.rules.cursor import (
    cursor_of,
    observed_write,
    repeat_breach,
    unknown_cursor_breach,
    unproven,
    unseen_breach,
    with_cursor,
    without_start,
)
from connector_contract.fill_in import FillIn

NAME = "list_updated_accounts"


def response(*ids, cursor=None, following=None, **fields):
    accounts = [{"integration_specific_id": id_, **fields} for id_ in ids]
    return {"response": {"accounts": accounts, "cursor": cursor}, "page": {"token": following}}


def updates(*pages):
    return walk(*pages, name=NAME, within="accounts", key_fields=("integration_specific_id",))


FIRST = updates(response("u1", "u2", cursor="c1"))


def test_the_cursor_is_the_last_that_was_given():
    assert cursor_of(FIRST) == "c1"
    assert cursor_of(updates(response("u1", cursor="c1", following="2"), response("u2", cursor="c2"))) == "c2"
    assert cursor_of(updates(response("u1", cursor="c1", following="2"), response("u2"))) == "c1"
    assert cursor_of(updates(response("u1", cursor=""))) is None
    assert cursor_of(updates(failure())) is None


def test_a_cursor_takes_the_place_of_a_time():
    request = {"since": "2024-05-01T09:00:00Z", "custom_attributes": ["team"]}
    assert with_cursor(request, "c1") == {"custom_attributes": ["team"], "cursor": "c1"}
    # A replay goes on from the recorded one.
    recorded = {"cursor": "c0", "custom_attributes": ["locker"]}
    assert with_cursor(request, "c1", recorded) == {"custom_attributes": ["team"], "cursor": "c0"}
    assert with_cursor({}, "c1", {"since": "2024-05-01T09:00:00Z"}) == {"cursor": "c1"}


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(response(cursor="c2"), id="nothing has changed"),
        pytest.param(response("u3", cursor="c2"), id="another account has changed"),
        pytest.param(response("u1", cursor="c2", email="new"), id="the same account has changed again"),
        pytest.param(response(), id="no further cursor"),
    ],
)
def test_only_what_has_changed_since(again):
    assert told(repeat_breach(FIRST, updates(again))) == []


def test_accounts_that_come_again_unchanged():
    title = "with the cursor that it gave, it gives 1 account again, unchanged"
    assert told(repeat_breach(FIRST, updates(response("u2", "u3")))) == [(NAME, title, ["u2"])]


NOTHING, ALL = updates(response(cursor="c1")), updates(response("u1", "u2", "u3"))


def test_what_a_late_time_left_out_lies_before_the_cursor_too():
    title = "with the cursor that it gave, it gives 2 accounts again, unchanged"
    again = updates(response("u1", "u3", "u4"))
    assert told(repeat_breach(NOTHING, again)) == []
    assert told(repeat_breach(NOTHING, again, ALL)) == [(NAME, title, ["u1", "u3"])]
    assert told(repeat_breach(NOTHING, updates(response("u1", email="new")), ALL)) == []
    # What has changed between the two is as the later one has it.
    later = updates(response("u1", cursor="c1", email="new"))
    assert told(repeat_breach(later, updates(response("u1", email="new")), ALL))[0][2] == ["u1"]
    assert told(repeat_breach(NOTHING, updates(response()), updates(failure()))) == []


def test_all_there_is_has_no_beginning():
    asked = {"since": "2024-05-01T09:00:00Z", "cursor": "c1", "custom_attributes": ["team"]}
    assert without_start(asked) == {"custom_attributes": ["team"]}
    assert without_start({}) == {}


def test_where_nothing_comes_in_any_case_a_cursor_is_not_proven():
    assert unproven(FIRST, None) is unproven(NOTHING, ALL) is unproven(FIRST, ALL) is None
    # Without a time it gives an error, with the cursor it does not.
    assert unproven(NOTHING, updates(failure("bad_request"))) is None
    assert unproven(NOTHING, None) == "list_updated_accounts has no records"
    why = "list_updated_accounts has no records without a time, so nothing shows that it looks at its cursor"
    assert unproven(FIRST, NOTHING) == unproven(NOTHING, NOTHING) == why


def test_a_cursor_that_was_given_and_is_refused():
    (found,) = told(repeat_breach(FIRST, updates(failure("bad_request"))))
    assert found[1].startswith("with the cursor that it gave, the walk in pages of 100 ended with an error")


@pytest.mark.parametrize(
    "unknown",
    [
        pytest.param(failure("bad_request"), id="an error"),
        pytest.param(failure("not_found"), id="another error"),
        pytest.param(response("u1", "u2", "u3"), id="everything"),
        pytest.param(response("u1", following="2"), id="everything, in pages"),
    ],
)
def test_an_unknown_cursor_gives_an_error_or_all(unknown):
    assert told(unknown_cursor_breach(FIRST, unknown)) == []


def test_nothing_is_all_there_is():
    assert told(unknown_cursor_breach(updates(response(cursor="c1")), response())) == []


@pytest.mark.parametrize(
    ("unknown", "lost"),
    [(response(), ["u1", "u2"]), (response("u1"), ["u2"]), (response(following="2"), ["u1", "u2"])],
)
def test_an_unknown_cursor_that_loses_accounts(unknown, lost):
    accounts = "2 accounts" if len(lost) > 1 else "1 account"
    title = f"a cursor that was never handed out gave a success without {accounts}"
    assert told(unknown_cursor_breach(FIRST, unknown)) == [(NAME, title, lost)]


@pytest.mark.parametrize("code", ["internal_error", "unauthorized", "service_error"])
def test_an_unknown_cursor_with_a_code_that_misleads(code):
    title = f"a cursor that was never handed out gave {code}: No."
    assert told(unknown_cursor_breach(FIRST, failure(code))) == [(NAME, title, [])]


def test_a_write_shows_in_what_has_changed():
    assert told(unseen_breach("update_account", "u1", updates(response("u1")))) == []
    assert told(unseen_breach("update_account", 7, updates(response("7", "u2")))) == []
    # The rest of a sample is not known.
    assert told(unseen_breach("update_account", "u1", updates(response("u2", following="2")))) == []


def test_a_write_that_does_not_show():
    title = "after update_account, 'u1' is not among the accounts that have changed"
    assert told(unseen_breach("update_account", "u1", updates(response("u2")))) == [(NAME, title, ["u2"])]
    (found,) = told(unseen_breach("update_account", "u1", updates(failure())))
    assert found[1].startswith("with a cursor from before update_account, the walk in pages of 100 ended")


@pytest.mark.parametrize(
    ("requests", "write"),
    [
        ({"create_account": {}, "activate_account": {}, "update_account": {}}, "update_account"),
        ({"activate_account": {}, "deactivate_account": {}}, "deactivate_account"),
        ({"update_account": FillIn("ID", "here"), "create_account": {}}, "create_account"),
        ({"delete_account": {}, "assign_entitlement": {}}, None),
        ({}, None),
    ],
)
def test_one_write_is_looked_for(requests, write):
    capabilities = [NAME, "update_account", "create_account", "activate_account", "deactivate_account"]
    assert observed_write(capabilities, requests) == write
    assert observed_write(capabilities[1:], requests) is None


SERVER = Path(__file__).parent / "zoo" / "increments" / "app_server.py"
CHECK = "test_contract.py::TestIncrements::test_updates[update_account]"


@pytest.mark.loopback
def test_a_server_that_keeps_its_state_is_asked_for_its_lists_before_the_cursor(zoo):
    with real_server(SERVER) as server:
        recorded = zoo("increments").run("--record-mode=once", "--upstream-url", server.url, CHECK)
    assert recorded.exit_code == 0, recorded.output
    asked = [path for method, path in server.asked if method == "GET" or path == "/users/u3"]
    assert asked == ["/users", "/changes", "/users/u3", "/changes", "/users", "/users/u3", "/users"]
    replayed = recorded.project.run(CHECK)
    assert replayed.exit_code == 0, replayed.output


@pytest.mark.loopback
def test_without_a_cursor_nobody_can_go_on(zoo):
    project = zoo("increments").edit("app_connector.py", 'cursor=f"change-{changes.last}"', "cursor=None")
    run = project.run("--record-mode=once", "-k", "test_cursor or test_updates or test_writes")
    assert (run.exit_code, run.outcomes["skipped"]) == (0, 2), run.output
    assert "nothing to check: cursor[list_updated_accounts] and updates[update_account]" in run.output
    assert "list_updated_accounts gives no cursor" in run.output


SENT = '        asked = {"after": number_of(request.cursor)}\n'
AFTER_ALL = ("2024-03-02T00:00:00+00:00", "2024-06-01T00:00:00+00:00")


@pytest.mark.loopback
def test_a_time_after_all_changes_hides_no_cursor_that_is_not_sent(zoo):
    project = zoo("increments").edit("test_contract.py", *AFTER_ALL)
    right = project.run("--record-mode=once", "-k", "test_cursor")
    right.had(passed=1)
    right.project.run("-k", "test_cursor").had(passed=1)
    wrong = project.edit("app_connector.py", SENT, "        number_of(request.cursor)\n")
    run = wrong.run("--record-mode=rewrite", "-k", "test_cursor")
    run.had(failed=1)
    assert "with the cursor that it gave, it gives 4 accounts again, unchanged" in run.output


@pytest.mark.loopback
def test_where_a_time_is_made_up_nobody_sees_whether_the_cursor_is_sent(zoo):
    made_up = """        number_of(request.cursor)
        asked = {"since": "2024-06-01T00:00:00Z"}
    elif request.since is None:
        asked = {"since": "2024-06-01T00:00:00Z"}
"""
    project = zoo("increments").edit("app_connector.py", SENT, made_up)
    run = project.run("--record-mode=once", "-k", "test_cursor")
    run.had(skipped=1)
    assert "so nothing shows that it looks at its cursor" in run.output
