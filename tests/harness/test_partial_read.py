"""The rules errors: what an upstream that fails becomes, whichever of the requests it fails at."""

from __future__ import annotations

import pytest

from connector_contract.contract.rules.failures import (
    FailedCall,
    FailedWalk,
    later_records,
    partial_breaches,
    refusal_breach,
)
from connector_contract.contract.rules.responses import Walk
from connector_contract.recording.interactions import Interaction, Request, Response

PAGES = [{"response": [{"id": "a"}]}, {"response": [{"id": "b"}]}]
BROKEN = Request("GET", "https://app.example.com/users?page=2")


def failed(*pages, size=1, status=503):
    call = FailedCall("list_accounts", status, "", pages[-1])
    codes = {503: {"service_error"}, 403: {"permission_denied"}}[status]
    return FailedWalk(Walk("list_accounts", size, pages), BROKEN, call), codes


def error(code):
    return {"is_error": True, "error": {"error_code": code, "message": "?"}}


def test_an_error_that_says_so_is_right():
    assert partial_breaches([failed(PAGES[0], error("service_error"))]) == []


def test_a_success_is_told_by_page_and_request():
    (breach,) = partial_breaches([failed(PAGES[0], {"response": []})])
    assert breach.title == "an upstream that failed at page 2 gave 1 record, as a success"
    assert breach.records == (f"broken: {BROKEN}, by 503",)


def test_each_page_is_told_once_with_all_its_requests():
    empty = {"response": []}
    breaches = partial_breaches([failed(empty), failed(*PAGES, empty), failed(*PAGES, empty)])
    assert [breach.title.partition(" gave")[0] for breach in breaches] == [
        "an upstream that failed at page 1",
        "an upstream that failed at page 3",
    ]
    assert breaches[1].records == (f"broken: {BROKEN}, by 503",)


def test_another_code_is_a_breach_of_that_page():
    (breach,) = partial_breaches([failed(PAGES[0], error("internal_error"))])
    title = "an upstream that failed at page 2 gave internal_error, not service_error"
    assert breach.title == title
    assert breach.records == ("internal_error: ?", f"broken: {BROKEN}, by 503")


def test_each_status_is_told_with_the_request():
    empty = {"response": []}
    (breach,) = partial_breaches([failed(PAGES[0], empty), failed(PAGES[0], empty, status=403)])
    assert breach.records == (f"broken: {BROKEN}, by 503, 403",)
    assert partial_breaches([failed(PAGES[0], error("permission_denied"), status=403)]) == []
    (breach,) = partial_breaches([failed(PAGES[0], error("service_error"), status=403)])
    assert breach.title == "an upstream that failed at page 2 gave service_error, not permission_denied"


def test_a_list_that_lacks_something_is_no_success_whatever_it_has_caught():
    caught = {"execution_summary": {"caught_errors": [{"error_code": "service_error"}]}}
    (breach,) = partial_breaches([failed(PAGES[0], {"response": [], **caught})])
    assert breach.title == "an upstream that failed at page 2 gave 1 record, as a success"


def test_what_has_no_pages_fails_at_a_request():
    (breach,) = partial_breaches([failed({"response": []}, size=None)])
    title = "an upstream that failed at a later request gave 0 records, as a success"
    assert breach.title == title


def test_later_records_are_those_after_the_first_success():
    def interaction(status, body):
        return Interaction(Request("GET", "https://app.example.com"), Response(status, "", (), body))

    sent = [
        interaction(429, b"{}"),
        interaction(200, b"{}"),
        interaction(204, b""),
        interaction(429, b"{}"),
        interaction(200, b"[]"),
    ]
    assert later_records(sent) == [4]
    assert later_records(sent[:3]) == []


@pytest.mark.parametrize(
    ("response", "title"),
    [
        ({"response": []}, "it gave a success, not not_found"),
        (error("bad_request"), "it gave bad_request, not not_found"),
    ],
)
def test_what_is_not_refused_as_it_should_be(response, title):
    (breach,) = refusal_breach("get_account", "it", response, {"not_found"})
    assert breach.title == title
