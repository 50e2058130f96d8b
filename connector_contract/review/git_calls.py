"""Asks git: a repository's commands, and the contents of what it stores."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from connector_contract.errors import UsageError

# A user may have set these otherwise. Nothing is written, not even what git remembers of the files' times.
_SETTINGS = ("-c", "diff.relative=false", "-c", "core.quotePath=false")
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
    # Patterns are patterns. `git --literal-pathspecs`, which Magit uses, sets these for hooks.
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
}
# What git tells a hook of its own process. Without a working tree beside it, git takes any folder for one.
_OF_A_HOOK = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX")
# Objects that are asked for at once, and bytes that are kept.
_AT_ONCE, _KEPT = 100, 64 * 1024 * 1024
_DEEPER = (
    "Fetch the history: `fetch-depth: 0` in GitHub's checkout, `GIT_DEPTH: 0` in GitLab, elsewhere:\n"
    "  git fetch --unshallow"
)


class GitFailed(UsageError):
    """Git has refused a command; the details are what it says."""


@dataclass(frozen=True)
class Repository:
    """A git repository that has a working tree.

    Attributes:
        top: The folder of the working tree.
        prefix: The folder that was asked for, as it is seen from there, with a slash at its end; empty if it
            is the same one.
    """

    top: Path
    prefix: str = ""

    def git(self, *arguments: str) -> str:
        """What a command of git says.

        Raises:
            GitFailed: It fails.
        """
        return _git(self.top, *arguments)

    def names(self, *arguments: str) -> list[str]:
        """The entries that a command lists with ``-z``."""
        return [each for each in self.git(*arguments).split("\0") if each]

    def commit(self, revision: str) -> str | None:
        """The full name of the commit that a revision is; ``None`` if there is none."""
        if revision.startswith("-"):
            return None
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
        except GitFailed:
            return None

    @property
    def is_shallow(self) -> bool:
        """Whether some of its history is missing."""
        return self.git("rev-parse", "--is-shallow-repository").strip() == "true"

    @contextmanager
    def contents(self) -> Iterator[Contents]:
        """What the repository stores, by object, read by one process of git."""
        command = ["git", "-C", str(self.top), "cat-file", "--batch"]
        with subprocess.Popen(  # noqa: S603 - no shell, and nothing of the user's in it
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=git_environment()
        ) as process:
            assert process.stdin is not None  # noqa: S101 - they are pipes
            assert process.stdout is not None  # noqa: S101
            yield Contents(process.stdin, process.stdout)


class Contents:
    """Reads objects from a running ``git cat-file --batch``, and keeps some of what it has read last."""

    def __init__(self, ask: IO[bytes], answers: IO[bytes]) -> None:
        self._ask = ask
        self._answers = answers
        self._kept: dict[str, bytes] = {}
        self._size = 0

    def __getitem__(self, oid: str) -> bytes:
        """The content of an object.

        Raises:
            GitFailed: The repository does not have it.
        """
        if oid not in self._kept:
            self._send([oid])
            return self._received(oid)
        return self._kept[oid]

    def read_ahead(self, oids: Iterable[str]) -> None:
        """Read some objects at once, which takes less time than one by one."""
        wanted = [oid for oid in dict.fromkeys(oids) if oid not in self._kept]
        # So few that git never waits for what it has written to be read, to read on.
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            self._send(some)
            for oid in some:
                self._received(oid)

    def _send(self, oids: Sequence[str]) -> None:
        try:
            self._ask.write("".join(f"{oid}\n" for oid in oids).encode())
            self._ask.flush()
        except BrokenPipeError as error:
            raise GitFailed(
                "git cat-file has ended early.", remedy="Try again; git fsck finds damage."
            ) from error

    def _received(self, oid: str) -> bytes:
        _, _, size = self._answers.readline().decode().strip().rpartition(" ")
        if not size.isdecimal():
            raise GitFailed(
                f"The repository does not have its object {oid}.",
                remedy="Repair it: git fsck, or clone it again.",
            )
        content = self._answers.read(int(size) + 1)[:-1]
        self._kept[oid] = content
        self._size += len(content)
        while self._size > _KEPT and len(self._kept) > 1:
            self._size -= len(self._kept.pop(next(iter(self._kept))))
        return content


def repository_at(folder: Path) -> Repository:
    """The repository that a folder is in.

    Raises:
        UsageError: There is no such folder, no git, or no repository.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{str(folder)!r} is no folder.", remedy="Name the project's folder.")
    if not folder.is_dir():
        raise UsageError(f"There is no folder {str(folder)!r}.", remedy="Name the project's folder.")
    try:
        top = Path(_git(folder, "rev-parse", "--show-toplevel").removesuffix("\n"))
        return Repository(top, _git(folder, "rev-parse", "--show-prefix").removesuffix("\n"))
    except FileNotFoundError:
        raise UsageError(
            "There is no git, which a review reads the earlier files from.",
            remedy="Install git, and see that it is on the PATH.",
        ) from None
    except GitFailed as error:
        if not any("not a git repository" in line for line in error.details):
            raise
        raise UsageError(
            "There is no git repository here, so there is nothing to compare with.",
            where=[("folder", str(folder.resolve()))],
            remedy="Run it in the repository of the recordings, or name its folder with --rootdir.",
        ) from None


def needs_history(what: str) -> UsageError:
    """The error of a shallow clone, in which something is missing."""
    return UsageError(f"This clone is shallow: {what}.", remedy=_DEEPER)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - no shell, and git takes no option from a name
        ["git", "-C", str(folder), *_SETTINGS, *arguments],  # noqa: S607 - git is where the user has it
        capture_output=True,
        env=git_environment(),
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        raise GitFailed(
            f"git {arguments[0]} has failed, so nothing is compared.",
            where=[("folder", str(folder.resolve()))],
            details=said or [f"exit code {done.returncode}"],
            remedy="Fix what git names, and try again.",
        )
    # Names may have any bytes but NUL; line ends in them are theirs.
    return done.stdout.decode("utf-8", "surrogateescape")


def git_environment() -> dict[str, str]:
    """The environment to run git in: what a hook of git is told of its own process is not for a review."""
    of_a_hook = () if "GIT_WORK_TREE" in os.environ else _OF_A_HOOK
    return {**{key: value for key, value in os.environ.items() if key not in of_a_hook}, **_ENVIRONMENT}
