"""Statuses, as faults."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from faults_testing import ERRORS, HOST, asked, call_of, change_of, one, trial_of, why_not

from connector_contract.faults.fault import NotApplicable, Owed, Trial
from connector_contract.faults.status_faults import EVERYWHERE, FAULTS, everywhere, trials
from connector_contract.recording.interactions import Response
from connector_contract.recording.played_changes import Once

LIST = call_of("list_accounts", asked(body={"items": [{"id": "u1"}]}))


@pytest.mark.parametrize(
    ("name", "status", "code", "retryable"),
    [
        ("status-400", 400, "bad_request", False),
        ("status-422", 422, "bad_request", False),
        ("status-401", 401, "unauthorized", False),
        ("status-403", 403, "permission_denied", False),
        ("status-404", 404, "not_found", False),
        ("status-409", 409, "conflict", False),
        ("status-405", 405, "unsupported_operation", False),
        ("status-501", 501, "unsupported_operation", False),
        ("status-429", 429, "rate_limit", True),
        ("status-429-seconds", 429, "rate_limit", True),
        ("status-429-date", 429, "rate_limit", True),
        ("status-500", 500, "bad_gateway", True),
        ("status-502", 502, "bad_gateway", True),
        ("status-504", 504, "bad_gateway", True),
        ("status-503", 503, "service_error", True),
        ("status-503-once", 503, "service_error", True),
    ],
)
def test_each_status_owes_the_code_that_the_sdk_has_for_it(name, status, code, retryable):
    trial = trial_of(trials(LIST, 1), name)
    assert change_of(trial).status == status
    assert (trial.owed.codes, trial.owed.retryable) == ({code}, retryable)
    assert trial.owed.may_be_same is name.endswith("-once")
    assert isinstance(trial.changes[1], Once) is trial.fault.heals is name.endswith("-once")


def test_a_token_server_says_with_400_that_credentials_are_wrong():
    login = asked("POST", "/oauth/token", {"access_token": "t"}, sends=b"grant_type=refresh_token")
    call = call_of("list_accounts", login, asked(body={"items": []}))
    codes = [trial_of(trials(call, number), "status-400").owed.codes for number in (1, 2)]
    assert codes == [{"bad_request", "unauthorized"}, {"bad_request"}]
    assert trial_of(trials(call, 1), "status-403").owed.codes == {"permission_denied"}


def test_an_upstream_may_say_with_403_that_credentials_are_wrong_if_the_author_declares_it():
    call = replace(LIST, no_login_is_403=True)
    codes = {name: trial_of(trials(call, 1), name).owed.codes for name in ("status-403", "status-401")}
    assert "unauthorized" in codes["status-403"]
    assert "permission_denied" not in codes["status-403"]
    assert codes["status-401"] == {"unauthorized"}


def test_refusals_are_of_successes_and_failures_are_of_anything():
    call = call_of("list_accounts", asked(body={"detail": "no such user"}, status=404))
    assert why_not(trials(call, 1), "status-401") == "its response is no success: 404"
    applying = {each.fault.name for each in trials(call, 1) if isinstance(each, Trial)}
    assert {"status-429", "status-503", "status-500-once", "redirect-302"} <= applying
    assert not {name for name in applying if name.startswith("status-4") and "429" not in name}


def test_every_fault_of_the_module_comes_once():
    found = [each.fault for each in trials(LIST, 1)] + [everywhere(LIST).fault]
    assert sorted(fault.name for fault in found) == sorted(fault.name for fault in FAULTS)


def test_retry_after_is_in_seconds_or_a_date_to_come_or_missing():
    found = {
        name: dict(change_of(trial_of(trials(LIST, 1), name)).headers).get("retry-after")
        for name in ("status-429-seconds", "status-429-date", "status-429")
    }
    assert found == {
        "status-429-seconds": "30",
        "status-429-date": "Mon, 06 May 2024 07:08:39 GMT",
        "status-429": None,
    }


@pytest.mark.parametrize("status", ["302", "307"])
def test_a_redirect_leads_to_another_host_and_any_error_is_right(status):
    trial = trial_of(trials(LIST, 1), f"redirect-{status}")
    location = dict(change_of(trial).headers)["location"]
    assert not location.startswith(HOST)
    assert trial.owed == Owed()


def test_only_its_status_gives_a_redirect_away():
    """A connector that takes a 302 for done must not be saved by a body where it expects none."""
    call = call_of("unassign_entitlement", asked(body=[1]), asked("DELETE", "/v1/users/u1", status=204))
    read, deletion = (trial_of(trials(call, number), "redirect-302").changes[number] for number in (1, 2))
    assert isinstance(read, Response)
    assert isinstance(deletion, Response)
    assert b"error" in read.body
    assert deletion.body == b""
    assert dict(deletion.headers) == {"location": "https://elsewhere.example/moved", "content-length": "0"}


def test_an_api_of_json_refuses_with_json_of_the_recorded_type():
    problem = (("content-type", "application/vnd.api+json"), ("x-request-id", "1"))
    call = call_of("list_accounts", asked(body=[1], headers=problem))
    response = change_of(trial_of(trials(call, 1), "status-403"))
    assert response.headers == (
        ("content-type", "application/vnd.api+json"),
        ("content-length", str(len(response.body))),
    )
    assert json.loads(response.body) == {"error": {"code": "forbidden", "message": "Forbidden"}}


@pytest.mark.parametrize(
    ("body", "document"),
    [
        ({"data": {"users": []}}, {"error": {"code": "forbidden", "message": "Forbidden"}}),
        ({"ok": True, "members": []}, {"ok": False, "error": "forbidden"}),
    ],
    ids=["before a server of GraphQL", "ok"],
)
def test_an_error_has_the_form_that_the_api_has(body, document):
    call = call_of("list_accounts", asked(body=body))
    assert json.loads(change_of(trial_of(trials(call, 1), "status-403")).body) == document


@pytest.mark.parametrize(
    ("interactions", "has_body"),
    [
        ([asked("DELETE", status=204)], False),
        ([asked("DELETE", status=204), asked(body={"id": 1})], True),
        ([asked(body=b"id,name\n1,Ann\n", headers=(("content-type", "text/csv"),)), asked(body={})], False),
    ],
    ids=["nothing", "nothing here, JSON elsewhere", "a table"],
)
def test_another_api_refuses_without_a_body(interactions, has_body):
    response = change_of(trial_of(trials(call_of("list_accounts", *interactions), 1), "status-500"))
    assert bool(response.body) is has_body
    assert dict(response.headers)["content-length"] == str(len(response.body))


def test_no_refusal_reads_as_a_rate_limit_to_the_sdk():
    from connector_sdk_types.oai.modules.rate_limiting_types import STATIC_RATE_LIMIT_DICTIONARY

    texts = [
        change_of(each).body.decode().lower()
        for each in trials(LIST, 1)
        if isinstance(each, Trial) and "429" not in each.fault.name
    ]
    assert texts
    assert not [word for word in STATIC_RATE_LIMIT_DICTIONARY for text in texts if word in text]


def test_of_ids_that_are_asked_for_in_a_list_one_may_be_gone():
    call = call_of(
        "get_last_activity",
        asked(path="/v1/users/u1", body={"id": "u1"}),
        asked(path="/v1/users/u10", body={"id": "u10"}),
        asked(path="/v1/account", body={}),
        account_ids=["u1", "u10"],
    )
    lacking = [trial_of(trials(call, number), "status-404").owed.may_lack for number in (1, 2, 3)]
    assert lacking == ["u1", "u10", ""]
    assert {trial_of(trials(call, 1), name).owed.may_lack for name in ("status-401", "status-503")} == {""}


def test_404_everywhere_is_of_reads_with_several_requests_or_with_an_id_that_may_be_gone():
    user = asked(path="/v1/users/u1", body={"id": "u1"})
    trial = everywhere(call_of("list_accounts", user, asked("POST", "/v1/x", {}), asked(status=404)))
    assert isinstance(trial, Trial)
    assert trial.owed == Owed()
    assert (sorted(trial.changes), trial.place) == ([1, 2], None)
    assert isinstance(everywhere(call_of("get_last_activity", user, account_ids=["u1"])), Trial)
    whys = [
        everywhere(call)
        for call in (
            call_of("get_account", user, account_id="u1"),
            call_of("delete_account", user, user),
            call_of("list_accounts", asked(status=404)),
        )
    ]
    assert [each.why if isinstance(each, NotApplicable) else each for each in whys] == [
        "it makes one request, which status-404 refuses",
        "its capability writes: each of its requests is refused alone",
        "the upstream refuses all of its requests as it is",
    ]


def test_404_everywhere_is_the_answer_to_what_was_never_recorded_too():
    users = asked(path="/v1/users", body={"items": []})
    trial = everywhere(call_of("get_last_activity", asked(path="/v1/users/u1", body={}), account_ids=["u1"]))
    assert isinstance(trial, Trial)
    assert trial.otherwise is not None
    assert trial.otherwise(users.request) == trial.changes[1]


def test_the_codes_are_read_and_not_copied():
    call = call_of("list_accounts", asked(body=[]))
    other = {**ERRORS.code_of_status, 404: "conflict"}
    from dataclasses import replace

    changed = replace(call, errors=replace(ERRORS, code_of_status=other))
    assert trial_of(trials(changed, 1), "status-404").owed.codes == {"conflict"}
    assert isinstance(one(trials(call, 1), EVERYWHERE.name.removesuffix("-everywhere")), Trial)
