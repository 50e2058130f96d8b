"""The stored files of a commit and of the working tree."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from repository_testing import Stored, isolate

from connector_contract.errors import CannotRead, UsageError
from connector_contract.review.git_calls import GitFailed, Repository, repository_at
from connector_contract.review.revisions import (
    IN_LFS,
    LINKED,
    NESTED,
    NOT_HERE,
    SUBMODULE,
    UNKNOWN,
    revisions,
)

A, B = "x/cassettes/tests/test_a/a.yaml", "snapshots/test_b/b.json"


@pytest.fixture(autouse=True)
def _isolate(monkeypatch):
    isolate(monkeypatch)


@pytest.fixture
def stored(tmp_path):
    stored = Stored(tmp_path / "repository")
    stored.write(A, "a\n")
    stored.write(B, "{}\n")
    stored.write("README.md", "no stored file")
    stored.write("cassettes/no-suffix", "")
    stored.commit()
    return stored


def sides(stored, base="HEAD", folder="."):
    """The files of both sides by their contents, and what differs."""
    with revisions(repository_at(stored.root / folder), base) as found:
        return dict(found.base), dict(found.head), found.changed, found.apart


def submodule(stored, part):
    allowed = ["-c", "protocol.file.allow=always"]
    stored.git(*allowed, "submodule", "add", "-q", str(part.root), part.root.name)


def test_what_is_as_it_was_does_not_differ(stored):
    files = {A: b"a\n", B: b"{}\n"}
    assert sides(stored) == (files, files, [], {})


def test_each_way_in_which_a_file_may_differ(stored):
    names = [f"cassettes/test_c/{each}.yaml" for each in ("deleted", "removed", "edited", "staged", "both")]
    for name in names:
        stored.write(name, "base")
    base = stored.commit()
    deleted, removed, edited, staged, both = names
    (stored.root / deleted).unlink()
    stored.git("rm", "-q", removed)
    stored.write(edited, "edited")
    stored.write(staged, "staged")
    stored.write(both, "staged")
    stored.git("add", staged, both)
    stored.write(both, "edited after that")
    stored.write("cassettes/test_c/untracked.yaml", "untracked")
    stored.write("cassettes/test_c/new.yaml", "new and staged")
    stored.git("add", "cassettes/test_c/new.yaml")
    before, after, changed, _ = sides(stored, base)
    assert changed == sorted([*names, "cassettes/test_c/untracked.yaml", "cassettes/test_c/new.yaml"])
    assert {before[name] for name in names} == {b"base"}
    assert {name: after.get(name) for name in changed} == {
        deleted: None,
        removed: None,
        edited: b"edited",
        staged: b"staged",
        both: b"edited after that",
        "cassettes/test_c/untracked.yaml": b"untracked",
        "cassettes/test_c/new.yaml": b"new and staged",
    }


def test_what_a_later_commit_has_changed_differs_from_an_earlier_one(stored):
    stored.write(A, "later")
    stored.commit()
    assert sides(stored)[2] == []
    before, after, changed, _ = sides(stored, "HEAD~1")
    assert (before[A], after[A], changed) == (b"a\n", b"later", [A])


def test_what_git_ignores_is_no_stored_file_unless_it_is_committed(stored):
    stored.write(".gitignore", "cassettes/test_c\n*.json\n")
    stored.write("cassettes/test_c/c.yaml", "ignored")
    stored.write(B, "changed")
    _, after, changed, _ = sides(stored)
    assert changed == [B]
    assert set(after) == {A, B}


def test_a_file_that_is_no_longer_tracked_and_still_there_is_there(stored):
    stored.git("rm", "-q", "--cached", A)
    assert sides(stored)[2] == []
    stored.write(A, "changed")
    assert sides(stored)[2] == [A]


def test_a_file_that_was_moved_is_gone_and_new(stored):
    stored.git("mv", A, "x/cassettes/tests/test_a/moved.yaml")
    assert sides(stored)[2] == [A, "x/cassettes/tests/test_a/moved.yaml"]


@pytest.mark.parametrize("setting", ["true", "false", "input"])
def test_other_ends_of_lines_are_no_change(stored, setting):
    stored.git("config", "core.autocrlf", setting)
    for name in (A, B):
        file = stored.root / name
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    before, after, changed, _ = sides(stored)
    assert changed == []
    assert before == after
    # They do not hide a change, either.
    stored.write(A, b"a\r\nb\r\n")
    before, after, changed, _ = sides(stored)
    assert (before[A], after[A], changed) == (b"a\n", b"a\nb\n", [A])


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the file system takes no such names")
@pytest.mark.parametrize(
    "name", [b"\xff\xfe", "ü 山".encode(), b"a\nb\tc\r", b'"quoted" \\', b"[*]?", b"-x", b"\x1b[31m"]
)
def test_a_name_may_have_any_bytes(stored, name):
    path = os.fsdecode(b"cassettes/" + name + b"/" + name + b".yaml")
    stored.write(path, "base")
    stored.commit()
    stored.write(path, "head")
    before, after, changed, _ = sides(stored)
    assert (before[path], after[path], changed) == (b"base", b"head", [path])
    (stored.root / path).unlink()
    assert sides(stored)[2] == [path]


def test_one_folder_of_the_repository_may_be_asked_for(stored):
    stored.write(A, "changed")
    stored.write(B, "changed")
    before, after, changed, _ = sides(stored, folder="x")
    assert (set(before), set(after), changed) == ({A}, {A}, [A])
    assert sides(stored, folder="x/cassettes/tests")[2] == [A]
    stored.write("xy/cassettes/c.yaml", "not in it")
    assert sides(stored, folder="x")[2] == [A]


def test_a_worktree_has_files_of_its_own(stored, tmp_path):
    stored.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    other = Stored(tmp_path / "other")
    other.write(A, "changed there")
    assert sides(stored)[2] == []
    _, after, changed, _ = sides(other)
    assert (after[A], changed) == (b"changed there", [A])


def test_a_sparse_checkout_has_what_it_leaves_out(stored):
    stored.git("sparse-checkout", "set", "--no-cone", "/snapshots/")
    assert not (stored.root / A).exists()
    files = {A: b"a\n", B: b"{}\n"}
    assert sides(stored) == (files, files, [], {})


def test_a_file_that_git_is_told_not_to_watch_is_looked_at(stored):
    stored.git("update-index", "--assume-unchanged", A, B)
    stored.write(A, "changed")
    assert sides(stored)[2] == [A]
    (stored.root / B).unlink()
    assert sides(stored)[2] == [B, A]


def test_a_users_settings_of_git_change_nothing(stored):
    stored.write("x/cassettes/tests/test_a/new.yaml", "a\n")
    for name, value in (
        ("diff.relative", "true"), ("diff.noprefix", "true"), ("diff.external", "false"),
        ("color.ui", "always"), ("diff.renames", "copies"), ("core.quotePath", "true"),
        ("status.showUntrackedFiles", "no"),
    ):  # fmt: skip
        stored.git("config", name, value)
    (stored.root / A).unlink()
    assert sides(stored)[2] == [A, "x/cassettes/tests/test_a/new.yaml"]
    assert sides(stored, folder="x")[2] == [A, "x/cassettes/tests/test_a/new.yaml"]


def test_nothing_is_written(stored):
    index = (stored.root / ".git" / "index").read_bytes()
    later = (stored.root / A).stat().st_mtime + 10
    os.utime(stored.root / A, (later, later))
    assert sides(stored)[2] == []
    assert (stored.root / ".git" / "index").read_bytes() == index


@pytest.fixture
def parts(stored, tmp_path):
    """Two submodules, of which the first has a stored file."""
    made = [Stored(tmp_path / "with"), Stored(tmp_path / "without")]
    made[0].write(B, "{}")
    made[1].write("README.md", "")
    for part in made:
        part.commit()
        submodule(stored, part)
    stored.commit()
    return made


def test_a_submodule_of_another_commit_is_not_compared_if_it_has_stored_files(stored, parts):
    assert sides(stored)[2:] == ([], {})
    for part in parts:
        part.commit("again")
        stored.git("-C", part.root.name, "pull", "-q")
        stored.git("add", part.root.name)
    assert sides(stored)[2:] == ([], {SUBMODULE: ["with"]})


@pytest.mark.parametrize("name", ["edited", "untracked", "deleted", "checked out"])
def test_a_submodule_that_differs_in_the_working_tree_alone_is_not_compared(stored, parts, name):
    folder = stored.root / "with"
    if name == "edited":
        (folder / B).write_text("[]")
    elif name == "untracked":
        (folder / "snapshots" / "new.json").write_text("[]")
    elif name == "deleted":
        (folder / B).unlink()
        part = Stored(folder)
        part.commit("without a stored file")
    else:
        parts[0].commit("again")
        stored.git("-C", "with", "pull", "-q")
    assert sides(stored)[2:] == ([], {SUBMODULE: ["with"]})


def test_of_a_submodule_that_is_not_checked_out_nobody_knows_whether_it_has_some(stored, parts):
    for part in parts:
        part.commit("again")
        stored.git("-C", part.root.name, "pull", "-q")
        stored.git("add", part.root.name)
        stored.git("submodule", "deinit", "-q", "-f", part.root.name)
    base = stored.git("rev-parse", "HEAD")
    stored.commit("both")
    assert sides(stored, base)[2:] == ([], {NOT_HERE: ["with", "without"]})
    assert sides(stored)[2:] == ([], {})
    assert sides(stored, base, "x")[2:] == ([], {})


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_repository_among_the_recordings_is_not_compared(stored, is_empty):
    nested = Stored(stored.root / "cassettes" / "nested")
    nested.write("test_c/c.yaml", "c")
    nested.git("init", "-q")
    if not is_empty:
        nested.commit()
    elsewhere = Stored(stored.root / "elsewhere")
    elsewhere.git("init", "-q")
    assert sides(stored)[2:] == ([], {NESTED: ["cassettes/nested/"]})


def test_a_link_in_place_of_the_folder_of_the_recordings_is_not_compared(stored):
    (stored.root / "y").mkdir()
    (stored.root / "y" / "cassettes").symlink_to("../x/cassettes")
    assert sides(stored)[2:] == ([], {LINKED: ["y/cassettes"]})
    stored.commit()
    (stored.root / "y" / "cassettes").unlink()
    assert sides(stored)[2:] == ([], {LINKED: ["y/cassettes"]})


@pytest.mark.parametrize(
    ("path", "may_be_one"),
    [
        ("cassettes/test_a/a.json", True),
        ("cassettes/test_a/a.YAML", True),
        ("cassettes/test_a/a", True),
        ("x/snapshots/test_a/a.yaml", True),
        ("snapshots/test_a/a.ambr", True),
        ("snapshots/test_a/README.md", False),
        ("snapshots/test_a/LICENSE", False),
        ("cassettes/.gitkeep", False),
        ("cassettes/test_a/.a.yaml", False),
        ("snapshots/__init__.py", False),
    ],
)
def test_other_files_among_the_recordings(stored, path, may_be_one):
    expected = ({UNKNOWN: [path]}, []) if may_be_one else ({}, [path])
    file = stored.write(path, "a")
    with revisions(repository_at(stored.root), "HEAD") as found:
        assert (found.changed, (found.apart, found.no_recordings)) == ([], expected)
    stored.commit()
    with revisions(repository_at(stored.root), "HEAD") as found:
        assert (found.apart, found.no_recordings) == ({}, [])
    file.unlink()
    with revisions(repository_at(stored.root), "HEAD") as found:
        assert (found.changed, (found.apart, found.no_recordings)) == ([], expected)


def test_a_submodule_is_a_repository_of_its_own(stored, tmp_path):
    part = Stored(tmp_path / "part")
    part.write(B, "{}")
    part.commit()
    submodule(stored, part)
    stored.write(f"part/{B}", "[]")
    assert sides(stored, folder="part")[2] == [B]


def test_a_pointer_of_lfs_is_not_compared(stored):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    stored.write(A, pointer)
    stored.commit()
    stored.write(A, "its content")
    before, after, changed, apart = sides(stored)
    assert (changed, apart) == ([], {IN_LFS: [A]})
    assert A not in before
    assert A not in after


def test_a_file_that_cannot_be_read_is_not_compared(stored, monkeypatch):
    read = Path.read_bytes

    def refused(path):
        if path.name == "a.yaml":
            raise PermissionError(13, "Permission denied")
        return read(path)

    stored.write(A, "changed")
    monkeypatch.setattr(Path, "read_bytes", refused)
    assert sides(stored)[2:] == ([], {"it cannot be read: Permission denied": [A]})


def test_a_file_that_goes_away_meanwhile_is_a_clear_error(stored):
    with revisions(repository_at(stored.root), "HEAD") as found:
        (stored.root / A).unlink()
        with pytest.raises(UsageError, match="It cannot be read: No such file or directory"):
            found.head[A]


def test_a_link_is_what_git_stores_of_it(stored):
    (stored.root / A).unlink()
    (stored.root / A).symlink_to("b.yaml")
    _, after, changed, _ = sides(stored)
    assert (after[A], changed) == (b"b.yaml", [A])
    stored.commit()
    assert sides(stored)[2] == []


def test_the_files_that_are_read_are_shown(stored):
    seen = []
    with revisions(repository_at(stored.root), "HEAD", seen.append) as found:
        assert seen == []
        assert A in found.base
        assert "c" not in found.base
        assert found.base.get("c") is None
        assert (len(found.head), list(found.head)) == (2, [B, A])
        assert seen == []
        assert found.head[A] == found.base[A]
    assert seen == [A, A]


def test_a_repository_that_has_lost_a_content(stored):
    oid = stored.git("rev-parse", f"HEAD:{A}")
    stored.write(A, "changed")
    file = stored.root / ".git" / "objects" / oid[:2] / oid[2:]
    file.chmod(0o600)
    file.unlink()
    with pytest.raises(GitFailed, match="does not have its object"):
        sides(stored)


def test_a_repository_by_its_top_alone(stored):
    with revisions(Repository(stored.root), "HEAD") as found:
        assert found.changed == []


@pytest.mark.parametrize("name", ["GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"])
def test_what_git_tells_a_hook_of_patterns_hides_nothing(stored, monkeypatch, name):
    stored.write(A, "changed")
    monkeypatch.setenv(name, "1")
    assert sides(stored)[2] == [A]


def test_what_git_tells_a_hook_of_its_folder_is_not_for_a_review(stored, monkeypatch):
    stored.write(A, "changed")
    monkeypatch.setenv("GIT_DIR", str(stored.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(stored.root / ".git" / "index"))
    assert sides(stored, folder="x")[2] == [A]


@pytest.mark.parametrize("how", ["--skip-worktree", "--assume-unchanged"])
def test_a_file_that_git_is_not_to_watch_is_compared(stored, how):
    stored.write(A, "changed")
    stored.git("update-index", how, A)
    assert sides(stored)[2] == [A]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in a folder")
def test_what_is_no_file_any_more_is_not_compared(stored):
    (stored.root / A).unlink()
    os.mkfifo(stored.root / A)
    assert sides(stored)[3] == {"it cannot be read: it is no regular file": [A]}


def test_what_may_not_be_looked_at_has_not_gone(stored, monkeypatch):
    def guarded(call):
        def called(path, *args, **options):
            if str(path).endswith("a.yaml"):
                raise PermissionError(13, "Permission denied")
            return call(path, *args, **options)

        return called

    for name in ("stat", "lstat"):
        monkeypatch.setattr(os, name, guarded(getattr(os, name)))
    with pytest.raises(CannotRead, match="you may not read it"):
        sides(stored)
