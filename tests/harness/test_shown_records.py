"""How many records of a change a page shows, and what of them."""

from __future__ import annotations

from changes_testing import change_of, changed, gone, request

from connector_contract.review.change import Kind, What
from connector_contract.review.shown_records import (
    ALL_NAMES,
    ALL_ROWS,
    ALL_WHOLE,
    FIELDS,
    NAMES,
    ROWS,
    WHOLE,
    Room,
    rooms,
    shown_records,
)

ALL = Room(50, 50, 50)


def test_a_few_records_are_all_shown():
    assert rooms([3]) == [Room(3, 3, 0)]


def test_of_many_records_some_are_shown_and_some_named():
    assert rooms([10_000]) == [Room(ROWS, WHOLE, NAMES)]


def test_the_worst_changes_get_the_room_and_each_change_shows_a_record():
    given = rooms([ROWS + NAMES] * 5_000)
    assert sum(room.whole for room in given) == ALL_WHOLE
    assert sum(room.names for room in given) == ALL_NAMES
    assert [room.rows for room in given] == [ROWS] * (ALL_ROWS // ROWS) + [1] * (5_000 - ALL_ROWS // ROWS)


def test_a_change_of_no_records_needs_no_room():
    assert rooms([0]) == [Room(0, 0, 0)]


def test_all_records_are_shown_named_or_counted():
    many = change_of(*[changed(number, new=f"B{number}") for number in range(10)])
    shown = shown_records(many, Room(2, 1, 3))
    assert [record.key for record in shown.records] == ["u0", "u1"]
    assert [bool(record.fields) for record in shown.records] == [True, False]
    assert shown.names == ["u2 (u2@example.com)", "u3 (u3@example.com)", "u4 (u4@example.com)"]
    assert shown.more == 5


def test_a_record_has_its_name_its_values_and_its_requests():
    members = [changed(1), changed(1, request=request(10)), changed(2, new="C")]
    (first, second) = shown_records(change_of(*members), ALL).records
    assert (first.key, first.name, first.what) == ("u1", "u1@example.com", What.CHANGED)
    assert first.requests == ["list_accounts in pages of 5", "list_accounts in pages of 10"]
    assert [row.old[0].text for row in first.values] == ["A"]
    assert second.requests == ["list_accounts in pages of 5"]


def test_values_that_all_share_are_not_said_for_each():
    shown = shown_records(change_of(changed(1), changed(2)), ALL)
    assert [record.values for record in shown.records] == [[], []]


def test_what_differs_in_a_record_comes_first():
    (record,) = shown_records(change_of(changed(1)), ALL).records
    assert [each.name for each in record.fields] == ["department", "id", "email"]


def test_a_record_of_many_fields_says_how_many_are_left_out():
    before = {f"f{number}": number for number in range(FIELDS + 7)}
    (record,) = shown_records(change_of(gone(before=before)), ALL).records
    assert (len(record.fields), record.more_fields) == (FIELDS, 7)


def test_a_record_known_by_its_name_alone_has_it_once():
    (record,) = shown_records(change_of(gone(record="a@b.c", name="a@b.c")), ALL).records
    assert (record.key, record.name) == ("a@b.c", "")


def test_what_is_about_no_record_is_named_after_its_request():
    members = [
        changed(record="", name="", kind=Kind.PAGE, field="the number of pages", old=2, new=3, file="a.json"),
        changed(record="", name="", kind=Kind.PAGE, field="the number of pages", old=2, new=4, file="b.json"),
    ]
    shown = shown_records(change_of(*members), Room(1, 1, 1))
    assert [record.key for record in shown.records] == ["the number of pages of list_accounts in pages of 5"]
    assert shown.names == ["the number of pages of list_accounts in pages of 5"]
    assert not shown.records[0].fields


def test_each_value_that_a_list_has_got_is_shown():
    members = [changed(1, None, f"tag {n}", what=What.ADDED, field="tags") for n in range(3)]
    shown = shown_records(change_of(*members), ALL)
    assert [record.values[0].new[0].text for record in shown.records] == ["tag 0", "tag 1", "tag 2"]
