"""The rules **shape** and **references** for credentials and non-human accounts."""

from __future__ import annotations

import pytest
from rules_testing import interaction, page, told, walk

from connector_contract.contract.rules.identities import (
    identity_breach,
    identity_remarks,
    secret_material_breach,
)
from connector_contract.secrets.secret_names import WELL_KNOWN

SENT = [interaction({"items": [{"id": "k1", "secret": "c0ffee-1", "secret_key": "ab"}]})]
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMII...\n-----END RSA PRIVATE KEY-----"


def credential(id_="k1", **fields):
    return {
        "external_id": id_,
        "resource_id": f"key-{id_}",
        "label": "A key",
        "credential_type": "api_key",
    } | fields


def credentials(*records, sent=SENT):
    key = ("external_id", "resource_id")
    return walk(page(*records), name="list_credentials", key_fields=key, interactions=sent)


def robot(id_="r1", **fields):
    own = {"id": id_, "resource_id": f"robot-{id_}", "label": "deploy"}
    return {**own, "workload_id": id_, "workload_name": "deploy", **fields}


def robots(*records):
    return walk(page(*records), name="list_non_human_accounts", key_fields=("id", "resource_id"))


def secrets(*records, redact=str, sent=SENT):
    found = told(secret_material_breach(credentials(*records, sent=sent), WELL_KNOWN, redact))
    return [(title, records) for _, title, records in found]


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(credential(), id="metadata"),
        pytest.param(
            credential(label="cab: a lab key", status=None, extra_data={"n": [1, True]}), id="a short one"
        ),
        pytest.param(credential(label="-----BEGIN PUBLIC KEY-----"), id="a public key"),
        pytest.param(credential(label="-----BEGIN CERTIFICATE-----"), id="a certificate"),
    ],
)
def test_metadata_is_no_secret(record):
    assert secrets(record) == []


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"label": "c0ffee-1"}, "k1 / key-k1: label: what the upstream has as secret"),
        ({"label": "Key c0ffee-1."}, "k1 / key-k1: label: what the upstream has as secret"),
        (
            {"extra_data": {"key": ["ab"]}},
            "k1 / key-k1: extra_data.key[0]: what the upstream has as secret_key",
        ),
        ({"custom_attributes": {"pem": PEM}}, "k1 / key-k1: custom_attributes.pem: a private key"),
        ({"label": "my sesame"}, "k1 / key-k1: label: a known secret"),
    ],
)
def test_a_secret_is_a_breach_that_does_not_tell_it(fields, found):
    redact = lambda text: text.replace("sesame", "<token>")  # noqa: E731
    assert secrets(credential(**fields), redact=redact) == [("it has 1 value that must stay secret", [found])]


def test_a_word_that_is_a_secret_of_the_upstream_is_in_many_a_text():
    sent = [interaction({"items": [{"id": "k1", "secret": "active"}]})]
    assert secrets(credential(label="inactive, by ada"), sent=sent) == []


def test_a_placeholder_of_a_secret_is_one_when_it_is_replayed():
    sent = [interaction({"items": [{"id": "k1", "secret": "<secret>"}]})]
    assert secrets(credential(label="<secret>"), sent=sent) == [
        ("it has 1 value that must stay secret", ["k1 / key-k1: label: what the upstream has as secret"])
    ]


def said(walk_):
    return [(title, records) for _, title, records in told(identity_breach(walk_))]


def test_a_credential_is_of_one_at_most():
    one = {"grants_access_to_account_id": "u1"}
    other = {"grants_access_to_non_human_account_id": "r1"}
    assert said(credentials(credential(), credential(**one), credential(**other))) == []
    assert said(credentials(credential(**one, **other))) == [
        ("1 record with more than one grants_access_to_*", ["k1 / key-k1: u1 and r1"])
    ]


def test_an_account_that_is_its_own_workload_is_so_by_id_and_name():
    theirs = robot(workload_id="queue", workload_name="deploy")
    assert said(robots(robot(), theirs, robot(workload_id="q", workload_name="Q"))) == []
    assert said(robots(robot(workload_name="cloud"))) == [
        (
            "1 account that is its own workload by id, not by name",
            ["r1 / robot-r1: workload_name 'cloud', label 'deploy'"],
        )
    ]


def test_an_unknown_type_of_credentials_is_a_remark():
    assert list(identity_remarks(credentials(credential()))) == []
    assert list(identity_remarks(credentials(credential(credential_type="ssh")))) == [
        "list_credentials has the credential_type ssh; the known values of Credential.credential_type are "
        "api_key, certificate, oauth_grant, oidc_trust_policy, unspecified"
    ]


def test_one_workload_for_all_is_a_remark():
    apart = [robot(f"r{number}", workload_id=f"w{number}") for number in range(3)]
    same = [robot(f"r{number}", workload_id="project") for number in range(3)]
    assert list(identity_remarks(robots(*apart))) == []
    assert list(identity_remarks(robots(*same[:2]))) == []
    assert list(identity_remarks(robots(*same, robot()))) == []
    [remark] = identity_remarks(robots(*same))
    assert remark.startswith("all 3 non-human accounts have the workload 'project'.")
