"""Which folder the recordings of a test module belong to."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector_contract.storage.files import recordings
from connector_contract.storage.projects import (
    MARKERS,
    Projects,
    has_recordings,
    may_have_recordings,
    projects_below,
    repository_of,
)
from connector_contract.storage.stored_names import KINDS

ROOT = Path(__file__).parent.parent.parent


def tree(root, *names):
    """Files, and folders whose names end with a slash."""
    for name in names:
        path = root / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.touch()
    return root


@pytest.mark.parametrize("marker", MARKERS)
def test_the_nearest_project_has_the_recordings(tmp_path, marker):
    root = tree(tmp_path, ".git/", "pyproject.toml", f"connectors/a/{marker}", "connectors/a/tests/unit/")
    assert Projects(root).root_of(root / "connectors/a/tests/unit") == root / "connectors/a"
    assert Projects(root / "connectors/a").root_of(root / "connectors/a/tests/unit") == root / "connectors/a"
    assert Projects(root).root_of(root / "connectors") == root


def test_no_project_above_the_repository_counts(tmp_path):
    root = tree(tmp_path, "pyproject.toml", "repository/.git/", "repository/a/tests/") / "repository"
    assert Projects(root).root_of(root / "a/tests") == root
    # pytest was started elsewhere, and found its root there.
    assert Projects(tmp_path).root_of(root / "a/tests") == tmp_path


def test_a_worktree_or_submodule_is_a_repository_of_its_own(tmp_path):
    root = tree(tmp_path, ".git/", "pyproject.toml", "sub/.git", "sub/tests/")
    assert repository_of(root / "sub/tests") == root / "sub"
    assert Projects(root / "sub").root_of(root / "sub/tests") == root / "sub"


def test_outside_of_any_repository_no_project_above_pytests_root_counts(tmp_path):
    root = tree(tmp_path, "pyproject.toml", "a/tests/", "a/b/setup.cfg", "a/b/tests/")
    assert repository_of(root / "a") is None
    assert Projects(root / "a").root_of(root / "a/tests") == root / "a"
    assert Projects(root / "a").root_of(root / "a/b/tests") == root / "a/b"


def test_a_folder_that_is_given_wins(tmp_path):
    root = tree(tmp_path, ".git/", "pyproject.toml", "a/pyproject.toml", "a/tests/")
    assert Projects(root, root).root_of(root / "a/tests") == root


def test_recordings_may_lie_where_an_earlier_release_or_another_setting_has_put_them(tmp_path):
    root = tree(tmp_path, ".git/", "pyproject.toml", "all/a/pyproject.toml", "all/a/tests/")
    assert Projects(root).former_roots(root / "all/a/tests") == (root, root / "all")
    assert Projects(root, root).former_roots(root / "all/a/tests") == (root / "all/a",)
    assert Projects(root).former_roots(root / "tests") == ()


def test_the_projects_of_a_repository_are_found(tmp_path):
    root = tree(
        tmp_path,
        "pyproject.toml",
        "a/pyproject.toml",
        "a/cassettes/x.yaml",
        "b/c/setup.py",
        "no/README.md",
        ".hidden/pyproject.toml",
        "a/cassettes/pyproject.toml",
        "node_modules/x/setup.cfg",
        "env/pyvenv.cfg",
        "env/x/pyproject.toml",
        "other/.git",
        "other/pyproject.toml",
    )
    assert list(projects_below(root)) == [root / "a", root / "b/c"]
    assert [each for each in projects_below(root) if has_recordings(each)] == [root / "a"]


def test_a_project_may_keep_its_recordings_in_a_folder_that_it_names(tmp_path):
    root = tree(tmp_path, "a/pyproject.toml", "b/setup.cfg", "c/setup.cfg", "c/snapshots/")
    (root / "b/setup.cfg").write_text("[tool:pytest]\ncontract_root = tests\n")
    assert [may_have_recordings(root / each) for each in "abc"] == [False, True, True]


def test_no_recording_of_this_repository_moves():
    acme = ROOT / "tests/harness/acme"
    assert {each for each in [ROOT, *projects_below(ROOT)] if has_recordings(each)} == {ROOT, acme}
    for root, rootdirs in ((ROOT, [ROOT]), (acme, [acme, ROOT])):
        modules = {path.parent.relative_to(root) for path in recordings(root)}
        assert modules
        for module in modules:
            assert module.parts[0] in KINDS
            folder = root.joinpath(*module.parts[1:]).parent
            assert folder.is_dir()
            for rootdir in rootdirs:
                assert Projects(rootdir).root_of(folder) == root
