"""What a rule records, as far as that is known before anything is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from mockapp_connector.integration import integration

from connector_contract import ConnectorContract, Sample
from connector_contract.contract.capabilities import own_capabilities
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rule_recordings import has_own_cassette, shared_by

CAPABILITIES = own_capabilities(integration)
CONFIG = replace(ContractConfig.of(ConnectorContract), page_sizes=(3, 100, 3))


def shared(rule, capability=""):
    return shared_by(rule, capability, CAPABILITIES, CONFIG, ["token"])


@pytest.mark.parametrize(
    "rule", ["coverage", "shape", "records", "complete", "status", "references", "server_error"]
)
def test_what_judges_a_list_shares_its_walk_in_the_largest_pages(rule):
    assert shared(rule, "list_accounts") == ["reads[list_accounts-100]"]
    assert not has_own_cassette(rule, "list_accounts")


def test_pages_are_walked_in_each_size():
    sizes = ["reads[list_accounts-100]", "reads[list_accounts-3]", "reads[list_accounts-default]"]
    assert shared("pages", "list_accounts") == sizes
    assert shared("page_length", "list_accounts") == ["reads[list_accounts-3]"]


def test_the_last_page_of_a_sample_may_be_recorded_as_well():
    sampled = replace(CONFIG, sample=Sample(pages=3))
    names = shared_by("complete", "list_accounts", CAPABILITIES, sampled, ())
    assert names == ["reads[list_accounts-100]", "reads[list_accounts-100-last]"]
    without = replace(CONFIG, sample=Sample(pages=3, last=False))
    assert shared_by("complete", "list_accounts", CAPABILITIES, without, ()) == names[:1]


def test_a_rule_that_asks_for_something_else_has_a_cassette_of_its_own_as_well():
    assert shared("page_token", "list_accounts") == ["reads[list_accounts-3]"]
    assert has_own_cassette("page_token", "list_accounts")
    assert shared("unknown_id", "get_last_activity") == []
    assert has_own_cassette("unknown_id", "get_last_activity")


def test_what_asks_for_several_ids_asks_itself():
    assert has_own_cassette("together", "get_last_activity")
    assert not has_own_cassette("secret_in_url", "list_accounts")


def test_a_write_is_shared_with_the_lists_around_it():
    assert shared("writes", "create_account") == ["writes[create_account]"]
    assert shared("records", "create_account") == ["writes[create_account]"]
    assert not has_own_cassette("writes", "create_account")
    assert shared("invalid_request", "create_account") == []
    assert has_own_cassette("invalid_request", "create_account")


def test_agreement_asks_for_single_accounts_itself():
    assert has_own_cassette("agreement", "get_account")
    assert has_own_cassette("agreement", "get_application")
    assert not has_own_cassette("agreement", "list_updated_accounts")


def test_refused_credentials_are_shared_and_played_to_the_good_call():
    refused = "refusal[token]"
    assert shared("bad_credentials", "list_accounts") == ["reads[list_accounts-100]", refused]
    assert shared("missing_credentials", "create_account") == ["writes[create_account]", refused]
    assert not has_own_cassette("bad_credentials", "create_account")
    # It calls without any itself.
    assert has_own_cassette("missing_credentials", "create_account")


def test_what_is_checked_once_may_share_several_lists():
    names = ["list_accounts", "list_entitlements", "find_entitlement_associations"]
    assert shared("cardinality") == ["reads[info]", *(f"reads[{name}-100]" for name in names)]
    assert not has_own_cassette("cardinality", "")
    # MockApp has no list of non-human accounts.
    assert shared("non_human_accounts") == ["reads[list_accounts-100]"]
    sampled = replace(CONFIG, sample=Sample(pages=3))
    names = shared_by("non_human_accounts", "", CAPABILITIES, sampled, ())
    assert names == ["reads[list_accounts-100]", "reads[list_accounts-100-last]"]


def test_a_rule_about_the_connector_as_a_whole():
    assert shared("info") == ["reads[info]"]
    assert not has_own_cassette("info", "")
    assert shared("max_assignments") == shared("min_assignments") == []
    assert shared("coverage", "none") == []


def test_what_is_asked_for_more_closely_is_read_before():
    for rule in ("attributes", "filters"):
        assert shared(rule, "list_accounts") == ["reads[list_accounts-100]"]
        assert has_own_cassette(rule, "list_accounts")
    assert shared("cursor", "list_accounts") == []
    assert has_own_cassette("cursor", "list_accounts")
    assert not has_own_cassette("attributes", "list_custom_attributes_schema")
    assert not has_own_cassette("recency", "get_data_recency")


def test_what_a_write_changes_is_recorded_with_it():
    assert shared("updates", "create_account") == ["writes[create_account]"]
    assert not has_own_cassette("updates", "create_account")
