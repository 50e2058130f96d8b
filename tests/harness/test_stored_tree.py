"""The stored files of a working tree, with some as they were or would be."""

from __future__ import annotations

import pytest

from connector_contract.review.stored_tree import StoredTree

FILES = {
    "cassettes/a/t.yaml": b"1",
    "snapshots/a/t.json": b"2",
    "sub/snapshots/a/t.json": b"3",
}


@pytest.fixture
def root(tmp_path):
    others = {"snapshots/notes.txt": b"", "snapshots/.hidden.json": b"", "a.json": b""}
    for path, data in {**FILES, **others}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def test_the_files_of_the_projects_that_are_asked_for(root):
    assert dict(StoredTree(root, ["", "sub", "sub", "none"])) == FILES
    assert len(StoredTree(root, ["sub"])) == 1
    assert dict(StoredTree(root, [])) == {}


def test_some_are_as_they_were_or_would_be(root, tmp_path):
    old = tmp_path / "old"
    old.write_bytes(b"old")
    instead = {
        "cassettes/a/t.yaml": old,
        "snapshots/a/t.json": None,
        "snapshots/a/new.json": b"new",
        "snapshots/a/gone.json": None,
    }
    tree = StoredTree(root, [""], instead)
    assert dict(tree) == {"cassettes/a/t.yaml": b"old", "snapshots/a/new.json": b"new"}
    assert "snapshots/a/t.json" not in tree
    assert tree.get("snapshots/a/t.json") is None
    assert tree.get("snapshots/a/none.json") is None


def test_a_folder_above_the_root_is_a_project_like_others(root):
    tree = StoredTree(root / "sub", [".."])
    assert sorted(tree) == ["../cassettes/a/t.yaml", "../snapshots/a/t.json"]
    assert tree["../snapshots/a/t.json"] == b"2"
