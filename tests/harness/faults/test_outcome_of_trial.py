"""What came of a trial, and how bad that is."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from faults_testing import HOST, asked, call_of, error, seen, trial_of

from connector_contract.faults.catalogue import planned
from connector_contract.faults.fault import Fault, Group, Outcome, Owed, Trial, Weight
from connector_contract.faults.outcome_of_trial import is_named, outcome_of, weight_of
from connector_contract.faults.seen import Seen, Stopped
from connector_contract.recording.interactions import Request, Response

USERS = [{"integration_specific_id": f"u{number}"} for number in range(3)]
LISTED = {"response": USERS, "page": {"token": "next", "size": 3}}
LIST = call_of("list_accounts", asked(body={"items": [{"id": "u0"}]}), response=LISTED)
DONE = {"response": {"status": "SUSPENDED", "deleted": True}}
USER, REMOVE = asked(path="/v1/users/u1", body={"id": "u1"}), asked("DELETE", "/v1/users/u1", {"id": "u1"})
DELETE = call_of("delete_account", USER, REMOVE, response=DONE)
CREATED = {"response": {"id": "u9", "status": "ACTIVE", "created": True}}
CREATE = call_of("create_account", asked("POST", body={"id": "u9"}, status=201), response=CREATED)


def trial_at(call, name, number=None):
    """The trial of a fault at an interaction, or the only one."""
    found = [each for each in planned(call) if number is None or each.place == number]
    return trial_of(found, name)


def judge(call, name, response=None, number=None, **rest):
    """Outcome and weight of a trial."""
    trial = trial_at(call, name, number)
    what = seen(trial, response, **rest)
    outcome = outcome_of(trial, call, what)
    return outcome, weight_of(outcome, trial, call, what)


RIGHT = (Outcome.AS_EXPECTED, Weight.GOOD)


@pytest.mark.parametrize(
    ("name", "response", "expected"),
    [
        ("status-401", error("unauthorized"), RIGHT),
        ("status-401", error("bad_request"), (Outcome.OTHER_CODE, Weight.WRONG)),
        ("status-401", error("internal_error"), (Outcome.INTERNAL_ERROR, Weight.WRONG)),
        ("status-401", error("unauthorized", retryable=True), (Outcome.NOT_RETRYABLE, Weight.WRONG)),
        ("status-503", error("service_error"), RIGHT),
        ("status-503", error("service_error", retryable=False), (Outcome.NOT_RETRYABLE, Weight.WRONG)),
        ("status-503", error("bad_gateway"), (Outcome.OTHER_CODE, Weight.WRONG)),
        ("redirect-302", error("invalid_response"), RIGHT),
        ("redirect-302", error("bad_gateway"), RIGHT),
        ("redirect-302", error("internal_error"), (Outcome.INTERNAL_ERROR, Weight.WRONG)),
        ("read-timeout", error("request_timeout"), RIGHT),
        ("connect-refused", error("connection_timeout"), RIGHT),
        ("connect-refused", error("service_error"), (Outcome.OTHER_CODE, Weight.WRONG)),
        ("truncated-json", error("invalid_response"), RIGHT),
        ("truncated-json", error("bad_gateway"), (Outcome.OTHER_CODE, Weight.WRONG)),
        ("wrong-content-type", LISTED, (Outcome.SAME_SUCCESS, Weight.GOOD)),
        ("wrong-content-type", error("invalid_response"), RIGHT),
        ("html-200", LISTED, (Outcome.SAME_SUCCESS, Weight.WRONG)),
        ("null-body", {"response": []}, (Outcome.EMPTY_SUCCESS, Weight.ACCESS_LOST)),
        ("status-500", {**LISTED, "response": USERS[1:]}, (Outcome.PARTIAL_SUCCESS, Weight.ACCESS_LOST)),
        ("status-500", {"response": USERS}, (Outcome.PARTIAL_SUCCESS, Weight.ACCESS_LOST)),
        (
            "status-500",
            {"response": [{"integration_specific_id": "x"}]},
            (Outcome.OTHER_SUCCESS, Weight.WRONG),
        ),
        ("deadline-exhausted", LISTED, (Outcome.SAME_SUCCESS, Weight.GOOD)),
        ("deadline-exhausted", error("budget_exhausted"), RIGHT),
        ("deadline-exhausted", error("service_error"), (Outcome.OTHER_CODE, Weight.WRONG)),
        ("deadline-exhausted", {"response": []}, (Outcome.EMPTY_SUCCESS, Weight.ACCESS_LOST)),
    ],
)
def test_what_a_list_may_give(name, response, expected):
    assert judge(LIST, name, response) == expected


def test_an_error_without_metadata_is_judged_by_its_code():
    """As earlier releases of the SDK have it."""
    response = error("unauthorized")
    del response["error"]["error_metadata"]
    assert judge(LIST, "status-401", response) == RIGHT


@pytest.mark.parametrize(
    ("stopped", "outcome"),
    [
        (Stopped.RAISED, Outcome.EXCEPTION),
        (Stopped.TOO_MANY, Outcome.OVER_BUDGET),
        (Stopped.ENDLESS, Outcome.ENDLESS),
        (None, Outcome.EXCEPTION),
    ],
)
def test_a_call_may_give_no_response(stopped, outcome):
    assert judge(LIST, "status-500", stopped=stopped) == (outcome, Weight.WRONG)


def test_what_applies_and_never_fires_is_a_failure():
    assert judge(LIST, "status-500", error("bad_gateway"), fired={}) == (Outcome.NOT_FIRED, Weight.WRONG)
    assert judge(LIST, "deadline-exhausted", LISTED, fired={})[0] is Outcome.SAME_SUCCESS


OFF = (Request("GET", HOST + "/v1/health"),)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (error("internal_error", raised_by="UnmatchedRequest"), (Outcome.OFF_SCRIPT, Weight.NOTE)),
        (error("not_found"), (Outcome.OFF_SCRIPT, Weight.NOTE)),
        (error("unauthorized"), RIGHT),
        (None, (Outcome.OFF_SCRIPT, Weight.NOTE)),
        # Who swallows a request that fails swallows one of the upstream's, too.
        ({"response": []}, (Outcome.EMPTY_SUCCESS, Weight.ACCESS_LOST)),
    ],
)
def test_off_script_is_a_note_and_no_code_of_the_connector(response, expected):
    assert judge(LIST, "status-401", response, off_script=OFF) == expected


def test_another_id_that_leads_to_another_request_is_no_failure_to_be_recorded():
    found = judge(
        LIST, "another-value", error("internal_error", raised_by="UnmatchedRequest"), off_script=OFF
    )
    assert found == (Outcome.OFF_SCRIPT, Weight.GOOD)


def test_asking_for_ever_off_script_is_no_note():
    assert judge(LIST, "status-401", off_script=OFF, stopped=Stopped.TOO_MANY)[0] is Outcome.OVER_BUDGET


def test_nothing_is_sent_to_where_a_redirect_leads():
    trial = trial_at(LIST, "redirect-307")
    change = trial.changes[1]
    assert isinstance(change, Response)
    away = (Request("GET", dict(change.headers)["location"]),)
    found = judge(LIST, "redirect-307", error("invalid_response"), elsewhere=away)
    assert found == (Outcome.SENT_ELSEWHERE, Weight.WRONG)


def test_a_right_error_with_a_secret_in_its_message_is_none():
    found = judge(LIST, "status-401", error("unauthorized"), secrets=("error.message",))
    assert found == (Outcome.SECRET, Weight.WRONG)


# What the SDK does of itself.


@pytest.mark.parametrize(
    ("name", "response", "times", "outcome"),
    [
        ("status-503", error("bad_gateway", raised_by="UpstreamError"), 6, Outcome.AS_EXPECTED),
        ("status-503", error("bad_gateway", raised_by="UpstreamError"), 1, Outcome.OTHER_CODE),
        ("status-503", error("bad_gateway", raised_by="HTTPStatusError"), 6, Outcome.OTHER_CODE),
        ("connect-timeout", error("bad_gateway", raised_by="UpstreamError"), 6, Outcome.AS_EXPECTED),
        ("status-429", error("budget_exhausted", raised_by="BudgetExhaustedError"), 1, Outcome.AS_EXPECTED),
        ("status-401", error("bad_gateway", raised_by="UpstreamError"), 6, Outcome.OTHER_CODE),
        ("html-200", error("bad_gateway", raised_by="TransportProtocolError"), 1, Outcome.AS_EXPECTED),
        ("status-401", error("bad_gateway", raised_by="TransportProtocolError"), 1, Outcome.OTHER_CODE),
    ],
)
def test_what_the_sdk_makes_of_a_fault_is_right(name, response, times, outcome):
    assert judge(LIST, name, response, fired={1: times}, asked={1: times})[0] is outcome


def test_a_response_without_data_is_none_of_graphql_to_the_sdks_client():
    call = call_of("list_accounts", asked("POST", "/graphql", {"data": []}), response=LISTED)
    for raised, outcome in (
        ("TransportProtocolError", Outcome.AS_EXPECTED),
        ("ApiError", Outcome.OTHER_CODE),
    ):
        assert judge(call, "field-missing", error("bad_gateway", raised_by=raised))[0] is outcome


# What heals.


@pytest.mark.parametrize(
    ("response", "times", "expected"),
    [
        (LISTED, 2, (Outcome.SAME_SUCCESS, Weight.GOOD)),
        (LISTED, 1, (Outcome.SAME_SUCCESS, Weight.WRONG)),
        (error("service_error"), 1, RIGHT),
        (error("service_error"), 2, RIGHT),
        ({"response": USERS[:1]}, 2, (Outcome.PARTIAL_SUCCESS, Weight.ACCESS_LOST)),
    ],
)
def test_a_fault_that_heals_gives_the_recorded_success_or_its_error(response, times, expected):
    assert judge(LIST, "status-503-once", response, asked={1: times}) == expected


def test_of_equal_requests_one_more_is_asking_again():
    poll = asked(path="/v1/jobs/1", body={"done": True})
    call = call_of("list_accounts", poll, poll, response=LISTED)
    for times, weight in (({1: 1, 2: 1}, Weight.WRONG), ({1: 1, 2: 2}, Weight.GOOD)):
        assert judge(call, "status-503-once", LISTED, 1, asked=times)[1] is weight


# Reads.


def test_an_account_that_is_gone_may_be_left_out_of_those_asked_for():
    had = [{"account_id": "u1", "happened_at": "x"}, {"account_id": "u2", "happened_at": "y"}]
    call = call_of(
        "get_last_activity",
        asked(path="/v1/users/u1", body={}),
        asked(path="/v1/users/u2", body={}),
        response={"response": had},
        account_ids=["u1", "u2"],
    )
    lost = Weight.ACCESS_LOST
    assert judge(call, "status-404", {"response": had[1:]}, 1) == RIGHT
    assert judge(call, "status-404", {"response": had[:1]}, 1) == (Outcome.PARTIAL_SUCCESS, lost)
    assert judge(call, "status-404", {"response": []}, 1) == (Outcome.EMPTY_SUCCESS, lost)
    assert judge(call, "status-403", {"response": had[1:]}, 1) == (Outcome.PARTIAL_SUCCESS, lost)
    assert judge(call, "status-404", error("not_found"), 1) == RIGHT
    assert judge(call, "status-404-everywhere", {"response": []}) == (Outcome.EMPTY_SUCCESS, lost)
    assert judge(call, "status-404-everywhere", error("not_found")) == RIGHT


def test_a_session_need_not_end_well():
    call = call_of("list_accounts", asked(body={}), asked("POST", "/v1/logout", {}), response=LISTED)
    assert judge(call, "status-500", LISTED, 2) == (Outcome.SAME_SUCCESS, Weight.GOOD)
    assert judge(call, "status-500", LISTED, 1) == (Outcome.SAME_SUCCESS, Weight.WRONG)
    assert judge(call, "status-500", {"response": []}, 2) == (Outcome.EMPTY_SUCCESS, Weight.ACCESS_LOST)


def test_the_cookie_of_a_login_may_be_all_that_is_read():
    call = call_of("list_accounts", asked("POST", "/v1/login", {"user": 1}), response=LISTED)
    assert judge(call, "empty-object", LISTED) == (Outcome.SAME_SUCCESS, Weight.NOTE)
    assert judge(call, "html-200", LISTED) == (Outcome.SAME_SUCCESS, Weight.WRONG)


def test_what_asks_for_nothing_by_its_specification_may_give_what_it_always_gives():
    told = {"response": {"app_id": "app"}}
    call = call_of("app_info", asked(body={"version": 1}), response=told)
    assert judge(call, "status-500", told) == (Outcome.SAME_SUCCESS, Weight.GOOD)


def test_expenses_are_no_access():
    call = call_of("list_expenses", asked(body={}), response={"response": [{"id": "e1"}]})
    assert judge(call, "status-500", {"response": []}) == (Outcome.EMPTY_SUCCESS, Weight.WRONG)


# Reports.


def test_a_report_may_tell_of_the_failure_and_no_report_hides_it():
    good = {"response": {"status": "passed", "checks": [{"name": "accounts", "status": "passed"}]}}
    failed = [{"name": "accounts", "status": "failed", "error": "503"}]
    bad = {"response": {"status": "failed", "checks": failed}}
    call = call_of("probe_integration", asked(body={}), response=good)
    assert judge(call, "status-503", bad) == RIGHT
    assert judge(call, "status-503", error("service_error")) == RIGHT
    assert judge(call, "status-503", good) == (Outcome.SAME_SUCCESS, Weight.WRONG)
    assert judge(call, "truncated-json", bad) == RIGHT


# Writes.


@pytest.mark.parametrize(
    "response", [DONE, {"response": {"status": "ACTIVE", "deleted": True}}, {"response": {}}]
)
@pytest.mark.parametrize("name", ["status-404", "status-503", "read-timeout", "html-200", "error-200"])
def test_a_write_that_was_refused_is_no_success(name, response):
    assert judge(DELETE, name, response, 2, asked={1: 1, 2: 1})[1] is Weight.WRITE_LOST


def test_a_read_that_fails_before_a_write_does_not_hide_that_it_was_never_made():
    assert judge(DELETE, "status-404", DONE, 1)[1] is Weight.WRITE_LOST
    # There it was made, and was answered as recorded.
    assert judge(DELETE, "status-404", DONE, 1, asked={1: 1, 2: 1})[1] is Weight.NOTE


def test_a_write_that_makes_no_request_but_a_read_proves_nothing_without_it():
    call = call_of("activate_account", USER, response={"response": {"status": "ACTIVE"}})
    assert judge(call, "status-500", {"response": {"status": "ACTIVE"}})[1] is Weight.WRITE_LOST


@pytest.mark.parametrize("name", ["truncated-json", "empty-body", "broken-gzip", "empty-object", "null-body"])
def test_nobody_has_to_read_what_a_write_is_answered_with(name):
    assert judge(DELETE, name, DONE, 2, asked={1: 1, 2: 1}) == (Outcome.SAME_SUCCESS, Weight.NOTE)
    assert judge(DELETE, name, {"response": {}}, 2, asked={1: 1, 2: 1})[1] is Weight.WRITE_LOST


def with_caught(response, *codes):
    """A success with caught errors: ``code`` or ``code: message``."""
    parts = [code.partition(": ") for code in codes]
    errors = [{"error_code": code, "message": message} for code, _, message in parts]
    return {**response, "execution_summary": {"caught_errors": errors}}


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        ((), ("service_error",), Outcome.CAUGHT),
        (("not_found",), ("not_found", "service_error"), Outcome.CAUGHT),
        (("service_error",), ("service_error",), Outcome.SAME_SUCCESS),
        # In place of the recorded error there is another one of the same code.
        (("service_error: a",), ("service_error: b",), Outcome.CAUGHT),
        (("service_error",), ("service_error", "service_error"), Outcome.CAUGHT),
        ((), ("not_found",), Outcome.OTHER_SUCCESS),
        ((), ("internal_error",), Outcome.OTHER_SUCCESS),
    ],
)
def test_a_success_may_tell_of_the_error_that_it_caught(before, now, outcome):
    call = replace(CREATE, response=with_caught(CREATED, *before))
    assert judge(call, "status-503", with_caught(CREATED, *now))[0] is outcome


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (USERS[1:], (Outcome.PARTIAL_SUCCESS, Weight.ACCESS_LOST)),
        ([], (Outcome.EMPTY_SUCCESS, Weight.ACCESS_LOST)),
        (USERS, (Outcome.CAUGHT, Weight.GOOD)),
        # Everybody is there, and what failed is told.
        ([{**user, "user_status": None} for user in USERS], (Outcome.CAUGHT, Weight.GOOD)),
    ],
)
def test_a_list_that_lacks_somebody_is_none_though_it_tells_why(records, expected):
    told = with_caught({**LISTED, "response": records}, "service_error")
    assert judge(LIST, "status-503", told) == expected


@pytest.mark.parametrize(
    ("name", "message", "named"),
    [
        ("firstName", "first_name: missing", True),
        ("firstName", "users.0.firstName: Field required", True),
        ("first_name", "First name is missing", True),
        ("id", "users.0.id\n  Field required", True),
        ("id", "The response is invalid", False),
        ("name", "1 validation error for Username", False),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            "0.urn:ietf:params:scim:schemas:extension:enterprise:2.0:User: it is null",
            True,
        ),
        ("", "anything", True),
    ],
)
def test_a_field_is_named_by_its_whole_name(name, message, named):
    assert is_named(name, message) is named


@pytest.mark.parametrize(
    ("name", "times", "outcome"),
    [
        ("read-timeout", 2, Outcome.WRITTEN_TWICE),
        ("dropped-mid-body", 2, Outcome.WRITTEN_TWICE),
        ("status-500", 2, Outcome.WRITTEN_TWICE),
        ("status-502-once", 2, Outcome.WRITTEN_TWICE),
        ("status-504", 6, Outcome.WRITTEN_TWICE),
        ("read-timeout", 1, Outcome.SAME_SUCCESS),
        ("status-503-once", 2, Outcome.SAME_SUCCESS),
        ("status-429", 2, Outcome.SAME_SUCCESS),
        ("connect-timeout", 2, Outcome.SAME_SUCCESS),
        ("connect-refused", 2, Outcome.SAME_SUCCESS),
    ],
)
def test_what_may_be_done_already_is_not_asked_for_again(name, times, outcome):
    assert judge(CREATE, name, CREATED, asked={1: times})[0] is outcome


QUERY, MUTATION = (
    json.dumps({"query": text}).encode()
    for text in ("query { users { id } }", "mutation { createUser { id } }")
)


@pytest.mark.parametrize(
    ("interaction", "outcome"),
    [
        (asked("PUT", body={}), Outcome.SAME_SUCCESS),
        (asked("DELETE", body={}), Outcome.SAME_SUCCESS),
        (asked("POST", "/oauth/token", {}), Outcome.SAME_SUCCESS),
        (asked("POST", "/v1/users/search", {}), Outcome.SAME_SUCCESS),
        (asked("POST", "/graphql", {}, sends=QUERY), Outcome.SAME_SUCCESS),
        (asked("POST", "/graphql", {}, sends=MUTATION), Outcome.WRITTEN_TWICE),
        (asked("POST", body={}, carries=(("idempotency-key", "k"),)), Outcome.SAME_SUCCESS),
        (asked("PATCH", body={}), Outcome.WRITTEN_TWICE),
    ],
    ids=["put", "delete", "login", "search", "query", "mutation", "key", "patch"],
)
def test_what_may_be_repeated_may_be_asked_for_again(interaction, outcome):
    call = call_of("create_account", interaction, response=CREATED)
    assert judge(call, "read-timeout", CREATED, asked={1: 2})[0] is outcome


def test_a_read_is_asked_for_again_as_often_as_it_likes():
    call = call_of("list_accounts", asked("POST", body={}), response=LISTED)
    assert judge(call, "status-500-once", LISTED, asked={1: 2})[1] is Weight.GOOD


# What the faults of records ask for.

FIELD = Fault("field-missing", Group.FIELD, "a field is missing", "the DTO")


@pytest.mark.parametrize(
    ("owed", "response", "outcome"),
    [
        (
            Owed(frozenset({"invalid_response"}), names="firstName"),
            "first_name is missing",
            Outcome.AS_EXPECTED,
        ),
        (Owed(frozenset({"invalid_response"}), names="firstName"), "No.", Outcome.UNNAMED),
        (Owed(may_fail=False, may_be_same=True), "No.", Outcome.UNWANTED_ERROR),
        (Owed(may_fail=False, may_be_same=True), LISTED, Outcome.SAME_SUCCESS),
        (
            Owed(may_fail=False, may_differ=True, keeps=frozenset({"u0", "u2"})),
            {"response": USERS[::2]},
            Outcome.AS_EXPECTED,
        ),
        (
            Owed(may_fail=False, keeps=frozenset({"u0", "u1"})),
            {"response": USERS[:1]},
            Outcome.PARTIAL_SUCCESS,
        ),
        (Owed(may_fail=False, leads_on=True), {"response": USERS}, Outcome.PARTIAL_SUCCESS),
        (Owed(may_fail=False, leads_on=True), {"response": []}, Outcome.EMPTY_SUCCESS),
    ],
)
def test_what_a_record_owes(owed, response, outcome):
    response = error("invalid_response", message=response) if isinstance(response, str) else response
    trial = Trial(FIELD, 1, {1: Response(200)}, owed)
    assert outcome_of(trial, LIST, Seen(response, fired={1: 1}, asked={1: 1})) is outcome
