"""The differences between two answers to one request."""

from __future__ import annotations

import json
import sys

import pytest

from connector_contract.recording.call import Call, Success
from connector_contract.review.answers import answer_of
from connector_contract.review.change import Kind, What
from connector_contract.review.differences import (
    ASKS,
    ORDER,
    OUTCOME,
    PAGES,
    STATUS,
    TOKEN,
    TWICE,
    differing,
)
from tests.review_testing import account, failure, success

FILE, TITLE = "snapshots/tests/test_a/test_a.json", "tests/test_a.py::test_a"
ONE, TWO, THREE = (account(number) for number in (1, 2, 3))


def answer(value, capability="list_accounts", **asked):
    calls = [Call(capability, Success(), asked)] if capability else []
    return answer_of(json.dumps(value).encode(), FILE, TITLE, calls)


def found(before, after, capability="list_accounts", **asked):
    sides = (answer(each, capability, **asked) for each in (before, after))
    return [(each.kind, each.what, each.field, each.old, each.new) for each in differing(*sides)]


def records(*listed):
    return success(list(listed))


def test_equal_answers_do_not_differ():
    assert found(records(ONE, TWO), records(ONE, TWO)) == []
    assert found({"count": 1}, {"count": 1}, "") == []


def test_a_field_of_a_record():
    (one,) = differing(answer(records(ONE)), answer(records({**ONE, "username": "x"})))
    assert (one.kind, one.what, one.field, one.old, one.new) == (
        Kind.ACCOUNT, What.CHANGED, "username", "Person 1", "x",
    )  # fmt: skip
    assert (one.record, one.name, one.is_key) == ("u1", "person-1@example.com", False)
    assert (one.before, one.after) == (ONE, {**ONE, "username": "x"})
    assert (one.file, one.request.scenario) == (FILE, TITLE)


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [(None, "absent", 0), ("absent", None, 0), ("", None, 1), (0, None, 1), (1, True, 1), (None, [], 1)],
)
def test_only_a_field_without_a_value_says_the_same_as_none(old, new, number):
    before, after = (records({**ONE, **({} if each == "absent" else {"x": each})}) for each in (old, new))
    assert len(found(before, after)) == number


def test_records_that_came_and_went():
    assert found(records(ONE, TWO), records(TWO, THREE)) == [
        (Kind.ACCOUNT, What.REMOVED, "", ONE, None),
        (Kind.ACCOUNT, What.ADDED, "", None, THREE),
    ]
    gone, come = differing(answer(records(ONE)), answer(records(THREE)))
    assert (gone.before, gone.after, come.before, come.after) == (ONE, None, None, THREE)
    assert (gone.record, come.record) == ("u1", "u3")


def test_records_that_are_listed_more_often():
    assert found(records(ONE, TWO), records(ONE, TWO, ONE, ONE)) == [
        (Kind.ACCOUNT, What.CHANGED, TWICE, 1, 3)
    ]
    assert found(records(ONE, ONE), records(ONE)) == [(Kind.ACCOUNT, What.CHANGED, TWICE, 2, 1)]
    # Who was not there at all is new, as often as it comes.
    assert [what for _, what, *_ in found(records(), records(ONE, ONE))] == [What.ADDED, What.ADDED]


@pytest.mark.parametrize("ids", [lambda number: f"u{number}", lambda number: ""])
def test_many_records_that_are_listed_again_take_a_time_that_grows_as_they_do(ids):
    def lines(number):
        """How many lines of Python are run."""
        some = [account(each, integration_specific_id=ids(each)) for each in range(number)]
        sides = answer(records(*some)), answer(records(*some, *some))
        count, before = 0, sys.gettrace()

        def traced(frame, event, arg):
            nonlocal count
            count += 1
            return traced

        sys.settrace(traced)
        try:
            list(differing(*sides))
        finally:
            sys.settrace(before)
        return count

    assert lines(200) < 6 * lines(50)


def test_another_order():
    assert found(records(ONE, TWO, THREE), records(ONE, THREE, TWO)) == [
        (Kind.PAGE, What.CHANGED, ORDER, "u2 at place 2", "u3 at place 2")
    ]
    # Of other records, nobody knows the order.
    assert ORDER not in [field for _, _, field, *_ in found(records(ONE, TWO), records(TWO, THREE))]


def test_other_pages():
    one_page, two = [records(ONE, TWO)], [success([ONE], "a"), success([TWO])]
    assert found(one_page, two)[0] == (Kind.PAGE, What.CHANGED, PAGES, 1, 2)
    assert found(success([ONE], "a"), success([ONE], "b")) == [(Kind.PAGE, What.CHANGED, TOKEN, "a", "b")]
    sizes = ({**success([ONE], "a"), "page": {"token": "a", "size": size}} for size in (1, 2))
    assert found(*sizes) == [(Kind.PAGE, What.CHANGED, "page.size", 1, 2)]


def test_the_outcome():
    error = failure("not_found")
    assert found(error, records(ONE)) == [
        (Kind.ERROR, What.CHANGED, OUTCOME, "the error not_found", "a success with 1 record")
    ]
    assert found(success({}), error, "my_own") == [
        (Kind.ERROR, What.CHANGED, OUTCOME, "a success", "the error not_found")
    ]


