"""The rule **recency**: how old the data of each capability is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rules_testing import told

from connector_contract.contract.rules.recency import recency_breach

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
STANDARD = ["list_accounts", "list_entitlements"]


def breaches(data):
    return told(recency_breach({"response": {"data": data}}, STANDARD, NOW))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"list_accounts": "2024-05-01T02:00:00Z"},
        {"list_accounts": None},
        # The clock of another machine.
        {"list_entitlements": "2024-05-01T12:05:00Z"},
        {"list_accounts": "2024-05-01T13:00:00+02:00"},
    ],
)
def test_data_of_standard_capabilities_and_of_the_past(data):
    assert breaches(data) == []


@pytest.mark.parametrize(
    ("data", "title", "line"),
    [
        ({"accounts": None}, "1 name is not of a standard capability", "accounts"),
        (
            {"list_accounts": "2024-05-01T02:00:00"},
            "1 time is without a zone",
            "list_accounts: '2024-05-01T02:00:00'",
        ),
        (
            {"list_accounts": "2024-05-01T14:00:00Z"},
            "1 time is in the future",
            "list_accounts: '2024-05-01T14:00:00Z'",
        ),
    ],
)
def test_data_that_cannot_be(data, title, line):
    assert breaches(data) == [("get_data_recency", title, [line])]
