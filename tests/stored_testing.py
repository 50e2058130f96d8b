"""Repositories of stored files, for tests of the review: git without the machine's settings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from connector_contract.cli import main

ROOT = Path(__file__).parent.parent
# What a machine's own configuration says of commits is none of a test's business.
WHO = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


class Stored:
    """A git repository in a folder.

    Attributes:
        root: The folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def git(self, *arguments: str) -> str:
        """What a command of git says."""
        command = ["git", "-c", "init.defaultBranch=main", *arguments]
        done = subprocess.run(command, cwd=self.root, check=True, capture_output=True)
        return done.stdout.decode().strip()

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


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own git configuration, and the CI that the tests run in, out of a test."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "CI_")) or name == "GITHUB_BASE_REF":
            monkeypatch.delenv(name)
    for name, value in WHO.items():
        monkeypatch.setenv(name, value)


def mockapp(root: Path) -> Stored:
    """A repository with MockApp's stored files, committed."""
    stored = Stored(root)
    for kind in ("cassettes", "snapshots"):
        shutil.copytree(ROOT / kind, root / kind)
    stored.commit()
    return stored


def run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    """The exit code of a review, and what it says."""
    capsys.readouterr()
    code = main(["review", *options])
    said = capsys.readouterr()
    return code, said.out, said.err