def test_an_error_that_differs():
    assert found(failure("not_found", "a"), failure("rate_limit", "b")) == [
        (Kind.ERROR, What.CHANGED, "message", "a", "b"),
        (Kind.ERROR, What.CHANGED, "error_code", "not_found", "rate_limit"),
    ]
    assert found(failure("x"), failure("x", more=1)) == [(Kind.ERROR, What.CHANGED, "more", None, 1)]


def test_the_pages_before_an_error_are_compared_too():
    error = failure("not_found")
    assert [what for _, what, *_ in found([records(ONE), error], [records(), error])] == [What.REMOVED]


@pytest.mark.parametrize(
    ("other", "asked"), [("list_resources", {}), ("list_accounts", {"request": {"a": 1}})]
)
def test_another_request_has_another_answer(other, asked):
    (one,) = differing(answer(records(ONE)), answer(records(), other, **asked))
    assert (one.kind, one.field, one.record) == (Kind.OTHER, ASKS, TITLE)
    assert (one.old, one.new) == ("list_accounts {}", f"{other} {json.dumps(asked)}")
    # Where it begins in a list is no other request.
    assert list(differing(answer(records(ONE)), answer(records(ONE), page={"size": 5}))) == []


def test_the_status_that_a_write_returns():
    pages = (success({"status": status, "id": "u1"}) for status in ("ACTIVE", "DELETED"))
    (one,) = differing(*(answer(page, "delete_account", request={"account_id": "u1"}) for page in pages))
    assert (one.kind, one.field, one.record) == (Kind.ACCOUNT, STATUS, "u1")


def test_the_key_of_a_record_is_known_to_be_one():
    ids = {"integration_specific_id": "e", "integration_specific_resource_id": "r"}
    keys = {**ids, "entitlement_type": "role"}
    pages = (records({**keys, "label": label}) for label in "ab")
    (one,) = differing(*(answer(page, "list_entitlements") for page in pages))
    assert (one.record, one.is_key) == ("e / r / role", False)


def test_what_is_no_record():
    assert found(records(ONE, "x", "x"), records(ONE, "x", 3)) == [
        (Kind.ACCOUNT, What.REMOVED, "response[]", "x", None),
        (Kind.ACCOUNT, What.ADDED, "response[]", None, 3),
    ]


def test_what_stands_beside_the_records():
    before, after = ({**records(ONE), "execution_summary": {"caught_errors": each}} for each in ([], ["x"]))
    assert found(before, after) == [(Kind.OTHER, What.ADDED, "execution_summary.caught_errors[]", None, "x")]
    nodes = [{"id": "a", "resource_type": "box"}]
    graphs = (success({"resources": nodes, "resource_relationships": [each]}) for each in (1, 2))
    assert found(*graphs, "find_resource_graph") == [
        (Kind.RESOURCE, What.CHANGED, "response.resource_relationships[0]", 1, 2)
    ]


def test_a_capability_of_the_connector_s_own_is_compared_as_plain_json():
    assert found(success([{"a": 1}]), success([{"a": 2}, {"a": 3}]), "my_own") == [
        (Kind.OTHER, What.REMOVED, "response[]", {"a": 1}, None),
        (Kind.OTHER, What.ADDED, "response[]", None, {"a": 2}),
        (Kind.OTHER, What.ADDED, "response[]", None, {"a": 3}),
    ]


@pytest.mark.parametrize(
    ("old", "new", "differences"),
    [
        ({"a": 1}, {"b": 2}, [(What.REMOVED, "a", 1, None), (What.ADDED, "b", None, 2)]),
        ({"a": {"b": 1}}, {"a": {"b": True}}, [(What.CHANGED, "a.b", 1, True)]),
        ({"a": None}, {}, [(What.REMOVED, "a", None, None)]),
        ([1, 2], [1, 3], [(What.CHANGED, "[1]", 2, 3)]),
        ({"a": [1, 1]}, {"a": [1]}, [(What.REMOVED, "a[]", 1, None)]),
        (1, 2, [(What.CHANGED, "the value", 1, 2)]),
    ],
)
def test_a_snapshot_without_a_call(old, new, differences):
    assert found(old, new, "") == [(Kind.OTHER, *each) for each in differences]


def test_a_value_knows_the_object_that_it_stands_in():
    (one,) = differing(answer({"a": {"b": 1, "c": 3}}, ""), answer({"a": {"b": 2, "c": 3}}, ""))
    assert (one.before, one.after) == ({"b": 1, "c": 3}, {"b": 2, "c": 3})


def test_a_list_of_texts_is_compared_by_what_it_has():
    (gone, come) = found(success({"can": ["a", "b"]}), success({"can": ["b", "c"]}), "my_own")
    assert [(one[1].value, *one[2:]) for one in (gone, come)] == [
        ("removed", "response.can[]", "a", None),
        ("added", "response.can[]", None, "c"),
    ]
    (moved,) = found(success({"can": ["a", "b"]}), success({"can": ["b", "a"]}), "my_own")
    assert moved[2:] == ("response.can", "the same values", "in another order")
