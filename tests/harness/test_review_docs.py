"""docs/review.md shows what the harness really says."""

from __future__ import annotations

from pathlib import Path

import pytest
from repository_testing import isolate, mockapp

from connector_contract.review.base_revision import base_commit
from connector_contract.review.git_calls import repository_at
from connector_contract.review.review_command import reviewed
from connector_contract.review.revisions import revisions
from connector_contract.review.run_lines import run_lines

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "review.md").read_text("utf-8")


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """MockApp's stored files, with the e-mail of each account as its username."""
    isolate(monkeypatch)
    stored = mockapp(tmp_path / "repository")
    monkeypatch.chdir(stored.root)

    def change(data):
        if isinstance(data, dict):
            if isinstance(data.get("username"), str):
                data["username"] = data["email"]
            for value in data.values():
                change(value)
        elif isinstance(data, list):
            for value in data:
                change(value)

    stored.edit("snapshots/**/*.json", change)
    return stored


def test_the_example_says_what_a_run_says(changed):
    repository = repository_at(Path())
    base = base_commit(repository, None, {})
    with revisions(repository, base) as found:
        lines = run_lines(reviewed(found, base), "")
    # The files that only a test's own names show are not changed here.
    assert lines[:-1] == TEXT.partition("now -------------------------\n")[2].split("\n")[: len(lines) - 1]


def test_the_pictures_are_there():
    names = [line.rpartition("(")[2].rstrip(")") for line in TEXT.splitlines() if line.startswith("![")]
    assert len(names) == 3
    assert [name for name in names if not (DOCS / name).is_file()] == []
