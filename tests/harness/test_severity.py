"""How much a change matters."""

from __future__ import annotations

import pytest

from connector_contract.review.change import Difference, Kind, Request, Severity, What
from connector_contract.review.severity import judged

REQUEST = Request("list_accounts", "", "tests/test_a.py::test_a")


def one(kind, what=What.CHANGED, field="", old=None, new=None, is_key=False):
    return Difference(kind, what, field, old, new, REQUEST, "a.json", "u1", is_key=is_key)


@pytest.mark.parametrize(
    ("difference", "severity"),
    [
        *(
            (one(kind, What.REMOVED), "critical")
            for kind in (Kind.ACCOUNT, Kind.RESOURCE, Kind.ENTITLEMENT, Kind.ASSOCIATION)
        ),
        (one(Kind.ACTIVITY, What.REMOVED), "major"),
        (one(Kind.ACCOUNT, What.ADDED), "major"),
        (one(Kind.ACCOUNT, field="integration_specific_id", is_key=True), "critical"),
        (one(Kind.ACCOUNT, field="id"), "major"),
        (one(Kind.ACCOUNT, field="user_status"), "critical"),
        (one(Kind.ACCOUNT, field="username"), "major"),
        (one(Kind.ACCOUNT, field="the number of records", old=3, new=2), "critical"),
        (one(Kind.ACCOUNT, field="the number of records", old=2, new=3), "major"),
        (one(Kind.STATUS, field="locked"), "critical"),
        (one(Kind.STATUS, What.REMOVED, field="locked"), "critical"),
        (one(Kind.FIELD, field="GET /a: x", old="required", new="read"), "major"),
        (one(Kind.FIELD, field="GET /a: x", old="unread", new="checked"), "major"),
        (one(Kind.FIELD, What.ADDED, "GET /a: x", new="required"), "major"),
        (one(Kind.FIELD, What.REMOVED, "GET /a: x", old="checked, never used"), "major"),
        (one(Kind.FIELD, field="GET /a: x", old="read", new="unread"), "minor"),
        (one(Kind.FIELD, field="GET /a: x", old="required", new="required, never used"), "minor"),
        (one(Kind.FIELD, What.ADDED, "GET /a: x", new="read"), "minor"),
        (one(Kind.FIELD, What.ADDED, "GET /a: x", new="unread"), "info"),
        (one(Kind.FIELD, What.REMOVED, "GET /a: x", old="unread"), "info"),
        (one(Kind.FIELD, What.ADDED, "the table"), "info"),
        (one(Kind.FIELD, What.REMOVED, "the table"), "major"),
        (one(Kind.ERROR, field="the outcome", old="the error not_found", new="a success"), "critical"),
        (one(Kind.ERROR, field="the outcome", old="a success", new="the error not_found"), "major"),
        (one(Kind.ERROR, field="error_code"), "major"),
        (one(Kind.ERROR, field="error_metadata.retryable"), "major"),
        (one(Kind.ERROR, field="message"), "minor"),
        (one(Kind.ACCOUNT, field="execution_summary.description"), "minor"),
        (one(Kind.ENTITLEMENT, field="description"), "major"),
        (one(Kind.PAGE, field="the page token"), "minor"),
        (one(Kind.DECLARATION, What.ADDED, "waivers[complete]"), "critical"),
        (one(Kind.DECLARATION, What.ADDED, "tolerated_faults[a]"), "critical"),
        (one(Kind.DECLARATION, What.ADDED, "declared_choices[a]"), "critical"),
        (one(Kind.DECLARATION, What.REMOVED, "waivers[complete]"), "minor"),
        (one(Kind.DECLARATION, What.CHANGED, "waivers[complete]"), "minor"),
        (one(Kind.DECLARATION, What.ADDED, "listed_statuses[list_accounts]"), "critical"),
        (one(Kind.DECLARATION, What.REMOVED, "listed_statuses[list_accounts]"), "minor"),
        (one(Kind.DECLARATION, What.ADDED, "sample"), "critical"),
        (one(Kind.DECLARATION, What.CHANGED, "upstream_status"), "major"),
        (one(Kind.REQUEST, field="requests in a call", new="1 per /users/*"), "major"),
        (one(Kind.REQUEST, field="requests in a call", new="the same for any number of records"), "minor"),
        (one(Kind.OTHER, What.REMOVED, "scenario"), "major"),
        (one(Kind.OTHER, What.ADDED, "scenario"), "info"),
        (one(Kind.OTHER, field="value"), "major"),
    ],
    ids=lambda value: (
        value if isinstance(value, str) else f"{value.kind.value}-{value.what.value}-{value.field}"
    ),
)
def test_each_kind_has_its_severity_and_a_reason(difference, severity):
    found, why = judged(difference)
    assert found is Severity(severity)
    assert why.endswith(".")
    assert " " in why


@pytest.mark.parametrize(
    ("field", "old", "new", "severity"),
    [
        ("sample", {"pages": 50, "last": True}, {"pages": 1, "last": True}, "critical"),
        ("sample", {"pages": 5, "last": True}, {"pages": 9, "last": False}, "critical"),
        ("sample", {"pages": 5, "last": False}, {"pages": 5, "last": True}, "minor"),
        ("sample", {"pages": 5, "last": False}, {"pages": 10, "last": False}, "minor"),
        ("listed_statuses[list_accounts]", ["active", "gone"], ["active"], "critical"),
        ("listed_statuses[list_accounts]", ["active", "gone"], ["active", "new"], "critical"),
        ("listed_statuses[list_accounts]", ["active"], ["active", "gone"], "minor"),
    ],
)
def test_a_declaration_of_what_is_looked_at_is_worse_if_less_is(field, old, new, severity):
    found, why = judged(one(Kind.DECLARATION, What.CHANGED, field, old, new))
    assert found is Severity(severity)
    assert why == f"The contract demands {'less' if severity == 'critical' else 'more'} than before."


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        ("keeps_access: It does.", "not_listed: It does.", "critical"),
        ("keeps_access: It does.", "keeps_access: It is meant to.", "minor"),
    ],
)
def test_another_choice_is_worse_than_another_reason(old, new, severity):
    found, _ = judged(one(Kind.DECLARATION, What.CHANGED, "declared_choices[writes[a]]", old, new))
    assert found is Severity(severity)
