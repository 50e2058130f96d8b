"""What a connector has, by what its functions and the SDK's models declare."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import connector_sdk_types.generated as sdk
import pytest
from connector_sdk_types.oai.modules.credentials_module_types import AuthModel, CredentialConfig, OAuthConfig
from connector_sdk_types.oai.modules.oauth_module_types import OAuthFlowType, OAuthSettings
from pydantic import BaseModel, ConfigDict, Field

from connector_contract.contract.capabilities import (
    Capability,
    OAuthFlow,
    capability_of,
    json_fields,
    may_write,
    oauth_flows,
    own_capabilities,
    tenant_settings,
)
from connector_contract.errors import UsageError


class Integration:
    """As much of the SDK's as is looked at."""

    app_id = "app"

    def __init__(self, settings_model=BaseModel, **capabilities):
        self.capabilities = capabilities
        self.settings_model = settings_model


def function(request, response):
    async def capability(args):
        """Nothing."""

    capability.__annotations__ = {"args": request, "return": response}
    return capability


def of_sdk(name):
    camel = "".join(word.capitalize() for word in name.split("_"))
    request, response = (getattr(sdk, camel + kind) for kind in ("Request", "Response"))
    return own_capabilities(Integration(**{name: function(request, response)}))[name]


LISTS = function(sdk.ListAccountsRequest, sdk.ListAccountsResponse)
DELETES = function(sdk.DeleteAccountRequest, sdk.DeleteAccountResponse)


def custom(name, payload, response):
    class Request(BaseModel):
        request: payload

    class Response(BaseModel):
        response: response
        page: Any = None

    return own_capabilities(Integration(**{name: function(Request, Response)}))[name]


ACCOUNT = ("integration_specific_id",)
ASSOCIATION = ("account_id", "integration_specific_entitlement_id", "integration_specific_resource_id")


@pytest.mark.parametrize(
    ("name", "writes", "paginated", "within", "key", "ids"),
    [
        ("list_accounts", False, True, "", ACCOUNT, ()),
        ("list_updated_accounts", False, True, "accounts", ACCOUNT, ()),
        ("get_account", False, False, None, ACCOUNT, ("account_id",)),
        ("find_entitlement_associations", False, True, "", ASSOCIATION, ()),
        # What is asked for by its ids comes at once.
        ("get_last_activity", False, False, "", ("account_id", "event_type"), ("account_ids",)),
        # Of the two lists of a graph, its nodes are the one that is walked through.
        ("find_entitlement_graph", False, True, "nodes", ("id", "resource_id"), ()),
        # The upstream's own id comes first; what is unique is another.
        ("list_credentials", False, True, "", ("external_id", "resource_id"), ()),
        ("validate_credentials", False, False, None, (), ()),
        ("create_account", True, False, None, ("id",), ()),
        ("activate_account", True, False, None, (), ("account_id",)),
        (
            "assign_entitlement",
            True,
            False,
            None,
            (),
            ("account_integration_specific_id", "entitlement_integration_specific_id"),
        ),
        # To take away what is not there is a repeat.
        ("unassign_entitlement", True, False, None, (), ("account_integration_specific_id",)),
    ],
)
def test_what_the_sdk_says_of_its_own(name, writes, paginated, within, key, ids):
    described = of_sdk(name)
    assert (described.name, described.standard) == (name, True)
    assert (described.writes, described.paginated, described.within) == (writes, paginated, within)
    assert (described.key, described.ids) == (key, ids)


def test_the_fields_of_a_request_by_whether_they_have_to_be_there():
    assign = of_sdk("assign_entitlement")
    assert assign.required == assign.fields
    assert len(assign.required) == 5
    assert of_sdk("list_resources").fields == ()
    accounts = of_sdk("get_account")
    assert accounts.required == ("account_id",)
    assert set(accounts.required) < set(accounts.fields or ())


class Robot(BaseModel):
    name: str = ""


