"""A repository of several connectors, each a project of its own, for tests of where recordings lie."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ACME = Path(__file__).parent / "harness" / "acme"
NAMES = ("alpha", "beta", "gamma")
LINT = [sys.executable, "-c", "from connector_contract.cli import main; raise SystemExit(main())", "lint"]
PLUGINS = ("asyncio", "hypothesispytest", "randomly", "rerunfailures", "schemathesis", "xdist")

OWN = '[tool.pytest.ini_options]\npythonpath = ["."]\naddopts = ["--import-mode=importlib"]\n'
ROOT = """\
[pytest]
pythonpath = {folders}
addopts = --import-mode=importlib
"""


@dataclass(frozen=True)
class Monorepo:
    """A repository on the disk, and runs of pytest in it."""

    root: Path
    pytester: pytest.Pytester

    @classmethod
    def made(cls, pytester: pytest.Pytester, names: Sequence[str] = NAMES) -> Monorepo:
        """A connector for each name, in ``connectors/<name>``, all with test modules of the same names."""
        root = pytester.path / "repository"
        folders = [f"connectors/{name}" for name in names]
        repository = cls(root, pytester)
        repository.write("pytest.ini", ROOT.format(folders=" ".join(folders)))
        # Where the repository ends; no command of git runs in these tests.
        repository.write(".git/HEAD", "")
        for name, folder in zip(names, folders, strict=True):
            repository.write(f"{folder}/pyproject.toml", OWN)
            for source, target in (
                ("acme_connector.py", f"{name}_connector.py"),
                ("acme_server.py", f"{name}_server.py"),
                ("conftest.py", "contract/conftest.py"),
                ("test_acme.py", "contract/test_contract.py"),
            ):
                repository.write(f"{folder}/{target}", (ACME / source).read_text().replace("acme", name))
        return repository

    def with_recordings(self, names: Sequence[str] = NAMES) -> Monorepo:
        """The same with what recording it gives."""
        for path in sorted(ACME.glob("*s/test_acme/*")):
            kind = path.parent.parent.name
            for name in names:
                text = path.read_text().replace("acme", name)
                target = f"connectors/{name}/{kind}/contract/test_contract/{path.name}"
                self.write(target, text.replace(f"test_{name}", "test_contract"))
        return self

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run(self, folder: str, *arguments: str) -> pytest.RunResult:
        """Run pytest in a folder."""
        with self._in(folder):
            return self.pytester.runpytest_inprocess(
                "-pno:asyncio", "-pno:cacheprovider", "-pno:randomly", *arguments
            )

    def lint(self, folder: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``connector-contract lint`` in a folder."""
        # Each project costs the import of all plugins.
        env = {**os.environ, "PYTEST_ADDOPTS": " ".join(f"-pno:{name}" for name in PLUGINS)}
        where = self.root / folder
        return subprocess.run(
            [*LINT, *arguments], cwd=where, env=env, capture_output=True, text=True, check=False
        )

    def recordings(self) -> dict[str, bytes]:
        """All cassettes and snapshots in the repository."""
        paths = (path for path in sorted(self.root.rglob("*")) if path.suffix in (".yaml", ".json"))
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}

    def folders(self) -> set[str]:
        """The folders that have recordings, each up to its ``cassettes`` or ``snapshots``."""
        kinds = ("cassettes", "snapshots")
        found = set()
        for name in self.recordings():
            parts = name.split("/")
            found.add("/".join(parts[: next(i for i, part in enumerate(parts) if part in kinds) + 1]))
        return found

    def move(self, old: str, new: str) -> None:
        target = self.root / new
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(target)

    @contextmanager
    def _in(self, folder: str) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.root / folder)
            yield
