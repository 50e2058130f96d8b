"""What an author knows of each variant of a connector."""

from __future__ import annotations

import pytest

from connector_contract import by_variant
from connector_contract.contract.by_variant import attribute, named_variants
from connector_contract.contract.connector_contract import ConnectorContract
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.errors import UsageError


class Both(ConnectorContract):
    page_sizes = by_variant(classic=(1, 2), modern=(5,))
    max_pages = by_variant({"v-1": 7})
    upstream_ids = {"list_accounts": by_variant(classic="items[].id", modern="users[].id"), "info": "id"}
    excluded_ids = {"list_accounts": {"items[?bot].id": by_variant(modern="no people")}}
    waivers = {"complete[list_accounts]": by_variant(classic="it hides robots"), "info": "a gap"}


class Below(Both):
    page_sizes = by_variant(modern=(6,))


def test_each_variant_has_its_own_values():
    classic, modern = ContractConfig.of(Both, "classic"), ContractConfig.of(Both, "modern")
    assert (classic.page_sizes, modern.page_sizes) == ((1, 2), (5,))
    assert classic.upstream_ids == {"list_accounts": "items[].id", "info": "id"}
    assert modern.upstream_ids == {"list_accounts": "users[].id", "info": "id"}


def test_a_key_without_a_value_is_left_out():
    classic, modern = ContractConfig.of(Both, "classic"), ContractConfig.of(Both, "modern")
    assert classic.waivers == {"complete[list_accounts]": "it hides robots", "info": "a gap"}
    assert modern.waivers == {"info": "a gap"}
    assert classic.excluded_ids == {"list_accounts": {}}
    assert modern.excluded_ids == {"list_accounts": {"items[?bot].id": "no people"}}


def test_an_attribute_without_a_value_is_that_of_the_class_above():
    assert ContractConfig.of(Both, "other").page_sizes == ConnectorContract.page_sizes
    assert ContractConfig.of(Below, "classic").page_sizes == (1, 2)
    assert ContractConfig.of(Below, "modern").page_sizes == (6,)
    assert attribute(Both, "max_pages", "v-1") == 7
    assert attribute(Both, "max_pages", "classic") == 1000


def test_a_connector_without_variants_has_no_values_for_them():
    with pytest.raises(UsageError) as caught:
        ContractConfig.of(Below)
    assert caught.value.what == "page_sizes has values for variants, and the connector has no variant."
    assert "Below" in str(caught.value)


def test_values_are_for_variants_that_there_are():
    assert ContractConfig.check_variants(Both, ["classic", "modern", "v-1"]) is None
    with pytest.raises(UsageError) as caught:
        ContractConfig.check_variants(Below, ["classic", "v-1"])
    assert caught.value.what == "page_sizes has a value for 'modern', which is no variant of the connector."
    assert "the variants are: classic, v-1" in str(caught.value)


def test_the_variants_of_a_value_are_found_at_any_depth():
    deep = {"a": {"b": by_variant(x={"c": by_variant(y=1)})}, "d": 2}
    assert named_variants(deep) == {"x", "y"}
    assert named_variants("x") == set()
