"""The rule **shape**: a response is one that Lumos can read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel
from rules_testing import failure, page, told

from connector_contract.contract.rules.shape import shape_breach


class Thing(BaseModel):
    id: Any = None
    integration_specific_id: Any = None
    integration_specific_resource_id: Any = None
    name: str = ""
    of: Any = None


class ListThings(BaseModel):
    response: list[Thing]


def breaches(*responses):
    return told(shape_breach("list_things", responses, ListThings))


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(page({"id": "a", "name": "A"}, {"id": "b"}), id="right"),
        pytest.param(page(), id="an empty list"),
        pytest.param(failure("internal_error"), id="an error is another rule's"),
        pytest.param(page({"id": 7}), id="a number for an id"),
        pytest.param(page({"id": None}), id="an optional id"),
        pytest.param(page({"id": "a", "integration_specific_resource_id": ""}), id="the global resource"),
        pytest.param(page({"id": "a", "of": {"ids": ["None"], "identity": ""}}), id="what is no id"),
        pytest.param(page({"id": "a", "extra_data": {"id": ""}}), id="the application's own data"),
        pytest.param(page({"id": "a", "of": {"custom_attributes": {"id": " "}}}), id="the author's fields"),
    ],
)
def test_a_response_that_lumos_can_read(response):
    assert breaches(response) == []


@pytest.mark.parametrize(
    ("record", "path", "value"),
    [
        pytest.param({"id": ""}, "id", "''", id="empty"),
        pytest.param({"id": "  "}, "id", "'  '", id="blank"),
        pytest.param({"id": "None"}, "id", "'None'", id="a None that became text"),
        pytest.param({"integration_specific_id": "undefined"}, "integration_specific_id", "'undefined'"),
        pytest.param({"id": True}, "id", "True", id="a truth"),
        pytest.param({"id": 1.5}, "id", "1.5", id="a fraction"),
        pytest.param(
            {"integration_specific_resource_id": "nan"}, "integration_specific_resource_id", "'nan'"
        ),
        pytest.param({"of": {"user_id": "null"}}, "of.user_id", "'null'", id="below"),
        pytest.param({"of": [{"id": "a"}, {"id": ""}]}, "of[1].id", "''", id="in a list"),
        pytest.param({"id": {"id": ""}}, "id.id", "''", id="an object in place of an id"),
    ],
)
def test_an_id_that_cannot_identify_anything(record, path, value):
    title = "it has 1 id that cannot identify anything"
    assert breaches(page({"id": "a"}, record)) == [
        ("list_things", title, [f"page 1, response[1].{path}: {value}"])
    ]


def test_a_response_that_is_not_as_its_model_says():
    assert breaches(page({"id": "a", "name": None}), {"response": "none"}) == [
        (
            "list_things",
            "the response is not a valid ListThings",
            [
                "page 1, response.0.name: Input should be a valid string",
                "page 2, response: Input should be a valid list",
            ],
        )
    ]


def test_both_are_told_by_the_page_that_has_them():
    said = breaches(page({"id": "a"}), failure(), page({"id": "", "name": 1}, {"id": "null"}))
    assert [title for _, title, _ in said] == [
        "the response is not a valid ListThings",
        "it has 2 ids that cannot identify anything",
    ]
    assert said[1][2] == ["page 3, response[0].id: ''", "page 3, response[1].id: 'null'"]


class Identified(BaseModel):
    integration_specific_id: str = "a"
    id: str = "a"
    resource_id: str = "a"
    resource_type: str = "a"


class ListIdentified(BaseModel):
    response: list[Identified]


@pytest.mark.parametrize(
    ("capability", "field", "is_right"),
    [
        ("list_resources", "integration_specific_id", True),
        ("list_applications_resources", "integration_specific_id", True),
        ("find_entitlement_graph", "resource_id", True),
        ("find_entitlement_graph", "id", False),
        ("list_entitlements", "integration_specific_id", False),
        ("list_accounts", "integration_specific_id", False),
        # A credential's, and a non-human account's, is its own.
        ("list_credentials", "resource_id", False),
        ("list_non_human_accounts", "resource_id", False),
    ],
)
def test_an_empty_id_is_that_of_the_global_resource(capability, field, is_right):
    found = told(shape_breach(capability, [page({field: ""})], ListIdentified))
    assert [records for _, _, records in found] == (
        [] if is_right else [[f"page 1, response[0].{field}: ''"]]
    )


def test_an_empty_id_is_that_of_the_global_resource_of_a_graph():
    class Graph(BaseModel):
        response: dict[str, list[Identified]]

    graph = {"response": {"resources": [{"id": ""}]}}
    assert told(shape_breach("find_resource_graph", [graph], Graph)) == []
