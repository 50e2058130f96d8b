"""Which commit the working tree is compared with."""

from __future__ import annotations

import pytest
from repository_testing import Stored, isolate

from connector_contract.errors import UsageError
from connector_contract.review.base_revision import Target, base_commit, target
from connector_contract.review.git_calls import GitFailed, repository_at


@pytest.fixture(autouse=True)
def _isolate(monkeypatch):
    isolate(monkeypatch)


@pytest.fixture
def stored(tmp_path):
    """A branch ``work`` that has left ``main`` at its first commit."""
    stored = Stored(tmp_path / "repository")
    stored.commit("first")
    stored.git("checkout", "-q", "-b", "work")
    stored.commit("of the branch")
    stored.git("checkout", "-q", "main")
    stored.commit("second")
    stored.git("checkout", "-q", "work")
    return stored


def base(stored, given=None, **environment):
    return base_commit(repository_at(stored.root), given, environment)


def commit(stored, revision):
    return stored.git("rev-parse", revision)


def test_the_default_is_where_the_branch_has_left_main(stored):
    assert base(stored) == commit(stored, "main~1")


def test_a_revision_that_is_named_is_taken_as_it_is(stored):
    assert base(stored, "main") == commit(stored, "main")
    assert base(stored, "HEAD") == commit(stored, "work")


@pytest.mark.parametrize(
    ("there", "first"),
    [
        (("origin/HEAD", "origin/main", "main", "master"), "origin/HEAD"),
        (("origin/main", "main", "master"), "origin/main"),
        (("main", "master"), "main"),
        (("master",), "master"),
    ],
)
def test_the_first_of_the_usual_names_that_is_there_counts(tmp_path, there, first):
    stored = Stored(tmp_path / "repository")
    commits = {"root": stored.commit("root")}
    stored.git("checkout", "-q", "--detach")
    for name in there:
        commits[name] = stored.commit(name)
        folder = "refs/remotes" if "/" in name else "refs/heads"
        stored.git("update-ref", f"{folder}/{name}", "HEAD")
    if "main" not in there:
        stored.git("branch", "-D", "main")
    stored.commit("of the branch")
    assert base(stored) == commits[first]


def test_on_the_main_branch_it_is_the_last_commit(stored):
    stored.git("checkout", "-q", "main")
    assert base(stored) == commit(stored, "HEAD")


def test_github_says_which_branch_a_pull_request_is_for(stored):
    stored.git("branch", "release/1", "work~1")
    stored.git("update-ref", "refs/remotes/origin/release/1", "work")
    assert base(stored, GITHUB_BASE_REF="release/1") == commit(stored, "work")
    # A push has an empty one.
    assert base(stored, GITHUB_BASE_REF="") == commit(stored, "main~1")


def test_gitlab_says_which_commit_a_merge_request_has_left(stored):
    names = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    assert base(stored, **names) == commit(stored, "main~1")
    head = commit(stored, "work")
    assert base(stored, **names, CI_MERGE_REQUEST_DIFF_BASE_SHA=head) == head
    # It is not in the clone: the branch is.
    assert base(stored, **names, CI_MERGE_REQUEST_DIFF_BASE_SHA="0" * 40) == commit(stored, "main~1")


def test_a_pipeline_of_merged_results_has_the_target_in_it(stored):
    stored.git("merge", "-q", "--no-ff", "-m", "merged", "main")
    found = base(
        stored,
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main",
        CI_MERGE_REQUEST_DIFF_BASE_SHA=commit(stored, "main~1"),
        CI_MERGE_REQUEST_TARGET_BRANCH_SHA=commit(stored, "main"),
    )
    assert found == commit(stored, "main")


def test_a_target_that_looks_like_an_option_is_a_name():
    assert target({"GITHUB_BASE_REF": "--all"}) == Target(
        ["refs/remotes/origin/--all", "refs/heads/--all"], "GITHUB_BASE_REF"
    )


def test_a_revision_that_is_not_there(stored):
    with pytest.raises(UsageError) as error:
        base(stored, "nope")
    assert str(error.value) == (
        "There is no revision 'nope' in this repository.\n"
        "Name a commit, a branch or a tag. One that only the server has needs git fetch."
    )


def test_a_target_that_is_not_in_the_clone(stored):
    with pytest.raises(UsageError, match="is to be merged into is not in this clone") as error:
        base(stored, GITHUB_BASE_REF="gone")
    assert "known from: GITHUB_BASE_REF" in str(error.value)
    assert "fetch-depth: 0" in str(error.value)


def test_no_branch_of_a_usual_name(stored):
    stored.git("branch", "-m", "main", "trunk")
    with pytest.raises(UsageError, match="It is not clear what to compare with") as error:
        base(stored)
    assert "--base REV" in str(error.value)


def test_no_commit_in_common(stored):
    stored.git("checkout", "-q", "--orphan", "alone")
    stored.commit("alone")
    with pytest.raises(UsageError, match="This branch and main have no commit in common"):
        base(stored)


@pytest.mark.parametrize("given", [None, "main"])
def test_no_commit_yet(tmp_path, given):
    stored = Stored(tmp_path / "new")
    stored.git("init", "-q")
    with pytest.raises(UsageError, match="There is no commit yet"):
        base(stored, given)


def shallow(stored, tmp_path, *options):
    # What the server has checked out is its default branch.
    stored.git("checkout", "-q", "main")
    clone = Stored(tmp_path / "clone")
    stored.git("clone", "-q", "--depth", "1", *options, f"file://{stored.root}", str(clone.root))
    return clone


def test_a_shallow_clone_without_the_target(stored, tmp_path):
    clone = shallow(stored, tmp_path, "--branch", "work")
    clone.git("remote", "set-head", "origin", "-d")
    with pytest.raises(UsageError, match="This clone is shallow: it has none of") as error:
        base(clone)
    assert "`fetch-depth: 0`" in str(error.value)
    assert str(error.value).endswith("  git fetch --unshallow")
    with pytest.raises(UsageError, match="This clone is shallow: it has none of refs/remotes/origin/main"):
        base(clone, GITHUB_BASE_REF="main")
    with pytest.raises(UsageError, match="This clone is shallow: it does not have the revision 'main'"):
        base(clone, "main")


def test_a_shallow_clone_without_the_commit_in_common(stored, tmp_path):
    clone = shallow(stored, tmp_path, "--branch", "work", "--no-single-branch")
    with pytest.raises(UsageError, match="does not have the commit where this branch has left origin/HEAD"):
        base(clone)


def test_git_that_fails_is_not_taken_for_no_common_commit(stored, monkeypatch):
    repository = repository_at(stored.root)
    monkeypatch.setattr(
        type(repository), "commit", lambda self, revision: "0" * 40 if revision != "origin/HEAD" else None
    )
    with pytest.raises(GitFailed, match="git merge-base has failed"):
        base_commit(repository, None, {})
