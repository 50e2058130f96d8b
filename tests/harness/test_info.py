"""The rule **info**: what a connector says of itself is whole, and goes with what it is given."""

from __future__ import annotations

import pytest
from rules_testing import told

from connector_contract.contract.rules.info import connected_breach, info_breach, undeclared_breach

TYPES = {
    "resource_types": [{"type_id": "project"}, {"type_id": "site"}],
    "entitlement_types": [
        {"type_id": "role", "resource_type_id": "project", "min": 1, "max": 1},
        {"type_id": "licence", "resource_type_id": "", "min": None, "max": None},
    ],
    "capabilities": ["info", "list_accounts"],
}


def kind(**fields):
    return [{"type_id": "role", "resource_type_id": "project", **fields}]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({}, id="right"),
        pytest.param({"resource_types": [], "entitlement_types": []}, id="no types"),
        pytest.param({"resource_types": None, "entitlement_types": None}, id="no types at all"),
        pytest.param({"entitlement_types": kind(max=3)}, id="no min"),
        pytest.param({"entitlement_types": kind(min=3)}, id="no max"),
        pytest.param({"capabilities": ["info", "list_accounts", "more"]}, id="more capabilities"),
    ],
)
def test_info_that_is_whole(changed):
    assert told(info_breach({**TYPES, **changed}, ["list_accounts"])) == []


@pytest.mark.parametrize(
    ("changed", "title", "records"),
    [
        pytest.param(
            {"resource_types": [{"type_id": each} for each in ("project", "site", "site", " ")]},
            "resource_types has type ids that are empty or not unique",
            ["' '", "'site'"],
            id="resource types",
        ),
        pytest.param(
            {"entitlement_types": kind() * 2},
            "entitlement_types has type ids that are empty or not unique",
            ["'role'"],
            id="entitlement types",
        ),
        pytest.param(
            {"entitlement_types": kind(resource_type_id="team")},
            "entitlement types belong to resource types that are not declared",
            ["role: 'team'"],
            id="of no resource type",
        ),
        pytest.param(
            {"entitlement_types": kind(resource_type_id=None)},
            "entitlement types belong to resource types that are not declared",
            ["role: None"],
            id="of none",
        ),
        pytest.param(
            {"entitlement_types": kind(min=2, max=1)},
            "entitlement types have a max below their min",
            ["role: min 2, max 1"],
            id="limits",
        ),
        pytest.param(
            {"capabilities": ["info"]}, "it lacks registered capabilities", ["list_accounts"], id="lacks one"
        ),
        pytest.param(
            {"capabilities": None}, "it lacks registered capabilities", ["list_accounts"], id="lacks all"
        ),
    ],
)
def test_info_that_is_not_whole(changed, title, records):
    assert told(info_breach({**TYPES, **changed}, ["list_accounts"])) == [("info", title, records)]


INFO = {
    "authentication_schema": {"x-credential-type": "token"},
    "credentials_schema": [{"id": "api", "x-credential-type": "basic"}],
    "request_settings_schema": {"properties": {"url": {}}},
}


def given(info, **envelope):
    breaches = told(undeclared_breach(info, {"auth": None, "credentials": None, "settings": {}, **envelope}))
    assert {breach[:2] for breach in breaches} <= {
        ("info", "it does not declare what the connector is given")
    }
    return [record for *_, records in breaches for record in records]


@pytest.mark.parametrize(
    ("envelope", "says"),
    [
        ({}, []),
        ({"auth": {"token": {"token": "t"}}, "settings": {"url": "u"}}, []),
        ({"credentials": [{"id": "api", "basic": {}}]}, []),
        ({"auth": {"basic": {}}}, ["auth of the kind basic; declared: token"]),
        ({"credentials": [{"id": "scim", "basic": {}}]}, ["the credential 'scim'; declared: api"]),
        (
            {"credentials": [{"id": "api", "token": {}}]},
            ["the credential 'api' of the kind token; declared: basic"],
        ),
        ({"settings": {"uri": "u"}}, ["the setting 'uri'; declared: url"]),
        (
            {"auth": {"basic": {}}, "settings": {"uri": "u"}},
            ["auth of the kind basic; declared: token", "the setting 'uri'; declared: url"],
        ),
    ],
)
def test_what_a_connector_is_given_is_what_it_declares(envelope, says):
    assert given(INFO, **envelope) == says


def test_settings_of_any_name_may_be_declared():
    assert given({"request_settings_schema": {"additionalProperties": True}}, settings={"x": 1}) == []


def test_a_kind_of_credentials_need_not_be_declared():
    assert given({"authentication_schema": {"type": "object"}}, auth={"token": {}}) == []


@pytest.mark.parametrize(
    ("envelope", "says"),
    [
        ({"auth": {"token": {}}}, "auth; declared: none"),
        ({"credentials": [{"id": "api", "basic": {}}]}, "the credential 'api'; declared: none"),
        ({"settings": {"url": "u"}}, "the setting 'url'; declared: none"),
    ],
)
def test_what_is_not_declared_at_all(envelope, says):
    assert given({"authentication_schema": {}}, **envelope) == [says]


CONNECTED = {"app_id": "acme", **TYPES}
STATIC = {"app_id": "acme", **TYPES, "entitlement_types": []}


@pytest.mark.parametrize(
    "changed", [pytest.param({}, id="other types"), pytest.param({"capabilities": ["info"]}, id="fewer")]
)
def test_connected_info_may_differ_from_info(changed):
    assert told(connected_breach({**CONNECTED, **changed}, STATIC)) == []


@pytest.mark.parametrize(
    ("changed", "title", "records"),
    [
        (
            {"entitlement_types": kind(resource_type_id="team")},
            "entitlement types belong to resource types that are not declared",
            ["role: 'team'"],
        ),
        (
            {"capabilities": ["info", "delete_account"]},
            "it has capabilities that the connector has not",
            ["delete_account"],
        ),
        ({"app_id": "acne"}, "its app_id is another than that of info", ["'acne'; info: 'acme'"]),
    ],
)
def test_connected_info_is_judged_like_info(changed, title, records):
    assert told(connected_breach({**CONNECTED, **changed}, STATIC)) == [("connected_info", title, records)]


def test_connected_info_declares_what_the_connector_is_given_too():
    given = {"auth": None, "credentials": [{"id": "api", "token": {}}], "settings": {}}
    (breach,) = undeclared_breach({"credentials_schema": []}, given, "connected_info")
    assert (breach.capability, breach.records) == ("connected_info", ["the credential 'api'; declared: none"])