class Numbered(BaseModel):
    model_config = ConfigDict(json_schema_extra={"x-unique-hash": ["site", "number"]})

    site: str = ""
    number: int = 0


class Robots(BaseModel):
    robots: list[Numbered] = []
    total: int = 0


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    site_id: str = Field(alias="siteId", json_schema_extra={"x-semantic": "site-id"})
    account_id: str | None = None


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


class Reset(BaseModel):
    model_config = ConfigDict(json_schema_extra={"x-capability-level": "write"})


def test_a_custom_capability_is_known_by_its_name_and_its_models():
    robots = custom("find_robots", Asked, Robots)
    assert (robots.standard, robots.writes) == (False, False)
    assert (robots.paginated, robots.within, robots.key) == (True, "robots", ("site", "number"))
    assert robots.required == ("siteId",)
    assert robots.ids == ("siteId", "account_id")
    assert robots.fields == ("siteId", "account_id", "site_id")


@pytest.mark.parametrize(
    ("name", "payload", "writes"),
    [
        ("lock_account", Robot, True),
        ("search_robots", Robot, False),
        ("get_robot", Reset, True),
        ("get_robot", Reset | None, True),
        ("check_robots", list[Reset], True),
    ],
)
def test_a_custom_capability_writes_as_its_model_says_or_its_name(name, payload, writes):
    assert custom(name, payload, Robot).writes == writes


@pytest.mark.parametrize(
    ("name", "response", "within", "key"),
    [
        ("get_robots", list[Numbered], "", ("site", "number")),
        ("get_robots", list[Robot], "", ()),
        ("get_names", list[str], "", ()),
        ("get_names", list, "", ()),
        ("get_robots", Robots, None, ()),
        ("find_robots", Robot, None, ()),
        ("find_robots", dict[str, Robot], None, ()),
        ("get_robot", Numbered | None, None, ("site", "number")),
    ],
)
def test_where_the_records_of_a_custom_one_are(name, response, within, key):
    described = custom(name, Robot, response)
    assert (described.within, described.key) == (within, key)


@pytest.mark.parametrize("payload", [list[Asked], dict[str, Any], Anything, str])
def test_a_request_that_is_no_object_or_any_may_have_any_fields(payload):
    described = custom("find_robots", payload, Robots)
    assert (described.fields, described.required, described.ids) == (None, (), ())


def test_fields_have_the_names_of_their_json():
    class Aliased(BaseModel):
        one: str = Field(validation_alias="oneAlias")
        two: str = Field(alias="twoAlias")
        three: str = ""

    assert list(json_fields(Aliased)) == ["oneAlias", "twoAlias", "three"]


def test_settings_that_the_tenants_id_is_made_from():
    class Settings(BaseModel):
        site: str = Field(alias="siteName", json_schema_extra={"x-semantic": "tenant-id"})
        owner: str = Field(json_schema_extra={"x-semantic": "account-id"})
        region: str = Field(default="", json_schema_extra=lambda schema: None)

    assert tenant_settings(Integration(Settings)) == ["siteName"]


# What an integration registers


def sdks_own(args: Any) -> Any:
    """What the SDK adds by itself."""


sdks_own.__module__ = "connector.oai.integration"


def test_what_the_sdk_adds_by_itself_is_not_the_authors():
    mine = function(sdk.ListAccountsRequest, sdk.ListAccountsResponse)
    found = own_capabilities(Integration(info=sdks_own, list_accounts=mine))
    assert list(found) == ["list_accounts"]
    assert isinstance(found["list_accounts"], Capability)


@pytest.mark.parametrize(("registered", "names"), [({"info": sdks_own}, "info"), ({}, "none")])
def test_an_integration_without_capabilities_of_its_own(registered, names):
    with pytest.raises(UsageError) as caught:
        own_capabilities(Integration(**registered))
    assert caught.value.what == "The integration 'app' has no capabilities of its own."
    assert caught.value.details == (f"It has the SDK's: {names}",)


class NoResponse(BaseModel):
    other: str = ""


