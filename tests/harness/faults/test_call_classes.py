"""Which recorded calls are swept."""

from __future__ import annotations

import pytest

from connector_contract.faults.call_classes import classes_of, swept_calls
from connector_contract.recording.call import Call, Failure, Success
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response


def cassette(*calls):
    """A cassette of calls: capability, outcome, requests with their statuses, the cursor of the page."""
    interactions, made = [], []
    for capability, outcome, requests, cursor in calls:
        first = len(interactions) + 1
        interactions += [
            Interaction(Request(method, f"http://api{path}"), Response(status))
            for method, path, status in requests
        ]
        asked = {"page": {"size": 1, "token": cursor}} if cursor else {}
        numbers = tuple(range(first, len(interactions) + 1))
        made.append(Call(capability, outcome, asked, numbers))
    return Cassette(tuple(interactions), tuple(made))


def listing(records=2, path="/users", status=200, cursor=""):
    return "list_accounts", Success(records), [("GET", path, status)], cursor


def names(**cassettes):
    return [each.id for each in swept_calls(cassettes)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(listing(path="/users?page=2"), id="another query"),
        pytest.param(listing(records=7), id="more records"),
    ],
)
def test_equal_calls_are_swept_once(other):
    assert names(a=cassette(listing(), other)) == ["a::faults[list_accounts-1]"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(listing(path="/people"), id="another endpoint"),
        pytest.param(listing(status=206), id="another status"),
        pytest.param(listing(records=1), id="one record"),
        pytest.param(listing(records=0), id="no record"),
        pytest.param(
            ("get_account", Success(), [("GET", "/users/user-1", 200)], ""), id="another capability"
        ),
    ],
)
def test_calls_that_differ_are_each_swept(other):
    assert len(names(a=cassette(listing(), other))) == 2


def test_ids_make_no_difference():
    one, other = (
        ("get_account", Success(), [("GET", f"/users/user-{number}", 200)], "") for number in (1, 2)
    )
    assert names(a=cassette(one, other)) == ["a::faults[get_account-1]"]


def test_pages_are_told_apart_by_what_is_before_and_after_them():
    first, second, last = listing(), listing(cursor="2"), listing(cursor="3")
    assert [each.goes_on for each in classes_of(cassette(first, second, last))] == [True, True, False]
    assert names(a=cassette(first, second, last)) == [
        "a::faults[list_accounts-1]",
        "a::faults[list_accounts-2]",
        "a::faults[list_accounts-3]",
    ]


def test_a_second_walk_does_not_go_on_with_the_first():
    assert [each.goes_on for each in classes_of(cassette(listing(), listing()))] == [False, False]


def test_the_scenario_that_sorts_first_has_it_and_names_do_not_depend_on_others():
    one = cassette(listing(), listing(path="/people"))
    other = cassette(listing(path="/people"))
    assert names(b=one, a=other) == ["a::faults[list_accounts-1]", "b::faults[list_accounts-1]"]
    assert names(b=one) == ["b::faults[list_accounts-1]", "b::faults[list_accounts-2]"]
    assert names(c=one, b=one, a=other) == names(a=other, b=one)


def test_each_call_is_swept_if_that_is_asked_for():
    same = {"a": cassette(listing(), listing()), "b": cassette(listing())}
    assert [each.id for each in swept_calls(same, each=True)] == [
        "a::faults[list_accounts-1]",
        "a::faults[list_accounts-2]",
        "b::faults[list_accounts-1]",
    ]


@pytest.mark.parametrize("each", [True, False])
def test_what_fails_or_asks_for_nothing_is_not_swept(each):
    failing = "list_accounts", Failure("not_found"), [("GET", "/users", 404)], ""
    silent = "info", Success(), [], ""
    assert [*swept_calls({"a": cassette(failing, silent)}, each=each)] == []


def test_a_call_is_found_by_its_number():
    silent = "info", Success(), [], ""
    (swept,) = swept_calls({"a": cassette(silent, listing())})
    assert (swept.number, swept.name) == (2, "list_accounts-1")
