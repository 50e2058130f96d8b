"""Git repositories of stored files, for tests of the review, without the machine's settings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from connector_contract.cli import main
from connector_contract.review.compare import compare
from connector_contract.review.working_tree import WorkingTree

ROOT = Path(__file__).parent.parent
ACME = Path(__file__).parent / "harness" / "acme"
KINDS = ("cassettes", "snapshots")
WALK = "snapshots/test_acme/test_walk.json"
# What a machine's own configuration says is none of a test's business, nor which CI runs it.
_FOREIGN = ("GIT_", "GITHUB_", "CI_", "FORCE_COLOR", "NO_COLOR", "TTY_")
_OWN = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)},
    **_OWN,
}


def isolate(patch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own git configuration, and the CI that the tests run in, out of this process."""
    for name in {name for name in os.environ if name.startswith(_FOREIGN)}:
        patch.delenv(name)
    for name, value in _OWN.items():
        patch.setenv(name, value)


class Stored:
    """A git repository in a folder.

    Attributes:
        root: The folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def git(self, *arguments: str) -> str:
        """What a command of git says, without white space at its end."""
        return self.said(*arguments).decode().rstrip()

    def said(self, *arguments: str) -> bytes:
        """What a command of git says, to the byte."""
        command = ["git", "-c", "init.defaultBranch=main", *arguments]
        return subprocess.run(command, cwd=self.root, env=ENVIRONMENT, check=True, capture_output=True).stdout

    def commit(self, message: str = "all") -> str:
        """Commit all that is there, and return the commit's name."""
        if not (self.root / ".git").exists():
            self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def replace(self, pattern: str, *pairs: tuple[str, str]) -> list[Path]:
        """Replace texts in the files that match; each text has to be in one of them at least."""
        changed = []
        seen = set()
        for file in sorted(self.root.glob(pattern)):
            text = before = file.read_bytes().decode()
            for old, new in pairs:
                seen |= {old} if old in text else set()
                text = text.replace(old, new)
            if text != before:
                file.write_bytes(text.encode())
                changed.append(file)
        assert seen == {old for old, _ in pairs}
        return changed

    def edit(self, pattern: str, change) -> list[Path]:
        """Change the JSON of the files that match, in place; at least one has to change."""
        changed = []
        for file in sorted(self.root.glob(pattern)):
            data = json.loads(file.read_bytes())
            before = json.dumps(data)
            change(data)
            if json.dumps(data) != before:
                file.write_bytes(json.dumps(data, indent=2, ensure_ascii=False).encode())
                changed.append(file)
        assert changed
        return changed


class Acme(Stored):
    """A repository with the recordings of Acme's connector, whose base is the branch ``main``."""

    @classmethod
    def made(cls, root: Path) -> Acme:
        """One with the recordings committed."""
        made = cls(root)
        for kind in KINDS:
            shutil.copytree(ACME / kind, root / kind)
        made.commit("recordings")
        return made

    def accounts(self, change) -> None:
        """Change the records of the walk's snapshot; ``None`` takes a record out."""
        path = self.root / WALK
        pages = json.loads(path.read_text("utf-8"))
        for page in pages:
            page["response"] = [each for each in map(change, page["response"]) if each is not None]
        path.write_text(json.dumps(pages, indent=2, ensure_ascii=False) + "\n", "utf-8")

    @property
    def base(self) -> str:
        """The commit that the changes are compared with."""
        return self.git("rev-parse", "main")

    @property
    def tree(self) -> WorkingTree:
        """Its working tree."""
        return WorkingTree(self.root, self.base)

    @property
    def staged(self) -> list[str]:
        """What a commit would change, and how."""
        return self.git("diff", "--cached", "--no-renames", "--name-status").splitlines()

    @property
    def status(self) -> list[str]:
        """What git says of each file that differs."""
        return self.git("status", "--porcelain").splitlines()

    def review(self):
        """The review of the working tree against the base, and the paths that differ."""
        names = self.git("ls-tree", "-r", "--name-only", "main").splitlines()
        before = {name: self.said("show", f"main:{name}") for name in names}
        paths = [path for kind in KINDS for path in (self.root / kind).rglob("*.*")]
        after = {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}
        changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        return compare(before, after, changed, "main", "the working tree"), changed


def mockapp(root: Path) -> Stored:
    """A repository with MockApp's stored files, committed."""
    stored = Stored(root)
    for kind in KINDS:
        shutil.copytree(ROOT / kind, root / kind)
    stored.commit()
    return stored


def run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    """The exit code of a review, and what it says."""
    capsys.readouterr()
    code = main(["review", *options])
    said = capsys.readouterr()
    return code, said.out, said.err
