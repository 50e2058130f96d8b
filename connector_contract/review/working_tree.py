"""The working tree: stage files, and put files back as they are at a revision."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connector_contract.errors import UsageError
from connector_contract.review.git_calls import git_environment

# Paths are names, never patterns, and come one by one through a pipe: a command line has a limit.
# A user may have set the rest otherwise.
_GIT = (
    "git",
    "--literal-pathspecs",
    *("-c", "diff.relative=false"),
    *("-c", "diff.autoRefreshIndex=true"),
    # Files are put back as they were, whatever git thinks of their line ends.
    *("-c", "core.safecrlf=false"),
)
_FROM_STDIN = ("--pathspec-from-file=-", "--pathspec-file-nul")


@dataclass(frozen=True)
class WorkingTree:
    """The working tree of a repository.

    Attributes:
        top: Its folder.
        base: The commit that files are put back to.
    """

    top: Path
    base: str

    def unstaged(self, paths: Iterable[str]) -> set[str]:
        """Those of some paths that are not staged as they are; untracked ones are not, either."""
        wanted = set(paths)
        modified = _names(self._git("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff"))
        untracked = _names(self._git("ls-files", "--others", "--exclude-standard", "-z"))
        return wanted & {*modified, *untracked}

    def stage(self, paths: Sequence[str]) -> None:
        """Stage files as they are, also if they are deleted.

        Raises:
            UsageError: git refuses.
        """
        names = sorted(self.unstaged(paths))
        if names:
            self._git("add", "--force", "--all", *_FROM_STDIN, names=names)

    def put_back(self, paths: Sequence[str]) -> str:
        """Put files back as they are at the base, in the working tree and in the index.

        Returns:
            The tree that has the working tree's files as they were: ``git restore --overlay --source=TREE
            -- :/`` brings them again. Empty if there were none.

        Raises:
            UsageError: git refuses, or something is a repository of its own, which is not put back.
        """
        self._refuse_repositories(paths)
        kept = self._kept(paths)
        there = set(self._at_base(paths))
        old = [path for path in paths if path in there]
        new = [path for path in paths if path not in there]
        # What is new may lie where a file of the base has to be.
        if new:
            self._git("rm", "--cached", "--quiet", "--force", "--ignore-unmatch", *_FROM_STDIN, names=new)
            for path in new:
                (self.top / path).unlink(missing_ok=True)
        if old:
            self._git("restore", f"--source={self.base}", "--staged", "--worktree", *_FROM_STDIN, names=old)
        return kept

    def _refuse_repositories(self, paths: Sequence[str]) -> None:
        own = [path for path in paths if (self.top / path / ".git").exists()]
        if own:
            raise UsageError(
                "A git repository of its own is not put back. Nothing was done.",
                where=[("folder", path) for path in own],
                remedy="Put it back with git, in its folder, or leave it out of what you decide about.",
            )

    def _kept(self, paths: Sequence[str]) -> str:
        """A tree of these files as they are now, in git's store alone."""
        there = [path for path in paths if os.path.lexists(self.top / path)]
        if not there:
            return ""
        with tempfile.TemporaryDirectory() as folder:
            environment = {**git_environment(), "GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git("add", "--force", *_FROM_STDIN, names=there, environment=environment)
            return os.fsdecode(self._git("write-tree", environment=environment)).strip()

    def _at_base(self, paths: Sequence[str]) -> Iterable[str]:
        wanted = set(paths)
        listed = _names(self._git("ls-tree", "-r", "-z", "--name-only", "--full-tree", self.base))
        return (name for name in listed if name in wanted)

    def _git(
        self, *arguments: str, names: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and names come through a pipe
                [*_GIT, *arguments],
                cwd=self.top,
                input=b"\0".join(map(os.fsencode, names)),
                env=environment or git_environment(),
                capture_output=True,
                check=True,
            )
        except FileNotFoundError:
            raise UsageError("There is no git.", remedy="Install git.") from None
        except subprocess.CalledProcessError as error:
            said = os.fsdecode(error.stderr).strip().splitlines() or ["it does not say why"]
            raise UsageError(
                f"git {arguments[0]} failed in {self.top}.",
                details=said[:5],
                remedy="Fix what git says, and decide again; what was decided before stays.",
            ) from None
        return done.stdout


def _names(output: bytes) -> list[str]:
    return [os.fsdecode(each) for each in output.split(b"\0") if each]
