"""Files are staged, or put back as they are at a revision."""

from __future__ import annotations

import subprocess

import pytest
from repository_testing import WALK, Acme, isolate

from connector_contract.errors import UsageError
from connector_contract.review.working_tree import Kept, WorkingTree

CREATED = "snapshots/test_acme/test_create[created].json"
NEW = "snapshots/test_acme/ü *[x] -new.json"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    isolate(monkeypatch)
    repository = Acme.made(tmp_path / "repository")
    repository.replace(WALK, ("null", "true"))
    (repository.root / CREATED).unlink()
    (repository.root / NEW).write_text("{}\n")
    return repository


ALL = [CREATED, NEW, WALK]


def again(repository, kept, what):
    repository.git(*kept.commands[what].split()[1:])


def kinds(lines):
    return {line.split("\t")[0] for line in lines}


def test_what_is_changed_deleted_or_new_is_not_staged(repository):
    assert repository.tree.unstaged([*ALL, "snapshots/nowhere.json"]) == set(ALL)
    repository.tree.stage([CREATED])
    assert repository.tree.unstaged(ALL) == {NEW, WALK}
    repository.commit()
    assert repository.tree.unstaged(ALL) == set()


def test_a_merge_conflict_is_not_staged_as_it_is(repository):
    repository.commit()
    start = repository.base
    for branch, value in (("ours", "1"), ("theirs", "2")):
        repository.git("checkout", "-q", "-B", branch, start)
        repository.replace(WALK, ("true", value))
        repository.commit()
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "ours")
    with pytest.raises(UsageError, match="1 file cannot be staged, because of a merge conflict") as raised:
        repository.tree.stage([WALK])
    assert raised.value.where == (("file", WALK),)
    assert any(line.startswith("UU") for line in repository.status)


def test_a_file_that_was_only_touched_is_staged(repository):
    repository.commit()
    path = repository.root / WALK
    path.write_bytes(path.read_bytes())
    assert repository.tree.unstaged([WALK]) == set()


def test_to_stage_takes_these_files_and_no_others(repository):
    (repository.root / "snapshots/test_acme/ü other -new.json").write_text("{}\n")
    repository.tree.stage([NEW])
    assert len(repository.staged) == 1
    repository.tree.stage(ALL)
    assert kinds(repository.staged) == {"A", "D", "M"}
    repository.tree.stage(ALL)
    assert len(repository.staged) == 3


def test_what_is_put_back_is_as_at_the_base_and_can_be_had_again(repository):
    was = (repository.root / WALK).read_bytes()
    kept = repository.tree.put_back(ALL)
    assert kept.staged == ""
    assert repository.status == []
    assert (repository.root / CREATED).exists()
    assert not (repository.root / NEW).exists()
    again(repository, kept, "there")
    assert (repository.root / WALK).read_bytes() == was
    assert (repository.root / NEW).read_text() == "{}\n"


def test_a_text_that_was_staged_alone_can_be_had_again(repository):
    repository.tree.stage([WALK, NEW])
    staged = repository.git("show", f":{WALK}")
    repository.replace(WALK, ("true", "false"))
    (repository.root / NEW).unlink()
    # What would be empty if it were taken for staged.
    (repository.root / "snapshots/later.json").write_text("{}\n")
    repository.git("add", "--intent-to-add", "snapshots/later.json")
    was = (repository.root / WALK).read_text("utf-8")
    kept = repository.tree.put_back([*ALL, "snapshots/later.json"])
    assert repository.status == []
    again(repository, kept, "there")
    assert (repository.root / WALK).read_text("utf-8") == was
    again(repository, kept, "staged")
    assert repository.git("show", f":{WALK}") == staged
    assert repository.said("show", f":{NEW}").decode() == "{}\n"
    assert len(repository.staged) == 2


@pytest.mark.parametrize("again", ["as in the working tree", "as at the base"])
def test_what_was_staged_elsewhere_too_is_not_kept_twice(repository, again):
    if again == "as in the working tree":
        repository.tree.stage(ALL)
    assert repository.tree.put_back(ALL).staged == ""


@pytest.mark.parametrize("committed", [False, True], ids=["staged", "committed"])
def test_what_is_put_back_is_what_a_commit_would_have(repository, committed):
    repository.git("checkout", "-q", "-b", "work")
    if committed:
        repository.commit()
    repository.tree.stage(ALL)
    repository.tree.put_back(ALL)
    assert repository.git("diff", "--cached", "--name-only", "main") == ""
    assert repository.git("diff", "--name-only") == ""
    assert kinds(repository.staged) == ({"A", "D", "M"} if committed else set())


def test_where_nothing_was_nothing_is_kept(repository):
    assert repository.tree.put_back([CREATED]) == Kept()
    assert repository.tree.put_back([]) == Kept()
    assert Kept().commands == {}
    assert (repository.root / CREATED).exists()


def test_the_ends_of_lines_are_those_of_the_checkout(repository):
    repository.git("config", "core.autocrlf", "true")
    repository.tree.put_back([WALK])
    data = (repository.root / WALK).read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") > 0
    assert repository.tree.unstaged([WALK]) == set()


def test_what_git_refuses_is_a_mistake_of_the_user(repository):
    (repository.root / ".git/index.lock").touch()
    with pytest.raises(UsageError) as raised:
        repository.tree.stage([WALK])
    assert raised.value.what == f"git add failed in {repository.root}."
    assert "index.lock" in raised.value.details[0]
    with pytest.raises(UsageError, match="git diff failed"):
        WorkingTree(repository.root, "0" * 40).put_back([WALK])


def test_without_git_nothing_happens(repository, monkeypatch, tmp_path):
    tree = repository.tree
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="There is no git"):
        tree.stage([WALK])


def test_a_folder_in_the_place_of_a_file_is_put_back(repository):
    (repository.root / WALK).unlink()
    inside = f"{WALK}/inside.json"
    (repository.root / WALK).mkdir()
    (repository.root / inside).write_text("{}\n")
    repository.tree.put_back([WALK, inside])
    assert (repository.root / WALK).is_file()
    assert repository.git("diff", "--name-only", "--", WALK) == ""


def test_a_repository_of_its_own_is_not_put_back(repository):
    nested = repository.root / "cassettes" / "nested"
    nested.mkdir()
    repository.git("init", "-q", str(nested))
    with pytest.raises(UsageError, match="is not put back"):
        repository.tree.put_back(["cassettes/nested/", WALK])
    assert (nested / ".git").exists()
