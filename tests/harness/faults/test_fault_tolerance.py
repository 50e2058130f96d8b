"""What is tolerated where no contract class is collected: what was accepted of it."""

from __future__ import annotations

import json

import pytest

from connector_contract.faults.fault_tolerance import tolerated

REASONS = {"status-404[delete_account-DELETE /users/*]": "Who is gone is deleted."}


def of(folder):
    return tolerated([], None, folder)


def test_what_was_accepted_counts(tmp_path):
    assert of(tmp_path) == {}
    (tmp_path / "test_contract").mkdir()
    path = tmp_path / "test_contract" / "TestAcme.declarations.json"
    path.write_text(json.dumps({"tolerated_faults": REASONS, "waivers": {"info": "a gap"}}))
    assert of(tmp_path) == REASONS


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "[" * 100_000, '{"tolerated_faults": []}', '{"tolerated_faults": {"a": 1}}'],
    ids=["empty", "cut off", "a list", "null", "deep", "faults that are a list", "a reason that is none"],
)
def test_of_a_file_that_was_edited_by_hand_what_can_be_read_counts(tmp_path, text):
    (tmp_path / "a.declarations.json").write_text(text)
    (tmp_path / "b.declarations.json").write_text(json.dumps({"tolerated_faults": REASONS}))
    assert of(tmp_path) == REASONS