@pytest.mark.parametrize(
    ("annotations", "why"),
    [
        ({}, "it is not annotated with models"),
        ({"args": sdk.ListAccountsRequest}, "it is not annotated with models"),
        ({"return": sdk.ListAccountsResponse}, "it is not annotated with models"),
        (
            {"a": sdk.ListAccountsRequest, "b": int, "return": sdk.ListAccountsResponse},
            "it is not annotated with models",
        ),
        ({"args": dict, "return": sdk.ListAccountsResponse}, "it is not annotated with models"),
        ({"args": sdk.ListAccountsRequest, "return": NoResponse}, "it is not annotated with models"),
        ({"args": "Gone", "return": sdk.ListAccountsResponse}, "name 'Gone' is not defined"),
    ],
)
def test_a_function_that_does_not_say_what_it_takes_and_returns(annotations, why):
    mine = function(None, None)
    mine.__annotations__ = annotations
    with pytest.raises(UsageError) as caught:
        own_capabilities(Integration(list_accounts=mine))
    assert caught.value.what == f"The capability list_accounts does not say what it takes and returns: {why}."
    assert caught.value.where == (("function", f"{__name__}.function.<locals>.capability"),)


def test_what_is_no_function_is_shown_as_it_is():
    class Called:
        __module__ = "app"

        def __repr__(self):
            return "<called>"

    with pytest.raises(UsageError) as caught:
        own_capabilities(Integration(list_accounts=Called()))
    assert caught.value.where == (("function", "app.<called>"),)


@pytest.mark.parametrize(
    ("name", "writes"),
    [
        ("list_accounts", False),
        ("delete_account", True),
        ("get_rid", False),
        ("purge", True),
        ("info", False),
        ("validate_credential_config", False),
        ("not_registered", False),
    ],
)
def test_what_nobody_knows_to_read_may_write(name, writes):
    untold = lambda args: args  # noqa: E731 - it says nothing of what it takes
    known = {"list_accounts": LISTS, "delete_account": DELETES}
    sdks = function(BaseModel, BaseModel)
    sdks.__module__ = "connector.oai.integration"
    integration = Integration(**known, get_rid=untold, purge=untold, validate_credential_config=sdks)
    assert may_write(integration, name) is writes


def test_what_says_nothing_of_what_it_takes_is_no_known_capability():
    integration = Integration(list_accounts=LISTS, untold=lambda args: args)
    assert capability_of(integration, "list_accounts").name == "list_accounts"
    assert capability_of(integration, "untold") is capability_of(integration, "info") is None


@pytest.mark.parametrize(
    ("request_", "refused"), [({"account_id": "u1"}, False), ({}, True), ({"account_id": 7}, True)]
)
def test_the_sdk_refuses_what_does_not_fit_the_model(request_, refused):
    assert of_sdk("delete_account").refuses(request_) is refused


def test_what_is_configured_for_tokens():
    url = "https://a.example/token"
    settings = OAuthSettings(token_url=url, scopes={"list_accounts": "a b"}, pkce=True)
    kind = OAuthFlowType.CLIENT_CREDENTIALS
    machine = OAuthSettings(token_url=str, scopes=dict, flow_type=kind)
    integration = Integration()
    integration.credentials, integration.oauth_settings = None, None
    assert oauth_flows(integration) == []
    integration.oauth_settings = settings
    flow = OAuthFlow(None, True, {"list_accounts": "a b"}, url, True)
    assert oauth_flows(integration) == [flow]
    types = {"type": AuthModel.OAUTH, "description": ""}
    integration.credentials = [
        CredentialConfig(id="key", type=AuthModel.TOKEN, description=""),
        OAuthConfig(id="people", oauth_settings=settings, **types),
        OAuthConfig(id="machine", oauth_settings=machine, **types),
    ]
    # As the SDK does, those of credentials come before the integration's own.
    assert oauth_flows(integration) == [
        replace(flow, credential_id="people"),
        OAuthFlow("machine", False, None, None, False),
    ]
