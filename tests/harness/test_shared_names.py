"""What the recordings are called that the rules of a class share."""

from __future__ import annotations

from dataclasses import replace

from mockapp_connector.integration import integration

from connector_contract import ConnectorContract
from connector_contract.contract.capabilities import own_capabilities
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.shared_names import read_name, shared_names

CAPABILITIES = own_capabilities(integration)
CONFIG = replace(ContractConfig.of(ConnectorContract), page_sizes=(3, 100))


def test_a_list_has_one_for_each_size_and_for_the_default():
    names = {name for name in shared_names(CAPABILITIES, CONFIG) if "list_accounts" in name}
    assert names == {"reads[list_accounts-3]", "reads[list_accounts-100]", "reads[list_accounts-default]"}


def test_what_has_no_pages_has_one():
    assert read_name(CAPABILITIES["get_last_activity"], 100) == "reads[get_last_activity]"
    names = list(shared_names(CAPABILITIES, CONFIG))
    assert names.count("reads[validate_credentials]") == 1
    assert names.count("reads[info]") == 1


def test_a_write_has_one_and_is_not_read():
    names = {name for name in shared_names(CAPABILITIES, CONFIG) if "create_account" in name}
    assert names == {"writes[create_account]"}
