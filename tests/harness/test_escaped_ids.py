"""The rule **unknown_id**: an id with characters that a path must escape asks for itself alone."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from rules_testing import failure, interaction, page, told

from connector_contract.contract.contract_config import UNESCAPED_ID
from connector_contract.contract.rules.escaped_ids import escaped_breach

CODES = {403: "permission_denied", 404: "not_found", 503: "service_error"}
ESCAPED = quote(UNESCAPED_ID, safe="")
ONE = {"account_id": UNESCAPED_ID}


def breaches(response, *paths, request=ONE, status=404):
    (field,) = request
    asked = [interaction(path=path, status=status) for path in paths]
    return told(escaped_breach("get_account", field, request, response, asked, CODES))


@pytest.mark.parametrize(
    "path",
    [
        f"/users/{ESCAPED}",
        pytest.param(f"/users/{ESCAPED}/grants?limit=3", id="more after it"),
        pytest.param(f"/users('{ESCAPED}')", id="in a segment of OData"),
        pytest.param("/users/no-such-one%2fb%3fc%23d%20%252F%2E.", id="escaped otherwise"),
        pytest.param(f"/users?id={ESCAPED}", id="in a query"),
        pytest.param("/users?id=no-such-one/b?c%23d+%252F..", id="as a query may have it"),
        pytest.param(f"/users?filter=id+eq+%22{ESCAPED}%22", id="in a filter"),
        pytest.param("/users?q=id:no-such-one%5C%2Fb%5C%3Fc%23d%20%252F..", id="escaped in a search"),
        pytest.param("/login", id="a request without it"),
        pytest.param("/users?id=bm8tc3VjaC1vbmU", id="in base64"),
    ],
)
def test_an_id_in_one_segment_or_one_value(path):
    assert breaches(failure("not_found"), path) == []


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/users/no-such-one/b?c", id="as it is"),
        pytest.param("/users/no-such-one%2Fb%3Fc%23d%20/..", id="its escape is read as one"),
        pytest.param("/users/no-such-one%2Fb%3Fc%23d%20%2F..", id="the percent is not escaped"),
        pytest.param("/users/no-such-one/b%3Fc%23d%20%252F..", id="the slash is not escaped"),
        pytest.param(f"/users/{quote(ESCAPED, safe='')}", id="escaped twice"),
        pytest.param("/users/no-such-one", id="cut off"),
        pytest.param("/users?id=no-such-one/b?c", id="a query that ends at the hash"),
        pytest.param(f"/users/{ESCAPED}/of/no-such-one", id="once whole, once not"),
    ],
)
@pytest.mark.parametrize("response", [failure("not_found"), page({"id": "u1"})], ids=["error", "success"])
def test_an_id_that_asks_for_another_path(path, response):
    ((_, title, lines),) = breaches(response, path)
    assert title == f"the id {UNESCAPED_ID!r} of account_id is not escaped"
    assert lines == [f"GET https://app.example.com{path}"]


def test_an_id_that_no_upstream_is_asked_for():
    assert breaches(failure("invalid_value")) == []
    assert breaches(failure("not_found")) == []


@pytest.mark.parametrize(
    ("response", "status", "title"),
    [
        pytest.param(failure("permission_denied"), 403, None, id="a server that refuses such a path"),
        pytest.param(failure("service_error"), 503, None, id="a server that fails at it"),
        pytest.param(failure("bad_request"), 400, None, id="an id that it cannot read"),
        pytest.param(failure("permission_denied"), 404, "permission_denied", id="another code"),
        pytest.param(failure("internal_error"), 404, "internal_error", id="a crash"),
        pytest.param(page({"id": "u1"}), 200, "a success", id="a success"),
    ],
)
def test_what_the_upstream_makes_of_it_is_right(response, status, title):
    found = breaches(response, f"/users/{ESCAPED}", status=status)
    gave = f"the account_id {UNESCAPED_ID!r} gave {title}, not "
    assert [each.startswith(gave) for _, each, _ in found] == ([True] if title else [])


MANY = {"account_ids": [UNESCAPED_ID]}


def test_several_give_no_record():
    assert breaches(page(), f"/users/{ESCAPED}", request=MANY) == []
    assert breaches(failure("not_found"), f"/users/{ESCAPED}", request=MANY) == []
    ((_, title, _),) = breaches(page({"id": "u1"}), f"/users/{ESCAPED}", request=MANY)
    assert title == "unknown account_ids gave records"
