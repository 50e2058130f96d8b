"""The rule **complete**: each record that the upstream sent is in the response, exactly once."""

from __future__ import annotations

import pytest
from rules_testing import HOST, interaction, page, told, walk

from connector_contract.contract.rules.complete import empty_list_breach, lost_breach
from connector_contract.errors import UsageError

PATH = "/v1/users"
SENT = interaction({"items": [{"id": "a"}, {"id": "b"}, {"id": "bot", "bot": True}]}, PATH)
BOTS = "items[?bot].id"


def users(*ids, sent=(SENT,)):
    return walk(page(*({"id": id_} for id_ in ids)), interactions=sent)


def lost(sent, ids="items[].id", excluded=()):
    return told(lost_breach(sent, ids, dict.fromkeys(excluded, "a reason")))


@pytest.mark.parametrize(
    "ids", [pytest.param(["a", "b", "bot"], id="right"), pytest.param(["bot", "b", "a"], id="another order")]
)
def test_all_that_was_sent_is_listed(ids):
    assert lost(users(*ids)) == []


def test_what_is_left_out_with_a_reason_is_not_lost():
    assert lost(users("a", "b"), excluded=[BOTS]) == []


def test_what_is_sent_twice_is_listed_once():
    assert lost(users("a", "b", "bot", sent=(SENT, SENT))) == []


def test_a_number_is_the_same_as_text():
    assert lost(users("7", sent=[interaction({"items": [{"id": 7}]}, PATH)])) == []


def test_an_empty_list_that_was_sent_as_such():
    assert lost(users(sent=[interaction({"items": []}, PATH)])) == []


@pytest.mark.parametrize(
    ("ids", "excluded", "title", "records"),
    [
        pytest.param(
            ["a", "bot"], [], "it lost 1 of the 3 records that the upstream sent", ["b"], id="one is lost"
        ),
        pytest.param(
            ["x", "y"],
            [],
            "it lost 3 of the 3 records that the upstream sent",
            ["a, and all others; it lists x, for one"],
            id="all others are listed",
        ),
        pytest.param(
            [],
            [],
            "it lost 3 of the 3 records that the upstream sent",
            ["a", "b", "bot"],
            id="none is listed",
        ),
        pytest.param(
            ["a", "b", "bot"],
            [BOTS],
            "it lists 1 record of those that excluded_ids leaves out",
            ["bot"],
            id="one that is left out on purpose",
        ),
        pytest.param(
            ["a", "b", "bot", "b"], [], "it lists 1 record more than once", ["b"], id="one is listed twice"
        ),
    ],
)
def test_what_is_not_listed_exactly_once(ids, excluded, title, records):
    assert lost(users(*ids), excluded=excluded) == [("list_things", title, records)]


def test_a_record_that_nothing_was_sent_of_is_for_the_author_to_say():
    with pytest.raises(UsageError) as caught:
        lost(users("a", "b", "bot", "made-up"))
    assert str(caught.value).splitlines()[:2] == [
        "upstream_ids['list_things'] finds no id of 1 record of list_things.",
        "  one of them is made-up",
    ]
    assert lost(users("a", "b", "bot", "of another list"), {PATH: "items[].id"}) == []


def test_an_exclusion_of_nothing_is_not_needed():
    with pytest.raises(UsageError, match=r"finds no id in the recorded bodies, so it is no longer needed"):
        lost(users("a", "b", "bot"), excluded=["items[?left].id"])


# Ids in several parts


def grants(*records, body, key=("id", "role", "of")):
    return walk(page(*records), interactions=[interaction(body, PATH)], key_fields=key)


@pytest.mark.parametrize(
    ("key_fields", "expression", "remedy"),
    [
        (("id",), "items[].[id, path_after('users')]", "It should find each id."),
        (("id", "of"), "items[].[id, path_after('users')]", "or lists of them in the order id, of"),
        ((), "items[].id", "These records have no field that identifies them"),
    ],
)
def test_ids_that_cannot_be_compared_are_the_authors_mistake(key_fields, expression, remedy):
    sent = grants({"id": "a"}, body={"items": [{"id": "a"}]}, key=key_fields)
    with pytest.raises(UsageError) as caught:
        lost(sent, expression)
    assert "cannot be compared with the records of list_things" in str(caught.value)
    assert remedy in str(caught.value)


def test_ids_that_cannot_be_compared_are_shown_with_the_request_whose_response_has_them():
    sent = grants({"id": "a", "of": "x"}, body={"items": [{"id": "a"}]}, key=("id", "of"))
    with pytest.raises(UsageError, match=r"found in the response to GET http\S+/v1/\S+"):
        lost(sent, "items[].[id, query('user')]")


def test_the_first_parts_of_a_key_are_enough():
    body = {"items": [{"id": "a", "of": "x"}, {"id": "b", "of": "x"}]}
    both = grants({"id": "a", "of": "x"}, body=body, key=("id", "of"))
    assert lost(both, "items[].[id, of]", ["items[?id=='b'].id"]) == []
    ((_, _, records),) = lost(both, {"/v1/*": "items[].id"})
    assert records == ["b"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("items[].[id, roles]", "u1 / agent"),
        ("items[].[id, grants[].[role, of]]", "u1 / agent / b"),
        ("items[].[id, grants[].role]", "u1 / agent"),
        ("items[].[roles, id]", "admin / u1"),
    ],
)
def test_a_list_within_an_id_is_an_id_for_each_that_is_in_it(expression, expected):
    of = [{"role": "admin", "of": "a"}, {"role": "agent", "of": "b"}]
    items = [
        {"id": "u1", "roles": ["admin", "agent"], "grants": of},
        {"id": "u2", "roles": [], "grants": []},
    ]
    sent = grants({"id": "u1", "role": "admin", "of": "a"}, body={"items": items})
    ((_, _, records),) = lost(sent, {"/v1/*": expression})
    assert records[0].startswith(expected)


