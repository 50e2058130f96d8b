"""The credentials that a rule calls the connector with."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from connector_contract import ConnectorContract
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.credential_variants import CredentialVariants, credential_kinds
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
