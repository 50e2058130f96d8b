"""What Lumos was told for one request."""

from __future__ import annotations

import json

import pytest

from connector_contract.recording.call import Call, Success
from connector_contract.review.answers import answer_of, asked_text, kind_of, name_of, shown_key
from connector_contract.review.change import Kind
from tests.review_testing import account, failure, success

FILE, TITLE = "snapshots/tests/test_a/test_a.json", "tests/test_a.py::test_a"


def call(capability="list_accounts", stopped=None, **asked):
    return Call(capability, Success(), asked, stopped_after=stopped)


def answer(value, *calls):
    return answer_of(json.dumps(value).encode(), FILE, TITLE, calls or [call()])


@pytest.mark.parametrize(
    ("capability", "kind"),
    [
        ("list_accounts", Kind.ACCOUNT),
        ("list_resources", Kind.RESOURCE),
        ("list_entitlements", Kind.ENTITLEMENT),
        ("find_entitlement_associations", Kind.ASSOCIATION),
        ("get_last_activity", Kind.ACTIVITY),
        ("list_credentials", Kind.OTHER),
        ("info", Kind.OTHER),
        ("my_own", Kind.OTHER),
    ],
)
def test_the_kind_of_the_records_is_that_of_the_capability(capability, kind):
    assert kind_of(capability) is kind


def test_the_records_of_all_pages_by_their_keys():
    found = answer([success([account(1), account(2)], "more"), success([account(3)])])
    assert (found.kind, found.error, found.others) == (Kind.ACCOUNT, None, [])
    assert list(found.keyed()) == [("u1",), ("u2",), ("u3",)]
    assert found.payload() == [account(1), account(2), account(3)]


def test_records_with_one_key_are_counted():
    assert list(answer(success([account(1), account(1), account(1)])).keyed()) == [
        ("u1",),
        ("u1", "no. 2"),
        ("u1", "no. 3"),
    ]


def test_a_record_that_is_the_response_itself():
    found = answer(success(account(1)), call("get_account"))
    assert found.records == [account(1)]


def test_records_within_a_field_of_the_response():
    node = {"id": "a", "resource_type": "box"}
    edges = [{"from": "a", "to": "b"}]
    pages = [success({"resources": [node], "resource_relationships": edges})] * 2
    found = answer(pages, call("find_resource_graph"))
    assert found.records == [node, node]
    assert found.beside()["response"] == {"resource_relationships": edges * 2}
    # Pages whose payloads are no lists stay apart.
    assert len(found.payload()) == 2


@pytest.mark.parametrize(
    ("payload", "others"), [([1, account(1)], [1]), (None, [None]), ("x", ["x"]), ([], [])]
)
def test_what_stands_in_the_place_of_records_and_is_none(payload, others):
    assert answer(success(payload)).others == others


def test_the_last_page_decides_whether_it_is_an_error():
    error = failure("not_found")
    assert answer(error).error == error["error"]
    assert answer(error).others == []
    assert answer([success([]), error]).error == error["error"]
    assert answer([error, success([])]).error is None


@pytest.mark.parametrize("value", [{"is_error": True, "error": "x"}, [{"is_error": True, "error": None}]])
def test_an_error_that_is_no_object_cannot_be_compared(value):
    with pytest.raises(ValueError, match="an error in it is no object"):
        answer(value)


@pytest.mark.parametrize("value", [{}, [], 3, [{"response": []}, 3], {"count": 1}])
def test_what_are_no_responses_is_a_value(value):
    found = answer(value)
    assert (found.pages, found.value, found.kind) == ((), value, Kind.OTHER)
    assert found.request.capability == ""


def test_responses_of_several_capabilities_are_a_value():
    value = [success([]), success([])]
    assert answer(value, call(), call("info")).value == value


def test_a_page_that_starts_or_ends_in_the_middle_is_a_part():
    whole, first = success([account(1)]), success([account(1)], "more")
    assert not answer(whole).is_part
    assert answer(first).is_part
    assert answer(whole, call(page={"token": "x"})).is_part
    assert answer([first, whole], call(), call(stopped=2)).is_part


def test_what_was_asked_leaves_out_the_place_in_a_list():
    asked = {"page": {"token": "x", "size": 5}, "settings": {"a": 1}}
    assert json.loads(answer(success([]), call(**asked)).asked) == {"settings": {"a": 1}}


@pytest.mark.parametrize(
    ("capability", "request_", "kind", "subject"),
    [
        ("create_account", {"email": "a@example.com", "username": "a"}, Kind.ACCOUNT, ("a@example.com",)),
        ("delete_account", {"account_id": "u1"}, Kind.ACCOUNT, ("u1",)),
        (
            "assign_entitlement",
            {"account_integration_specific_id": "u1", "resource_integration_specific_id": ""},
            Kind.ASSOCIATION,
            ("u1",),
        ),
        ("create_account", {}, Kind.ACCOUNT, ("what was asked for",)),
    ],
)
def test_a_write_is_about_what_it_names(capability, request_, kind, subject):
    found = answer(success({"status": "ACTIVE"}), call(capability, request=request_))
    assert (found.kind, found.subject, found.is_part) == (kind, subject, False)
    assert list(found.keyed()) == [subject]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({}, ""),
        ({"page": {"size": 5, "token": "x"}}, "in pages of 5"),
        ({"request": {"id": "u1", "all": True}}, "with id u1, all true"),
        ({"page": {"size": 1}, "request": {"id": "u1"}}, "in pages of 1 with id u1"),
        ({"auth": {}, "settings": {}}, "with other auth and settings"),
        ({"request": {"id": "x" * 99}}, "with id " + "x" * 52 + "..."),
    ],
)
def test_what_was_asked_in_words(asked, text):
    assert asked_text(call(**asked)) == text


def test_by_what_people_know_a_record():
    assert name_of({"label": "b", "email": "a@example.com"}) == "a@example.com"
    assert name_of({"email": "", "label": "b"}) == "b"
    assert name_of({"name": 3, "title": None}) == ""
    assert shown_key(("u1", "", "r1")) == "u1 / r1"