def test_activities_are_told_apart_by_account_and_kind():
    kinds = [{"account_id": "u1", "event_type": kind} for kind in ("login", "export")]
    assert lost(grants(*kinds, body=[{"user": "u1"}], key=("account_id", "event_type")), "[].user") == []


# Without upstream_ids


@pytest.mark.parametrize(
    ("body", "records"),
    [
        ({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0}, []),
        ({"items": []}, []),
        ({"ids": ["a"]}, [f"1 in GET {HOST}{PATH}"]),
        ({"items": [{"id": "a"}, {"id": "b"}]}, [f"2 in GET {HOST}{PATH}"]),
    ],
)
def test_no_records_where_the_upstream_sent_some(body, records):
    found = told(empty_list_breach(users(sent=[interaction(body, PATH), interaction([], "/v1/me")])))
    title = "it has no records, although the upstream sent some"
    assert found == ([("list_things", title, records)] if records else [])


@pytest.mark.parametrize(
    ("body", "records"),
    [
        (b"<users><user id='a'/><user id='b'/></users>", [f"2 in GET {HOST}{PATH}"]),
        (b"id,name\r\na,Ann\r\nb,Bob\r\n", [f"2 in GET {HOST}{PATH}"]),
        (b'{"id": "a"}\n{"id": "b"}\n', [f"2 in GET {HOST}{PATH}"]),
        (b"<users total='0'><!-- nobody --></users>", []),
        (b"id,name\r\n", []),
        (b"<html><body><p>Nobody</p><p>is here</p></body></html>", []),
    ],
)
def test_no_records_where_the_upstream_sent_some_that_are_no_json(body, records):
    found = told(empty_list_breach(users(sent=[interaction(body, PATH)])))
    title = "it has no records, although the upstream sent some"
    assert found == ([("list_things", title, records)] if records else [])


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b"<users><user id='a'/><user id='b'/></users>", 'users.user[]."@id"'),
        (b"id;name\r\na;Ann\r\nb;Bob\r\n", "[].id"),
    ],
)
def test_what_is_lost_of_xml_and_csv(body, ids):
    sent = [interaction(body, PATH)]
    assert lost(users("a", "b", sent=sent), ids) == []
    title = "it lost 1 of the 2 records that the upstream sent"
    assert lost(users("a", sent=sent), ids) == [("list_things", title, ["b"])]


def test_some_records_are_not_none():
    assert told(empty_list_breach(users("a"))) == []


def stopped(*ids, sent, gap=None):
    """A walk of one page that stops; with a gap, the last page is one of its own."""
    pages = [page(*({"id": id_} for id_ in ids[: gap or len(ids)]))]
    pages[0]["page"] = {"token": "t"}
    if gap is not None:
        pages.append(page(*({"id": id_} for id_ in ids[gap:])))
    own = tuple(interaction({"items": [{"id": id_} for id_ in each]}, PATH) for each in sent)
    return walk(*pages, interactions=own, per_page=[1] * len(own), limit=1, gap=gap and 1)


def test_what_was_sent_after_the_last_listed_record_may_be_on_a_later_page():
    assert lost(stopped("a", "b", sent=["abcd"])) == []
    ((_, title, records),) = lost(stopped("a", "c", sent=["abcd"]))
    assert (title, records) == ("it lost 1 of the 3 records that the upstream sent", ["b"])


def test_what_was_sent_before_the_first_record_of_a_last_page_may_be_on_an_earlier_one():
    assert lost(stopped("a", "b", "y", "z", sent=["ab", "wxyz"], gap=2)) == []
    ((_, _title, records),) = lost(stopped("a", "b", "w", "z", sent=["ab", "wxyz"], gap=2))
    assert records == ["x", "y"]


def test_the_last_record_of_a_last_page_is_owed():
    ((_, _title, records),) = lost(stopped("a", "b", "y", sent=["ab", "yz"], gap=2))
    assert records == ["z"]


def test_a_sample_that_lists_nothing_of_what_was_sent_has_lost_it():
    ((_, title, _records),) = lost(stopped("x", sent=["abc"]))
    assert title == "it lost 3 of the 3 records that the upstream sent"


def test_an_exclusion_may_be_of_pages_outside_of_a_sample():
    assert lost(stopped("a", "b", sent=["ab"]), excluded=["items[?id == 'q'].id"]) == []
    with pytest.raises(UsageError, match="is no longer needed"):
        lost(users("a", "b", "bot"), excluded=["items[?id == 'q'].id"])


def test_each_part_of_a_sample_is_judged_by_its_own_records():
    """The upstream sends the whole list for each page, and the connector takes its part of it."""
    assert lost(stopped("a", "b", "h", "i", sent=["abcdefghi", "abcdefghi"], gap=2)) == []
    ((_, _title, records),) = lost(stopped("a", "c", "h", "i", sent=["abcdefghi", "abcdefghi"], gap=2))
    assert records == ["b"]
