"""Names of what is about paging, and of what is not."""

from __future__ import annotations

import pytest

from connector_contract.contract.rules.paging import asks_for_a_page, leads_to, number, spelled

PAGING = """
    page page_number pageSize page[size] page[after] per_page perpage pageno pagesize PAGE offset
    cursor cursorMark limit skip $skip $skiptoken $top max maxResults maxresults startIndex
    startindex startAt startat starting_after ending_before after first last next from size count
    pageToken nextPageToken nextpagetoken continuationToken exclusiveStartKey LastEvaluatedKey
    NextMarker bookmark mark scroll_id position last_user_id from_id
"""
NOT_PAGING = """
    account_id account country county topic lastname lastName first_name from_department department customer
    discount continent user group id key number accountNumber status homepage stoptime nextOfKin q filter
"""


@pytest.mark.parametrize("name", PAGING.split())
def test_what_asks_for_a_page(name):
    assert asks_for_a_page(name)


@pytest.mark.parametrize("name", NOT_PAGING.split())
def test_what_asks_for_something_else(name):
    assert not asks_for_a_page(name)


@pytest.mark.parametrize("name", ["has_more", "hasMore", "has-more", "HasMore", "__hasMore"])
def test_names_in_one_spelling(name):
    assert spelled(name) == "hasmore"


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (7, 7),
        ("7", 7),
        (0, 0),
        (True, None),
        ("", None),
        ("-1", None),
        ("7.5", None),
        (7.5, None),
        ("\u0667", None),
    ],
)
def test_a_count_may_be_text(value, count):
    assert number(value) == count


@pytest.mark.parametrize(
    ("cursor", "target"),
    [
        ("c", "c"),
        ({"href": None, "rel": "next"}, None),
        ({"rel": "next", "href": "/m/2"}, "/m/2"),
        ({"after": "c", "link": "?after=c"}, "?after=c"),
        ({"after": "c"}, "c"),
        ({}, None),
    ],
)
def test_what_a_cursor_leads_to(cursor, target):
    assert leads_to(cursor) == target
