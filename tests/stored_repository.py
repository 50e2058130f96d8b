"""A git repository with the recordings of Acme's connector, for tests of what a review does to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from connector_contract.review.compare import compare
from connector_contract.review.working_tree import WorkingTree

ACME = Path(__file__).parent / "harness" / "acme"
WALK = "snapshots/test_acme/test_walk.json"
# What a machine's own configuration says is none of a test's business, nor which CI runs it.
_FOREIGN = ("GIT_", "GITHUB_", "CI_", "FORCE_COLOR", "NO_COLOR", "TTY_")
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
WHO = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


def isolate(patch):
    """Keep a machine's own configuration out of what this process asks git for."""
    for name in {name for name in os.environ if name.startswith(_FOREIGN)}:
        patch.delenv(name)
    patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@dataclass(frozen=True)
class StoredRepository:
    """The repository, with its base in the branch ``main``."""

    root: Path

    @classmethod
    def made(cls, root):
        """One with Acme's recordings committed."""
        root.mkdir()
        for kind in ("cassettes", "snapshots"):
            shutil.copytree(ACME / kind, root / kind)
        made = cls(root)
        made.git("init", "-q", "-b", "main")
        made.commit()
        return made

    def git(self, *arguments):
        done = subprocess.run(
            ["git", *WHO, *arguments], cwd=self.root, env=ENVIRONMENT, check=True, capture_output=True
        )
        return done.stdout.decode()

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "-qm", "recordings")

    def edit(self, name, old, new):
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new), "utf-8")

    def accounts(self, change):
        """Change the records of the walk's snapshot, and with them the file's form stays."""
        path = self.root / WALK
        pages = json.loads(path.read_text("utf-8"))
        for page in pages:
            page["response"] = [each for each in map(change, page["response"]) if each is not None]
        path.write_text(json.dumps(pages, indent=2, ensure_ascii=False) + "\n", "utf-8")

    @property
    def base(self):
        return self.git("rev-parse", "main").strip()

    @property
    def tree(self):
        return WorkingTree(self.root, self.base)

    @property
    def staged(self):
        """What a commit would change, and how."""
        return self.git("diff", "--cached", "--no-renames", "--name-status").splitlines()

    @property
    def status(self):
        return self.git("status", "--porcelain").splitlines()

    def review(self):
        """The review of the working tree against the base, and the paths that differ."""
        names = self.git("ls-tree", "-r", "--name-only", "main").splitlines()
        before = {name: self.git("show", f"main:{name}").encode() for name in names}
        paths = [path for kind in ("cassettes", "snapshots") for path in (self.root / kind).rglob("*.*")]
        after = {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}
        changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        return compare(before, after, changed, "main", "the working tree"), changed
