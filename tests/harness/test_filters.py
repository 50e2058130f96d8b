"""The rule **filters**: a response keeps to the time, and to the actors, that it was asked for."""

from __future__ import annotations

import pytest
from rules_testing import told, walk

from connector_contract.contract.rules.filters import (
    FUTURE,
    initial_remarks,
    lost_breach,
    narrower,
    outside_breach,
)

RECORDS, EXPENSES, UPDATES = "list_activity_records", "list_expenses", "list_updated_accounts"
EARLY = "2024-04-01T00:00:00Z"


def record(id_, day, actor="u1"):
    return {"id": id_, "timestamp": f"2024-04-{day:02}T09:00:00Z", "actor": {"account_id": actor}}


def expense(id_, date):
    return {"id": id_, "transaction_date": date}


def seen(*records, name=RECORDS, following=None):
    return walk({"response": list(records), "page": {"token": following}}, name=name)


def since(time=EARLY, *actors):
    return {"since_date": time, "actors": [{"account_id": actor} for actor in actors]}


def between(start=None, end=None):
    given = {"start_date": start, "end_date": end}
    return {"filters": {"transaction_date": {name: day for name, day in given.items() if day}}}


ALL = seen(record("e1", 1), record("e2", 3, "u2"), record("e3", 5), record("e4", 8, "u3"), record("e5", 9))


@pytest.mark.parametrize(
    "request_",
    [
        since(),
        since("2024-04-01"),
        pytest.param(since("2024-04-01T09:00:00Z"), id="the very time"),
        pytest.param(since("2024-04-01T12:00:00"), id="nobody knows where"),
        pytest.param({"since_date": "a while ago"}, id="what nobody can read"),
        since(EARLY, "u1", "u2", "u3"),
    ],
)
def test_records_that_were_asked_for(request_):
    assert told(outside_breach(ALL, request_)) == []


def test_records_from_before_the_time():
    title = "it gives 1 record outside of what was asked for, from 2024-04-02T00:00:00Z"
    line = "e1: 2024-04-01T09:00:00Z"
    assert told(outside_breach(ALL, since("2024-04-02T00:00:00Z"))) == [(RECORDS, title, [line])]


def test_records_of_other_actors():
    title = f"it gives 2 records outside of what was asked for, from {EARLY} of u1"
    lines = ["e2: of u2", "e4: of u3"]
    assert told(outside_breach(ALL, since(EARLY, "u1"))) == [(RECORDS, title, lines)]


@pytest.mark.parametrize(
    ("days", "request_", "outside"),
    [
        (["2024-01-10", "2024-01-31"], between("2024-01-10", "2024-01-31"), []),
        (["2024-01-10", "2024-01-31"], between(), []),
        (["2024-01-10", "2024-01-31"], {"filters": {}}, []),
        (["2024-01-10", "2024-01-31"], between("2024-01-11"), ["2024-01-10"]),
        (["2024-01-10", "2024-01-31"], between(None, "2024-01-30"), ["2024-01-31"]),
        # A day is another one elsewhere.
        (["2024-01-31T23:00:00Z", "2024-02-01T09:00:00Z"], between(None, "2024-01-31"), []),
        (["2024-02-03T23:00:00Z"], between(None, "2024-01-31"), ["2024-02-03T23:00:00Z"]),
    ],
)
def test_expenses_keep_to_their_range(days, request_, outside):
    expenses = seen(*(expense(f"x{day}", day) for day in days), name=EXPENSES)
    found = [line for _, _, lines in told(outside_breach(expenses, request_)) for line in lines]
    assert found == [f"x{day}: {day}" for day in outside]


def test_of_the_future_there_are_no_updates():
    accounts = [{"integration_specific_id": "u1"}]
    page = {"response": {"accounts": accounts}}
    updates = walk(page, name=UPDATES, within="accounts", key_fields=("integration_specific_id",))
    assert told(outside_breach(updates, {"since": "2024-05-01T00:00:00Z"})) == []
    title = f"it gives 1 record outside of what has changed since {FUTURE}"
    assert told(outside_breach(updates, narrower(updates, {}))) == [(UPDATES, title, ["u1"])]
    assert list(initial_remarks(updates, narrower(updates, {}))) == []
    assert narrower(updates, {"cursor": "c1", "since": "2024-05-01T00:00:00Z"}) == {"since": FUTURE}


