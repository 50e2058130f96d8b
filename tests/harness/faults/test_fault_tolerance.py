"""What is tolerated where no contract class is collected: what was accepted of it."""

from __future__ import annotations

import json

import pytest

from connector_contract.faults.fault_tolerance import declared

REASONS = {"status-404[delete_account-DELETE /users/*]": "Who is gone is deleted."}


def of(folder):
    return declared([], None, folder).tolerated


def test_what_was_accepted_counts(tmp_path):
    assert of(tmp_path) == {}
    (tmp_path / "test_contract").mkdir()
    path = tmp_path / "test_contract" / "TestAcme.declarations.json"
    path.write_text(json.dumps({"tolerated_faults": REASONS, "waivers": {"info": "a gap"}}))
    assert of(tmp_path) == REASONS


def test_a_choice_that_was_accepted_counts(tmp_path):
    chosen = {"server_error[list_accounts]": {"choice": "unauthorized_on_403", "reason": "the API does so"}}
    text = json.dumps({"declared_choices": {**chosen, "page_token[list_accounts]": "edited by hand"}})
    (tmp_path / "TestAcme.declarations.json").write_text(text)
    assert declared([], None, tmp_path) == ({}, {"server_error[list_accounts]": "unauthorized_on_403"})


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "[" * 100_000, '{"tolerated_faults": []}', '{"tolerated_faults": {"a": 1}}'],
    ids=["empty", "cut off", "a list", "null", "deep", "faults that are a list", "a reason that is none"],
)
def test_of_a_file_that_was_edited_by_hand_what_can_be_read_counts(tmp_path, text):
    (tmp_path / "a.declarations.json").write_text(text)
    (tmp_path / "b.declarations.json").write_text(json.dumps({"tolerated_faults": REASONS}))
    assert of(tmp_path) == REASONS
