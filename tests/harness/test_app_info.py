"""The rule **app_info**: a valid document that says what ``info`` says."""

from __future__ import annotations

import pytest
from connector_sdk_types.OAS import OAS
from rules_testing import told

from connector_contract.contract.rules.app_info import (
    app_info_breach,
    app_info_remarks,
    unknown_schemes,
    unsecured_breach,
)
from connector_contract.contract.standard_capabilities import STANDARD

ROLE = {"type_id": "role", "type_label": "Role", "resource_type_id": "", "min": 0}
INFO = {
    "app_id": "acme",
    "capabilities": ["list_accounts"],
    "credentials_schema": [{"id": "api"}, {"id": "workspace"}],
    "entitlement_types": [{**ROLE, "max": None}],
    "resource_types": [],
    "oauth_scopes": {"list_accounts": "users:read", "list_resources": "projects:read"},
}
DESCRIBED = {
    "title": "Acme",
    "description": "",
    "version": "1",
    "x-app-id": "acme",
    "x-app-logo-url": "https://acme.example.com/logo.png",
    "x-app-vendor-domain": "acme.example.com",
    "x-entitlement-types": [ROLE],
    "x-resource-types": [],
    "x-oauth-settings": {"api": {"scopes": {"users:read": "Required for list_accounts, list_resources"}}},
    "x-capabilities": ["list_accounts"],
    "x-multi-credential": True,
    "x-allowed-credentials": [["api", "workspace"], ["api"]],
}
OPERATION = {
    "operationId": "list_accounts",
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Accounts"}}}},
    "responses": {"200": {"description": "Successful response"}},
    "security": [{"api": []}],
}
SCHEMA = {
    "openapi": "3.0.0",
    "servers": [],
    "paths": {"/list_accounts": {"post": OPERATION}},
    "components": {
        "securitySchemes": {"api": {"type": "http", "scheme": "bearer"}},
        "schemas": {"Accounts": {"type": "object", "example": {"$ref": "#/anything"}}},
    },
}


def app(described=None, *, app_id="acme", **changed):
    return {"app_id": app_id, "app_schema": {**SCHEMA, "info": {**DESCRIBED, **(described or {})}, **changed}}


def found(app_info, **info):
    return told(app_info_breach(app_info, {**INFO, **info}, STANDARD, OAS.OpenAPI))


def path(**changed):
    return {"/list_accounts": {"post": {**OPERATION, **changed}}}


@pytest.mark.parametrize(
    ("described", "info"),
    [
        pytest.param({}, {}, id="whole"),
        pytest.param({"x-app-logo-url": "", "x-app-vendor-domain": ""}, {}, id="no logo"),
        pytest.param({"x-oauth-settings": None}, {"oauth_scopes": None}, id="no OAuth"),
        pytest.param(
            {"x-oauth-settings": {"scopes": {"users:read": "Required for list_accounts"}}},
            {},
            id="one credential",
        ),
        pytest.param(
            {"x-multi-credential": False, "x-allowed-credentials": []}, {"credentials_schema": []}, id="auth"
        ),
    ],
)
def test_a_document_that_is_whole(described, info):
    assert found(app(described), **info) == []


