"""The rule **probe**: a report goes with what the connector lists, and adds up."""

from __future__ import annotations

import pytest
from rules_testing import listed, told

from connector_contract.contract.rules.probe import (
    checked_alone,
    excluded_breach,
    probe_breach,
    probe_remarks,
)

ALICE = {"kind": "account", "integration_specific_id": "u1"}
OWNER = {
    "kind": "entitlement",
    "integration_specific_id": "r1",
    "integration_specific_resource_id": "",
    "entitlement_type": "role",
}
GRANT = {"kind": "association", "account_id": "u1", "linked_to_sampled_account": True}
LISTS = {
    "list_accounts": listed("list_accounts", {"integration_specific_id": "u1"}),
    "list_entitlements": listed(
        "list_entitlements",
        {"integration_specific_id": "r1", "integration_specific_resource_id": ""},
    ),
}
INFO = {"entitlement_types": [{"type_id": "role"}, {"type_id": "licence"}]}
CAPABILITIES = ["probe_integration", "list_accounts", "list_entitlements", "find_entitlement_associations"]


def check(name, status="passed", *samples, **rest):
    return {"check": name, "status": status, "samples": list(samples), "observed_count": len(samples), **rest}


ACCOUNTS = check("accounts", "passed", ALICE)
ENTITLEMENTS = check("entitlements", "passed", OWNER)
UNSUPPORTED = check("entitlement_associations", "unsupported")


def found(*checks, status="passed", capabilities=CAPABILITIES, lists=LISTS, info=INFO, asked=True):
    report = {"status": status, "checks": list(checks)}
    return told(probe_breach(report, capabilities, lists, info, asked=asked))


@pytest.mark.parametrize(
    ("checks", "rest"),
    [
        pytest.param(
            [ACCOUNTS, ENTITLEMENTS, check("entitlement_associations", "passed", GRANT)], {}, id="all"
        ),
        pytest.param([{**ACCOUNTS, "observed_count": 4}, UNSUPPORTED], {}, id="counts more than it shows"),
        pytest.param([check("accounts", "failed"), ENTITLEMENTS], {"status": "failed"}, id="no accounts"),
        pytest.param(
            [check("accounts", "failed"), ENTITLEMENTS], {"status": "partial"}, id="an optional check"
        ),
        pytest.param([UNSUPPORTED], {"status": "failed", "asked": False}, id="nothing to probe"),
        pytest.param([check("accounts", "skipped")], {"asked": False}, id="nothing asked for"),
        pytest.param(
            [check("capability_config", "passed", {"kind": "capability_config"})],
            {"asked": False},
            id="settings alone need no request",
        ),
        pytest.param(
            [{**ENTITLEMENTS, "entitlement_types": [{"entitlement_type": "role", "status": "found"}]}],
            {},
            id="a type",
        ),
        pytest.param(
            [{**ENTITLEMENTS, "entitlement_types": [{"entitlement_type": "licence", "status": "not_found"}]}],
            {"status": "partial"},
            id="a type without an entitlement",
        ),
        pytest.param(
            [check("accounts", "passed", {**ALICE, "integration_specific_id": "u9"})],
            {"lists": {"list_accounts": listed("list_accounts", limit=1, gap=1)}},
            id="what is outside of the sample is unknown",
        ),
        pytest.param(
            [check("accounts", "passed", ALICE, custom_attributes=[{"name": "level", "status": "found"}])],
            {"capabilities": [*CAPABILITIES, "list_custom_attributes_schema"]},
            id="an attribute",
        ),
        pytest.param(
            [check("entitlement_associations", "passed", GRANT)],
            {"capabilities": ["list_accounts", "get_account_entitlement_associations"]},
            id="associations of one account",
        ),
    ],
)
def test_a_right_report(checks, rest):
    assert found(*checks, **rest) == []


