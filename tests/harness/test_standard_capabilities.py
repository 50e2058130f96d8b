"""The table of the standard capabilities says what the installed SDK's own specification says."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import get_args

import pytest
import yaml
from connector.oai.capability import _STANDARD_CAPABILITY_SIGNATURES as SIGNATURES
from connector_sdk_types.generated import StandardCapabilityName

from connector_contract import ConnectorContract
from connector_contract.contract.rule import rules_of
from connector_contract.contract.standard_capabilities import KEYS, OAUTH, STANDARD, CredentialsIn, Kind

NAMES = {each.value for each in StandardCapabilityName}
# The SDK makes the first itself, and checks no function for the second.
WITHOUT_SIGNATURE = {"info", "connected_info"}
SIGNED = [name for name in STANDARD if name not in WITHOUT_SIGNATURE]


@cache
def specification():
    text = files("connector").joinpath("spec/openapi.yaml").read_text(encoding="utf-8")
    # As safe, and ten times as fast, where libyaml is there.
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def words(text):
    """Without line breaks, and without the dashes that some descriptions begin each line with."""
    return " ".join(each for each in text.split() if each != "-")


def operation(name):
    path = {"info": "/{connector_id}/info"}.get(name, f"/{{connector_id}}/{name}")
    return specification()["paths"][path]["post"]


def schema(name):
    return specification()["components"]["schemas"][name]


def payloads(name):
    """The models of a capability's request and response, without what is around them."""
    return SIGNATURES[StandardCapabilityName(name)]


def record(name):
    """The model of a capability's records."""
    payload = payloads(name).output_payload._type
    within = STANDARD[name].within
    found = payload.model_fields[within].annotation if within else payload
    return (get_args(found) or (found,))[0]


def test_the_table_has_the_capabilities_of_the_installed_sdk():
    assert sorted(NAMES - STANDARD.keys()) == [], "the SDK has these, and the table does not"
    assert sorted(STANDARD.keys() - NAMES) == [], "the table has these, and the SDK does not"


def test_all_others_have_a_signature():
    assert {each.value for each in SIGNATURES} == set(SIGNED)


@pytest.mark.parametrize("name", SIGNED)
def test_what_writes_is_what_the_specification_marks_as_writing(name):
    extra = payloads(name).input_payload._type.model_config.get("json_schema_extra") or {}
    level, category = extra.get("x-capability-level"), extra.get("x-capability-category")
    assert (STANDARD[name].kind is Kind.WRITES) == (level == "write")
    assert (category == "authorization") == (name in OAUTH)


@pytest.mark.parametrize("name", SIGNED)
def test_a_call_has_its_credentials_where_the_model_of_its_request_does(name):
    envelope = payloads(name).input_payload.envelope_type
    assert ("auth" in envelope.model_fields) == (STANDARD[name].credentials is CredentialsIn.ENVELOPE)


@pytest.mark.parametrize("name", [name for name, each in STANDARD.items() if each.key is not None])
def test_the_records_of_a_capability_are_of_the_schema_of_its_key(name):
    key = STANDARD[name].key
    assert record(name).__name__ == key.schema
    assert set(key.fields) <= record(name).model_fields.keys()
    is_list = payloads(name).output_payload.is_list or bool(STANDARD[name].within)
    is_one = STANDARD[name].kind is Kind.READS_SOME and not is_list
    assert is_list or is_one


@pytest.mark.parametrize("name", [name for name, each in STANDARD.items() if each.kind is Kind.READS_LIST])
def test_a_list_has_a_key(name):
    assert STANDARD[name].key is not None


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_what_the_schema_marks_and_what_its_text_adds(name):
    key = KEYS[name]
    assert tuple(schema(name).get("x-unique-hash", ())) == key.marked
    quotations = [each.quotation for each in key.additions]
    said = words(str(_texts(schema(name))))
    assert [each for each in [*quotations, key.contradicts or ""] if words(each) not in said] == []


def _texts(part):
    """All descriptions in a schema, and in the schemas that it extends."""
    own = [
        part.get("description", ""),
        *(each.get("description", "") for each in part.get("properties", {}).values()),
    ]
    base = [reference["$ref"].rpartition("/")[2] for reference in part.get("allOf", ())]
    return " ".join([*own, *(_texts(schema(each)) for each in base)])


@cache
def everything_said():
    return words(files("connector").joinpath("spec/openapi.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", sorted(rules_of(ConnectorContract)))
def test_what_a_rule_quotes_stands_in_the_specification(rule):
    source = getattr(ConnectorContract, f"test_{rule}").__doc__.rpartition("Source:")[2]
    quotations = re.findall('"([^"]+)"', source)
    assert [each for each in quotations if words(each) not in everything_said()] == []


KEY_OF = {
    "find_entitlement_assignments": "resource_id entitlement_id entitlement_resource_id",
    "find_entitlement_associations": "account_id integration_specific_entitlement_id "
    "integration_specific_resource_id",
    "find_entitlement_graph": "id resource_id",
    "find_resource_graph": "id resource_type",
    "get_account": "integration_specific_id",
    "get_account_entitlement_associations": "account_id integration_specific_entitlement_id "
    "integration_specific_resource_id",
    "get_application": "id",
    "get_application_account": "account_id application_instance_id",
    "get_credential_last_activity": "credential_id event_type",
    "get_last_activity": "account_id event_type",
    "get_non_human_account_last_activity": "non_human_account_id event_type",
    "list_accounts": "integration_specific_id",
    "list_activity_records": "id",
    "list_applications": "id",
    "list_applications_accounts": "account_id application_instance_id",
    "list_applications_activity_records": "id",
    "list_applications_entitlement_associations": "account_id integration_specific_entitlement_id "
    "integration_specific_resource_id application_instance_id",
    "list_applications_entitlements": "integration_specific_id integration_specific_resource_id "
    "application_instance_id entitlement_type",
    "list_applications_resources": "integration_specific_id application_instance_id resource_type",
    "list_credentials": "resource_id",
    "list_custom_attributes_schema": "name customized_type",
    "list_entitlements": "integration_specific_id integration_specific_resource_id entitlement_type",
    "list_expenses": "id",
    "list_non_human_accounts": "resource_id",
    "list_resources": "integration_specific_id resource_type",
    "list_updated_accounts": "integration_specific_id",
}


def test_the_key_of_every_standard_list():
    assert {name: " ".join(each.key.fields) for name, each in STANDARD.items() if each.key} == KEY_OF


@pytest.mark.parametrize("name", STANDARD)
def test_each_sentence_stands_in_the_specification(name):
    each = STANDARD[name]
    payload = "" if name in WITHOUT_SIGNATURE else payloads(name).input_payload._type.__name__
    said = words(operation(name)["description"]) + words(_texts(schema(payload)) if payload else "")
    quotations = [each.source, each.refused_source, each.repeat_source]
    assert [quotation for quotation in quotations if words(quotation) not in said] == []


@pytest.mark.parametrize("name", STANDARD)
def test_what_deviates_from_its_kind_says_where_that_stands(name):
    each = STANDARD[name]
    assert (each.kind is Kind.REPORTS) == bool(each.refused_source)
    assert each.repeatable == (not each.repeat_source)
    assert bool(each.read_back) == (each.kind is Kind.WRITES)
    assert set(each.read_back) <= STANDARD.keys()
