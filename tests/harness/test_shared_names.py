"""What the recordings are called that the rules of a class share."""

from __future__ import annotations

from dataclasses import replace

from mockapp_connector.integration import integration

from connector_contract import ConnectorContract, Sample
from connector_contract.contract.capabilities import own_capabilities
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.shared_names import INFO, last_name, read_capability, read_name, shared_names

CAPABILITIES = own_capabilities(integration)
CONFIG = replace(ContractConfig.of(ConnectorContract), page_sizes=(3, 100))


def test_a_list_has_one_for_each_size_and_for_the_default():
    names = {name for name in shared_names(CAPABILITIES, CONFIG, ()) if "list_accounts" in name}
    assert names == {"reads[list_accounts-3]", "reads[list_accounts-100]", "reads[list_accounts-default]"}


def test_the_last_page_of_a_sample_has_its_own():
    config = replace(CONFIG, page_sizes=(3,), sample=Sample(pages=2))
    names = {name for name in shared_names(CAPABILITIES, config, ()) if "list_accounts" in name}
    assert {name for name in names if "last" in name} == {
        "reads[list_accounts-3-last]",
        "reads[list_accounts-default-last]",
    }
    without = replace(config, sample=Sample(pages=2, last=False))
    assert [name for name in shared_names(CAPABILITIES, without, ()) if "last]" in name] == []


def test_what_has_no_pages_has_no_last_one():
    config = replace(CONFIG, sample=Sample())
    names = [name for name in shared_names(CAPABILITIES, config, ()) if "validate_credentials" in name]
    assert names == ["reads[validate_credentials]"]


def test_each_kind_of_credentials_has_one():
    names = list(shared_names(CAPABILITIES, CONFIG, ["main", "admin"]))
    assert {"refusal[main]", "refusal[admin]", "refusal[main-list_accounts]"} <= set(names)
    assert not {name for name in names if "create_account" in name} - {"writes[create_account]"}


def test_what_has_no_pages_has_one():
    assert read_name(CAPABILITIES["get_last_activity"], 100) == "reads[get_last_activity]"
    names = list(shared_names(CAPABILITIES, CONFIG, ["token"]))
    assert names.count("reads[validate_credentials]") == 1
    assert names.count("reads[info]") == 1


def test_a_write_has_one_and_is_not_read():
    names = {name for name in shared_names(CAPABILITIES, CONFIG, ["token"]) if "create_account" in name}
    assert names == {"writes[create_account]"}


def test_each_example_of_a_write_has_one():
    config = replace(CONFIG, write_requests={"create_account": [{"email": "a"}, {"email": "b"}]})
    names = [name for name in shared_names(CAPABILITIES, config, []) if "create_account" in name]
    assert names == ["writes[create_account]", "writes[create_account-2]"]
    assert all(read_capability(name) == "create_account" for name in names)


def test_a_name_says_which_capability_was_read():
    for name in ("list_accounts", "get_last_activity"):
        described = CAPABILITIES[name]
        for recording in (read_name(described, 100), read_name(described, None), last_name(described, 3)):
            assert read_capability(recording) == name
    assert read_capability(INFO) == "info"