@pytest.mark.parametrize(
    ("checks", "rest", "title", "records"),
    [
        pytest.param([ACCOUNTS, ACCOUNTS], {}, "it reports a check more than once", ["accounts"], id="twice"),
        pytest.param(
            [check("accounts")],
            {},
            "checks passed without a sample",
            ["accounts: observed_count 0"],
            id="no sample",
        ),
        pytest.param(
            [{**ACCOUNTS, "observed_count": 0}],
            {},
            "checks count fewer records than they show",
            ["accounts: 1 samples, observed_count 0"],
            id="counts too few",
        ),
        pytest.param(
            [check("accounts", "skipped", ALICE)],
            {},
            "checks that did not run show records",
            ["accounts: skipped, with 1 samples"],
            id="skipped with samples",
        ),
        pytest.param(
            [ENTITLEMENTS],
            {"capabilities": ["list_accounts"]},
            "checks passed for what the connector cannot sync",
            ["entitlements: it has no list_entitlements"],
            id="lacks it",
        ),
        pytest.param(
            [check("entitlement_associations", "passed", GRANT)],
            {"capabilities": ["list_accounts"]},
            "checks passed for what the connector cannot sync",
            [
                "entitlement_associations: it has no find_entitlement_associations or "
                "get_account_entitlement_associations"
            ],
            id="lacks both ways",
        ),
        pytest.param(
            [check("accounts", "passed", OWNER)],
            {},
            "checks show samples of another kind",
            ["accounts: entitlement"],
            id="another kind",
        ),
        pytest.param(
            [check("accounts", "passed", ALICE, entitlement_types=[])],
            {},
            "checks other than entitlements have entitlement_types",
            ["accounts: 0 types"],
            id="types elsewhere",
        ),
        pytest.param(
            [check("entitlements", "passed", {**OWNER, "entitlement_type": "seat"})],
            {},
            "entitlement types are not among those that info declares",
            ["entitlements: seat"],
            id="a type that is not declared",
        ),
        pytest.param(
            [{**ENTITLEMENTS, "entitlement_types": [{"entitlement_type": "licence", "status": "found"}]}],
            {},
            "entitlement types are found, and no sample has them",
            ["entitlements: licence"],
            id="found without a sample",
        ),
        pytest.param(
            [{**ENTITLEMENTS, "entitlement_types": [{"entitlement_type": "role", "status": "not_found"}]}],
            {"status": "partial"},
            "entitlement types are not found, and samples have them",
            ["entitlements: role"],
            id="not found with a sample",
        ),
        pytest.param(
            [check("entitlements", "passed", OWNER, custom_attributes=[{"name": "x", "status": "found"}])],
            {},
            "checks other than accounts have custom_attributes",
            ["entitlements: 1 attributes"],
            id="attributes elsewhere",
        ),
        pytest.param(
            [check("accounts", "passed", ALICE, custom_attributes=[{"name": "x", "status": "found"}])],
            {},
            "custom attributes are reported, and the connector has no list_custom_attributes_schema",
            ["accounts: x"],
            id="attributes without a schema",
        ),
        pytest.param(
            [ACCOUNTS],
            {"asked": False},
            "checks passed without asking the upstream for anything",
            ["accounts"],
            id="asks nothing",
        ),
        pytest.param(
            [check("accounts", "failed"), ENTITLEMENTS],
            {},
            "its status is passed although a check failed",
            ["accounts: failed", "entitlements: passed"],
            id="passed with a failed check",
        ),
        pytest.param(
            [{**ENTITLEMENTS, "entitlement_types": [{"entitlement_type": "licence", "status": "not_found"}]}],
            {},
            "its status is passed although something declared was not found",
            ["licence: not_found"],
            id="passed with a gap",
        ),
        pytest.param(
            [UNSUPPORTED],
            {},
            "its status is passed although no check ran",
            ["entitlement_associations: unsupported"],
            id="passed without a check",
        ),
        pytest.param(
            [ACCOUNTS],
            {"status": "failed"},
            "its status is failed although no check failed",
            ["accounts: passed"],
            id="failed without a failed check",
        ),
        pytest.param(
            [check("accounts", "passed", {**ALICE, "integration_specific_id": "u9"})],
            {},
            "samples of the kind account are in no record of list_accounts",
            ["u9"],
            id="an account that is not listed",
        ),
        pytest.param(
            [check("entitlements", "passed", {**OWNER, "integration_specific_resource_id": "p1"})],
            {},
            "samples of the kind entitlement are in no record of list_entitlements",
            ["r1 / p1"],
            id="an entitlement of another resource",
        ),
        pytest.param(
            [check("entitlement_associations", "passed", {**GRANT, "account_id": "u9"})],
            {},
            "samples of the kind association are in no record of list_accounts",
            ["u9"],
            id="an association of an account that is not listed",
        ),
    ],
)
def test_a_wrong_report(checks, rest, title, records):
    assert found(*checks, **rest) == [("probe_integration", title, records)]


def test_the_first_check_that_ran_is_asked_for_alone():
    skipped = check("accounts", "skipped")
    assert checked_alone({"checks": [skipped, ENTITLEMENTS, ACCOUNTS]}) == "entitlements"
    assert checked_alone({"checks": [skipped, UNSUPPORTED]}) is None


def test_what_is_excluded_is_skipped():
    skipped = check("entitlements", "skipped")
    right = {"checks": [ACCOUNTS, skipped, UNSUPPORTED]}
    assert told(excluded_breach("accounts", right)) == []
    # What is not among the SDK's baseline need not be reported.
    assert told(excluded_breach("accounts", {"checks": [ACCOUNTS]})) == []
    assert told(excluded_breach("accounts", {"checks": [ACCOUNTS, ENTITLEMENTS]})) == [
        (
            "probe_integration",
            "it was asked for the check accounts alone, and made others",
            ["entitlements: passed"],
        )
    ]
    assert told(excluded_breach("accounts", {"checks": [skipped]})) == [
        (
            "probe_integration",
            "it was asked for the check accounts, and did not make it",
            ["accounts: not reported"],
        )
    ]


def test_what_the_connector_can_list_and_does_not_probe_is_remarked():
    (remark,) = probe_remarks({"checks": [ACCOUNTS, UNSUPPORTED]}, CAPABILITIES)
    assert remark.startswith("probe_integration reports entitlement_associations as unsupported")
    assert "ProbeSettings" in remark
    assert probe_remarks({"checks": [ACCOUNTS, UNSUPPORTED]}, ["list_accounts"]) == []
