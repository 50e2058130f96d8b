"""The review at the end of a run, of files in a folder."""

from __future__ import annotations

import json

import pytest

from connector_contract.review.run_review import told_from_now_on, told_now
from tests.review_testing import MODULE, account, accounts, as_json, stored, success

SNAPSHOT = f"snapshots/{MODULE}/test_walk.json"
CASSETTE = f"cassettes/{MODULE}/test_walk.yaml"


@pytest.fixture
def root(tmp_path):
    for path, data in stored(accounts("test_walk", account(1), account(2))).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def told(*people):
    return as_json([success(list(people))]).decode()


def test_what_lumos_would_be_told_now(root):
    lines = told_now(root, {SNAPSHOT: told(account(1, user_status="INACTIVE"), account(2))})
    assert lines == [
        "critical  user_status of 1 account: ACTIVE → INACTIVE",
        "          Lumos decides by the status who may have access.",
        "          in list_accounts in pages of 100",
        "          - u1 (person-1@example.com): ACTIVE → INACTIVE",
        "1 change (1 critical), in 1 file that differs.",
    ]
    assert json.loads((root / SNAPSHOT).read_bytes())[0]["response"][0]["user_status"] == "ACTIVE"


def test_an_answer_of_another_project(root):
    lines = told_now(root.parent, {f"{root.name}/{SNAPSHOT}": told(account(2))})
    assert lines[0] == "critical  1 account is gone"


def test_what_is_stored_by_now_is_no_news(root):
    assert told_now(root, {SNAPSHOT: (root / SNAPSHOT).read_text("utf-8")}) == []


def test_an_answer_in_another_layout_says_the_same(root):
    text = json.dumps(json.loads((root / SNAPSHOT).read_bytes()))
    assert told_now(root, {SNAPSHOT: text}) == ["No changes: 1 file that differs in form alone."]


def test_a_declaration_that_is_gone(root):
    path = f"snapshots/{MODULE}/TestAcme.declarations.json"
    (root / path).write_bytes(as_json({"waivers": {"info": "a gap"}}))
    (line, *_rest) = told_now(root, {path: None})
    assert line == "minor     waivers[info] is no longer declared; it was: a gap"


def test_a_stored_file_that_is_no_json_is_not_compared(root):
    (root / SNAPSHOT).write_bytes(b"[1, 2")
    *_others, line, closing = told_now(root, {SNAPSHOT: told(account(1))})
    assert line.startswith("not compared: it is not valid JSON")
    assert closing.endswith("1 file could not be compared.")


def test_what_was_written_is_beside_what_was_there(root, tmp_path):
    old, same = tmp_path / "old", tmp_path / "same"
    old.write_text(told(account(1)), "utf-8")
    same.write_bytes((root / CASSETTE).read_bytes())
    lines = told_from_now_on(root, {root / SNAPSHOT: old, root / CASSETTE: same})
    assert lines[0] == "major     1 account is new"
    assert lines[-1] == "1 change (1 major), in 1 file that differs."


def test_a_scenario_that_was_recorded_for_the_first_time_is_new(root):
    lines = told_from_now_on(root, {root / SNAPSHOT: None, root / CASSETTE: None})
    assert lines[0] == "info      1 scenario is new"


def test_what_is_as_before_says_nothing(root):
    assert told_from_now_on(root, {root / SNAPSHOT: root / SNAPSHOT, root / "none.json": None}) == []
    assert told_from_now_on(root, {}) == []
