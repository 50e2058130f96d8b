"""The rule **coverage**: a registered capability works at all, and is no stub."""

from __future__ import annotations

import pytest
from rules_testing import failure, page, told

from connector_contract.contract.rules.coverage import coverage_breach, unasked_breach


@pytest.mark.parametrize(
    ("response", "title"),
    [
        pytest.param(page(), None, id="right"),
        pytest.param({"response": {"valid": False}}, None, id="a success of any kind"),
        pytest.param(
            failure("not_found", "No user."), "its example gave an error: not_found: No user.", id="an error"
        ),
        pytest.param(
            failure("unsupported_operation", "Later."),
            "it is registered, but not implemented: unsupported_operation: Later.",
            id="a stub by its code",
        ),
        pytest.param(
            failure("internal_error", "", "NotImplementedError"),
            "it is registered, but not implemented: internal_error (NotImplementedError): ",
            id="a stub by what it raises",
        ),
        pytest.param(
            {"is_error": True}, "its example gave an error: None: ", id="an error that says nothing"
        ),
    ],
)
def test_an_example_gives_a_success(response, title):
    expected = [("get_account", title, [])] if title else []
    assert told(coverage_breach("get_account", response)) == expected


ACCOUNTS = "it returns accounts without asking the upstream"
EMPTY = "it returns an empty list without asking the upstream"


@pytest.mark.parametrize(
    ("capability", "payload", "within", "title"),
    [
        pytest.param("list_resources", [{"id": "r1"}], "", None, id="a fixed list of resources"),
        pytest.param("find_robots", {"robots": [{"id": "r1"}]}, "robots", None, id="within an object"),
        pytest.param("validate_credentials", {"valid": True}, None, None, id="no list"),
        pytest.param("check_site", None, None, None, id="nothing at all"),
        pytest.param("list_accounts", [{"id": "u1"}], "", ACCOUNTS, id="accounts"),
        pytest.param("list_accounts", [], "", ACCOUNTS, id="no accounts"),
        pytest.param("get_account", {"id": "u1"}, None, ACCOUNTS, id="an account"),
        pytest.param("list_resources", [], "", EMPTY, id="an empty list"),
        pytest.param("list_resources", None, "", EMPTY, id="no list where there is one"),
        pytest.param("find_robots", {"robots": []}, "robots", EMPTY, id="an empty list within an object"),
        pytest.param("find_robots", {}, "robots", EMPTY, id="an object without the list"),
    ],
)
def test_a_success_without_a_word_from_the_upstream(capability, payload, within, title):
    breaches = told(unasked_breach(capability, {"response": payload}, within))
    assert breaches == ([(capability, title, [])] if title else [])