def test_all_there_is_with_a_cursor_is_a_note():
    page = {"response": {"accounts": [{"integration_specific_id": "u1"}], "cursor": "c1"}}
    updates = walk(page, name=UPDATES, within="accounts", key_fields=("integration_specific_id",))
    asked = narrower(updates, {"since": "2024-05-01T00:00:00Z"})
    assert told(outside_breach(updates, asked)) == []
    (remark,) = initial_remarks(updates, asked)
    assert remark.startswith(f"list_updated_accounts gives 1 account for the time {FUTURE}, and a cursor. ")
    assert 'ListUpdatedAccounts.since says: "Only' in remark
    assert 'Delta, which it extends, says: "When no' in remark
    assert list(initial_remarks(updates, {"since": "2024-05-01T00:00:00Z"})) == []
    assert list(initial_remarks(ALL, asked)) == []


def test_records_that_a_narrower_request_loses():
    request = since("2024-04-04T00:00:00Z", "u1")
    title = "it leaves out 1 record within what was asked for, from 2024-04-04T00:00:00Z of u1"
    assert told(lost_breach(ALL, seen(record("e3", 5)), request)) == [(RECORDS, title, ["e5"])]
    assert told(lost_breach(ALL, seen(record("e3", 5), record("e5", 9)), request)) == []
    # The rest of a sample is not known.
    assert told(lost_breach(ALL, seen(record("e3", 5), following="2"), request)) == []


def test_whether_a_bound_belongs_to_it_is_left_open():
    request = between("2024-01-10", "2024-01-31")
    wide = seen(expense("x1", "2024-01-10"), expense("x2", "2024-01-31"), name=EXPENSES)
    assert told(lost_breach(wide, seen(name=EXPENSES), request)) == []
    assert told(outside_breach(wide, request)) == []


def test_a_part_of_the_records_that_were_seen():
    # Of the later half, one actor, and somebody to leave out.
    assert narrower(ALL, since()) == since("2024-04-05T09:00:00Z", "u1")
    assert narrower(ALL, since("2024-04-01")) == since("2024-04-05", "u1")
    alone = seen(record("e1", 1), record("e2", 3), record("e3", 5))
    assert narrower(alone, since()) == since("2024-04-03T09:00:00Z")
    late = seen(record("e1", 1), record("e2", 3, "u2"), record("e3", 5), record("e4", 6))
    assert narrower(late, since()) == since("2024-04-03T09:00:00Z", "u2")
    assert narrower(seen(record("e1", 1), record("e2", 1, "u2")), since()) == since(EARLY, "u1")
    assert narrower(seen(record("e1", 1), record("e2", 1)), since()) is None


def test_a_part_of_the_expenses_that_were_seen():
    days = ["2024-03-20", "2024-01-10", "2024-01-31", "2024-02-14"]
    expenses = seen(*(expense(day, day) for day in days), name=EXPENSES)
    assert narrower(expenses, {"filters": {}}) == between("2024-01-31", "2024-02-14")
    given = between("2024-01-01T00:00:00Z")
    assert narrower(expenses, given) == between("2024-01-31T00:00:00Z", "2024-02-14T00:00:00Z")
    times = seen(*(expense(day, f"{day}T09:00:00Z") for day in days[:2]), name=EXPENSES)
    assert narrower(times, {"filters": {}}) == between("2024-03-20T09:00:00Z")
    until = between(None, "2024-12-31T00:00:00Z")
    assert narrower(times, until) == between("2024-03-20T09:00:00Z", "2024-12-31T00:00:00Z")
    assert narrower(seen(expense("x1", "2024-01-01"), name=EXPENSES), {"filters": {}}) is None
