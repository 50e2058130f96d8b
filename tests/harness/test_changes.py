"""What an author reads of answers that are not as their snapshots have them, or have none."""

from __future__ import annotations

from connector_contract.contract.rules.records import Change
from connector_contract.errors import ChangedRecords, UsageError
from connector_contract.reporting.changes import changed_records, no_records

WHERE = [("snapshot", "a.json"), ("test", "t.py::t")]
UPDATE = "t.py::t"


def test_a_changed_answer_is_told_with_the_command_that_accepts_it():
    error = changed_records("get_account", [Change("u1", "email", "a", "b")], {}, WHERE, UPDATE)
    assert isinstance(error, ChangedRecords)
    assert str(error).splitlines() == [
        "Regression: The response of get_account differs from its snapshot: 1 record changed.",
        "  snapshot: a.json",
        "  test:     t.py::t",
        "  email of 1 record:",
        '  - u1: "a" in the snapshot, "b" now',
        "Fix the connector; or, if Lumos should get this response, accept it with:",
        "  pytest --snapshot-update t.py::t",
    ]


def test_values_that_are_made_up_have_aliases_proposed_first():
    found = [Change("", "id", "a1", "b2")]
    error = changed_records("create_account", found, {"user": "id"}, WHERE, UPDATE)
    assert error.what == "The response of create_account differs from its snapshot: the response changed."
    assert error.remedy.splitlines() == [
        "If the application makes such values up each time, give them aliases, and record again:",
        "  ConnectorUnderTest(..., aliases={'user': 'id'})",
        "Fix the connector; or, if Lumos should get this response, accept it with:",
        "  pytest --snapshot-update t.py::t",
    ]


def test_the_same_values_in_another_form_are_said_to_be():
    error = changed_records("get_account", [], {}, WHERE, UPDATE)
    assert error.details == ("the values are equal, in another layout or order",)


def test_a_contract_without_snapshots_is_told_the_command_that_writes_them():
    error = no_records("tests/a b/test_c.py::TestC::test_records[list_accounts]")
    assert isinstance(error, UsageError)
    assert error.where == (("contract", "tests/a b/test_c.py::TestC"),)
    assert error.remedy.endswith("\n  pytest --record-mode=once 'tests/a b/test_c.py::TestC'")
