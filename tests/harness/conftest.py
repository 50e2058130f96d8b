"""A project to run pytest in: files in, a run, the files that it leaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

# A run inside this process forgets the modules that it has imported. Those that patch each other must
# not come twice, so they are here before the first run.
import connector.client
import connector.oai.integration  # noqa: F401
import fastapi  # noqa: F401
import pytest

import connector_contract.contract.connector_contract
import connector_contract.faults.fault_lines
import connector_contract.faults.sweep
import connector_contract.recording.running  # noqa: F401

# Projects of their own, which the tests here copy and run.
collect_ignore = ["acme", "directory", "zoo"]

ACME = Path(__file__).parent / "acme"
DIRECTORY = Path(__file__).parent / "directory"
ZOO = Path(__file__).parent / "zoo"


@dataclass(frozen=True)
class Run:
    """What a run of pytest in a project left behind."""

    project: Project
    outcomes: Mapping[str, int]
    exit_code: int
    output: str

    def had(self, **expected: int) -> None:
        """These outcomes, and no others; how many tests -k leaves out changes with each new rule."""
        others = ("warning", "deselected")
        counted = {name: number for name, number in self.outcomes.items() if not name.startswith(others)}
        assert counted == expected, self.output

    def said(self, *lines: str) -> None:
        """These lines, in this order, whatever is between them."""
        rest = " ".join(self.output.split())
        for line in lines:
            _before, found, rest = rest.partition(" ".join(line.split()))
            assert found, f"not said: {line}\n{self.output}"


@dataclass(frozen=True)
class Project:
    """An author's project, as its text files; runs happen in a copy, and leave a new project."""

    files: Mapping[str, bytes]
    pytester: pytest.Pytester

    def write(self, name: str, text: str | bytes) -> Project:
        data = text if isinstance(text, bytes) else text.encode()
        return replace(self, files={**self.files, name: data})

    def edit(self, name: str, old: str, new: str) -> Project:
        text = self.files[name].decode()
        assert old in text, f"{name} has no {old!r}"
        return self.write(name, text.replace(old, new))

    def remove(self, name: str) -> Project:
        kept = {
            key: data for key, data in self.files.items() if key != name and not key.startswith(name + "/")
        }
        assert kept != self.files, f"there is no {name}"
        return replace(self, files=kept)

    def recorded(self, kind: str) -> dict[str, bytes]:
        """The files under ``cassettes`` or ``snapshots``."""
        return {name: data for name, data in self.files.items() if name.startswith(kind + "/")}

    def materialize(self) -> Path:
        root = self.pytester.path / f"run-{len(list(self.pytester.path.iterdir()))}"
        for name, data in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return root

    def run(
        self, *args: str, subprocess: bool = False, stops: bool = False, plugins: tuple[str, ...] = ()
    ) -> Run:
        root = self.materialize()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(root)
            patch.syspath_prepend(root)
            unwanted = {"asyncio", "cacheprovider", "randomly"}.difference(plugins)
            arguments = (f"--rootdir={root}", *(f"-pno:{name}" for name in sorted(unwanted)), *args)
            run = self.pytester.runpytest_subprocess if subprocess else self.pytester.runpytest_inprocess
            # A run inside this process that somebody stops would stop the tests, too.
            result = run(*arguments, **({"no_reraise_ctrlc": True} if stops else {}))
        # Without tests, or after a kill, there is no line that counts them.
        counted = result.ret >= 0 and result.ret != pytest.ExitCode.USAGE_ERROR
        outcomes = result.parseoutcomes() if counted else {}
        output = result.stdout.str() + result.stderr.str()
        return Run(replace(self, files=_files(root)), outcomes, int(result.ret), output)


def _files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and not path.relative_to(root).parts[0].startswith(".")
        and "__pycache__" not in path.parts
    }


@pytest.fixture
def zone(monkeypatch):
    """Sets the time zone of this process."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system has no tzset")

    def in_zone(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield in_zone
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def suppress_rate_limit_state_passthrough() -> None:
    """In place of the SDK's own, which would patch the SDK for the runs inside this process, too."""


@pytest.fixture
def recorded(pytester: pytest.Pytester) -> Project:
    """Acme's connector with three scenarios and their recordings, which were made by recording it."""
    return Project(_files(ACME), pytester)


@pytest.fixture
def acme(recorded: Project) -> Project:
    """The same before anything was recorded."""
    return recorded.remove("cassettes").remove("snapshots")


@pytest.fixture
def zoo(pytester: pytest.Pytester) -> Callable[[str], Project]:
    """A connector of the zoo by its kind, before anything was recorded."""
    shared = {name: data for name, data in _files(ZOO).items() if "/" not in name}
    return lambda kind: Project({**shared, **_files(ZOO / kind)}, pytester)


@pytest.fixture
def directory(pytester: pytest.Pytester) -> Project:
    """A connector of all the usual capabilities, with its contract, before anything was recorded."""
    return Project(_files(DIRECTORY), pytester)
