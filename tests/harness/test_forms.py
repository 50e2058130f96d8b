"""The rule **shape**: texts that are to be times, amounts or currencies."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
import yaml
from rules_testing import failure, page, told

from connector_contract.contract.rules.forms import _TIMES, form_breach, moved_breach
from connector_contract.contract.standard_capabilities import KEYS

TIME = "2024-05-01T09:00:00Z"


def breaches(capability, *records):
    return told(form_breach(capability, [page(*records)]))


def expense(**fields):
    amount = {"amount": "100.00", "currency": "USD"}
    return {"id": "x1", "transaction_date": "2024-05-01", "total_amount": amount, **fields}


@pytest.mark.parametrize(
    ("capability", "record"),
    [
        ("get_last_activity", {"happened_at": TIME}),
        pytest.param("get_last_activity", {"happened_at": "last week"}, id="nobody says that it is ISO 8601"),
        ("get_credential_last_activity", {"happened_at": TIME}),
        pytest.param("get_credential_last_activity", {"happened_at": "2024-05-01"}, id="a date alone"),
        ("get_non_human_account_last_activity", {"happened_at": "2024-05-01T09:00:00.5+02:00"}),
        ("list_credentials", {"last_activity": TIME, "created_at": "1714554000"}),
        pytest.param("list_credentials", {"last_activity": None}, id="never"),
        ("list_non_human_accounts", {"last_login": TIME}),
        ("list_activity_records", {"timestamp": TIME}),
        ("list_applications_activity_records", {"timestamp": TIME}),
        ("list_expenses", expense()),
        pytest.param("list_expenses", expense(transaction_date="2024-05-01T00:00:00"), id="a day as a time"),
        pytest.param("list_expenses", expense(transaction_date="2024-05"), id="nobody says which day"),
        pytest.param("list_expenses", expense(payment_date="2024-W18"), id="nobody says which day of a week"),
        pytest.param("list_activity_records", {"timestamp": "2024-05-01T24:00:00Z"}, id="a day's end"),
        pytest.param("list_activity_records", {"timestamp": "2024-12-31T23:59:60Z"}, id="a leap second"),
        pytest.param("list_credentials", {"created_at": "2024-05"}, id="a form that nobody names"),
        ("list_credentials", {"created_at": "Wed, 01 May 2024 09:00:00 GMT"}),
        ("list_credentials", {"created_at": "5/1/2024 9:00 AM PST"}),
        ("list_credentials", {"updated_at": "Wed May 01 09:00:00 +0000 2024"}),
        ("list_expenses", expense(paid_amount={"amount": "-3", "currency": "JPY"})),
        pytest.param("list_accounts", {"extra_data": {"timestamp": "now"}}, id="a list without times"),
        pytest.param("a_custom_one", {"timestamp": "now"}, id="one that the specification does not know"),
    ],
)
def test_what_is_in_its_form(capability, record):
    assert breaches(capability, record) == []


def test_an_error_has_no_records():
    assert told(form_breach("list_expenses", [failure()])) == []


@pytest.mark.parametrize(
    ("capability", "field", "value", "title"),
    [
        ("get_credential_last_activity", "happened_at", "1714554000", "1 time is not in ISO 8601"),
        ("list_credentials", "last_activity", "yesterday", "1 time is not in ISO 8601"),
        ("list_activity_records", "timestamp", "05/01/2024", "1 time is not in ISO 8601"),
        ("list_expenses", "payment_date", "May 1st", "1 time is not in ISO 8601"),
        ("list_activity_records", "timestamp", "2024-05", "1 time is a month or a week alone"),
        ("list_activity_records", "timestamp", "2024-05-01T09:00:00", "1 time is without a zone"),
        ("list_non_human_accounts", "created_at", "2024-05-01 09:00", "1 time is without a zone"),
        ("get_last_activity", "happened_at", "2024-05-01T09:00:00", "1 time is without a zone"),
        ("get_last_activity", "happened_at", "05/01/2024 9:00 AM", "1 time is without a zone"),
        ("list_credentials", "last_used_at", "Wed May  1 09:00:00 2024", "1 time is without a zone"),
    ],
)
def test_a_time_in_another_form(capability, field, value, title):
    line = f"page 1, response[0].{field}: {value!r}"
    assert breaches(capability, {field: value}) == [(capability, title, [line])]


@pytest.mark.parametrize("amount", ["1,200.00", "1E+2", "12.", "$5", "", None])
def test_an_amount_that_is_no_decimal_number(amount):
    record = expense(total_amount={"amount": amount, "currency": "USD"})
    lines = [f"page 1, response[1].total_amount.amount: {amount!r}"]
    title = "1 amount is not decimal"
    assert breaches("list_expenses", expense(), record) == [("list_expenses", title, lines)]


@pytest.mark.parametrize("currency", ["usd", "$", "EURO", ""])
def test_a_currency_that_is_no_code(currency):
    record = expense(paid_amount={"amount": "1", "currency": currency})
    lines = [f"page 1, response[0].paid_amount.currency: {currency!r}"]
    title = "1 currency is not in ISO 4217"
    assert breaches("list_expenses", record) == [("list_expenses", title, lines)]


def properties(schema, schemas):
    of_parts = [
        properties(schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part, schemas)
        for part in schema.get("allOf", ())
    ]
    return {name: each for part in [schema.get("properties", {}), *of_parts] for name, each in part.items()}


def test_each_time_of_the_specification_is_known():
    text = files("connector").joinpath("spec/openapi.yaml").read_text(encoding="utf-8")
    schemas = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["components"]["schemas"]  # noqa: S506
    found = {
        schema: sorted(
            name
            for name, each in properties(schemas[schema], schemas).items()
            if name.endswith("_at")
            or each.get("format") == "date-time"
            or re.search("timestamp", str(each.get("description")), re.IGNORECASE)
        )
        for schema in KEYS
    }
    assert {name: times for name, times in found.items() if times} == {
        name: sorted(times) for name, times in _TIMES.items()
    }


@pytest.mark.parametrize(
    ("said", "told_lumos", "is_moved"),
    [
        (TIME, TIME, False),
        (TIME, "2024-05-01T09:00:00+02:00", True),
        (TIME, "2024-05-01T11:00:00+02:00", False),
        (TIME, "2024-05-01T09:00:00.000+00:00", False),
        ("2024-05-01T09:00:00.250+02:00", "2024-05-01T09:00:00+02:00", False),
        ("2024-05-01T09:00:00.250Z", "2024-05-01T09:00:00-0500", True),
        pytest.param(
            "2024-05-01T09:00:00", "2024-05-01T09:00:00+02:00", False, id="the upstream names no zone"
        ),
        pytest.param("1714554000", "2024-05-01T09:00:00+02:00", False, id="the upstream counts seconds"),
        pytest.param(f"{TIME} {TIME[:-1]}+02:00", "2024-05-01T09:00:00+02:00", False, id="it has said both"),
        pytest.param(TIME, "2024-05-01", False, id="a date alone"),
        pytest.param(TIME, "last week", False, id="no time"),
    ],
)
def test_a_time_in_another_zone_than_the_upstream_has_it(said, told_lumos, is_moved):
    found = told(
        moved_breach(
            "get_last_activity", [page({"happened_at": told_lumos})], [f'{{"at":"{said}"}}'.encode()]
        )
    )
    assert bool(found) == is_moved
    assert all("1 time is in another zone than the upstream has it" in str(each) for each in found)
