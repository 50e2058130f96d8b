"""A trial that was replayed, as a row, and what a person reads in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from faults_testing import asked, call_of, error, one, seen, trial_of

from connector_contract.faults.catalogue import planned
from connector_contract.faults.fault import NotApplicable, Outcome, Weight
from connector_contract.faults.judged import judged, not_applicable
from connector_contract.faults.seen import Stopped
from connector_contract.recording.interactions import Request

USERS = [{"integration_specific_id": f"u{number}"} for number in range(8)]
LIST = call_of("list_accounts", asked(body={"items": [{"id": "u0"}]}), response={"response": USERS})
DONE = {"response": {"status": "SUSPENDED", "deleted": True}}
DELETE = call_of("delete_account", asked("DELETE", "/v1/users/17", {"id": "17"}), response=DONE)


def row_of(call, name, response=None, **rest):
    trial = trial_of(planned(call), name)
    return judged(trial, call, seen(trial, response, **rest), "tests/test_it.py::test_it")


def test_a_row_says_where_what_and_how_to_put_it_right():
    row = row_of(LIST, "status-503", {"response": []})
    assert (row.capability, row.fault, row.endpoint, row.place) == (
        "list_accounts", "status-503", "GET /v1/users", 1
    )  # fmt: skip
    assert (row.outcome, row.weight, row.scenario) == (
        Outcome.EMPTY_SUCCESS, Weight.ACCESS_LOST, "tests/test_it.py::test_it"
    )  # fmt: skip
    assert (row.expected, row.told) == ("service_error, retryable", "an empty success: 0 of 8 records")
    assert row.consequence == "Lumos treats whoever is not listed as gone, and takes their access away."
    assert row.remedy.startswith("Check the status of each response")
    assert row.evidence == (
        'GET https://app.example.com/v1/users: answered with 503 {"error": {"code": "service_unavailable", '
        '"message":...; 1 time asked for',
    )
    assert row.is_finding


def test_what_is_right_says_no_more():
    row = row_of(LIST, "status-401", error("unauthorized"))
    assert (row.weight, row.consequence, row.remedy) == (Weight.GOOD, "", "")
    assert (row.expected, row.told) == ("unauthorized, not retryable", "unauthorized, not retryable")
    assert not row.is_finding


@pytest.mark.parametrize(
    ("name", "response", "consequence"),
    [
        ("status-401", error("internal_error"), "Lumos treats the connector as broken, and tries again."),
        ("status-401", error("bad_request"), "Nobody asks the customer for new credentials, so"),
        ("status-403", error("unauthorized"), "Lumos asks the customer for new credentials, although"),
        ("status-403", error("bad_request"), "Nobody tells the customer which permission is missing."),
        ("status-503", error("invalid_response"), "Lumos gives up, although it may go well a minute later."),
        ("status-400", error("service_error"), "Lumos tries again and again what cannot go well."),
        ("status-503", error("rate_limit"), "Lumos, and whoever looks for the cause, decide by the code."),
        (
            "status-429",
            error("service_error"),
            "Lumos does not slow down, and the upstream goes on refusing.",
        ),
        ("status-503", {"response": USERS}, "Lumos is told nothing of the failure."),
        ("status-503", {"response": [{"id": "x"}]}, "Lumos takes it for all that there is."),
    ],
)
def test_each_wrong_answer_has_its_consequence(name, response, consequence):
    assert row_of(LIST, name, response).consequence.startswith(consequence)


def test_a_write_that_lumos_believes_in():
    row = row_of(DELETE, "status-404", DONE)
    assert (row.consequence, row.endpoint) == ("Lumos believes that it was done.", "DELETE /v1/users/*")
    assert row.remedy.endswith("If the connector does so on purpose, tolerate the fault, with the reason.")
    assert "tolerate" not in row_of(DELETE, "status-403", DONE).remedy


@pytest.mark.parametrize(
    ("capability", "name", "is_offered"),
    [
        ("create_account", "status-409", True),
        ("assign_entitlement", "status-409", True),
        ("unassign_entitlement", "status-404", True),
        ("create_account", "status-404", False),
        ("delete_account", "status-409", False),
        ("get_account", "status-404", False),
    ],
)
def test_what_may_be_meant_can_be_declared(capability, name, is_offered):
    call = call_of(capability, asked("POST", body={"id": "u1"}), response={"response": {"id": "u1"}})
    assert ("tolerate the fault" in row_of(call, name, {"response": {"id": "u1"}}).remedy) is is_offered


@pytest.mark.parametrize(
    ("name", "raised", "remedy"),
    [
        (
            "broken-gzip",
            "DecodingError",
            "Give the integration a handler, exception_handlers=[(httpx.DecodingError, HTTPHandler, None)]; "
            "or catch it, and raise InvalidResponseError.",
        ),
        (
            "status-401",
            "TransportServerError",
            "Give the integration a handler, exception_handlers=[(TransportServerError, GQLTransportHandler, "
            "None)]; or catch it, and raise the error class of connector.oai.errors for the status, so that "
            "the code is unauthorized.",
        ),
        (
            "null-body",
            "TypeError",
            "Catch TypeError where the response is read, and raise InvalidResponseError.",
        ),
        (
            "connect-refused",
            "TransportConnectionFailed",
            "Catch TransportConnectionFailed where the request is made, and raise its __cause__: the SDK has "
            "codes for what the HTTP client raises.",
        ),
        (
            "read-timeout",
            "TimeoutError",
            "Catch TimeoutError where the request is made, and raise NetworkError or one of its subclasses, "
            "so that the code is connection_closed or connection_rejected or connection_timeout or "
            "request_timeout.",
        ),
        ("null-body", "", "Catch what is raised where the response is read, and raise InvalidResponseError."),
    ],
)
def test_a_crash_says_what_to_catch(name, raised, remedy):
    assert row_of(LIST, name, error("internal_error", raised_by=raised)).remedy == remedy


def test_the_handlers_that_are_named_do_what_is_said():
    """As the SDK has them: an exception of no status is a response that cannot be read."""
    import httpx
    from connector.oai.errors import HTTPHandler
    from connector.oai.errors.base import handle_exception

    handlers = [(httpx.DecodingError, HTTPHandler, None)]
    found = handle_exception(httpx.DecodingError("no gzip"), handlers, test_what_is_right_says_no_more, "app")
    assert found.error.error_code.value == "invalid_response"


def test_a_write_made_twice_says_when_to_ask_again():
    call = call_of("create_account", asked("POST", body={"id": "u1"}), response={"response": {"id": "u1"}})
    row = row_of(call, "read-timeout", {"response": {"id": "u1"}}, asked={1: 2})
    assert row.outcome is Outcome.WRITTEN_TWICE
    assert row.consequence == "The upstream may have done it already, and then does it twice."
    assert "after 429, 503, or without a connection" in row.remedy
    assert row.evidence == (
        "POST https://app.example.com/v1/users: no response comes in time; 2 times asked for",
    )


def test_notes_say_why_they_are_no_more():
    off = row_of(
        LIST, "status-401", error("internal_error"), off_script=(Request("GET", "https://a.example/x"),)
    )
    assert off.weight is Weight.NOTE
    assert off.remedy == "To have it proved, record a scenario in which the upstream fails like this."
    assert "never recorded: GET https://a.example/x" in off.evidence
    assert off.told == "off script"
    # What the harness says to the connector is no answer of the connector.
    harness = error("internal_error", raised_by="UnmatchedRequest")
    assert not any("told" in line for line in row_of(LIST, "status-401", harness).evidence)
    unread = row_of(DELETE, "empty-body", DONE)
    assert (unread.weight, unread.remedy) == (Weight.NOTE, "")
    assert unread.consequence.startswith(
        "What Lumos is told is true: the status says that the write was made."
    )


def test_of_many_broken_requests_some_are_shown():
    users = [asked(path=f"/v1/users/{number}", body={}) for number in range(5)]
    row = row_of(call_of("list_accounts", *users), "status-404-everywhere", error("bad_request"))
    assert [line.partition(":")[0] for line in row.evidence][3:] == ["and 2 more requests", "told"]


def test_a_message_with_a_secret_is_not_shown():
    row = row_of(LIST, "status-401", error("unauthorized", message="hush"), secrets=("error.message",))
    assert row.outcome is Outcome.SECRET
    assert "secret: error.message" in row.evidence
    assert "hush" not in str(row)


def test_nothing_found_at_all_is_an_error_and_no_empty_answer():
    call = call_of(
        "get_last_activity",
        asked(path="/v1/users/u1", body={}),
        response={"response": [{"account_id": "u1"}]},
        account_ids=["u1"],
    )
    row = row_of(call, "status-404-everywhere", {"response": []})
    assert row.consequence.startswith("Lumos treats whoever has no activity as inactive")
    assert row.remedy.startswith("Raise NotFoundError if nothing at all is found")


def test_what_has_no_response_says_why():
    row = row_of(LIST, "status-500", stopped=Stopped.ENDLESS, why="It waits for a lock.")
    assert (row.told, row.evidence[-1]) == (
        "no response: It waits for a lock.",
        "stopped: It waits for a lock.",
    )
    assert row.remedy == "Give every wait a timeout, and turn it into an error."


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("redirect-302", "an error other than internal_error"),
        ("wrong-content-type", "invalid_response, not retryable; or the recorded success"),
        ("status-503-once", "service_error, retryable; or the recorded success, if it asks again"),
        ("deadline-exhausted", "budget_exhausted, retryable; or the recorded success"),
        (
            "connect-timeout",
            "connection_closed or connection_rejected or connection_timeout or request_timeout, retryable",
        ),
    ],
)
def test_what_lumos_must_see_is_in_words(name, expected):
    assert row_of(LIST, name, error("invalid_response")).expected == expected


def test_a_success_that_caught_the_error_says_so():
    caught = {**DONE, "execution_summary": {"caught_errors": [{"error_code": "service_error"}]}}
    row = row_of(DELETE, "status-503", caught)
    assert (row.outcome, row.told) == (Outcome.CAUGHT, "a success that tells of service_error")


def test_every_finding_has_a_consequence_and_a_remedy():
    responses = [None, {"response": []}, {"response": USERS}, error("internal_error"), error("conflict")]
    for call in (LIST, replace(DELETE, response=DONE)):
        for trial in planned(call):
            if isinstance(trial, NotApplicable):
                continue
            rows = [judged(trial, call, seen(trial, response)) for response in responses]
            wrong = [row for row in rows if row.is_finding]
            assert wrong
            assert all(row.consequence.endswith(".") and row.remedy and row.evidence for row in wrong)


def test_what_does_not_apply_is_a_row_that_says_why():
    found = one(planned(LIST), "truncated-xml")
    assert isinstance(found, NotApplicable)
    row = not_applicable(found, LIST)
    assert (row.outcome, row.weight, row.told) == (
        Outcome.NOT_APPLICABLE, Weight.GOOD, "its body is JSON, and not XML"
    )  # fmt: skip


def test_a_redirect_that_is_followed_says_where_to():
    away = (Request("GET", "https://elsewhere.example/moved?token=none"),)
    row = row_of(LIST, "redirect-302", error("internal_error", raised_by="UnmatchedRequest"), elsewhere=away)
    assert row.outcome is Outcome.SENT_ELSEWHERE
    assert row.told == "the connector sent GET https://elsewhere.example/moved"


def test_a_status_that_is_checked_and_swallowed_has_its_remedy():
    assert row_of(LIST, "status-404", {"response": []}).remedy.endswith(
        "If it is checked already, do not return an answer in place of the error."
    )
