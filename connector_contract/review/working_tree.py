"""The working tree: stage files, and put files back as they are at a revision."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connector_contract.errors import UsageError
from connector_contract.reporting.messages import counted
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
# Of files, an error names so many.
_SHOWN = 5
_FROM_STDIN = ("--pathspec-from-file=-", "--pathspec-file-nul")


@dataclass(frozen=True)
class Kept:
    """What files were before they were put back, as trees in git's store alone; empty if there was nothing.

    Attributes:
        working: The working tree's files.
        staged: Those that were staged with another text than the working tree and the base have.
    """

    working: str = ""
    staged: str = ""

    @property
    def commands(self) -> dict[str, str]:
        """For what there was, the command that brings it again."""
        commands = {
            "there": self.working and f"git restore --overlay --source={self.working} -- :/",
            "staged": self.staged and f"git restore --staged --overlay --source={self.staged} -- :/",
        }
        return {what: command for what, command in commands.items() if command}


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
            UsageError: git refuses, or a file has a merge conflict, which staging would resolve as it is.
        """
        names = sorted(self.unstaged(paths))
        self._refuse_conflicts(names)
        if names:
            self._git("add", "--force", "--all", *_FROM_STDIN, names=names)

    def put_back(self, paths: Sequence[str]) -> Kept:
        """Put files back as they are at the base, in the working tree and in the index.

        Returns:
            What they were.

        Raises:
            UsageError: git refuses, or something is a repository of its own, which is not put back.
        """
        self._refuse_repositories(paths)
        kept = Kept(self._working(paths), self._staged_alone(paths))
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

    def _refuse_conflicts(self, paths: Sequence[str]) -> None:
        unmerged = set(_names(self._git("diff", "--name-only", "-z", "--diff-filter=U", "--no-ext-diff")))
        if found := [path for path in paths if path in unmerged]:
            raise UsageError(
                f"{counted(len(found), 'file')} cannot be staged, because of a merge conflict.",
                where=[("file", path) for path in found[:_SHOWN]],
                remedy="Resolve it: git checkout --ours FILE, or --theirs, and git add FILE. "
                "Or record the scenario again.",
            )

    def _working(self, paths: Sequence[str]) -> str:
        there = [path for path in paths if os.path.lexists(self.top / path)]
        return self._tree("add", "--force", *_FROM_STDIN, names=there)

    def _staged_alone(self, paths: Sequence[str]) -> str:
        staged = _names(self._git("diff", "--cached", "--name-only", "-z", "--no-renames", self.base))
        alone = self.unstaged(paths).intersection(staged)
        # Each as MODE OBJECT STAGE, a tab and the path. Only what is no conflict has the stage 0.
        listed = (each.partition("\t") for each in _names(self._git("ls-files", "--stage", "-z")))
        entries = [f"{of}\t{path}" for of, _, path in listed if path in alone and of.endswith(" 0")]
        return self._tree("update-index", "-z", "--index-info", names=entries)

    def _tree(self, *arguments: str, names: Sequence[str]) -> str:
        """The tree that a command makes of some names in an index of its own; empty without a name."""
        if not names:
            return ""
        with tempfile.TemporaryDirectory() as folder:
            environment = {**git_environment(), "GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git(*arguments, names=names, environment=environment)
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
                details=said,
                remedy="Fix what git says, and decide again; what was decided before stays.",
            ) from None
        return done.stdout


def _names(output: bytes) -> list[str]:
    return [os.fsdecode(each) for each in output.split(b"\0") if each]