@pytest.mark.parametrize(
    ("app_info", "info", "title", "records"),
    [
        pytest.param(
            app(openapi="2.0"),
            {},
            "its app_schema is not an OpenAPI 3 document",
            ["openapi: Input should be '3.0.4', '3.0.3', '3.0.2', '3.0.1' or '3.0.0'"],
            id="not OpenAPI 3",
        ),
        pytest.param(
            app({"title": ""}),
            {},
            "its app_schema is not an OpenAPI 3 document",
            ["info.title: ''"],
            id="no title",
        ),
        pytest.param(
            app(paths={"list_accounts": {"post": OPERATION}}),
            {},
            "its app_schema is not an OpenAPI 3 document",
            ["a path without a slash: list_accounts"],
            id="no slash",
        ),
        pytest.param(
            app(paths={**path(), "/more": {"post": OPERATION}}),
            {},
            "its app_schema is not an OpenAPI 3 document",
            ["operationId list_accounts: 2 times"],
            id="operations of one id",
        ),
        pytest.param(
            app(paths=path(responses={})),
            {},
            "its app_schema is not an OpenAPI 3 document",
            ["POST /list_accounts: no responses"],
            id="no responses",
        ),
        pytest.param(
            app(components={"securitySchemes": {}, "schemas": {}}),
            {},
            "references in it lead nowhere",
            ["#/components/schemas/Accounts"],
            id="a reference",
        ),
        pytest.param(
            app({"x-app-id": "acne"}),
            {},
            "its app_id is another than that of info",
            ["x-app-id: 'acne'; info: 'acme'"],
            id="x-app-id",
        ),
        pytest.param(
            app(app_id="acne"),
            {},
            "its app_id is another than that of info",
            ["app_id: 'acne'; info: 'acme'"],
            id="app_id",
        ),
        pytest.param(
            app({"x-app-logo-url": "logo.png"}),
            {},
            "x-app-logo-url is no fully qualified URL",
            ["logo.png"],
            id="a logo",
        ),
        pytest.param(
            app({"x-app-logo-url": "https://[logo"}),
            {},
            "x-app-logo-url is no fully qualified URL",
            ["https://[logo"],
            id="a logo that is no URL",
        ),
        pytest.param(
            app({"x-app-vendor-domain": "https://acme.example.com"}),
            {},
            "x-app-vendor-domain is no domain name",
            ["https://acme.example.com"],
            id="a domain",
        ),
        pytest.param(
            app({"x-allowed-credentials": [["api", "key"]]}),
            {},
            "x-allowed-credentials name credentials that are not declared",
            ["'key'; declared: api, workspace"],
            id="allowed credentials",
        ),
        pytest.param(
            app({"x-multi-credential": False}),
            {},
            "x-multi-credential does not fit the credentials that info declares",
            ["False; credentials: api, workspace"],
            id="the flag",
        ),
        pytest.param(
            app({"x-capabilities": ["get_account"]}),
            {},
            "it does not say what info says",
            [
                "list_accounts: not among x-capabilities",
                "get_account: among x-capabilities, and not among those of info",
            ],
            id="capabilities",
        ),
        pytest.param(
            app(paths={}),
            {},
            "it does not say what info says",
            ["list_accounts: no path in the document"],
            id="a path",
        ),
        pytest.param(
            app({"x-entitlement-types": [{**ROLE, "min": 1}]}),
            {},
            "it does not say what info says",
            ["x-entitlement-types: not the entitlement_types of info: role"],
            id="types",
        ),
        pytest.param(
            app(),
            {"oauth_scopes": {"list_acounts": "users:read"}},
            "OAuth scopes are for capabilities that there are not",
            ["list_acounts"],
            id="scopes of info",
        ),
        pytest.param(
            app({"x-oauth-settings": {"api": {"scopes": {"users:read": "Required for list_acounts"}}}}),
            {},
            "OAuth scopes are for capabilities that there are not",
            ["list_acounts"],
            id="scopes of a credential",
        ),
    ],
)
def test_a_document_that_is_wrong(app_info, info, title, records):
    assert found(app_info, **info) == [("app_info", title, records)]


def test_a_reference_that_only_a_discriminator_has_must_lead_somewhere():
    union = {
        "oneOf": [],
        "discriminator": {"propertyName": "kind", "mapping": {"a": "#/components/schemas/A"}},
    }
    schemas = {"Accounts": union, "Other~/": {"$ref": "#/components/schemas/Other~0~1"}}
    broken = app(components={"securitySchemes": {"api": {"type": "http"}}, "schemas": schemas})
    assert found(broken) == [("app_info", "references in it lead nowhere", ["#/components/schemas/A"])]


def test_a_security_scheme_that_there_is_not():
    assert unknown_schemes(app()) == []
    broken = app(paths=path(security=[{"api": []}, {"workspace": []}]))
    assert unknown_schemes(broken) == ["workspace"]
    assert told(unsecured_breach(broken)) == [
        ("app_info", "operations name security schemes that it does not have", ["workspace"])
    ]
    assert told(unsecured_breach(app())) == []


def test_what_is_recommended_is_remarked():
    assert app_info_remarks(app()) == []
    (missing,) = app_info_remarks(app({"x-app-logo-url": "", "x-app-vendor-domain": ""}))
    assert missing.startswith("no x-app-logo-url and no x-app-vendor-domain")
    (plain,) = app_info_remarks(app({"x-app-logo-url": "http://acme.example.com/logo.png"}))
    assert plain.startswith("x-app-logo-url is no https URL")
