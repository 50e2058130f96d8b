"""The credentials that a rule calls the connector with."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from connector_contract import ConnectorContract
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.credential_variants import (
    CredentialVariants,
    OneCredential,
    credential_examples,
    credential_kinds,
)
from connector_contract.errors import UsageError
from connector_contract.secrets.secret_names import WELL_KNOWN

CONFIG = ContractConfig.of(ConnectorContract)
TOKEN = {"token": {"token": "valid-token"}}


def variants(auth=None, credentials=None, **config):
    connector = SimpleNamespace(auth=auth, credentials=credentials)
    return CredentialVariants(connector, replace(CONFIG, **config), WELL_KNOWN)


def test_of_a_connector_with_one_credential():
    found = variants(TOKEN)
    assert found.are_given
    assert found.good == {"auth": TOKEN, "credentials": None}
    assert found.bad == {"auth": {"token": {"token": "wrong-credential"}}, "credentials": None}
    assert found.missing == {"auth": {}}
    assert found.empty == {"auth": {"token": {"token": ""}}, "credentials": None}


def test_of_a_connector_with_several():
    found = variants(credentials=[{"id": "main", **TOKEN}])
    assert found.are_given
    assert found.bad == {
        "auth": None,
        "credentials": [{"id": "main", "token": {"token": "wrong-credential"}}],
    }
    assert found.missing == {"credentials": []}


def test_of_a_connector_that_takes_none():
    found = variants()
    assert (found.are_given, found.bad, found.empty) == (False, None, None)


def test_the_authors_own_bad_ones_come_first():
    found = variants(TOKEN, bad_auth={"token": {"token": "expired"}})
    assert found.bad == {"auth": {"token": {"token": "expired"}}, "credentials": None}


def test_good_ones_for_bad_ones_are_the_authors_mistake():
    with pytest.raises(UsageError, match="are the good credentials that the connector is recorded with"):
        _ = variants(TOKEN, bad_auth=TOKEN).bad


def test_the_wrong_ones_of_one_auth_are_one_kind():
    found = variants(TOKEN)
    assert credential_kinds(found.connector) == ["token"]
    assert found.wrong == {"token": found.bad}


def test_each_of_several_is_wrong_alone():
    found = variants(
        credentials=[{"id": "main", **TOKEN}, {"id": "admin", "token": {"token": "admin-token"}}]
    )
    assert credential_kinds(found.connector) == ["main", "admin"]
    wrong = {"token": {"token": "wrong-credential"}}
    assert found.wrong == {
        "main": {
            "credentials": [{"id": "main", **wrong}, {"id": "admin", "token": {"token": "admin-token"}}]
        },
        "admin": {"credentials": [{"id": "main", **TOKEN}, {"id": "admin", **wrong}]},
    }


def test_what_takes_no_credentials_has_no_wrong_ones():
    assert variants().wrong == {}


def test_each_of_several_is_validated_alone():
    api, empty = {"id": "api", **TOKEN}, {"id": "nothing", "empty": {}}
    found = variants(credentials=[api, empty]).each
    assert found == [
        OneCredential(
            "api",
            api,
            {"id": "api", "token": {"token": "wrong-credential"}},
            {"id": "api", "token": {"token": ""}},
            {"id": "api", "token": {"token": "valid-token "}},
        ),
        # What has no secret is never wrong.
        OneCredential("nothing", empty, None, None, None),
    ]
    assert variants(TOKEN).each == []


def test_white_space_is_behind_each_secret_of_a_composite():
    jwt = {"id": "jwt", "jwt": {"headers": {"alg": "ES256"}, "secret": "s", "claims": ["a"]}}
    (one,) = variants(credentials=[jwt]).each
    assert one.spaced == {"id": "jwt", "jwt": {"headers": {"alg": "ES256"}, "secret": "s ", "claims": ["a"]}}


@pytest.mark.parametrize(
    ("validated", "example"), [((), "api"), (("workspace",), "workspace"), (("api", "workspace"), "api")]
)
def test_the_credential_that_is_validated_is_one_that_the_author_has_said_how_to(validated, example):
    given = [{"id": "api", **TOKEN}, {"id": "workspace", **TOKEN}]
    declared = [
        SimpleNamespace(id=each["id"], validation=print if each["id"] in validated else None)
        for each in given
    ]
    integration = SimpleNamespace(capabilities={"validate_credential_config": print}, credentials=declared)
    connector = SimpleNamespace(integration=integration, credentials=given)
    examples = credential_examples(connector)
    assert examples == {"validate_credential_config": {"credential": {"id": example, **TOKEN}}}


def test_nobody_knows_what_to_validate_without_credentials():
    without = SimpleNamespace(capabilities={"list_accounts": print}, credentials=[])
    with_it = SimpleNamespace(capabilities={"validate_credential_config": print}, credentials=[])
    assert credential_examples(SimpleNamespace(integration=without, credentials=[{"id": "api"}])) == {}
    assert credential_examples(SimpleNamespace(integration=with_it, credentials=None)) == {}
