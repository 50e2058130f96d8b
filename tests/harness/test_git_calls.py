"""Which repository a folder is in, and what git says."""

from __future__ import annotations

import pytest
from repository_testing import Stored, isolate

from connector_contract.errors import UsageError
from connector_contract.review.git_calls import GitFailed, Repository, repository_at


@pytest.fixture(autouse=True)
def _isolate(monkeypatch):
    isolate(monkeypatch)


@pytest.fixture
def stored(tmp_path):
    stored = Stored(tmp_path / "repository")
    stored.write("a/b/cassettes/c.yaml", "c\r\n\n")
    stored.commit()
    return stored


def test_a_folder_of_a_repository(stored):
    top = stored.root.resolve()
    assert repository_at(stored.root) == Repository(top)
    assert repository_at(stored.root / "a" / "b") == Repository(top, "a/b/")


def test_the_contents_of_objects(stored):
    oid = stored.git("rev-parse", "HEAD:a/b/cassettes/c.yaml")
    with repository_at(stored.root).contents() as contents:
        assert contents[oid] == b"c\r\n\n"
        with pytest.raises(GitFailed, match="does not have its object 0000"):
            contents["0" * 40]
        assert contents[oid] == b"c\r\n\n"


def test_a_revision(stored):
    repository = repository_at(stored.root)
    stored.git("tag", "-a", "v1", "-m", "a tag is no commit, and names one")
    assert repository.commit("HEAD") == repository.commit("v1") == stored.git("rev-parse", "HEAD")
    assert repository.commit("nope") is None
    assert repository.commit("HEAD:a") is None
    assert repository.commit("--all") is None
    assert repository.commit("") is None


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="There is no folder") as error:
        repository_at(tmp_path / "nope")
    assert str(error.value).endswith("Name the project's folder.")


def test_a_folder_of_no_repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="There is no git repository here"):
        repository_at(tmp_path)


def test_no_git(stored, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="There is no git, which a review reads") as error:
        repository_at(stored.root)
    assert str(error.value).endswith("Install git, and see that it is on the PATH.")


def test_a_repository_without_a_working_tree(stored):
    with pytest.raises(GitFailed) as error:
        repository_at(stored.root / ".git")
    assert "must be run in a work tree" in str(error.value)


def test_git_that_fails_says_why(stored):
    stored.write(".git/HEAD", "ref: refs/heads/main\n")
    with pytest.raises(GitFailed) as error:
        repository_at(stored.root).git("show", "nope")
    lines = str(error.value).splitlines()
    assert lines[0] == "git show has failed, so nothing is compared."
    assert lines[1] == f"  folder: {stored.root.resolve()}"
    assert "nope" in lines[2]
    assert lines[-1] == "Fix what git names, and try again."
