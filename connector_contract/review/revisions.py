"""The stored files of a commit and of the working tree, and which of them differ."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple

from connector_contract.errors import UsageError
from connector_contract.review.git_calls import Contents, Repository
from connector_contract.review.stored import Files, place_of
from connector_contract.storage.reading import unreadable
from connector_contract.storage.stored_names import KINDS

Watch = Callable[[str], object]
"""Called with the path of each stored file that is read."""

_PATHS = tuple(f":(top,glob)**/{kind}{below}" for kind in KINDS for below in ("", "/**"))
_LINK, _SUBMODULE = "120000", "160000"
_POINTER = b"version https://git-lfs.github.com/spec/"
_AT_ONCE = 100
IN_LFS = "it is kept by Git LFS: the repository has no more than a pointer to it"
SUBMODULE = "it is a submodule, which is a repository of its own: review it there"
NOT_HERE = (
    "it is a submodule that is not checked out, and may have recordings: git submodule update --init, and "
    "review it there"
)
NESTED = "it is a git repository of its own among the recordings: review it there"
LINKED = "it is a link in place of the folder of the recordings: review them where it leads to"
UNKNOWN = (
    "it lies among the recordings and has another name than they: .yaml in cassettes, .json in snapshots"
)
UNREADABLE = "it cannot be read"
# What a file may be called that another tool has recorded in one of the folders, apart from no suffix.
_OTHERS = (".yaml", ".yml", ".json", ".ambr")


@dataclass(frozen=True)
class Revisions:
    """Two revisions of the stored files.

    Attributes:
        base: The files of the commit, with line feeds alone at the ends of lines.
        head: Those of the working tree, staged, untracked and all, but for what git ignores; the same.
        changed: The paths that differ, or are on one side alone.
        apart: What differs and cannot be compared, by the reason.
        no_recordings: What differs and lies among the recordings, and can be none.
    """

    base: Files
    head: Files
    changed: list[str]
    apart: dict[str, list[str]] = field(default_factory=dict)
    no_recordings: list[str] = field(default_factory=list)


class _Entry(NamedTuple):
    """What git says of a file.

    Attributes:
        mode: In octal digits.
        oid: Its content's name.
        is_left_out: Whether the working tree does not have it on purpose.
        is_unwatched: Whether git does not look whether it has changed.
    """

    mode: str
    oid: str
    is_left_out: bool = False
    is_unwatched: bool = False


class _StoredFiles(Mapping[str, bytes]):
    """Files that are read when somebody asks for them."""

    def __init__(self, paths: Collection[str], read: Callable[[str], bytes], watch: Watch) -> None:
        self._paths = dict.fromkeys(sorted(paths))
        self._read = read
        self._watch = watch

    def __getitem__(self, path: str) -> bytes:
        if path not in self._paths:
            raise KeyError(path)
        self._watch(path)
        # A checkout may have changed them, and they mean nothing in these files.
        return self._read(path).replace(b"\r\n", b"\n")

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@contextmanager
def revisions(repository: Repository, base: str, watch: Watch | None = None) -> Iterator[Revisions]:
    """The stored files of a commit and of the working tree; they can be read as long as the context is open.

    Args:
        repository: What has both; of its files those below its ``prefix`` count.
        base: The commit's name.
        watch: Called for each file that is read, once it is known what differs.

    Raises:
        UsageError: Git fails, or a file cannot be read.
        CannotRead: A folder may not be read.
    """
    with repository.contents() as contents:
        yield _Found(repository, base, contents).revisions(watch or _nobody)


class _Found:
    """What git says of both sides."""

    def __init__(self, repository: Repository, base: str, contents: Contents) -> None:
        self.repository = repository
        self.base = base
        self.contents = contents
        self.tree = dict(_tree(repository.names("ls-tree", "-r", "-z", "--full-tree", base)))
        self.index = dict(_index(repository.names("ls-files", "-s", "-v", "-z")))
        self.untracked = repository.names("ls-files", "--others", "--exclude-standard", "-z", "--", *_PATHS)
        # Git would note in its index which files have another time alone; their texts decide here.
        self.differing = repository.names(
            "-c", "diff.autoRefreshIndex=false", "diff", "--name-only", "-z", "--no-renames",
            "--no-ext-diff", "--ignore-submodules=all", base, "--", *_PATHS,
        )  # fmt: skip

    def revisions(self, watch: Watch) -> Revisions:
        base = self._stored(path for path, entry in self.tree.items() if entry.mode != _SUBMODULE)
        head = {path for path in self._stored((*self.index, *self.untracked)) if self._is_there(path)}
        before = _StoredFiles(base, self._at_base, _nobody)
        after = _StoredFiles(head, self._at_head, _nobody)
        unwatched = (path for path, entry in self.index.items() if entry.is_unwatched)
        candidates = self._stored((*self.differing, *self.untracked, *unwatched)) | (base ^ head)
        changed: list[str] = []
        apart, no_recordings = self._beside()
        paths = sorted(candidates & (base | head))
        for number, path in enumerate(paths):
            if number % _AT_ONCE == 0:
                some = paths[number : number + _AT_ONCE]
                self.contents.read_ahead(self.tree[each].oid for each in some if each in base)
            reason = _reason(path, before, after)
            if reason is None:
                changed.append(path)
            elif reason:
                apart.setdefault(reason, []).append(path)
        unreadable = {path for paths in apart.values() for path in paths}
        differing = {*changed, *unreadable}

        def at_base(path: str) -> bytes:
            # What has not changed is the same, and the working tree has all of it, also where LFS keeps it.
            return self._at_base(path) if path in differing else self._at_head(path)

        return Revisions(
            _StoredFiles(base - unreadable, at_base, watch),
            _StoredFiles(head - unreadable, self._at_head, watch),
            changed,
            apart,
            no_recordings,
        )

    def _beside(self) -> tuple[dict[str, list[str]], list[str]]:
        """What differs and is no stored file: what may hold some, by the reason, and what cannot."""
        apart: dict[str, list[str]] = {}
        no_recordings = []
        for path in self._changed_submodules():
            if (reason := self._reason_of_submodule(path)) is not None:
                apart.setdefault(reason, []).append(path)
        for path in sorted({*self.differing, *self.untracked}):
            if not path.startswith(self.repository.prefix) or place_of(path) is not None:
                continue
            if self._is_as_at_base(path):
                continue
            if (reason := self._reason_beside(path)) is not None:
                apart.setdefault(reason, []).append(path)
            elif path not in self.submodules:
                no_recordings.append(path)
        return apart, no_recordings

    def _is_as_at_base(self, path: str) -> bool:
        """Whether a file that git takes for another one has another time alone."""
        file, entry = self.repository.top / path, self.tree.get(path)
        is_file = (
            entry is not None and path not in self.submodules and file.is_file() and not file.is_symlink()
        )
        return is_file and self._at_base(path) == file.read_bytes()

    def _reason_beside(self, path: str) -> str | None:
        """Why what is no stored file may hold some; ``None`` if it does not, or is a submodule."""
        if path.endswith("/"):
            return NESTED
        if path in self.submodules:
            return None
        if path.rpartition("/")[2] in KINDS:
            modes = {side[path].mode for side in (self.tree, self.index) if path in side}
            return LINKED if _LINK in modes or (self.repository.top / path).is_symlink() else None
        return UNKNOWN if _may_be_recorded(path) else None

    def _stored(self, paths: Iterable[str]) -> set[str]:
        prefix = self.repository.prefix
        return {path for path in paths if path.startswith(prefix) and place_of(path) is not None}

    def _is_there(self, path: str) -> bool:
        entry = self.index.get(path)
        if entry is not None and entry.mode == _SUBMODULE:
            return False
        try:
            (self.repository.top / path).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return entry is not None and entry.is_left_out
        except OSError as error:
            # What may not be read has not gone.
            raise unreadable(self.repository.top / path, error) from None
        return True

    def _at_base(self, path: str) -> bytes:
        return self.contents[self.tree[path].oid]

    def _at_head(self, path: str) -> bytes:
        file = self.repository.top / path
        entry = self.index.get(path)
        try:
            if file.is_symlink():
                return os.fsencode(file.readlink())
            if entry is not None and entry.is_left_out and not file.exists():
                return self.contents[entry.oid]
            if file.exists() and not file.is_file():
                raise OSError(None, "it is no regular file")
            return file.read_bytes()
        except OSError as error:
            raise UsageError(
                f"{UNREADABLE.capitalize()}: {error.strerror}.",
                where=[("file", str(file))],
                remedy="See that nothing changes the files meanwhile, and that you may read them.",
            ) from error

    @cached_property
    def submodules(self) -> dict[str, list[str]]:
        """The commits of each submodule, at the base and in the index."""
        found: dict[str, list[str]] = {}
        for side in (self.tree, self.index):
            for path, entry in side.items():
                if entry.mode == _SUBMODULE:
                    found.setdefault(path, []).append(entry.oid)
        return found

    def _changed_submodules(self) -> list[str]:
        """The submodules of another commit, or with other files, than at the base."""
        paths = sorted(path for path in self.submodules if path.startswith(self.repository.prefix))
        if not paths:
            return []
        differing = self.repository.names(
            "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=none",
            self.base, "--", *(f":(top,literal){path}" for path in paths),
        )  # fmt: skip
        wanted = set(differing)
        return [path for path in paths if path in wanted]

    def _reason_of_submodule(self, path: str) -> str | None:
        """Why a submodule cannot be compared; ``None`` if it has no recordings, before or now."""
        folder = self.repository.top / path
        if set(path.split("/")) & set(KINDS):
            return SUBMODULE
        if not (folder / ".git").exists():
            return NOT_HERE
        part = Repository(folder)
        files = part.names("ls-files", "--cached", "--others", "--exclude-standard", "-z")
        for oid in dict.fromkeys(self.submodules[path]):
            if part.commit(oid) is None:
                return NOT_HERE
            files += part.names("ls-tree", "-r", "-z", "--name-only", oid)
        return SUBMODULE if any(place_of(file) is not None for file in files) else None


def _may_be_recorded(path: str) -> bool:
    """Whether a file may be a recording, by its name, though not one that is compared."""
    name = path.rpartition("/")[2]
    suffix = PurePosixPath(name).suffix.lower()
    return not name.startswith(".") and (suffix in _OTHERS or (not suffix and KINDS[0] in path.split("/")))


def _reason(path: str, before: Files, after: Files) -> str | None:
    """Why a path cannot be compared; ``None`` if it differs and can be, empty if it does not differ."""
    try:
        sides = [side[path] for side in (before, after) if path in side]
    except UsageError as error:
        return f"{error.what[0].lower()}{error.what[1:].rstrip('.')}"
    if len(sides) == 2 and sides[0] == sides[1]:
        return ""
    return IN_LFS if any(each.startswith(_POINTER) for each in sides) else None


def _nobody(path: str) -> None:
    """Nobody watches."""


def _tree(entries: Iterable[str]) -> Iterator[tuple[str, _Entry]]:
    for entry in entries:
        said, _, path = entry.partition("\t")
        mode, _, oid = said.split(" ")
        yield path, _Entry(mode, oid)


def _index(entries: Iterable[str]) -> Iterator[tuple[str, _Entry]]:
    for entry in entries:
        said, _, path = entry.partition("\t")
        tag, mode, oid, _ = said.split(" ")
        yield path, _Entry(mode, oid, tag in "Ss", tag == "S" or tag.islower())
